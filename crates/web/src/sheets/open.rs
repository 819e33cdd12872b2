//! Opening a sheet: co-op, channel and day once, and what its cover says.

use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::Channel;
use front::Problem;
use ledger::Call;
use ledger::intake::sheets::{OpenSheet, SheetTotals, SheetView};

use super::{channel, coops};
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "sheets/new.html")]
struct New<'a> {
    page: &'a Page,
    fields: &'a Fields,
    coops: Vec<(String, String)>,
    channels: Vec<(String, String)>,
}

#[get("/sheets/new")]
pub(super) async fn show(page: Page) -> Result<HttpResponse, Problem> {
    page.run({
        let call = page.call();
        move |ledger| ledger.require(&call, ledger::Operation::OpenSheet)
    })
    .await?;
    let today = page.run(|ledger| Ok(ledger.today())).await?;
    let fields = Fields::of([("received_on", today.to_string())]);
    shown(&page, &fields).await
}

#[post("/sheets/new")]
pub(super) async fn send(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let opened = async {
        let sheet = opened(&page, call, &fields).await?;
        let to = format!("/sheets/{}/first", sheet.id);
        Ok(page.done(&to, "sheets-done-opened", None))
    };
    fields
        .answer(opened, async |fields| shown(&page, &fields).await)
        .await
}

async fn shown(page: &Page, fields: &Fields) -> Result<HttpResponse, Problem> {
    let channels = Channel::FROM_OUTSIDE.iter();
    let channels = channels
        .map(|one| (one.as_str().to_owned(), channel(page, one.as_str())))
        .collect();
    let template = New {
        page,
        fields,
        coops: coops(page).await?,
        channels,
    };
    page.show_form(fields, &template)
}

async fn opened(page: &Page, call: Call, fields: &Fields) -> Result<SheetView, Problem> {
    let request = OpenSheet {
        coop: fields.read("coop")?,
        channel: Some(fields.read("channel")?),
        received_on: Some(fields.date("received_on")?),
        control: totals(fields)?,
    };
    page.run(move |ledger| ledger.open_sheet(&call, request))
        .await
}

/// What the cover says, as a form has it.
pub(super) fn totals(fields: &Fields) -> Result<SheetTotals, Problem> {
    Ok(SheetTotals {
        lines: fields.number_if_given("lines")?,
        units: fields.number_if_given("units")?,
        amount: fields.number_if_given("amount")?,
        member_sum: fields.optional("member_sum"),
    })
}
