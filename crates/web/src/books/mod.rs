//! 会計: reports, entries, remittances, the close of months and years.

mod account;
pub(crate) mod asked;
mod close;
mod entries;
mod entry;
mod new_entry;
mod remittances;
mod reports;
mod reverse;
mod trial_balance;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::ServiceConfig;
use domain::CollectionMonth;
use ledger::Operation;

use crate::page::Page;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/books",
        sample: "/books",
        operation: Operation::ShowTrialBalance,
        menu: Some((Group::Money, "books-menu")),
        picture: Some("books"),
    },
    screen(
        "/books/ledger",
        "/books/ledger?account=1131",
        Operation::ShowGeneralLedger,
        Some("books-ledger"),
    ),
    screen(
        "/books/funds",
        "/books/funds",
        Operation::ShowFundBalances,
        None,
    ),
    screen(
        "/books/receivables",
        "/books/receivables",
        Operation::ShowReceivables,
        Some("books-receivables"),
    ),
    screen(
        "/books/payables",
        "/books/payables",
        Operation::ShowPayables,
        None,
    ),
    screen(
        "/books/years",
        "/books/years",
        Operation::CompareFiscalYears,
        Some("books-years"),
    ),
    screen(
        "/books/entries",
        "/books/entries",
        Operation::ListJournalEntries,
        Some("books-entries"),
    ),
    screen(
        "/books/entries/new",
        "/books/entries/new",
        Operation::PostJournalEntry,
        Some("books-new-entry"),
    ),
    screen(
        "/books/entries/{id}",
        "/books/entries/1",
        Operation::TraceJournalEntry,
        Some("books-entry"),
    ),
    screen(
        "/books/entries/{id}/reverse",
        "/books/entries/1/reverse",
        Operation::ReverseJournalEntry,
        None,
    ),
    screen(
        "/books/remittances",
        "/books/remittances",
        Operation::ListRemittances,
        None,
    ),
    screen(
        "/books/remittances/new",
        "/books/remittances/new",
        Operation::RecordRemittance,
        Some("books-remittance"),
    ),
    screen(
        "/books/periods",
        "/books/periods",
        Operation::ShowFiscalYear,
        Some("books-periods"),
    ),
    screen(
        "/books/periods/close",
        "/books/periods/close?month=2025-08",
        Operation::PreviewClose,
        Some("books-close"),
    ),
];

const fn screen(
    path: &'static str,
    sample: &'static str,
    operation: Operation,
    picture: Option<&'static str>,
) -> Screen {
    Screen {
        path,
        sample,
        operation,
        menu: None,
        picture,
    }
}

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    trial_balance::routes(routes);
    account::routes(routes);
    reports::routes(routes);
    // Before the entry of a number: `new` is none.
    new_entry::routes(routes);
    entries::routes(routes);
    reverse::routes(routes);
    entry::routes(routes);
    remittances::routes(routes);
    close::routes(routes);
}

/// A page of the books beside the one looked at.
pub struct Tab {
    /// Where it is.
    pub path: &'static str,
    /// The message that names it.
    pub message: &'static str,
    /// Whether it is the one looked at.
    pub is_here: bool,
}

const TABS: [(&str, &str); 9] = [
    ("/books", "books-tab-trial-balance"),
    ("/books/ledger", "books-tab-ledger"),
    ("/books/entries", "books-tab-entries"),
    ("/books/remittances", "books-tab-remittances"),
    ("/books/receivables", "books-tab-receivables"),
    ("/books/payables", "books-tab-payables"),
    ("/books/funds", "books-tab-funds"),
    ("/books/years", "books-tab-years"),
    ("/books/periods", "books-tab-periods"),
];

/// The pages of the books, for the row above each.
pub fn tabs(page: &Page) -> Vec<Tab> {
    let here = page.address.split('?').next().unwrap_or_default();
    TABS.map(|(path, message)| Tab {
        path,
        message,
        is_here: here == path
            || (path != "/books"
                && here
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with('/'))),
    })
    .into()
}

pub use entries::{credited, debited, source};

/// Months, one after the other.
pub fn months(page: &Page, months: &[CollectionMonth]) -> String {
    let months: Vec<String> = months.iter().map(|month| page.month(month)).collect();
    months.join("、")
}

/// A report to take along.
fn csv(name: &str, text: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ))
        .body(text)
}

/// The message key of a word with underscores, such as `year_close`.
pub(crate) fn key(family: &str, word: &str) -> String {
    format!("{family}{}", word.replace('_', "-"))
}
