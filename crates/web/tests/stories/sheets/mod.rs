//! 入力: sheets are keyed, in a browser and without its scripts.

mod at_once;
mod grid;
mod kept;
mod plain;

use ledger::Call;
use ledger::intake::sheets::{OpenSheet, PutSheetLine, SheetLineView, SheetTotals, SheetView};
use testkit::browser::Browser;
use testkit::{TestApp, TestDatabase};

/// The office with its sample, in the week of 2025年7月4回.
fn office() -> TestApp {
    let app = TestApp::from(TestDatabase::sqlite());
    prepare(&app);
    app
}

fn prepare(app: &TestApp) {
    app.world.load_sample();
    app.world.set_today("2025-07-16");
}

/// A sheet of co-op 01 received on the 16th of July.
fn sheet(app: &TestApp) -> i64 {
    let request = OpenSheet {
        coop: "01".parse().expect("a code"),
        channel: None,
        received_on: "2025-07-16".parse().ok(),
        control: SheetTotals {
            lines: Some(2),
            units: Some(3),
            amount: Some(900),
            member_sum: None,
        },
    };
    let opened = app.world.ledger.open_sheet(&app.world.office(), request);
    opened.expect("a sheet").id
}

fn put(app: &TestApp, who: &str, sheet: i64, member: &str, units: i64) {
    let line = PutSheetLine {
        member_number: member.to_owned(),
        order_number: Some("164151".to_owned()),
        units: Some(units),
        ..PutSheetLine::default()
    };
    let call = Call::of_operator(who);
    let keyed = app.world.ledger.put_sheet_line(&call, sheet, line);
    keyed.expect("a line");
}

/// The sheet as the operator sees it.
fn kept(app: &TestApp, sheet: i64) -> SheetView {
    let call = app.world.office();
    app.world.ledger.get_sheet(&call, sheet).expect("the sheet")
}

/// Member numbers and units of the lines that the server has.
fn lines(app: &TestApp, sheet: i64) -> Vec<(String, i64)> {
    said(&kept(app, sheet).lines)
}

fn said(lines: &[SheetLineView]) -> Vec<(String, i64)> {
    let lines = lines.iter();
    lines
        .map(|line| (line.member_number.clone(), line.units.unwrap_or_default()))
        .collect()
}

fn line(member: &str, units: i64) -> (String, i64) {
    (member.to_owned(), units)
}

/// Aoki before the grid of a new sheet. Her browser goes before the office does.
struct Desk {
    browser: Browser,
    sheet: i64,
    app: TestApp,
}

/// She sits down; none where there is no browser.
fn desk() -> Option<Desk> {
    let app = office();
    let sheet = sheet(&app);
    let browser = clerk(&app, "aoki", sheet)?;
    Some(Desk {
        browser,
        sheet,
        app,
    })
}

impl Desk {
    /// Member numbers and units of the lines that the server has.
    fn lines(&self) -> Vec<(String, i64)> {
        lines(&self.app, self.sheet)
    }
}

/// A clerk who sits down to a sheet; none where there is no browser.
fn clerk(app: &TestApp, name: &str, sheet: i64) -> Option<Browser> {
    let browser = Browser::signed_in(app, name, "clerk")?;
    browser.go(&format!("/sheets/{sheet}/first"));
    browser.wait_for("#keying[data-ready=yes]");
    Some(browser)
}

/// Writes the order number, and types on from the member's number.
fn key(browser: &Browser, order_number: &str, typed: &str) {
    browser.fill("#order_number", order_number);
    browser.click("#member_number");
    browser.press(typed);
}
