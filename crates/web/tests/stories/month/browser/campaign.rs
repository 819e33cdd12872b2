//! How far the campaign is, as the office and as everybody sees it.

use testkit::Browser;

use super::rows;

pub const CODE: &str = "kosumosu-2025";
/// Applied for, billed, collected; and not passed on yet.
const STAGES: [&str; 3] = ["申込", "請求", "集金"];

/// Gifts, units, yen and per cent of the target of 100,000 yen, as the office's page has them.
#[track_caller]
pub fn staff_page_says(clerk: &Browser, stages: [&str; 3]) {
    clerk.go(&format!("/campaigns/{CODE}"));
    says(clerk, "figure.chart + .table-box tbody tr", stages);
}

/// Units, yen and per cent of the target, as the public page has them: no number of gifts.
#[track_caller]
pub fn public_page_says(anybody: &Browser, stages: [&str; 3]) {
    anybody.go(&format!("/c/{CODE}"));
    says(anybody, "table tbody tr", stages);
}

#[track_caller]
fn says(browser: &Browser, table: &str, stages: [&str; 3]) {
    let expected = [0, 1, 2].map(|at| format!("{} {}", STAGES[at], stages[at]));
    let mut table = rows(browser, table);
    let paid_out = table.remove(STAGES.len());
    assert_eq!(table, expected);
    assert!(paid_out.ends_with(" ¥0 0.0%"), "{paid_out}");
}
