//! The invitation of somebody new, and the link that is shown once.

use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::Role;
use front::Problem;
use ledger::people::{InvitePerson, LinkGiven};
use ledger::{Call, Operation};

use super::shown;
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "people/invite.html")]
struct Invite<'a> {
    page: &'a Page,
    fields: &'a Fields,
    roles: Vec<Role>,
    organizations: Vec<(String, String)>,
}

/// The link to hand over.
#[derive(Template)]
#[template(path = "people/link.html")]
pub(super) struct Link<'a> {
    pub(super) page: &'a Page,
    pub(super) given: &'a LinkGiven,
}

#[get("/people/invite")]
pub(super) async fn ask_whom(page: Page) -> Result<HttpResponse, Problem> {
    show(&page, page.call(), &Fields::default()).await
}

#[post("/people/invite")]
pub(super) async fn invite_person(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    match invited(&page, call, &fields).await {
        // The link is kept nowhere and shown this once, so the answer is the page itself.
        Ok(given) => page.show(&Link {
            page: &page,
            given: &given,
        }),
        Err(problem) => show(&page, page.call(), &fields.refused(at_field(problem))).await,
    }
}

async fn invited(page: &Page, call: Call, fields: &Fields) -> Result<LinkGiven, Problem> {
    let request = InvitePerson {
        name: fields.required("name")?,
        display_name: fields.optional("display_name"),
        roles: shown::ticked(fields)?,
        organization: fields.optional("organization"),
        expires_on: fields.date_if_given("expires_on")?,
    };
    page.run(move |ledger| ledger.invite_person(&call, &request))
        .await
}

/// A name that is taken is told beside its field.
fn at_field(mut problem: Problem) -> Problem {
    if problem.code == "name_taken" {
        let told = crate::page::wrong("name", problem.detail.clone());
        problem.problems = told.problems;
    }
    problem
}

async fn show(page: &Page, call: Call, fields: &Fields) -> Result<HttpResponse, Problem> {
    let organizations = page
        .run(move |ledger| {
            ledger.require(&call, Operation::InvitePerson)?;
            shown::organizations(ledger, &call)
        })
        .await?;
    page.show_form(
        fields,
        &Invite {
            page,
            fields,
            roles: shown::all_roles(),
            organizations,
        },
    )
}
