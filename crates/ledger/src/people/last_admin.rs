//! Nobody locks out the last admin (R17).

use domain::Role;
use store::tables::users;

use crate::tx::Tx;
use crate::{LedgerError, Result};

/// Makes a change of rights, which must not leave an office that had an admin without one. Whoever
/// calls this holds the lock on people, so that two admins do not take each other's rights at once.
pub(super) fn keeping_an_admin<T>(
    tx: &mut Tx<'_>,
    change: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let had_one = has_admin(tx)?;
    let changed = change(tx)?;
    if had_one && !has_admin(tx)? {
        return Err(LedgerError::refused(
            "last_admin",
            "サインインできる管理者が、ほかにいません。先に別の管理者を招待し、サインインしてもらってください",
        ));
    }
    Ok(changed)
}

/// Whether there is an admin who can sign in.
pub(super) fn has_admin(tx: &mut Tx<'_>) -> Result<bool> {
    let admins = users::list_in_role(tx.connection, "active", Role::Admin.as_str())?;
    Ok(!admins.is_empty())
}
