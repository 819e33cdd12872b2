//! 送金: what co-ops handed over, matched against their batches.

use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use domain::{CoopCode, Yen};
use front::Problem;
use ledger::Page as Listed;
use ledger::accounting::reports::Receivables;
use ledger::accounting::{RecordRemittance, RemittanceShare, RemittanceView};
use ledger::{Call, Operation};

use super::asked::{Codes, page_asked, query, query_of, shown_beside};
use crate::page::{Fields, Form, Page};

pub fn routes(routes: &mut ServiceConfig) {
    // Before the remittance of a number: `new` is none.
    routes
        .service(listed)
        .service(show_new)
        .service(send)
        .service(show);
}

#[derive(Template)]
#[template(path = "books/remittances.html")]
struct Shown<'a> {
    page: &'a Page,
    fields: &'a Fields,
    codes: &'a Codes,
    list: Option<Listed<RemittanceView>>,
}

impl Shown<'_> {
    fn first(&self) -> String {
        format!("/books/remittances?{}", query_of(self.fields, &[]))
    }

    fn next(&self, list: &Listed<RemittanceView>) -> Option<String> {
        let cursor = list.next_cursor.as_ref()?.to_string();
        let query = query_of(self.fields, &[("cursor", cursor.as_str())]);
        Some(format!("/books/remittances?{query}"))
    }
}

#[get("/books/remittances")]
async fn listed(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let fields = query(&request);
    let call = page.call();
    let codes = page.run(move |ledger| Codes::load(ledger, &call)).await?;
    let list = match fields.read_if_given::<CoopCode>("coop") {
        Err(problem) => Err(problem),
        Ok(coop) => {
            let (call, turned) = (page.call(), page_asked(&fields));
            page.run(move |ledger| ledger.list_remittances(&call, coop.as_ref(), &turned))
                .await
        }
    };
    let (fields, list) = shown_beside(list, fields)?;
    let shown = Shown {
        page: &page,
        fields: &fields,
        codes: &codes,
        list,
    };
    page.show_form(&fields, &shown)
}

#[derive(Template)]
#[template(path = "books/remittance.html")]
struct One<'a> {
    page: &'a Page,
    remittance: RemittanceView,
}

#[get("/books/remittances/{id}")]
async fn show(page: Page, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (call, id) = (page.call(), id.into_inner());
    let remittance = page
        .run(move |ledger| ledger.get_remittance(&call, id))
        .await?;
    page.show(&One {
        page: &page,
        remittance,
    })
}

#[derive(Template)]
#[template(path = "books/new_remittance.html")]
struct New<'a> {
    page: &'a Page,
    fields: &'a Fields,
    codes: &'a Codes,
    due: Option<Receivables>,
}

impl New<'_> {
    fn share(&self, batch_id: &i64) -> String {
        share(*batch_id)
    }
}

/// The field with what is for a batch.
fn share(batch_id: i64) -> String {
    format!("share-{batch_id}")
}

#[get("/books/remittances/new")]
async fn show_new(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let today = page.front().ledger.today().to_string();
    let coop = query(&request).get("coop").to_owned();
    answer(&page, Fields::of([("coop", coop), ("received_on", today)])).await
}

async fn answer(page: &Page, fields: Fields) -> Result<HttpResponse, Problem> {
    let (call, coop) = (page.call(), fields.optional("coop"));
    let (codes, due) = page
        .run(move |ledger| {
            ledger.require(&call, Operation::RecordRemittance)?;
            let codes = Codes::load(ledger, &call)?;
            let due = match coop {
                Some(coop) => Some(ledger.receivables(&call, None, Some(&coop), false)?),
                None => None,
            };
            Ok((codes, due))
        })
        .await?;
    let shown = New {
        page,
        fields: &fields,
        codes: &codes,
        due,
    };
    page.show_form(&fields, &shown)
}

#[post("/books/remittances/new")]
async fn send(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let recorded = async {
        let id = recorded(&page, call, &fields).await?.remittance_id;
        let to = format!("/books/remittances/{id}");
        Ok(page.done(&to, "books-remittance-done", Some(id)))
    };
    fields
        .answer(recorded, |fields| answer(&page, fields))
        .await
}

async fn recorded(page: &Page, call: Call, fields: &Fields) -> Result<RemittanceView, Problem> {
    let mut shares = Vec::new();
    for batch in fields.all("batch").filter_map(|batch| batch.parse().ok()) {
        let amount = fields.number_if_given(&share(batch))?;
        shares.extend(amount.map(|amount| RemittanceShare {
            batch_id: batch,
            amount: Yen::new(amount),
        }));
    }
    let request = RecordRemittance {
        coop: fields.read("coop")?,
        received_on: Some(fields.date("received_on")?),
        amount: Yen::new(fields.number("amount")?),
        fee: Yen::new(fields.number_if_given("fee")?.unwrap_or_default()),
        shares,
        note: fields.optional("note"),
    };
    page.run(move |ledger| ledger.record_remittance(&call, &request))
        .await
}
