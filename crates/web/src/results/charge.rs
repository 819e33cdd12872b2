//! One charge is looked for: what became of it, and the ways to put that right.

use std::fmt::Display;

use actix_web::web::{Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::{ChargeKey, CollectionMonth};
use front::Problem;
use ledger::trace::{ChargeFilter, ChargeView};
use ledger::{Operation, PageRequest};
use serde::Deserialize;

use crate::page::{Fields, Page};

/// Routes it.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(look);
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    key: String,
    #[serde(default)]
    coop: String,
    #[serde(default)]
    member: String,
    #[serde(default)]
    month: String,
}

#[derive(Template)]
#[template(path = "results/charge.html")]
struct Look<'a> {
    page: &'a Page,
    asked: &'a Fields,
    is_asked: bool,
    charges: Vec<ChargeView>,
}

impl Look<'_> {
    fn correction(&self, kind: impl Display) -> String {
        // messages: results-correction-*
        self.page.t(&format!("results-correction-{kind}"))
    }

    fn code(&self, code: impl Display) -> String {
        self.page.t(&format!("results-code-{code}"))
    }
}

/// A charge is looked for by its key, or by co-op, member and month.
#[get("/results/charge")]
async fn look(page: Page, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    page.require(Operation::ListHeldResults)?;
    let said = Fields::of([
        ("key", asked.key.as_str()),
        ("coop", asked.coop.as_str()),
        ("member", asked.member.as_str()),
        ("month", asked.month.as_str()),
    ]);
    let is_asked = said.optional("key").is_some() || said.optional("member").is_some();
    let (charges, said) = if is_asked {
        match found(&page, &said).await {
            Ok(charges) => (charges, said),
            Err(problem) => (Vec::new(), said.refused(problem)),
        }
    } else {
        (Vec::new(), said)
    };
    page.show_form(
        &said,
        &Look {
            page: &page,
            asked: &said,
            is_asked,
            charges,
        },
    )
}

async fn found(page: &Page, said: &Fields) -> Result<Vec<ChargeView>, Problem> {
    let key: Option<ChargeKey> = said.read_if_given("key")?;
    let month: Option<CollectionMonth> = said.read_if_given("month")?;
    let filter = ChargeFilter {
        coop: said.read_if_given("coop")?,
        member_number: said.optional("member"),
        month: key.map(ChargeKey::month).or(month),
        ..ChargeFilter::default()
    };
    let call = page.call();
    if let Some(key) = key {
        let charge = page
            .run(move |ledger| ledger.get_charge(&call, key))
            .await?;
        return Ok(vec![charge]);
    }
    let found = page
        .run(move |ledger| ledger.search_charges(&call, &filter, &PageRequest::default()))
        .await?;
    Ok(found.items)
}
