//! Who asks, and under which key.

use std::net::IpAddr;

use credentials::SecretDigest;
use serde::{Deserialize, Serialize};

use crate::rights::Access;
use crate::{LedgerError, Result};

/// Longest key a caller may choose.
const KEY_CHARS_MAX: usize = 200;

/// Who does it, as the audit log names them: `cli:<user>` for the operator of the machine,
/// `user:<name>` for a person, `user:<name>/<token>` for a token that acts for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor(String);

impl Actor {
    /// The operator of the machine, signed in there as `user`.
    pub fn command_line(user: &str) -> Self {
        Self(format!("cli:{user}"))
    }

    /// A person who signs in as `name`.
    pub fn user(name: &str) -> Self {
        Self(format!("user:{name}"))
    }

    /// A token of the person who signs in as `name`.
    pub fn token(name: &str, token: &str) -> Self {
        Self(format!("user:{name}/{token}"))
    }

    /// Somebody who has not signed in.
    pub(crate) fn nobody() -> Self {
        Self("nobody".to_owned())
    }

    /// Somebody whom the database has as `recorded`.
    pub(crate) fn recorded(recorded: &str) -> Self {
        Self(recorded.to_owned())
    }

    /// As recorded.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The person: the same by whichever token they act.
    pub fn person(&self) -> &str {
        Self::person_in(&self.0)
    }

    /// The person in an actor as recorded.
    pub fn person_in(recorded: &str) -> &str {
        match recorded.split_once('/') {
            Some((person, _)) if person.starts_with("user:") => person,
            _ => recorded,
        }
    }
}

/// Who knocks. Who that is, and what they may do, is looked up by each use case in its own
/// transaction (R17).
#[derive(Debug, Clone)]
pub enum Caller {
    /// The operator of the machine, signed in there under this name.
    Operator(String),
    /// The holder of a session's cookie.
    Session(SecretDigest),
    /// The bearer of a token.
    Token(SecretDigest),
    /// Somebody who was let in already, for work that goes on after the answer.
    Admitted(Access),
    /// Somebody who shows nothing.
    Nobody,
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
    pub caller: Caller,
    /// Under which key, if any.
    pub key: Option<IdempotencyKey>,
    /// From which address, where it comes over the network.
    pub address: Option<IpAddr>,
}

impl Call {
    /// A request without a key.
    pub fn by(caller: Caller) -> Self {
        Self {
            caller,
            key: None,
            address: None,
        }
    }

    /// A request of the operator of the machine, signed in there as `user`.
    pub fn of_operator(user: &str) -> Self {
        Self::by(Caller::Operator(user.to_owned()))
    }

    /// The same request under a key.
    pub fn under(self, key: IdempotencyKey) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }

    /// The same request without its key: where the answer is a secret, it is kept under none.
    pub(crate) fn without_key(&self) -> Self {
        Self {
            key: None,
            ..self.clone()
        }
    }

    /// The same request from where another came.
    pub(crate) fn at(self, address: Option<IpAddr>) -> Self {
        Self { address, ..self }
    }

    /// The same request from an address.
    pub fn from_address(self, address: IpAddr) -> Self {
        Self {
            address: Some(address),
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
