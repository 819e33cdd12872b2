//! Who asks, and under which key.

use serde::{Deserialize, Serialize};

use crate::{LedgerError, Result};

/// Longest key a caller may choose.
const KEY_CHARS_MAX: usize = 200;

/// Who does it, as the audit log names them: `cli:<user>` for the operator of the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor(String);

impl Actor {
    /// The operator of the machine, signed in there as `user`.
    pub fn command_line(user: &str) -> Self {
        Self(format!("cli:{user}"))
    }

    /// A caller of the REST API.
    pub fn api(name: &str) -> Self {
        Self(format!("api:{name}"))
    }

    /// As recorded.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The caller's own key for one request: the same key and request again changes nothing and gives
/// the same answer; the same key with another request is refused (R6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Takes 1 to 200 printable ASCII characters.
    pub fn new(key: &str) -> Result<Self> {
        let is_good = (1..=KEY_CHARS_MAX).contains(&key.len())
            && key.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        if is_good {
            Ok(Self(key.to_owned()))
        } else {
            Err(LedgerError::invalid(
                "idempotency_key",
                format!("Idempotency-Key は1〜{KEY_CHARS_MAX}文字の英数字・記号で指定してください"),
            ))
        }
    }

    /// As the caller sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One request of one caller.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who asks.
    pub actor: Actor,
    /// Under which key, if any.
    pub key: Option<IdempotencyKey>,
}

impl Call {
    /// A request without a key.
    pub fn by(actor: Actor) -> Self {
        Self { actor, key: None }
    }

    /// The same request under a key.
    pub fn under(self, key: IdempotencyKey) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }
}

/// Longest reason a person may give.
const REASON_CHARS_MAX: usize = 500;

/// A reason that a person gave, without surrounding spaces. Refuses none at all, more than 500
/// characters, and control characters.
pub(crate) fn given_reason(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    let length = reason.chars().count();
    if length == 0 {
        return Err(LedgerError::invalid(
            "reason_missing",
            "理由を書いてください",
        ));
    }
    if length > REASON_CHARS_MAX || reason.chars().any(char::is_control) {
        return Err(LedgerError::invalid(
            "reason_unreadable",
            format!("理由は{REASON_CHARS_MAX}文字まで、改行なしで書いてください"),
        ));
    }
    Ok(reason)
}

/// A note that a person may leave out: as a reason, but none is no refusal.
pub(crate) fn given_note(note: Option<&str>) -> Result<Option<&str>> {
    match note.map(str::trim) {
        None | Some("") => Ok(None),
        Some(note) => given_reason(note).map(Some),
    }
}
