//! Proving once more who one is, by the password, within a session.

use store::tables::sessions::Session;
use store::tables::users::User;

use super::session::mine;
use super::tries::Tries;
use crate::people::about;
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Who asks, before the password is judged.
pub(super) struct Asking {
    pub(super) user: User,
    pub(super) session: Session,
}

impl Ledger {
    /// Lets in to `operation`, hands over who asks, and counts a try of the password where there is
    /// one to judge.
    pub(super) fn ask(
        &self,
        call: &Call,
        operation: Operation,
        is_try: impl FnOnce(&Asking) -> Result<bool>,
    ) -> Result<(Asking, Tries)> {
        let mut found = None;
        self.write(&call.without_key(), operation, &(), |tx| {
            let (user, session) = mine(tx.connection, tx.access)?;
            let tries = Tries::of_password(&user.name, call.address);
            let asking = Asking { user, session };
            if is_try(&asking)? {
                tries.begin(tx)?;
            }
            found = Some((asking, tries));
            Ok(())
        })?;
        found.ok_or_else(|| LedgerError::Corrupt("ask".to_owned()))
    }

    /// Judges the password of who asks, outside of any transaction.
    ///
    /// # Errors
    /// `password_refused` where it is wrong; that is in the audit log.
    pub(super) fn require_password(
        &self,
        call: &Call,
        operation: Operation,
        asking: &Asking,
        typed: &str,
    ) -> Result<()> {
        let typed = credentials::Password::typed(typed);
        let kept = asking.user.password_hash.as_deref();
        if self.hasher().compare(typed.as_ref(), kept)? {
            return Ok(());
        }
        self.write(&call.without_key(), operation, &(), |tx| {
            let event = about("password_refused", &asking.user.name);
            tx.audit::<(), _>(&event, None, Some(&operation.as_str()))
        })?;
        Err(LedgerError::Unauthenticated {
            code: "password_refused",
            message: "現在のパスワードが違います".to_owned(),
        })
    }
}

/// Looks at who asks once more, in the transaction that changes something: the password that was
/// judged must still be theirs.
pub(super) fn look_again(tx: &mut Tx<'_>, asking: &Asking) -> Result<()> {
    store::lock::person_exclusive(tx.connection, asking.user.id)?;
    let (user, _) = mine(tx.connection, tx.access)?;
    if user.password_hash == asking.user.password_hash {
        return Ok(());
    }
    Err(LedgerError::refused(
        "changed_meanwhile",
        "その間にパスワードが変わりました。もう一度サインインしてください",
    ))
}
