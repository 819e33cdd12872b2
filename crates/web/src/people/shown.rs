//! What the pages about people have in common: words, and the choice of roles.

use domain::{Role, Roles};
use ledger::people::PersonView;
use ledger::reference::OrganizationView;
use ledger::{Call, Ledger, PAGE_MAX, PageRequest};

use crate::page::{Fields, Page, wrong};
use front::Problem;

/// A role in words.
pub(super) fn role(page: &Page, role: &Role) -> String {
    // messages: people-role-*
    page.t(&format!("people-role-{}", role.as_str()))
}

/// What a role is there for, in words.
pub(super) fn role_hint(page: &Page, role: &Role) -> String {
    // messages: people-does-*
    page.t(&format!("people-does-{}", role.as_str()))
}

/// The roles of somebody in words, with commas between.
pub(super) fn roles(page: &Page, roles: &Roles) -> String {
    let all: Vec<String> = roles.each().map(|one| role(page, &one)).collect();
    all.join(if page.is_japanese() { "、" } else { ", " })
}

/// Whether somebody may sign in, in a word.
pub(super) fn state(page: &Page, state: &str) -> String {
    // messages: people-state-*
    page.t(&format!("people-state-{state}"))
}

/// What somebody is called: the name on screen, or the one that they sign in with.
pub(super) fn called(person: &PersonView) -> &str {
    person.display_name.as_deref().unwrap_or(&person.name)
}

/// All roles, to choose from.
pub(super) fn all_roles() -> Vec<Role> {
    Role::ALL.to_vec()
}

/// The roles that were ticked. Refuses none, and an organisation's user who is anything besides.
pub(super) fn ticked(fields: &Fields) -> Result<Roles, Problem> {
    let ticked: Vec<&str> = fields.all("roles").collect();
    let roles: Result<Roles, domain::RolesError> = ticked.join(",").parse();
    roles.map_err(|error| wrong("roles", error.to_string()))
}

/// The organisations to choose from.
pub(super) fn organizations(ledger: &Ledger, call: &Call) -> ledger::Result<Vec<(String, String)>> {
    let all = PageRequest {
        cursor: None,
        limit: Some(PAGE_MAX),
    };
    let found = ledger.list_organizations(call, &all)?.items.into_iter();
    Ok(found
        .map(|one: OrganizationView| (one.organization.to_string(), one.name))
        .collect())
}
