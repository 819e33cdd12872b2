//! One's own sessions: `show_session`, `list_sessions`, `sign_out`, `end_session`.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use store::tables::sessions;
use utoipa::ToSchema;

use super::session::{SessionStage, SessionView, mine, view};
use crate::people::about;
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Sessions in a list at most; who has more ends some.
const SESSIONS_MAX: i64 = 100;

/// One of one's own sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MySession {
    /// Its number.
    pub session_id: i64,
    /// Whether it is the one that asks.
    pub is_this: bool,
    /// How far it has come.
    pub stage: SessionStage,
    /// From which address it began.
    pub address: Option<String>,
    /// What the browser says of itself.
    pub agent: Option<String>,
    /// When it began, UTC.
    pub created_at: DateTime<Utc>,
    /// When it was last used, UTC, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends at the latest, UTC.
    pub expires_at: DateTime<Utc>,
}

/// A session that was ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionEnded {
    /// Its number.
    pub session_id: i64,
}

impl Ledger {
    /// The session that asks.
    pub fn show_session(&self, call: &Call) -> Result<SessionView> {
        self.read_as(call, Operation::ShowSession, |connection, access| {
            let (user, session) = mine(connection, access)?;
            view(connection, &user, &session, self.settings())
        })
    }

    /// One's own sessions that are open, the newest first; at most 100.
    pub fn list_sessions(&self, call: &Call) -> Result<Vec<MySession>> {
        let now = self.recorded_now();
        let used_after = now - TimeDelta::minutes(self.settings().session_idle_minutes);
        self.read_as(call, Operation::ListSessions, |connection, access| {
            let (user, this) = mine(connection, access)?;
            let open = sessions::list_open(connection, user.id, now, used_after, SESSIONS_MAX)?;
            open.into_iter()
                .map(|session| {
                    Ok(MySession {
                        session_id: session.id,
                        is_this: session.id == this.id,
                        stage: SessionStage::of(&session)?,
                        address: session.address,
                        agent: session.agent,
                        created_at: session.created_at.and_utc(),
                        last_seen_at: session.last_seen_at.and_utc(),
                        expires_at: session.expires_at.and_utc(),
                    })
                })
                .collect()
        })
    }

    /// Ends the session that asks.
    pub fn sign_out(&self, call: &Call) -> Result<SessionEnded> {
        self.write(&call.without_key(), Operation::SignOut, &(), |tx| {
            let (_, session) = mine(tx.connection, tx.access)?;
            end(tx, session.id, "sign_out", "signed_out")
        })
    }

    /// Ends one of one's own sessions.
    ///
    /// # Errors
    /// `session_not_found` where there is none of that number, it is another person's, or it has ended.
    pub fn end_session(&self, call: &Call, session_id: i64) -> Result<SessionEnded> {
        self.write(&call.without_key(), Operation::EndSession, &session_id, |tx| {
            let (user, _) = mine(tx.connection, tx.access)?;
            let session = sessions::find(tx.connection, session_id)?;
            if session.is_none_or(|session| session.user_id != user.id) {
                return Err(LedgerError::not_found(
                    "session_not_found",
                    "そのサインインは自分のものではないか、もう終わっています。一覧を読み直してください",
                ));
            }
            end(tx, session_id, "end_session", "ended")
        })
    }
}

fn end(tx: &mut Tx<'_>, session_id: i64, action: &str, because: &str) -> Result<SessionEnded> {
    sessions::end(tx.connection, session_id, tx.recorded_at(), because)?;
    let name = tx.access.person().map_or("", |person| person.name.as_str());
    let event = about(action, name);
    let ended = SessionEnded { session_id };
    tx.audit::<(), _>(&event, None, Some(&ended))?;
    Ok(ended)
}
