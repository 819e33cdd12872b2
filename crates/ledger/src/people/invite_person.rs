//! `invite_person`: somebody new may sign in.

use domain::{Role, Roles};
use serde::{Deserialize, Serialize};
use store::tables::organizations;
use store::tables::users::{self, NewUser};

use super::plain_name;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Who is invited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitePerson {
    /// What they will sign in with: 1 to 40 of a–z, 0–9, `.`, `_`, `-`. It never changes, and nobody
    /// gets it again.
    pub name: String,
    /// What they are called on screen.
    #[serde(default)]
    pub display_name: Option<String>,
    /// What they may do.
    pub roles: Roles,
    /// Code of the organisation that an organisation's user is bound to.
    #[serde(default)]
    pub organization: Option<String>,
}

/// Who was invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonInvited {
    /// Their number.
    pub user_id: i64,
    /// What they will sign in with.
    pub name: String,
    /// What they may do.
    pub roles: Roles,
}

impl Ledger {
    /// Lets somebody new sign in.
    ///
    /// # Errors
    /// Refuses a name that is taken or cannot be one, and an organisation's user without an
    /// organisation (R17).
    pub fn invite_person(&self, call: &Call, request: &InvitePerson) -> Result<PersonInvited> {
        self.write(call, Operation::InvitePerson, request, |tx| {
            invite(tx, request)
        })
    }
}

fn invite(tx: &mut Tx<'_>, request: &InvitePerson) -> Result<PersonInvited> {
    let name = plain_name(&request.name)?;
    let organization_id = organization_of(tx, request)?;
    if users::find_by_name(tx.connection, name)?.is_some() {
        return Err(LedgerError::refused(
            "name_taken",
            format!(
                "「{name}」はもう使われています（やめた人の名前も、もう使えません）。別の名前にしてください"
            ),
        ));
    }
    let (actor, now) = (tx.actor.as_str(), tx.recorded_at());
    let roles = request.roles.to_string();
    let user = NewUser {
        name,
        display_name: request.display_name.as_deref(),
        roles: &roles,
        organization_id,
        state: "invited",
        created_by: actor,
        created_at: now,
    };
    let user_id = users::insert(tx.connection, &user)?;
    let event = Event {
        action: "invite_person",
        coop_id: None,
        subject: format!("user:{name}"),
        reason: None,
    };
    tx.audit(&event, None::<&()>, Some(request))?;
    Ok(PersonInvited {
        user_id,
        name: name.to_owned(),
        roles: request.roles,
    })
}

/// The number of the organisation; one is there when, and only when, the role asks for it.
fn organization_of(tx: &mut Tx<'_>, request: &InvitePerson) -> Result<Option<i64>> {
    let is_of_organization = request.roles.has(Role::Organization);
    match &request.organization {
        None if is_of_organization => Err(LedgerError::field(
            "organization_missing",
            "organization",
            "団体の利用者には、団体コードを指定してください",
        )),
        None => Ok(None),
        Some(_) if !is_of_organization => Err(LedgerError::field(
            "organization_unexpected",
            "organization",
            "団体コードは、役割が団体（organization）の人にだけ付けます",
        )),
        Some(code) => match organizations::find_by_code(tx.connection, code)? {
            Some(organization) => Ok(Some(organization.id)),
            None => Err(LedgerError::not_found(
                "organization_not_found",
                format!("団体コード「{code}」は登録されていません。コードを確かめてください"),
            )),
        },
    }
}
