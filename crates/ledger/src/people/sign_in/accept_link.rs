//! `accept_link`: an invitation, or a reset, by which a person sets a password.

use credentials::{Secret, SecretDigest, SecretKind};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::one_time_links::{self, OpenLink};
use store::tables::sessions;
use store::tables::users::{self, User};
use utoipa::ToSchema;

use super::change_password::{chosen, known_of};
use super::session::access_of;
use super::tries::Tries;
use crate::call::Caller;
use crate::people::about;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// The link's secret and the password.
#[derive(Clone)]
pub struct AcceptLink {
    /// What stands behind `#` in the link.
    pub secret: String,
    /// The password that the person chooses: at least 12 characters, not a common one.
    pub password: String,
}

impl std::fmt::Debug for AcceptLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AcceptLink(…)")
    }
}

/// Who may sign in now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkAccepted {
    /// The name to sign in with.
    pub name: String,
    /// `invitation` or `reset`.
    pub purpose: String,
}

impl Ledger {
    /// Sets the password of the person a link was made for, ends their sessions, and uses the link up.
    ///
    /// # Errors
    /// `link_refused` for a secret that is none, used, replaced or too old, and for a person who was
    /// disabled: the answer does not tell which. `password_unfit`; the link stays good then.
    /// `SlowDown` after many guesses from one address.
    pub fn accept_link(&self, call: &Call, request: &AcceptLink) -> Result<LinkAccepted> {
        let digest = Secret::parse(SecretKind::Link, request.secret.trim())
            .map_or_else(|| SecretDigest::of(""), |secret| secret.digest());
        let user = self.person_of_link(call, &digest)?;
        let password = chosen("password", &request.password, &known_of(&user))?;
        let hash = self.hasher().hash(&password, &self.random_bytes()?)?;
        let access = self
            .store()
            .read(|connection| access_of(connection, &user))?;
        let call_as_person = Call::by(Caller::Admitted(access)).at(call.address);
        self.write(&call_as_person, Operation::AcceptLink, &(), |tx| {
            store::lock::person_exclusive(tx.connection, user.id)?;
            let now = tx.recorded_at();
            let found = find(tx.connection, &digest, now)?;
            let (link, user) = found.ok_or_else(link_refused)?;
            if !one_time_links::take(tx.connection, link.id, now)? {
                return Err(link_refused());
            }
            users::set_password(tx.connection, user.id, &hash)?;
            sessions::end_all(tx.connection, user.id, now, "password_changed")?;
            Tries::of_password(&user.name, None).were_right(tx)?;
            let accepted = LinkAccepted {
                name: user.name,
                purpose: link.purpose,
            };
            let event = about("accept_link", &accepted.name);
            tx.audit::<(), _>(&event, None, Some(&accepted.purpose))?;
            Ok(accepted)
        })
    }

    /// For whom the link is. A wrong one counts against the address that sent it.
    fn person_of_link(&self, call: &Call, digest: &SecretDigest) -> Result<User> {
        let mut user = None;
        self.write(&call.without_key(), Operation::AcceptLink, &(), |tx| {
            let tries = Tries::of_link(call.address);
            tries.begin(tx)?;
            user = find(tx.connection, digest, tx.recorded_at())?.map(|(_, user)| user);
            match user {
                Some(_) => tries.were_right(tx),
                None => Ok(()),
            }
        })?;
        user.ok_or_else(link_refused)
    }
}

/// A link that is good now, and whose it is.
fn find(
    connection: &mut DbConnection,
    digest: &SecretDigest,
    now: chrono::NaiveDateTime,
) -> Result<Option<(OpenLink, User)>> {
    let link = one_time_links::find_open(connection, digest.as_str())?;
    let Some(link) = link.filter(|link| now < link.expires_at) else {
        return Ok(None);
    };
    let user = users::find(connection, link.user_id)?.filter(|user| user.state != "disabled");
    Ok(user.map(|user| (link, user)))
}

fn link_refused() -> LedgerError {
    LedgerError::Unauthenticated {
        code: "link_refused",
        message: "このリンクは使えません（期限切れ・使用済み・書き間違い）。管理者に新しいリンクを頼んでください"
            .to_owned(),
    }
}
