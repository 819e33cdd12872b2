//! An office that has worked from July to November 2025 with what the newsletters state, as
//! `hitokuchi demo` makes it, and some more, so that no screen is empty.

use std::path::Path;

use domain::{Channel, CollectionMonth, CoopCode, HoldReason, Way};
use ledger::billing::{CloseBatch, ExportBatch};
use ledger::intake::ImportApplications;
use ledger::intake::sheets::{OpenSheet, PutSheetLine, PutSheetLines, SheetTotals};
use ledger::pledges::{ChangePledge, PausePledge};
use ledger::reference::SwitchPublicPage;
use ledger::review::{Hold, HoldFilter, Resolution};
use ledger::settlement::ImportResults;
use ledger::{BytesSource, Call};
use testkit::{TestApp, TestDatabase, World, fixtures};

/// The months that are closed and exported.
const CLOSED: [(i32, u32); 4] = [(2025, 8), (2025, 9), (2025, 10), (2025, 11)];
/// Months of which the co-ops have told what became of the charges.
const SETTLED_MAX: u32 = 10;
/// Every so many charges, one could not be collected.
const FAILED_EVERY: usize = 9;

/// A service over that office.
pub fn app() -> TestApp {
    let world = World::from(TestDatabase::sqlite());
    play(&world);
    TestApp::over(world, TestApp::unhurried())
}

fn play(world: &World) {
    let folder = tempfile::tempdir().unwrap();
    world.load_sample();
    world.set_today("2025-07-18");
    import(world, Channel::Paper, "sample/applications-2025-07.csv");
    world.set_today("2025-07-22");
    decide(world);
    for (year, month) in CLOSED {
        world.set_today(&format!("{year}-{month:02}-01"));
        let month = CollectionMonth::new(year, month).unwrap();
        close(world, month, folder.path());
        if month.to_string() == "2025-09" {
            change_plans(world);
        }
    }
    world.set_today("2025-11-17");
    import(world, Channel::Paper, "sample/applications-2025-11.csv");
    import(world, Channel::Web, "sample/applications-2025-11-web.csv");
    import(
        world,
        Channel::Depot,
        "sample/applications-2025-11-depot.csv",
    );
    let call = Call::of_operator("office");
    decide_all_of(world, "05");
    let shown = SwitchPublicPage {
        campaign: "kosumosu-2025".to_owned(),
        is_public: true,
    };
    world.ledger.switch_public_page(&call, &shown).unwrap();
    let sheet = OpenSheet {
        coop: coop("01"),
        channel: Some(Channel::Paper),
        received_on: "2025-11-12".parse().ok(),
        control: SheetTotals {
            lines: Some(4),
            units: Some(8),
            amount: Some(2_400),
            ..SheetTotals::default()
        },
    };
    let sheet = world.ledger.open_sheet(&call, sheet).unwrap();
    let lines = ["0010106", "0010231", "0000777", "9999999"].map(|member_number| PutSheetLine {
        line_no: None,
        member_number: member_number.to_owned(),
        order_number: Some("108413".to_owned()),
        units: Some(2),
        ..PutSheetLine::default()
    });
    let lines = PutSheetLines {
        keying: None,
        lines: lines.into(),
    };
    world
        .ledger
        .put_sheet_lines(&call, sheet.id, lines)
        .unwrap();
}

fn import(world: &World, channel: Channel, file: &str) {
    let defaults = ImportApplications {
        channel: Some(channel),
        received_on: None,
    };
    world.take_applications(fixtures::bytes(file), defaults);
}

/// What the office decided about the doubtful lines of July.
fn decide(world: &World) {
    let mut holds = Vec::new();
    let call = Call::of_operator("office");
    let gather = |hold| {
        holds.push(hold);
        Ok(())
    };
    world
        .ledger
        .all_holds(&call, &HoldFilter::default(), gather)
        .unwrap();
    for hold in holds {
        let mut resolution = match hold.reason {
            HoldReason::AlreadySupporter => Resolution::new(Way::Add, "電話で確認、口数を足す"),
            HoldReason::DuplicateApplication => Resolution::new(Way::Mistake, "両方に書いた"),
            HoldReason::ImplausibleUnits => Resolution::new(Way::Accept, "3口の書き間違い"),
            _ => continue,
        };
        resolution.units = (hold.reason == HoldReason::ImplausibleUnits).then_some(3);
        world
            .ledger
            .resolve_hold(&call, hold.id, &resolution)
            .unwrap();
    }
}

/// Nothing is left to decide in one co-op: its month can be closed.
fn decide_all_of(world: &World, code: &str) {
    let call = Call::of_operator("office");
    let filter = HoldFilter {
        coop: Some(code.to_owned()),
        ..HoldFilter::default()
    };
    let mut ids = Vec::new();
    let gather = |hold: Hold| {
        ids.push(hold.id);
        Ok(())
    };
    world.ledger.all_holds(&call, &filter, gather).unwrap();
    for id in ids {
        let mistake = Resolution::new(Way::Mistake, "本人に電話で確認");
        world.ledger.resolve_hold(&call, id, &mistake).unwrap();
    }
}

fn change_plans(world: &World) {
    let month = |month| CollectionMonth::new(2025, month).unwrap();
    let call = Call::of_operator("office");
    let change = ChangePledge {
        coop: "01".to_owned(),
        member_number: "0010106".to_owned(),
        fund: "inclufund".to_owned(),
        from: month(10),
        units: 3,
        reason: "本人から電話".to_owned(),
    };
    world.ledger.change_pledge(&call, &change).unwrap();
    let pause = PausePledge {
        coop: "01".to_owned(),
        member_number: "0010231".to_owned(),
        fund: "inclufund".to_owned(),
        from: month(10),
        until: month(12),
        reason: "しばらく休みたいとの連絡".to_owned(),
    };
    world.ledger.pause_pledge(&call, &pause).unwrap();
}

/// Closes a month of every co-op, hands its file over, and takes back what became of the charges.
fn close(world: &World, month: CollectionMonth, folder: &Path) {
    let call = Call::of_operator("office");
    for code in ["01", "02", "03", "04", "05"] {
        let request = CloseBatch {
            coop: coop(code),
            month,
            reason: None,
        };
        let closed = world.ledger.close_batch(&call, request).unwrap();
        let Some(sequence) = closed.sequence else {
            continue;
        };
        let file = folder.join(format!("{code}-{month}.csv"));
        let request = ExportBatch {
            coop: coop(code),
            month,
            sequence: Some(sequence),
            profile: Some("standard-utf8".to_owned()),
        };
        world.ledger.export_batch(&call, request, &file).unwrap();
        if month <= CollectionMonth::new(2025, SETTLED_MAX).unwrap() {
            let results = results_of(&std::fs::read_to_string(&file).unwrap(), month);
            let source = BytesSource::new("results.csv", results);
            let all = ImportResults { coop: None };
            world.set_today(&format!("{month}-28"));
            world
                .ledger
                .import_results(&call, &source, &all, &|_| ())
                .unwrap();
        }
    }
}

/// The co-op's answer to a collection file: most could be collected.
fn results_of(file: &str, month: CollectionMonth) -> String {
    let mut results = "請求キー,結果コード,集金日\n".to_owned();
    for (index, line) in file.lines().skip(1).enumerate() {
        let key = line.rsplit(',').next().unwrap().trim_matches('"');
        let code = if index % FAILED_EVERY == FAILED_EVERY - 1 {
            1
        } else {
            0
        };
        results += &format!("{key},{code},{month}-27\n");
    }
    results
}

fn coop(code: &str) -> CoopCode {
    code.parse().unwrap()
}
