//! What a file can be.

use ledger::{Operation, ReferenceTable};

use crate::page::Page;

/// The names of what a file can be, those first that come every week.
const TABLES: [&str; 11] = [
    "applications",
    "results",
    "members",
    "member-changes",
    "pledges",
    "cycles",
    "offerings",
    "campaigns",
    "organizations",
    "funds",
    "cooperatives",
];

/// Who may take such a file; none where there is no such table.
pub fn operation(table: &str) -> Option<Operation> {
    match table {
        "applications" => Some(Operation::ImportApplications),
        "results" => Some(Operation::ImportResults),
        table => Some(table.parse::<ReferenceTable>().ok()?.operation()),
    }
}

/// Whether who looks may take such a file.
pub fn may_take(page: &Page, table: &str) -> bool {
    operation(table).is_some_and(|operation| page.may(operation))
}

/// What who looks may take, each with its name.
pub fn choices(page: &Page) -> Vec<(String, String)> {
    let known = TABLES.into_iter().filter(|table| may_take(page, table));
    known
        .map(|table| (table.to_owned(), name(page, table)))
        .collect()
}

/// What such a file is called.
pub fn name(page: &Page, table: &str) -> String {
    // messages: imports-table-*
    page.t(&format!("imports-table-{table}"))
}
