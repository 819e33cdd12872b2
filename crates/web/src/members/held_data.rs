//! What is held about a member, to be printed for who asks.

use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::privacy::MemberData;
use ledger::trace::ChargeView;

use super::{address, named, shown};
use crate::page::Page;

#[derive(Template)]
#[template(path = "members/data.html")]
struct Held<'a> {
    page: &'a Page,
    data: &'a MemberData,
    here: String,
}

impl Held<'_> {
    fn result(&self, charge: &ChargeView) -> String {
        shown::result(self.page, charge)
    }

    // messages: review-state-*
    fn state(&self, state: &domain::ApplicationState) -> String {
        self.page.t(&format!("review-state-{state}"))
    }

    fn action<'b>(&self, action: &'b str) -> &'b str {
        ledger::audit_log::action_ja(action)
    }
}

#[get("/members/{coop}/{number}/data")]
pub(super) async fn index(
    page: Page,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (coop, number) = named(&path.0, &path.1)?;
    let here = address(coop.as_str(), number.as_str());
    let call = page.call();
    let data = page
        .run(move |ledger| ledger.print_member_data(&call, &coop, &number))
        .await?;
    page.show(&Held {
        page: &page,
        data: &data,
        here,
    })
}
