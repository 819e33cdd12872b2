//! A few months of an office, for somebody to tamper with.

use ledger::ReferenceTable::{Members, Pledges};
use ledger::accounting::{NewJournalLine, PostJournalEntry};
use ledger::billing::{CloseBatch, ExportBatch, VoidBatch};
use ledger::domain::{Way, Yen};
use ledger::intake::NewApplication;
use ledger::pledges::ChangePledge;
use ledger::review::Resolution;
use testkit::world::AtOnce;
use testkit::{TestDatabase, World};

/// Batch 1: August, exported: pledges of members 1 and 2 and two equal spot gifts of member 2, in
/// this order. Batch 2: September, voided. Batch 3: September. And three entries by hand.
pub fn a_few_months(database: TestDatabase) -> TestDatabase {
    let world = World::from(database);
    world.load_newsletters();
    world.import(
        Members,
        "単協コード,組合員番号,氏名\n01,0000001,見本 一\n01,0000002,見本 二\n",
    );
    world.import(
        Pledges,
        "単協コード,組合員番号,基金コード,口数,単価,開始月\n\
         01,0000001,inclufund,2,300,2025-08\n01,0000002,inclufund,1,300,2025-08\n",
    );
    let first = spot_gift(&world);
    let second = spot_gift(&world);
    assert!(first < second);
    let as_it_stands = Resolution::new(Way::Accept, "本人に電話で確かめた");
    world
        .ledger
        .resolve_hold(&world.office(), second, &as_it_stands)
        .expect("a second gift");
    close(&world, "2025-08");
    let folder = tempfile::tempdir().unwrap();
    let export = ExportBatch {
        coop: "01".parse().unwrap(),
        month: "2025-08".parse().unwrap(),
        sequence: None,
        profile: None,
    };
    world
        .ledger
        .export_batch(&world.office(), export, &folder.path().join("8.csv"))
        .expect("the file of August");
    close(&world, "2025-09");
    let void = VoidBatch {
        coop: "01".parse().unwrap(),
        month: "2025-09".parse().unwrap(),
        sequence: None,
        reason: "口数の誤り".to_owned(),
    };
    world
        .ledger
        .void_batch(&world.office(), void)
        .expect("not exported yet");
    change_pledge(&world);
    close(&world, "2025-09");
    for amount in [10_000, 20_000, 30_000] {
        post_by_hand(&world, amount);
    }
    world.database
}

fn spot_gift(world: &World) -> i64 {
    let application = NewApplication {
        coop: "01".to_owned(),
        member_number: "0000002".to_owned(),
        order_number: Some("164160".to_owned()),
        units: Some(1),
        received_on: Some("2025-07-16".to_owned()),
        ..NewApplication::default()
    };
    let recorded = world
        .ledger
        .record_application(&world.office(), application);
    recorded.expect("an application").id
}

fn close(world: &World, month: &str) {
    let request = CloseBatch {
        coop: "01".parse().unwrap(),
        month: month.parse().unwrap(),
        reason: Some("見本の締め".to_owned()),
    };
    world
        .ledger
        .close_batch(&world.office(), request)
        .expect("a closed month");
}

fn change_pledge(world: &World) {
    let request = ChangePledge {
        coop: "01".to_owned(),
        member_number: "0000001".to_owned(),
        fund: "inclufund".to_owned(),
        from: "2025-09".parse().unwrap(),
        units: 3,
        reason: "本人の希望".to_owned(),
    };
    world
        .ledger
        .change_pledge(&world.office(), &request)
        .expect("an open month");
}

fn post_by_hand(world: &World, yen: i64) {
    let line = |account: &str, debit: Option<i64>, credit: Option<i64>| NewJournalLine {
        account: account.to_owned(),
        debit: debit.map(Yen::new),
        credit: credit.map(Yen::new),
        fund: Some("inclufund".to_owned()),
        ..NewJournalLine::default()
    };
    let request = PostJournalEntry {
        date: Some("2025-07-14".parse().unwrap()),
        description: "会員団体の年会費".to_owned(),
        reason: "通帳のとおり".to_owned(),
        lines: vec![line("1121", Some(yen), None), line("4111", None, Some(yen))],
    };
    world
        .ledger
        .post_journal_entry(&world.office(), &request)
        .at_once()
        .expect("an entry by hand");
}
