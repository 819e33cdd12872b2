//! A sheet at a glance: its cover against its lines, and what to do next.

use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::Operation;
use ledger::intake::sheets::TotalDiffering;

use super::Head;
use crate::page::Page;

#[derive(Template)]
#[template(path = "sheets/sheet.html")]
struct Sheet<'a> {
    page: &'a Page,
    head: Head,
}

impl Sheet<'_> {
    /// Whether there is a second keying under way or done.
    fn is_keyed_twice(&self) -> bool {
        self.head.sheet.second_keyed_by.is_some()
    }

    /// Whether the cover agrees with what is keyed: then posting is next, else keying.
    fn is_ready(&self) -> bool {
        let sheet = &self.head.sheet;
        !sheet.lines.is_empty() && sheet.keyed.is_some() && sheet.differing.is_empty()
    }

    /// A total in which cover and lines differ, in words. messages: sheets-differs-*
    fn total_differing(&self, total: &TotalDiffering) -> String {
        let word = total.total.replace('_', "-");
        let name = self.page.t(&format!("sheets-total-{word}"));
        let keyed = grouped(&total.keyed);
        match &total.control {
            Some(control) => {
                let told =
                    self.page
                        .t2("sheets-differs", "name", &name, "control", grouped(control));
                format!(
                    "{told}{}",
                    self.page.t1("sheets-differs-keyed", "keyed", keyed)
                )
            }
            None => self
                .page
                .t2("sheets-differs-no-control", "name", &name, "keyed", keyed),
        }
    }
}

/// A number with its thousands apart, where it is one.
fn grouped(number: &str) -> String {
    let read: Result<i64, _> = number.parse();
    read.map_or_else(|_| number.to_owned(), crate::words::count)
}

#[get("/sheets/{id}")]
pub(super) async fn show(page: Page, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let head = Head::of(&page, *id).await?;
    page.show(&Sheet { page: &page, head })
}
