//! The offerings of an earlier cycle, under new numbers.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::reference::{CopiedNumber, CopyOfferings, CycleDetail};
use ledger::{Call, Operation};
use serde::Deserialize;

use super::shown::{self, cycle_address};
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "catalogue/copy.html")]
struct Copies<'a> {
    page: &'a Page,
    fields: &'a Fields,
    into: &'a CycleDetail,
    /// The cycle that is copied from, where there is one.
    from: Option<&'a CycleDetail>,
    address: String,
    /// The names of the fields of new numbers.
    names: Vec<String>,
}

/// The two cycles.
struct Both {
    into: CycleDetail,
    from: Option<CycleDetail>,
}

#[derive(Deserialize)]
struct Asked {
    /// The label of the cycle to copy from; the last one before where none is named.
    #[serde(default)]
    from: String,
}

#[get("/catalogue/cycles/{cycle}/copy")]
pub(super) async fn choose_copies(
    page: Page,
    cycle: Path<String>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let asked = asked.into_inner();
    let both = load(&page, page.call(), cycle.into_inner(), asked.from).await?;
    show(&page, &Fields::default(), &both)
}

#[post("/catalogue/cycles/{cycle}/copy")]
pub(super) async fn copy_offerings(
    form: Form,
    cycle: Path<String>,
) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let offerings = fields.all("copied").enumerate().map(|(place, copied)| {
        let name = new_number(place);
        CopiedNumber {
            copied: copied.to_owned(),
            order_number: fields.get(&name).to_owned(),
        }
    });
    let request = CopyOfferings {
        from: fields.get("from").to_owned(),
        cycle: cycle.clone(),
        offerings: offerings.collect(),
    };
    let copied = async {
        let copied = page
            .run(move |ledger| ledger.copy_offerings(&call, &request))
            .await?;
        let count = i64::try_from(copied.offerings.len()).ok();
        Ok(page.done(&cycle_address(&cycle), "catalogue-done-copied", count))
    };
    let again = async |fields: Fields| {
        let from = fields.get("from").to_owned();
        let both = load(&page, page.call(), cycle.clone(), from).await?;
        show(&page, &fields, &both)
    };
    fields.answer(copied, again).await
}

async fn load(page: &Page, call: Call, cycle: String, from: String) -> Result<Both, Problem> {
    page.run(move |ledger| {
        ledger.require(&call, Operation::CopyOfferings)?;
        let into = ledger.get_cycle(&call, &cycle)?;
        let from = match (from.is_empty(), &into.previous) {
            (false, _) => Some(ledger.get_cycle(&call, &from)?),
            (true, Some(previous)) => Some(ledger.get_cycle(&call, previous)?),
            (true, None) => None,
        };
        Ok(Both { into, from })
    })
    .await
}

/// The name of the field of a new number, by which refusals name it.
fn new_number(place: usize) -> String {
    format!("offerings/{place}/order_number")
}

fn show(page: &Page, fields: &Fields, both: &Both) -> Result<HttpResponse, Problem> {
    let count = both.from.as_ref().map_or(0, |from| from.offerings.len());
    page.show_form(
        fields,
        &Copies {
            page,
            fields,
            into: &both.into,
            from: both.from.as_ref(),
            address: cycle_address(&both.into.cycle.cycle),
            names: (0..count).map(new_number).collect(),
        },
    )
}
