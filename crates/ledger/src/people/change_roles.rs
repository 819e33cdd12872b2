//! `change_roles`: a person may do other things from now on.

use domain::Roles;
use serde::{Deserialize, Serialize};
use store::lock;
use store::tables::{sessions, users};
use utoipa::ToSchema;

use super::PersonView;
use super::about;
use super::last_admin::keeping_an_admin;
use super::person::{organization_of, person, person_view};
use crate::tx::Tx;
use crate::{Call, Ledger, Operation, Result};

/// What a person may do from now on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRoles {
    /// All of their roles, in the place of those they had.
    #[schema(value_type = Vec<String>, example = json!(["clerk", "finance"]))]
    pub roles: Roles,
    /// Code of the organisation that an organisation's user is bound to.
    #[serde(default)]
    pub organization: Option<String>,
}

impl Ledger {
    /// Gives a person other roles. Their sessions end; their tokens keep no role that the person has
    /// no more.
    ///
    /// # Errors
    /// Refuses a name that nobody has, an organisation's user without an organisation, and to take its
    /// role from the last admin who can sign in (R17).
    pub fn change_roles(
        &self,
        call: &Call,
        name: &str,
        request: &ChangeRoles,
    ) -> Result<PersonView> {
        self.write(call, Operation::ChangeRoles, &(name, request), |tx| {
            lock::people_exclusive(tx.connection)?;
            keeping_an_admin(tx, |tx| change(tx, name, request))
        })
    }
}

fn change(tx: &mut Tx<'_>, name: &str, request: &ChangeRoles) -> Result<PersonView> {
    let user = person(tx.connection, name)?;
    lock::person_exclusive(tx.connection, user.id)?;
    let organization = request.organization.as_deref();
    let organization_id = organization_of(tx.connection, request.roles, organization)?;
    let before = person_view(tx.connection, name)?;
    if before.roles == request.roles && user.organization_id == organization_id {
        return Ok(before);
    }
    let roles = request.roles.to_string();
    users::set_roles(tx.connection, user.id, &roles, organization_id)?;
    let now = tx.recorded_at();
    sessions::end_all(tx.connection, user.id, now, "rights_changed")?;
    let after = person_view(tx.connection, name)?;
    let event = about("change_roles", name);
    tx.audit(&event, Some(&before), Some(&after))?;
    Ok(after)
}
