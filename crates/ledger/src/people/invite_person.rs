//! `invite_person`: somebody new may sign in.

use chrono::NaiveDate;
use credentials::Secret;
use domain::Roles;
use serde::{Deserialize, Serialize};
use store::lock;
use store::tables::users::{self, NewUser};
use utoipa::ToSchema;

use super::about;
use super::link::{self, Purpose};
use super::person::{organization_of, person_view};
use super::{LinkGiven, PersonView, plain_name};
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Characters of a name on screen at most.
const DISPLAY_NAME_CHARS_MAX: usize = 100;

/// Who is invited.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitePerson {
    /// What they will sign in with: 1 to 40 of a–z, 0–9, `.`, `_`, `-`, the first of them a letter or a
    /// digit. It never changes, and nobody gets it again.
    #[schema(example = "aoki")]
    pub name: String,
    /// What they are called on screen.
    #[serde(default)]
    pub display_name: Option<String>,
    /// What they may do: of `clerk`, `finance`, `auditor`, `admin` as many as are right, or
    /// `organization` alone.
    #[schema(value_type = Vec<String>, example = json!(["clerk"]))]
    pub roles: Roles,
    /// Code of the organisation that an organisation's user is bound to.
    #[serde(default)]
    pub organization: Option<String>,
    /// The last day on which the link is good, in Japan; a week from today where none is given, at most
    /// 30 days.
    #[serde(default)]
    pub expires_on: Option<NaiveDate>,
}

impl Ledger {
    /// Invites somebody by a one-time link, with which they set a password and sign in.
    ///
    /// # Errors
    /// Refuses a name that is taken or cannot be one, and an organisation's user without an
    /// organisation (R17).
    pub fn invite_person(&self, call: &Call, request: &InvitePerson) -> Result<LinkGiven> {
        let secret = self.new_link()?;
        let mut is_new = false;
        let person = self.write(call, Operation::InvitePerson, request, |tx| {
            is_new = true;
            invite(tx, request, &secret)
        })?;
        let link = is_new.then(|| self.link_of(&secret));
        Ok(LinkGiven { person, link })
    }
}

pub(super) fn invite(
    tx: &mut Tx<'_>,
    request: &InvitePerson,
    secret: &Secret,
) -> Result<PersonView> {
    lock::people_exclusive(tx.connection)?;
    let name = plain_name(&request.name)?;
    let display_name = display_name(request.display_name.as_deref())?;
    let organization = request.organization.as_deref();
    let organization_id = organization_of(tx.connection, request.roles, organization)?;
    if users::find_by_name(tx.connection, name)?.is_some() {
        return Err(LedgerError::refused(
            "name_taken",
            format!(
                "「{name}」はもう使われています（やめた人の名前も、もう使えません）。別の名前にしてください"
            ),
        ));
    }
    let roles = request.roles.to_string();
    let user = NewUser {
        name,
        display_name,
        roles: &roles,
        organization_id,
        state: "invited",
        created_by: tx.actor.as_str(),
        created_at: tx.recorded_at(),
    };
    let user_id = users::insert(tx.connection, &user)?;
    link::put(tx, user_id, Purpose::Invitation, secret, request.expires_on)?;
    let person = person_view(tx.connection, name)?;
    let event = about("invite_person", name);
    tx.audit(&event, None::<&()>, Some(&person))?;
    Ok(person)
}

fn display_name(name: Option<&str>) -> Result<Option<&str>> {
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    let is_good = name.is_none_or(|name| {
        name.chars().count() <= DISPLAY_NAME_CHARS_MAX && !name.chars().any(char::is_control)
    });
    if is_good {
        return Ok(name);
    }
    Err(LedgerError::field(
        "display_name_unreadable",
        "display_name",
        format!("{DISPLAY_NAME_CHARS_MAX}文字まで、改行なしで書いてください"),
    ))
}
