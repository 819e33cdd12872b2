//! The charges of a batch.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::OfferingKind;
use front::Problem;
use ledger::billing::BatchView;
use ledger::trace::{ChargeFilter, ChargeView};
use ledger::{Cursor, PageRequest};
use serde::Deserialize;

use super::OfBatch;
use crate::page::Page;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    member: Option<String>,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "batches/charges.html")]
struct Shown<'a> {
    page: &'a Page,
    of: OfBatch,
    batch: BatchView,
    member: String,
    charges: Vec<ChargeView>,
    next: Option<String>,
}

#[get("/batches/{coop}/{month}/{sequence:\\d+}/charges")]
pub(super) async fn list(
    page: Page,
    of: Path<OfBatch>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (of, asked) = (of.into_inner(), asked.into_inner());
    let batch = of.find(&page).await?;
    let member = asked.member.unwrap_or_default().trim().to_owned();
    let filter = ChargeFilter {
        batch_id: Some(batch.batch_id),
        member_number: (!member.is_empty()).then(|| member.clone()),
        ..ChargeFilter::default()
    };
    let request = PageRequest {
        cursor: asked.cursor.map(Cursor::from),
        limit: None,
    };
    let call = page.call();
    let found = page
        .run(move |ledger| ledger.search_charges(&call, &filter, &request))
        .await?;
    let next = found.next_cursor.map(|cursor| {
        let pairs = [("member", member.as_str()), ("cursor", &cursor.to_string())];
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        format!("{}/charges?{query}", of.path())
    });
    page.show(&Shown {
        page: &page,
        of,
        batch,
        member,
        charges: found.items,
        next,
    })
}

/// What a kind of gift is called.
pub(super) fn kind_message(kind: &OfferingKind) -> &'static str {
    match kind {
        OfferingKind::Supporter => "batches-kind-supporter",
        OfferingKind::Spot => "batches-kind-spot",
        OfferingKind::Campaign => "batches-kind-campaign",
    }
}
