//! The settings in force.

use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::{Operation, SettingView};

use crate::page::Page;

#[derive(Template)]
#[template(path = "catalogue/settings.html")]
struct Settings<'a> {
    page: &'a Page,
    settings: Vec<SettingView>,
}

#[get("/catalogue/settings")]
pub(super) async fn settings_in_force(page: Page) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let settings = page.run(move |ledger| ledger.show_settings(&call)).await?;
    page.show(&Settings {
        page: &page,
        settings,
    })
}
