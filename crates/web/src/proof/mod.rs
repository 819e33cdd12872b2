//! 検証: whether everything holds that must, and whether anything was changed or cut off.

use actix_web::http::header;
use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::Operation;
use ledger::proof::{ChainHead, LastVerification, read_heads};
use ledger::trace::{Check, Verification};
use serde_json::json;

use crate::page::{Fields, Form, Page};
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/verification",
        sample: "/verification",
        operation: Operation::VerifyRecords,
        menu: Some((Group::Settings, "proof-menu")),
        picture: Some("verification"),
    },
    Screen {
        path: "/verification/run",
        sample: "/verification/run",
        operation: Operation::VerifyRecords,
        menu: None,
        picture: Some("verification-run"),
    },
];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(index)
        .service(heads_file)
        .service(run)
        .service(compare);
}

#[derive(Template)]
#[template(path = "proof/index.html")]
struct Shown<'a> {
    page: &'a Page,
    fields: &'a Fields,
    heads: Vec<ChainHead>,
    last: Option<LastVerification>,
    /// What a verification found, where one was asked for.
    found: Option<Verification>,
}

impl Shown<'_> {
    /// What must hold, in words; the use case says it in Japanese.
    fn check(&self, check: &Check) -> String {
        // messages: proof-check-*
        let key = format!("proof-check-{}", check.name.replace('_', "-"));
        if self.page.language.has(&key) {
            self.page.t(&key)
        } else {
            check.name.replace('_', " ")
        }
    }

    /// The checks that do not hold first.
    fn checks<'a>(&self, found: &'a Verification) -> Vec<&'a Check> {
        let mut checks: Vec<&Check> = found.checks.iter().collect();
        checks.sort_by_key(|check| check.ok);
        checks
    }
}

/// A chain, in words.
pub fn chain(page: &Page, name: &str) -> String {
    match name.split_once('/') {
        Some(("audit", coop)) => page.t1("proof-chain-coop", "coop", coop),
        _ if name == "audit" => page.t("proof-chain-rest"),
        _ if name == "journal" => page.t("proof-chain-journal"),
        _ => name.to_owned(),
    }
}

async fn answer(
    page: &Page,
    fields: Fields,
    found: Option<Verification>,
) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let (heads, last) = page
        .run(move |ledger| {
            let last = ledger.last_verification(&call)?;
            Ok((ledger.list_chain_heads(&call)?, last))
        })
        .await?;
    let shown = Shown {
        page,
        fields: &fields,
        heads,
        last,
        found,
    };
    page.show_form(&fields, &shown)
}

#[get("/verification")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    answer(&page, Fields::default(), None).await
}

/// The heads to be kept elsewhere, in the form that `verify --against` and the comparison here read.
#[get("/verification/heads.json")]
async fn heads_file(page: Page) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let heads = page
        .run(move |ledger| ledger.list_chain_heads(&call))
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"heads.json\"",
        ))
        .json(json!({ "heads": heads })))
}

#[get("/verification/run")]
async fn run(page: Page) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let found = page.run(move |ledger| ledger.verify(&call)).await?;
    answer(&page, Fields::default(), Some(found)).await
}

#[post("/verification/compare")]
async fn compare(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let written = fields.get("heads").to_owned();
    let found = page
        .run(move |ledger| ledger.verify_against(&call, &read_heads(&written)?))
        .await;
    match found {
        Ok(found) => answer(&page, fields, Some(found)).await,
        Err(problem) => answer(&page, fields.refused(problem), None).await,
    }
}
