//! CSV formula injection: a name that a spreadsheet would run as a formula comes out of every CSV file
//! as text.

use ledger::ReferenceTable::{Campaigns, Funds, Members, Organizations};
use testkit::TestApp;
use testkit::http::Answer;

use super::place::Place;
use super::requests::of_every_operation;

testkit::on_both!(r17_no_csv_file_holds_a_formula);

const FORMULA: &str = "=HYPERLINK(\"http://example.com\",\"x\")";

fn r17_no_csv_file_holds_a_formula(app: TestApp) {
    let place = Place::of(app);
    let world = &place.app.world;
    let quoted = FORMULA.replace('"', "\"\"");
    world.import(
        Organizations,
        &format!("organization,name\nkosumosu,\"{quoted}\"\n"),
    );
    world.import(Funds, &format!("fund,name\ninclufund,\"{quoted}\"\n"));
    world.import(
        Members,
        &format!("coop,member_number,name,kana\n01,0010106,\"{quoted}\",\"{quoted}\"\n"),
    );
    world.import(
        Campaigns,
        &format!(
            "campaign,organization,title,target,opens_on,closes_on,accounting\n\
             kosumosu-2025,kosumosu,\"{quoted}\",100000,2025-11-10,2025-11-14,agency\n"
        ),
    );
    let mut files = 0;
    let mut shielded = 0;
    for request in of_every_operation() {
        let answer = place
            .app
            .get(&match request.path.contains("general-ledger") {
                true => format!("{}?account=1131", request.path),
                false => request.path.clone(),
            });
        if request.method != "GET" || !is_csv(&answer) || request.path.ends_with("/file") {
            continue;
        }
        files += 1;
        shielded += answer.text().matches("'=HYPERLINK").count();
        for cell in cells(answer.text()) {
            let is_number = cell
                .replace(['-', '.', ','], "")
                .bytes()
                .all(|b| b.is_ascii_digit());
            let begins = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            assert!(!begins || is_number, "{}: {cell}", request.path);
        }
    }
    assert!(files >= 6, "{files} files");
    assert!(shielded > 0, "the formula was in none of them");
}

fn is_csv(answer: &Answer) -> bool {
    answer.status == 200 && answer.header("content-type").starts_with("text/csv")
}

/// The cells of a CSV file, without their quotes.
fn cells(text: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cells.last_mut().unwrap().push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' | '\n' if !is_quoted => cells.push(String::new()),
            '\r' if !is_quoted => {}
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}
