//! Voiding an application: what it would do first, then doing it.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::review::{ApplicationView, VoidApplication};
use ledger::trace::WeighedMonth;

use super::{address, named};
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "members/void.html")]
struct Void<'a> {
    page: &'a Page,
    fields: &'a Fields,
    application: &'a ApplicationView,
    here: String,
    weighed: Option<Vec<WeighedMonth>>,
}

/// Co-op, member and application.
type Names = (String, String, i64);

#[get("/members/{coop}/{number}/applications/{id}/void")]
pub(super) async fn index(
    page: Page,
    path: Path<Names>,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    show(&page, &path, Fields::of(query.into_inner())).await
}

async fn show(page: &Page, path: &Names, fields: Fields) -> Result<HttpResponse, Problem> {
    let (coop, number) = named(&path.0, &path.1)?;
    let (id, call) = (path.2, page.call());
    let application = page
        .run(move |ledger| ledger.get_application(&call, id))
        .await?;
    let is_asked = fields.optional("reason").is_some() && fields.refusal().is_none();
    let (fields, weighed) = if is_asked {
        let weighed = weigh(page, id, &fields).await;
        (fields.with(&weighed), weighed.ok())
    } else {
        (fields, None)
    };
    page.show_form(
        &fields,
        &Void {
            page,
            application: &application,
            here: address(coop.as_str(), number.as_str()),
            weighed,
            fields: &fields,
        },
    )
}

async fn weigh(page: &Page, id: i64, fields: &Fields) -> Result<Vec<WeighedMonth>, Problem> {
    let request = VoidApplication {
        reason: fields.required("reason")?,
    };
    let call = page.call();
    page.run(move |ledger| ledger.weigh_void(&call, id, &request))
        .await
}

#[post("/members/{coop}/{number}/applications/{id}/void")]
pub(super) async fn carry_out(form: Form, path: Path<Names>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let id = path.2;
    let done = async {
        let reason = fields.required("reason")?;
        let request = VoidApplication { reason };
        page.run(move |ledger| ledger.void_application(&call, id, &request))
            .await?;
        Ok(page.done(&address(&path.0, &path.1), "members-done-voided", None))
    };
    fields
        .answer(done, |fields| show(&page, &path, fields))
        .await
}
