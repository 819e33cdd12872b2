//! What each role may do: the one table of rights, in words (R17).

use actix_web::{HttpResponse, get};
use askama::Template;
use domain::Role;
use front::Problem;
use ledger::Operation;
use ledger::audit_log::action_ja;
use ledger::rights::{Allowed, Area, Reach};

use super::shown;
use crate::page::Page;

#[derive(Template)]
#[template(path = "people/roles.html")]
struct RolesShown<'a> {
    page: &'a Page,
    roles: Vec<Role>,
    areas: Vec<AreaRow>,
}

/// A field of work, and how far each role reaches there.
struct AreaRow {
    name: String,
    /// The messages that say how far, in the order of the roles.
    reaches: Vec<&'static str>,
    /// What changes something there.
    changes: Vec<Change>,
}

/// What changes something, and which roles may.
struct Change {
    words: String,
    may: Vec<bool>,
}

#[get("/people/roles")]
pub(super) async fn show_roles(page: Page) -> Result<HttpResponse, Problem> {
    let call = page.call();
    page.run(move |ledger| ledger.require(&call, Operation::ListPeople))
        .await?;
    page.show(&RolesShown {
        page: &page,
        roles: shown::all_roles(),
        areas: areas(&page),
    })
}

/// The fields of work in which roles differ.
fn areas(page: &Page) -> Vec<AreaRow> {
    let areas = Area::ALL.into_iter();
    areas
        .filter(|area| operations(*area).next().is_some())
        .map(|area| AreaRow {
            // messages: people-area-*
            name: page.t(&format!("people-area-{}", area.as_str())),
            reaches: Role::ALL.map(|role| reach(area, role)).to_vec(),
            changes: operations(area)
                .filter(|one| one.reach() == Reach::Write && !one.allowed().roles().is_empty())
                .map(|one| change(page, one))
                .collect(),
        })
        .collect()
}

/// The operations of a field of work that are for roles to do.
fn operations(area: Area) -> impl Iterator<Item = Operation> {
    let of_area = Operation::all().filter(move |one| one.area() == area);
    of_area.filter(|one| matches!(one.allowed(), Allowed::Roles(_)))
}

/// How far a role reaches in a field of work.
fn reach(area: Area, role: Role) -> &'static str {
    let may = |reach: Reach| {
        operations(area).any(|one| one.reach() == reach && one.allowed().roles().contains(&role))
    };
    match (may(Reach::Read), may(Reach::Write)) {
        (_, true) => "people-may-change",
        (true, false) => "people-may-look",
        (false, false) => "people-may-not",
    }
}

fn change(page: &Page, operation: Operation) -> Change {
    let roles = operation.allowed().roles();
    let words = if page.is_japanese() {
        action_ja(operation.as_str()).to_owned()
    } else {
        operation.as_str().replace('_', " ")
    };
    Change {
        words,
        may: Role::ALL.map(|role| roles.contains(&role)).to_vec(),
    }
}
