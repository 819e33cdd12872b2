//! Many of one import at once: what it would do first, then doing it.

use actix_web::web::Query;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::{HoldReason, Way};
use front::Problem;
use ledger::review::{HoldsResolved, ResolveMany};

use super::told;
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "review/together.html")]
struct Together<'a> {
    page: &'a Page,
    fields: &'a Fields,
    import_id: i64,
    only: HoldReason,
    ways: Vec<(String, String)>,
    weighed: Option<HoldsResolved>,
}

#[get("/review/together")]
pub(super) async fn index(
    page: Page,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    show(&page, Fields::of(query.into_inner())).await
}

async fn show(page: &Page, fields: Fields) -> Result<HttpResponse, Problem> {
    let (import_id, only) = (fields.number("import_id")?, fields.read("only")?);
    let is_chosen = fields.optional("way").is_some() && fields.refusal().is_none();
    let (fields, weighed) = if is_chosen {
        let weighed = weighed(page, &fields).await;
        (fields.with(&weighed), weighed.ok())
    } else {
        (fields, None)
    };
    let ways = only_ways(page, only);
    page.show_form(
        &fields,
        &Together {
            page,
            import_id,
            only,
            ways,
            weighed,
            fields: &fields,
        },
    )
}

fn only_ways(page: &Page, only: HoldReason) -> Vec<(String, String)> {
    let ways = only.ways().iter();
    ways.map(|way| (way.to_string(), told::way(page, way)))
        .collect()
}

fn asked_for(fields: &Fields) -> Result<ResolveMany, Problem> {
    Ok(ResolveMany {
        import_id: fields.number("import_id")?,
        only: fields.read("only")?,
        way: fields.read::<Way>("way")?,
        reason: fields.required("reason")?,
    })
}

async fn weighed(page: &Page, fields: &Fields) -> Result<HoldsResolved, Problem> {
    let (request, call) = (asked_for(fields)?, page.call());
    page.run(move |ledger| ledger.weigh_holds(&call, &request))
        .await
}

#[post("/review/together")]
pub(super) async fn resolve(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let done = async {
        let request = asked_for(&fields)?;
        let done = page
            .run(move |ledger| ledger.resolve_holds(&call, &request))
            .await?;
        let count = i64::try_from(done.resolved).ok();
        Ok(page.done("/review", "review-done-together", count))
    };
    fields.answer(done, |fields| show(&page, fields)).await
}
