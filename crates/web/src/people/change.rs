//! What an admin changes about a person: roles, whether they may sign in, a fresh start, a token.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::Role;
use front::Problem;
use ledger::people::{ChangeRoles, LinkGiven, PersonView, ResetPerson};
use ledger::{Call, Operation};

use super::invite::Link;
use super::shown;
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "people/change_roles.html")]
struct RolesForm<'a> {
    page: &'a Page,
    fields: &'a Fields,
    person: &'a PersonView,
    roles: Vec<Role>,
    organizations: Vec<(String, String)>,
}

/// A page that says what will happen, before it does.
#[derive(Template)]
#[template(path = "people/confirm.html")]
struct Confirm<'a> {
    page: &'a Page,
    fields: &'a Fields,
    person: &'a PersonView,
    what: What,
    token: &'a str,
}

/// What is to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Disable,
    Enable,
    Reset,
    Revoke,
}

impl What {
    /// The message that heads the page.
    const fn title(self) -> &'static str {
        match self {
            Self::Disable => "people-disable-of",
            Self::Enable => "people-enable-of",
            Self::Reset => "people-reset-of",
            Self::Revoke => "people-revoke-of",
        }
    }

    /// The message that says what will happen.
    const fn hint(self) -> &'static str {
        match self {
            Self::Disable => "people-disable-hint",
            Self::Enable => "people-enable-hint",
            Self::Reset => "people-reset-hint",
            Self::Revoke => "people-revoke-hint",
        }
    }

    /// The message of the button.
    const fn button(self) -> &'static str {
        match self {
            Self::Disable => "people-disable-now",
            Self::Enable => "people-enable-now",
            Self::Reset => "people-reset-now",
            Self::Revoke => "people-revoke-now",
        }
    }

    /// Where the form is sent to, under the person's address.
    const fn address(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Reset => "reset",
            Self::Revoke => "tokens",
        }
    }

    const fn operation(self) -> Operation {
        match self {
            Self::Disable => Operation::DisablePerson,
            Self::Enable => Operation::EnablePerson,
            Self::Reset => Operation::ResetPerson,
            Self::Revoke => Operation::RevokeTokenOfPerson,
        }
    }
}

#[get("/people/of/{name}/roles")]
pub(super) async fn ask_roles(page: Page, name: Path<String>) -> Result<HttpResponse, Problem> {
    let person = found(&page, name.into_inner(), Operation::ChangeRoles).await?;
    let roles = person
        .roles
        .each()
        .map(|role| ("roles", role.as_str().to_owned()));
    let organization = person.organization.clone().unwrap_or_default();
    let fields = Fields::of(roles.chain([("organization", organization)]));
    show_roles_form(&page, &fields, &person).await
}

#[post("/people/of/{name}/roles")]
pub(super) async fn change_roles(form: Form, name: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let name = name.into_inner();
    let changed = async {
        changed(&page, call, name.clone(), &fields).await?;
        Ok(page.done(&address(&name), "people-done-roles", None))
    };
    let again = async |fields| {
        let person = found(&page, name.clone(), Operation::ChangeRoles).await?;
        show_roles_form(&page, &fields, &person).await
    };
    fields.answer(changed, again).await
}

async fn changed(
    page: &Page,
    call: Call,
    name: String,
    fields: &Fields,
) -> Result<PersonView, Problem> {
    let request = ChangeRoles {
        roles: shown::ticked(fields)?,
        organization: fields.optional("organization"),
    };
    page.run(move |ledger| ledger.change_roles(&call, &name, &request))
        .await
}

async fn show_roles_form(
    page: &Page,
    fields: &Fields,
    person: &PersonView,
) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let organizations = page
        .run(move |ledger| shown::organizations(ledger, &call))
        .await?;
    page.show_form(
        fields,
        &RolesForm {
            page,
            fields,
            person,
            roles: shown::all_roles(),
            organizations,
        },
    )
}

#[get("/people/of/{name}/disable")]
pub(super) async fn ask_disable(page: Page, name: Path<String>) -> Result<HttpResponse, Problem> {
    let person = found(&page, name.into_inner(), Operation::DisablePerson).await?;
    let what = if person.state == "disabled" {
        What::Enable
    } else {
        What::Disable
    };
    confirm(&page, &Fields::default(), &person, what, "")
}

#[post("/people/of/{name}/disable")]
pub(super) async fn disable_person(
    form: Form,
    name: Path<String>,
) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let name = name.into_inner();
    let of = name.clone();
    let disabled = async {
        page.run(move |ledger| ledger.disable_person(&call, &of))
            .await?;
        Ok(page.done(&address(&name), "people-done-disabled", None))
    };
    fields
        .answer(disabled, |fields| {
            confirm_again(&page, fields, &name, What::Disable, "")
        })
        .await
}

#[post("/people/of/{name}/enable")]
pub(super) async fn enable_person(form: Form, name: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let name = name.into_inner();
    let of = name.clone();
    let enabled = async {
        page.run(move |ledger| ledger.enable_person(&call, &of))
            .await?;
        Ok(page.done(&address(&name), "people-done-enabled", None))
    };
    fields
        .answer(enabled, |fields| {
            confirm_again(&page, fields, &name, What::Enable, "")
        })
        .await
}

#[get("/people/of/{name}/reset")]
pub(super) async fn ask_reset(page: Page, name: Path<String>) -> Result<HttpResponse, Problem> {
    let person = found(&page, name.into_inner(), Operation::ResetPerson).await?;
    confirm(&page, &Fields::default(), &person, What::Reset, "")
}

#[post("/people/of/{name}/reset")]
pub(super) async fn reset_person(form: Form, name: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let name = name.into_inner();
    let reset = async {
        let given = started_anew(&page, call, name.clone(), &fields).await?;
        // The link is kept nowhere and shown this once, so the answer is the page itself.
        page.show(&Link {
            page: &page,
            given: &given,
        })
    };
    fields
        .answer(reset, |fields| {
            confirm_again(&page, fields, &name, What::Reset, "")
        })
        .await
}

async fn started_anew(
    page: &Page,
    call: Call,
    name: String,
    fields: &Fields,
) -> Result<LinkGiven, Problem> {
    let request = ResetPerson {
        expires_on: fields.date_if_given("expires_on")?,
        revoke_tokens: fields.has("revoke_tokens", "1"),
    };
    page.run(move |ledger| ledger.reset_person(&call, &name, &request))
        .await
}

#[get("/people/of/{name}/tokens/{token}")]
pub(super) async fn ask_revoke(
    page: Page,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (name, token) = path.into_inner();
    let person = found(&page, name, Operation::RevokeTokenOfPerson).await?;
    confirm(&page, &Fields::default(), &person, What::Revoke, &token)
}

#[post("/people/of/{name}/tokens/{token}")]
pub(super) async fn revoke_token(
    form: Form,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let (name, token) = path.into_inner();
    let (of, revoked) = (name.clone(), token.clone());
    let done = async {
        page.run(move |ledger| ledger.revoke_token_of_person(&call, &of, &revoked))
            .await?;
        Ok(page.done(&address(&name), "people-done-revoked", None))
    };
    fields
        .answer(done, |fields| {
            confirm_again(&page, fields, &name, What::Revoke, &token)
        })
        .await
}

fn address(name: &str) -> String {
    format!("/people/of/{name}")
}

/// The person of a name, for somebody who may change them so.
async fn found(page: &Page, name: String, operation: Operation) -> Result<PersonView, Problem> {
    let call = page.call();
    page.run(move |ledger| {
        ledger.require(&call, operation)?;
        ledger.get_person(&call, &name)
    })
    .await
}

async fn confirm_again(
    page: &Page,
    fields: Fields,
    name: &str,
    what: What,
    token: &str,
) -> Result<HttpResponse, Problem> {
    let person = found(page, name.to_owned(), what.operation()).await?;
    confirm(page, &fields, &person, what, token)
}

fn confirm(
    page: &Page,
    fields: &Fields,
    person: &PersonView,
    what: What,
    token: &str,
) -> Result<HttpResponse, Problem> {
    page.show_form(
        fields,
        &Confirm {
            page,
            fields,
            person,
            what,
            token,
        },
    )
}
