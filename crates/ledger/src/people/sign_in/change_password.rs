//! `change_password`: another one, by who knows the present one.

use credentials::Password;
use store::tables::sessions;
use store::tables::users::{self, User};

use super::proof::look_again;
use super::session::{Place, SessionOpened, SessionStage, mine, open_until};
use crate::people::about;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// The present password and the new one.
#[derive(Clone)]
pub struct ChangePassword {
    /// The present one.
    pub current: String,
    /// The new one: at least 12 characters, not a common one.
    pub new: String,
}

impl std::fmt::Debug for ChangePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChangePassword(…)")
    }
}

impl Ledger {
    /// Gives who asks another password, ends all their sessions and begins a new one in the place of
    /// the present one, which lasts no longer than it would have.
    ///
    /// # Errors
    /// `password_refused` where the present one is wrong; `password_unfit` where the new one is too
    /// short, too long or too common; `password_unchanged`; `SlowDown` after wrong tries.
    pub fn change_password(&self, call: &Call, request: &ChangePassword) -> Result<SessionOpened> {
        let operation = Operation::ChangePassword;
        let who = self.read_as(call, operation, |connection, access| {
            mine(connection, access).map(|(user, _)| user)
        })?;
        // What it is worth takes a while to judge: outside of any transaction.
        let new = chosen("new", &request.new, &known_of(&who))?;
        let (asking, tries) = self.ask(call, operation, |_| Ok(true))?;
        self.require_password(call, operation, &asking, &request.current)?;
        if Password::typed(&request.current).as_ref() == Some(&new) {
            return Err(LedgerError::field(
                "password_unchanged",
                "new",
                "いまと同じパスワードです。別のものにしてください",
            ));
        }
        let hash = self.hasher().hash(&new, &self.random_bytes()?)?;
        let secret = self.session_secret()?;
        let session = self.write(&call.without_key(), operation, &(), |tx| {
            look_again(tx, &asking)?;
            tries.were_right(tx)?;
            let user = &asking.user;
            users::set_password(tx.connection, user.id, &hash)?;
            let now = tx.recorded_at();
            sessions::end_all(tx.connection, user.id, now, "password_changed")?;
            let event = about("change_password", &user.name);
            tx.audit::<(), ()>(&event, None, None)?;
            let (place, until) = (Place::of(&asking.session), asking.session.expires_at);
            open_until(tx, user, SessionStage::Full, &secret, &place, until)
        })?;
        Ok(SessionOpened { session, secret })
    }
}

/// What others know of a person: it is tried first.
pub(super) fn known_of(user: &User) -> Vec<&str> {
    let names = [Some(user.name.as_str()), user.display_name.as_deref()];
    names.into_iter().flatten().collect()
}

/// A password that a person chooses; `field` is where they write it, `about` what others know of them.
pub(super) fn chosen(field: &str, text: &str, about: &[&str]) -> Result<Password> {
    Password::chosen(text, about)
        .map_err(|refused| LedgerError::field("password_unfit", field, refused.to_string()))
}
