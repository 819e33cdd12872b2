//! Tokens, with which programs ask in a person's name.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::TimeDelta;
use domain::Roles;
use front::Problem;
use ledger::people::{CreateToken, TokenCreated};

use crate::page::{Fields, Form, Page};

/// So long a new token is proposed to be good.
const PROPOSED_DAYS: i64 = 90;

#[derive(Template)]
#[template(path = "account/new_token.html")]
struct NewToken<'a> {
    page: &'a Page,
    fields: &'a Fields,
    /// The roles of who asks, which a token can have.
    roles: Roles,
}

#[derive(Template)]
#[template(path = "account/token_created.html")]
struct Created<'a> {
    page: &'a Page,
    created: &'a TokenCreated,
}

#[derive(Template)]
#[template(path = "account/revoke_token.html")]
struct Revoke<'a> {
    page: &'a Page,
    name: &'a str,
}

/// The form, filled in as most want it: to look only, with all of one's roles, for three months.
#[get("/account/tokens/new")]
pub(super) async fn show_new(page: Page) -> Result<HttpResponse, Problem> {
    let roles = page.roles().ok_or_else(Problem::internal)?;
    let today = page.run(|ledger| Ok(ledger.today())).await?;
    let expires_on = today + TimeDelta::days(PROPOSED_DAYS);
    let mut pairs = vec![
        ("scopes".to_owned(), "all:read".to_owned()),
        ("expires_on".to_owned(), expires_on.to_string()),
    ];
    pairs.extend(
        roles
            .each()
            .map(|role| ("roles".to_owned(), role.to_string())),
    );
    shown(&page, &Fields::of(pairs))
}

/// Makes it and shows it, this once.
#[post("/account/tokens")]
pub(super) async fn create(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let created = async {
        let asked = asked_of(&fields)?;
        let created = page
            .run(move |ledger| ledger.create_token(&call, &asked))
            .await?;
        page.show(&Created {
            page: &page,
            created: &created,
        })
    };
    fields
        .answer(created, async |fields| shown(&page, &fields))
        .await
}

fn shown(page: &Page, fields: &Fields) -> Result<HttpResponse, Problem> {
    let roles = page.roles().ok_or_else(Problem::internal)?;
    let template = NewToken {
        page,
        fields,
        roles,
    };
    page.show_form(fields, &template)
}

/// What revoking means, before it is done.
#[get("/account/tokens/{name}/revoke")]
pub(super) async fn ask_to_revoke(page: Page, name: Path<String>) -> Result<HttpResponse, Problem> {
    page.show(&Revoke {
        page: &page,
        name: &name,
    })
}

/// Revokes it.
#[post("/account/tokens/{name}/revoke")]
pub(super) async fn revoke(form: Form, name: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, .. } = form;
    page.run(move |ledger| ledger.revoke_token(&call, &name))
        .await?;
    Ok(page.done("/account", "account-done-token-revoked", None))
}

fn asked_of(fields: &Fields) -> Result<CreateToken, Problem> {
    let roles: Vec<&str> = fields.all("roles").collect();
    let roles = Fields::of([("roles", roles.join(","))]).read("roles")?;
    Ok(CreateToken {
        person: None,
        name: fields.required("name")?,
        roles,
        scopes: fields.read("scopes")?,
        expires_on: fields.date("expires_on")?,
    })
}
