//! Results that wait for a person, decided one by one.

use std::fmt::Display;

use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::{HeldResultState, ResultHoldReason};
use front::Problem;
use ledger::settlement::{DismissResult, HeldResultFilter, HeldResultView, TakeResult};
use ledger::{Call, Cursor, Operation, PageRequest};
use serde::Deserialize;

use crate::page::{Fields, Form, Page};

/// Routes it.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(list).service(look).service(decide);
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    reason: String,
    file: Option<i64>,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "results/held.html")]
struct List<'a> {
    page: &'a Page,
    filter: Fields,
    reasons: Vec<(String, String)>,
    held: Vec<HeldResultView>,
    next: Option<String>,
}

impl List<'_> {
    fn reason(&self, reason: impl Display) -> String {
        reason_words(self.page, reason)
    }

    fn code(&self, code: impl Display) -> String {
        code_words(self.page, code)
    }
}

/// Why a result is held, in the words of the page.
fn reason_words(page: &Page, reason: impl Display) -> String {
    // messages: results-hold-*
    page.t(&format!("results-hold-{reason}"))
}

/// What a line says became of its charge.
fn code_words(page: &Page, code: impl Display) -> String {
    // messages: results-code-*
    page.t(&format!("results-code-{code}"))
}

#[get("/results/held")]
async fn list(page: Page, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let filter = HeldResultFilter {
        result_file_id: asked.file,
        reason: Fields::of([("reason", asked.reason.as_str())]).read_if_given("reason")?,
        ..HeldResultFilter::default()
    };
    let request = PageRequest {
        cursor: asked.after.clone().map(Cursor::from),
        limit: None,
    };
    let call = page.call();
    let found = page
        .run(move |ledger| ledger.list_held_results(&call, &filter, &request))
        .await?;
    let all = ResultHoldReason::ALL.iter();
    let next = found.next_cursor.map(|cursor| {
        let file = asked.file.map(|file| format!("&file={file}"));
        format!(
            "/results/held?reason={}{}&after={cursor}",
            asked.reason,
            file.unwrap_or_default()
        )
    });
    page.show(&List {
        filter: Fields::of([("reason", asked.reason.as_str())]),
        reasons: all
            .map(|one| (one.to_string(), reason_words(&page, one)))
            .collect(),
        held: found.items,
        next,
        page: &page,
    })
}

#[derive(Template)]
#[template(path = "results/held_result.html")]
struct Look<'a> {
    page: &'a Page,
    fields: &'a Fields,
    held: HeldResultView,
    charges: Vec<(String, String)>,
}

impl Look<'_> {
    fn reason(&self, reason: impl Display) -> String {
        reason_words(self.page, reason)
    }

    fn code(&self, code: impl Display) -> String {
        code_words(self.page, code)
    }
}

#[get("/results/held/{id}")]
async fn look(page: Page, id: Path<i64>) -> Result<HttpResponse, Problem> {
    show(&page, id.into_inner(), Fields::default()).await
}

async fn show(page: &Page, id: i64, fields: Fields) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let held = page
        .run(move |ledger| ledger.get_held_result(&call, id))
        .await?;
    let charges = held.charges.iter().map(|charge| {
        let result = charge.result_code.map(|known| code_words(page, known));
        let result = result.unwrap_or_else(|| page.t("results-no-result"));
        let shown = format!("{} {} {result}", charge.charge_key, page.yen(charge.amount));
        (charge.charge_key.to_string(), shown)
    });
    page.show_form(
        &fields,
        &Look {
            page,
            fields: &fields,
            charges: charges.collect(),
            held,
        },
    )
}

/// Takes a held result, or puts it aside.
#[post("/results/held/{id}")]
async fn decide(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let id = id.into_inner();
    let decided = async {
        let message = decided(&page, call, id, &fields).await?;
        Ok(page.done("/results/held", message, None))
    };
    fields
        .answer(decided, |fields| show(&page, id, fields))
        .await
}

async fn decided(
    page: &Page,
    call: Call,
    id: i64,
    fields: &Fields,
) -> Result<&'static str, Problem> {
    let reason = fields.required("reason")?;
    if fields.has("way", "dismiss") {
        let request = DismissResult { reason };
        page.run(move |ledger| ledger.dismiss_held_result(&call, id, &request))
            .await?;
        return Ok("results-done-dismissed");
    }
    let request = TakeResult {
        charge_key: fields.read_if_given("charge_key")?,
        reason,
    };
    page.run(move |ledger| ledger.take_held_result(&call, id, &request))
        .await?;
    Ok("results-done-taken")
}
