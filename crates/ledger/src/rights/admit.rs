//! Letting in: from what a caller shows to who it is, and whether they may.

use chrono::{NaiveDateTime, TimeDelta};
use credentials::SecretDigest;
use domain::Roles;
use store::DbConnection;
use store::tables::users::Standing as StoredStanding;
use store::tables::{sessions, tokens};

use super::access::{Access, Person, Standing};
use super::operation::{Allowed, Operation};
use super::scope::Scopes;
use crate::call::{Actor, Caller};
use crate::error::stored;
use crate::{Call, LedgerError, Result, Settings};

/// That a session or token is used is noted no oftener than this.
const NOTED_AFTER: TimeDelta = TimeDelta::minutes(1);

/// Who was let in, and what is to be noted of that.
pub(crate) struct Admission {
    pub(crate) access: Access,
    /// The session or token of which it is to be noted that it was used.
    pub(crate) used: Option<Used>,
}

/// A session or token that was used.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Used {
    Session(i64),
    Token(i64),
}

impl Used {
    /// Notes it.
    pub(crate) fn note(self, connection: &mut DbConnection, now: NaiveDateTime) -> Result<()> {
        match self {
            Self::Session(id) => sessions::touch(connection, id, now)?,
            Self::Token(id) => tokens::touch(connection, id, now)?,
        }
        Ok(())
    }
}

/// How far somebody has signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Not,
    Half,
    Whole,
}

/// Lets the caller in to an operation, or refuses: `Unauthenticated` where nobody, or nobody any more,
/// is signed in; `Forbidden` where the table of rights says no (R17).
pub(crate) fn admit(
    connection: &mut DbConnection,
    call: &Call,
    operation: Operation,
    now: NaiveDateTime,
    settings: &Settings,
) -> Result<Admission> {
    let (admission, stage) = match &call.caller {
        Caller::Operator(user) => return Ok(unnoted(Access::operator(user))),
        Caller::Admitted(access) => (unnoted(access.clone()), Stage::Whole),
        Caller::Nobody => (unnoted(nobody()), Stage::Not),
        Caller::Session(digest) => match by_session(connection, digest, now, settings)? {
            Some(admitted) => admitted,
            // Signing in goes, too, from where a session has ended.
            None if operation.allowed() == Allowed::Anybody => (unnoted(nobody()), Stage::Not),
            None => return Err(session_ended()),
        },
        Caller::Token(digest) => (by_token(connection, digest, now)?, Stage::Whole),
    };
    allow(&admission.access, stage, operation)?;
    Ok(admission)
}

/// Refuses who was let in to one operation and may not do another that it leads to.
pub(crate) fn require(access: &Access, operation: Operation) -> Result<()> {
    allow(access, Stage::Whole, operation)
}

fn allow(access: &Access, stage: Stage, operation: Operation) -> Result<()> {
    let allowed = operation.allowed();
    if allowed == Allowed::Anybody || access.is_operator() {
        return Ok(());
    }
    let Some(person) = access.person() else {
        return Err(sign_in_needed());
    };
    if stage == Stage::Half && allowed != Allowed::HalfSignedIn {
        return Err(LedgerError::Forbidden {
            code: "second_factor_needed",
            message: "この操作の前に、確認コード（2段階認証）を済ませてください".to_owned(),
        });
    }
    if let Some(scopes) = &person.scopes
        && !scopes.cover(operation)
    {
        return Err(LedgerError::Forbidden {
            code: "outside_scope",
            message: format!(
                "このトークンの範囲（{scopes}）では {operation} はできません。範囲を広げたトークンを作り直してください"
            ),
        });
    }
    if allowed.to(person.roles) {
        return Ok(());
    }
    Err(not_permitted(person.roles, operation))
}

fn not_permitted(roles: Roles, operation: Operation) -> LedgerError {
    let words = |roles: Vec<domain::Role>| -> String {
        let words: Vec<&str> = roles.into_iter().map(domain::Role::words).collect();
        words.join("・")
    };
    let able = operation.allowed().roles();
    let way_out = if able.is_empty() {
        "サーバーの管理者がコマンドで行います".to_owned()
    } else {
        format!("{}に頼んでください", words(able))
    };
    LedgerError::Forbidden {
        code: "not_permitted",
        message: format!(
            "{}の役割では、この操作（{operation}）はできません。{way_out}",
            words(roles.into())
        ),
    }
}

fn by_session(
    connection: &mut DbConnection,
    digest: &SecretDigest,
    now: NaiveDateTime,
    settings: &Settings,
) -> Result<Option<(Admission, Stage)>> {
    let Some(session) = sessions::find_open(connection, digest.as_str())? else {
        return Ok(None);
    };
    let idle = TimeDelta::minutes(settings.session_idle_minutes);
    let is_over = now >= session.expires_at || now - session.last_seen_at >= idle;
    if is_over || session.standing.state != "active" {
        return Ok(None);
    }
    let stage = match session.stage.as_str() {
        "full" => Stage::Whole,
        _ => Stage::Half,
    };
    let actor = Actor::user(&session.standing.name);
    let mut person = person(session.standing)?;
    person.session_id = Some(session.id);
    let is_to_note = now - session.last_seen_at >= NOTED_AFTER;
    let admission = Admission {
        access: Access {
            actor,
            standing: Standing::Person(person),
        },
        used: is_to_note.then_some(Used::Session(session.id)),
    };
    Ok(Some((admission, stage)))
}

fn by_token(
    connection: &mut DbConnection,
    digest: &SecretDigest,
    now: NaiveDateTime,
) -> Result<Admission> {
    let token = tokens::find_live(connection, digest.as_str())?;
    let Some(token) = token.filter(|token| now < token.expires_at) else {
        return Err(token_refused());
    };
    if token.standing.state == "disabled" {
        return Err(token_refused());
    }
    let actor = Actor::token(&token.standing.name, &token.name);
    let mut person = person(token.standing)?;
    let roles: Roles = stored("tokens.roles", token.roles.parse())?;
    // A role that the person has lost is lost for the token too.
    person.roles = person.roles.shared_with(roles).ok_or_else(token_refused)?;
    person.scopes = Some(token.scopes.parse::<Scopes>()?);
    let is_to_note = token
        .last_used_at
        .is_none_or(|used_at| now - used_at >= NOTED_AFTER);
    Ok(Admission {
        access: Access {
            actor,
            standing: Standing::Person(person),
        },
        used: is_to_note.then_some(Used::Token(token.id)),
    })
}

fn person(standing: StoredStanding) -> Result<Person> {
    Ok(Person {
        user_id: standing.user_id,
        name: standing.name,
        roles: stored("users.roles", standing.roles.parse())?,
        organization: standing.organization_id.zip(standing.organization),
        session_id: None,
        scopes: None,
    })
}

fn unnoted(access: Access) -> Admission {
    Admission { access, used: None }
}

fn nobody() -> Access {
    Access {
        actor: Actor::nobody(),
        standing: Standing::Nobody,
    }
}

fn sign_in_needed() -> LedgerError {
    LedgerError::Unauthenticated {
        code: "sign_in_needed",
        message: "サインインしてください（スクリプトは Authorization: Bearer でトークンを送ってください）"
            .to_owned(),
    }
}

fn session_ended() -> LedgerError {
    LedgerError::Unauthenticated {
        code: "session_ended",
        message: "サインインの期限が切れたか、権限が変わりました。もう一度サインインしてください"
            .to_owned(),
    }
}

fn token_refused() -> LedgerError {
    LedgerError::Unauthenticated {
        code: "token_refused",
        message: "このトークンは使えません（期限切れ・取り消し・書き間違い）。新しいトークンを作ってください"
            .to_owned(),
    }
}
