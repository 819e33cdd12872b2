//! `reset_person`: a person who lost a password or a telephone starts anew.

use chrono::NaiveDate;
use credentials::Secret;
use serde::{Deserialize, Serialize};
use store::lock;
use store::tables::{recovery_codes, sessions, tokens, users};
use utoipa::ToSchema;

use super::about;
use super::last_admin::keeping_an_admin;
use super::link::{self, Purpose};
use super::person::{person, person_view};
use super::{LinkGiven, PersonView};
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// How a person starts anew.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPerson {
    /// The last day on which the link is good, in Japan; a week from today where none is given, at most
    /// 30 days.
    #[serde(default)]
    pub expires_on: Option<NaiveDate>,
    /// Revoke their tokens too, as where somebody else may know what they sign in with.
    #[serde(default)]
    pub revoke_tokens: bool,
}

impl Ledger {
    /// Takes a person's password, second factor and recovery codes from them, ends their sessions, and
    /// gives a one-time link by which they set a new password. An invitation that ran out is renewed so
    /// too.
    ///
    /// # Errors
    /// Refuses a name that nobody has, who is disabled, and the last admin who can sign in; the
    /// operator of the machine, who gets the link, may reset that one (R17).
    pub fn reset_person(
        &self,
        call: &Call,
        name: &str,
        request: &ResetPerson,
    ) -> Result<LinkGiven> {
        let secret = self.new_link()?;
        let mut is_new = false;
        let person = self.write(call, Operation::ResetPerson, &(name, request), |tx| {
            is_new = true;
            lock::people_exclusive(tx.connection)?;
            if tx.access.is_operator() {
                return reset(tx, name, request, &secret);
            }
            keeping_an_admin(tx, |tx| reset(tx, name, request, &secret))
        })?;
        let link = is_new.then(|| self.link_of(&secret));
        Ok(LinkGiven { person, link })
    }
}

pub(super) fn reset(
    tx: &mut Tx<'_>,
    name: &str,
    request: &ResetPerson,
    secret: &Secret,
) -> Result<PersonView> {
    let user = person(tx.connection, name)?;
    lock::person_exclusive(tx.connection, user.id)?;
    let before = person_view(tx.connection, name)?;
    if before.state == "disabled" {
        return Err(LedgerError::refused(
            "person_disabled",
            format!("{name} は止められています。先に、もう一度使えるようにしてください"),
        ));
    }
    let now = tx.recorded_at();
    let purpose = if before.state == "invited" {
        Purpose::Invitation
    } else {
        Purpose::Reset
    };
    users::forget_credentials(tx.connection, user.id)?;
    recovery_codes::forget(tx.connection, user.id)?;
    sessions::end_all(tx.connection, user.id, now, "password_changed")?;
    if request.revoke_tokens {
        tokens::revoke_all(tx.connection, user.id, now, tx.actor.as_str())?;
    }
    link::put(tx, user.id, purpose, secret, request.expires_on)?;
    let after = person_view(tx.connection, name)?;
    let event = about("reset_person", name);
    tx.audit(&event, Some(&before), Some(&after))?;
    Ok(after)
}
