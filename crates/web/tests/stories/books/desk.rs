//! A desk of finance: an office whose August was collected, and a person who looks at its pages.

use ledger::ReferenceTable::{Members, Pledges};
use ledger::billing::{CloseBatch, ExportBatch};
use ledger::settlement::ImportResults;
use ledger::trace::ChargeFilter;
use ledger::{BytesSource, PageRequest};
use testkit::{Seat, TestApp, TestDatabase};

/// An office on 1 December 2025: 600 and 300 yen of August were collected.
pub struct Desk {
    pub app: TestApp,
}

impl From<TestDatabase> for Desk {
    fn from(database: TestDatabase) -> Self {
        let app = TestApp::from(database);
        app.world.load_newsletters();
        app.world.set_today("2025-12-01");
        collect_august(&app);
        Self { app }
    }
}

/// August of co-op 01, from two supporters to the result.
fn collect_august(app: &TestApp) {
    let world = &app.world;
    let (call, coop) = (world.office(), || "01".parse().expect("a code"));
    let month = || "2025-08".parse().expect("a month");
    world.import(Members, "coop,member_number\n01,0000001\n01,0000002\n");
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month,order_number\n\
         01,0000001,inclufund,2,300,2025-08,\n01,0000002,inclufund,1,300,2025-08,\n",
    );
    let close = CloseBatch {
        coop: coop(),
        month: month(),
        reason: None,
    };
    world.ledger.close_batch(&call, close).expect("close");
    let export = ExportBatch {
        coop: coop(),
        month: month(),
        sequence: None,
        profile: None,
    };
    world
        .ledger
        .write_batch_file(&call, export, &mut std::io::sink())
        .expect("export");
    let all = PageRequest::default();
    let charges = world
        .ledger
        .search_charges(&call, &ChargeFilter::default(), &all);
    let rows: String = charges
        .expect("the charges")
        .items
        .iter()
        .map(|charge| format!("{},0,2025-08-27\n", charge.charge_key))
        .collect();
    let text = format!("charge_key,result_code,collected_on\n{rows}");
    let file = BytesSource::new("結果.csv", text);
    world
        .ledger
        .import_results(&call, &file, &ImportResults::default(), &|_| ())
        .expect("results");
}

impl Desk {
    /// Somebody of the staff, signed in, who has these roles and no others.
    pub fn seat(&self, roles: &str) -> Seat {
        self.app.seat(&roles.replace(',', "-"), roles)
    }
}

/// A page that is there: what it says.
pub fn shown(seat: &Seat, path: &str) -> String {
    let answer = seat.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().to_owned()
}

/// The value of a hidden field in the main part of a page.
pub fn hidden(page: &str, name: &str) -> String {
    let main = page.split("<main").nth(1).unwrap_or(page);
    let field = format!("name=\"{name}\" value=\"");
    let value = main
        .split(&field)
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    value
        .unwrap_or_else(|| panic!("no field {name} in {page}"))
        .to_owned()
}
