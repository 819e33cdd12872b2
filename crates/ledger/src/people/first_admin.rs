//! `invite_first_admin`: an office that nobody can administer yet gets somebody who can.

use chrono::{DateTime, Utc};
use credentials::Secret;
use domain::{Role, Roles};
use serde::{Deserialize, Serialize};
use store::lock;
use store::tables::{one_time_links, users};

use super::invite_person::invite;
use super::last_admin::has_admin;
use super::reset_person::reset;
use super::{InvitePerson, PersonView, ResetPerson};
use crate::error::stored;
use crate::tx::Tx;
use crate::{Call, Ledger, Operation, Result};

/// What the first admin is called.
const NAME: &str = "admin";

/// Who is to administer an office that has nobody yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstAdmin {
    /// What they sign in with.
    pub name: String,
    /// The link by which they set a password, shown this once; none where one that was made before is
    /// still good.
    pub link: Option<String>,
    /// Until when it is good, UTC.
    pub link_expires_at: Option<DateTime<Utc>>,
}

impl Ledger {
    /// Where no admin can sign in: invites `admin`, or renews the invitation of one that ran out. None
    /// where there is an admin.
    pub fn invite_first_admin(&self, call: &Call) -> Result<Option<FirstAdmin>> {
        let secret = self.new_link()?;
        let mut is_made = false;
        let person = self.write(call, Operation::InviteFirstAdmin, &(), |tx| {
            let (person, made) = first_admin(tx, &secret)?;
            is_made = made;
            Ok(person)
        })?;
        Ok(person.map(|person| FirstAdmin {
            name: person.name,
            link: is_made.then(|| self.link_of(&secret)),
            link_expires_at: person.link_expires_at,
        }))
    }
}

/// Who is to be the first admin, and whether a link was made for them now.
fn first_admin(tx: &mut Tx<'_>, secret: &Secret) -> Result<(Option<PersonView>, bool)> {
    lock::people_exclusive(tx.connection)?;
    if has_admin(tx)? {
        return Ok((None, false));
    }
    let invited = users::list_in_role(tx.connection, "invited", Role::Admin.as_str())?;
    for user in &invited {
        let link = one_time_links::open_of(tx.connection, user.id)?;
        if link.is_some_and(|link| link.expires_at > tx.recorded_at()) {
            let person = super::person::person_view(tx.connection, &user.name)?;
            return Ok((Some(person), false));
        }
    }
    let person = match invited.first() {
        Some(user) => reset(tx, &user.name, &ResetPerson::default(), secret)?,
        None => {
            let request = InvitePerson {
                name: free_name(tx)?,
                display_name: None,
                roles: stored("roles", Roles::new([Role::Admin]))?,
                organization: None,
                expires_on: None,
            };
            invite(tx, &request, secret)?
        }
    };
    Ok((Some(person), true))
}

/// `admin`, or where somebody who is none has that name, `admin2` and so on.
fn free_name(tx: &mut Tx<'_>) -> Result<String> {
    let mut name = NAME.to_owned();
    let mut number = 2;
    while users::find_by_name(tx.connection, &name)?.is_some() {
        name = format!("{NAME}{number}");
        number += 1;
    }
    Ok(name)
}
