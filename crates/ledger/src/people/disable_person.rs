//! `disable_person`, `enable_person`: a person may sign in no more, or again.

use store::lock;
use store::tables::users::{self, User};
use store::tables::{one_time_links, sessions};

use super::PersonView;
use super::about;
use super::last_admin::keeping_an_admin;
use super::person::{person, person_view};
use crate::tx::Tx;
use crate::{Call, Ledger, Operation, Result};

impl Ledger {
    /// Lets a person sign in no more: their sessions end, their tokens are refused and their link is
    /// good no more. What they did stays on record under their name.
    ///
    /// # Errors
    /// Refuses a name that nobody has, and the last admin who can sign in (R17).
    pub fn disable_person(&self, call: &Call, name: &str) -> Result<PersonView> {
        self.write(call, Operation::DisablePerson, &name, |tx| {
            lock::people_exclusive(tx.connection)?;
            keeping_an_admin(tx, |tx| {
                change_state(tx, name, "disable_person", |_| "disabled")
            })
        })
    }

    /// Lets a person who was disabled sign in again, with the password that they had; one who had none
    /// needs a new link (`reset_person`).
    ///
    /// # Errors
    /// Refuses a name that nobody has.
    pub fn enable_person(&self, call: &Call, name: &str) -> Result<PersonView> {
        self.write(call, Operation::EnablePerson, &name, |tx| {
            lock::people_exclusive(tx.connection)?;
            change_state(tx, name, "enable_person", |user| {
                match (user.state.as_str(), &user.password_hash) {
                    ("disabled", Some(_)) => "active",
                    ("disabled", None) => "invited",
                    ("active", _) => "active",
                    _ => "invited",
                }
            })
        })
    }
}

fn change_state(
    tx: &mut Tx<'_>,
    name: &str,
    action: &str,
    state: impl FnOnce(&User) -> &'static str,
) -> Result<PersonView> {
    let user = person(tx.connection, name)?;
    lock::person_exclusive(tx.connection, user.id)?;
    // Read again: they may have set a password while the lock was waited for.
    let user = person(tx.connection, &user.name)?;
    let before = person_view(tx.connection, name)?;
    let state = state(&user);
    if user.state == state {
        return Ok(before);
    }
    users::set_state(tx.connection, user.id, state)?;
    if state == "disabled" {
        let now = tx.recorded_at();
        sessions::end_all(tx.connection, user.id, now, "disabled")?;
        one_time_links::end_of(tx.connection, user.id, now)?;
    }
    let after = person_view(tx.connection, name)?;
    let event = about(action, name);
    tx.audit(&event, Some(&before), Some(&after))?;
    Ok(after)
}
