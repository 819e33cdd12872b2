//! People as people see them.

use chrono::{DateTime, Utc};
use domain::{Role, Roles};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::one_time_links::{self, OpenLink};
use store::tables::organizations;
use store::tables::users::{self, Listed, User};
use utoipa::ToSchema;

use crate::error::stored;
use crate::{LedgerError, Result};

/// A person who may sign in, or may no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    /// What they sign in with. It never changes, and nobody gets it again.
    #[schema(example = "aoki")]
    pub name: String,
    /// What they are called on screen.
    pub display_name: Option<String>,
    /// What they may do: `clerk`, `finance`, `organization`, `auditor`, `admin`.
    #[schema(value_type = Vec<String>)]
    pub roles: Roles,
    /// Code of the organisation outside of which they see nothing.
    pub organization: Option<String>,
    /// `invited` (no password yet), `active` or `disabled`.
    pub state: String,
    /// Whether they have a second factor.
    pub has_second_factor: bool,
    /// Until when their one-time link is good, UTC, where one is open.
    pub link_expires_at: Option<DateTime<Utc>>,
    /// Who invited them.
    pub invited_by: String,
    /// When, UTC.
    pub invited_at: DateTime<Utc>,
    /// When they last signed in, UTC.
    pub signed_in_at: Option<DateTime<Utc>>,
}

impl PersonView {
    pub(super) fn of(listed: Listed, link: Option<&OpenLink>) -> Result<Self> {
        let (user, organization) = listed;
        Ok(Self {
            name: user.name,
            display_name: user.display_name,
            roles: stored("users.roles", user.roles.parse())?,
            organization,
            state: user.state,
            has_second_factor: user.totp_key.is_some(),
            link_expires_at: link.map(|link| link.expires_at.and_utc()),
            invited_by: user.created_by,
            invited_at: user.created_at.and_utc(),
            signed_in_at: user.signed_in_at.map(|at| at.and_utc()),
        })
    }
}

/// The person of a name, as they are now.
pub(super) fn person_view(connection: &mut DbConnection, name: &str) -> Result<PersonView> {
    let listed = users::find_listed(connection, name)?.ok_or_else(|| not_found(name))?;
    let link = one_time_links::open_of(connection, listed.0.id)?;
    PersonView::of(listed, link.as_ref())
}

/// The person of a name.
pub(super) fn person(connection: &mut DbConnection, name: &str) -> Result<User> {
    users::find_by_name(connection, name)?.ok_or_else(|| not_found(name))
}

fn not_found(name: &str) -> LedgerError {
    let shown: String = name.chars().take(40).collect();
    LedgerError::not_found(
        "person_not_found",
        format!("「{shown}」という利用者はいません。名前を確かめてください"),
    )
}

/// The number of the organisation of this code; one is named when, and only when, the role asks for it
/// (R17).
pub(super) fn organization_of(
    connection: &mut DbConnection,
    roles: Roles,
    organization: Option<&str>,
) -> Result<Option<i64>> {
    let is_of_organization = roles.has(Role::Organization);
    match organization {
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
        Some(code) => match organizations::find_by_code(connection, code)? {
            Some(organization) => Ok(Some(organization.id)),
            None => Err(LedgerError::not_found(
                "organization_not_found",
                format!("団体コード「{code}」は登録されていません。コードを確かめてください"),
            )),
        },
    }
}
