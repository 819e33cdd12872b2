//! The books no longer tie to what stands behind them: `verify` finds it (R14, R15, R16).

use ledger::ReferenceTable::{Members, Pledges};
use ledger::accounting::{CloseFiscalYear, RecordPayout, RecordRemittance, ReverseJournalEntry};
use ledger::billing::{CloseBatch, ExportBatch};
use ledger::domain::{CollectionMonth, Yen};
use ledger::intake::NewApplication;
use ledger::settlement::ImportResults;
use ledger::trace::ChargeFilter;
use ledger::{BytesSource, PageRequest};
use testkit::world::AtOnce;
use testkit::{TestDatabase, World, on_both};

use crate::hand::Hand;

on_both!(
    books_that_are_whole_tie,
    an_entry_that_does_not_balance_is_found,
    a_settlement_that_no_entry_stands_for_is_found,
    a_remittance_that_differs_from_its_entry_is_found,
    a_payout_that_differs_from_its_entry_is_found,
    a_year_that_is_not_carried_over_is_found,
    a_campaign_out_of_order_is_found,
);

/// December of one supporter and one gift to a campaign, collected (entries 1 and 2), handed over
/// twice, once taken back (3, 4, 5), passed on (6); and the year closed (7).
fn a_year(database: TestDatabase) -> TestDatabase {
    let world = World::from(database);
    world.load_newsletters();
    world.import(Members, "coop,member_number\n01,0000001\n");
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n01,0000001,inclufund,2,300,2025-12\n",
    );
    world.set_today("2025-11-12");
    let application = NewApplication {
        coop: "01".to_owned(),
        member_number: "0000001".to_owned(),
        order_number: Some("133540".to_owned()),
        units: Some(4),
        ..NewApplication::default()
    };
    let recorded = world
        .ledger
        .record_application(&world.office(), application);
    recorded.expect("an application");
    world.set_today("2026-04-10");
    collect(&world);
    let first = remit(&world, 2_600);
    let reversal = ReverseJournalEntry {
        entry_id: first,
        date: None,
        reason: "見本".to_owned(),
    };
    let reversed = world
        .ledger
        .reverse_journal_entry(&world.office(), &reversal)
        .at_once();
    reversed.expect("a reversal");
    remit(&world, 2_600);
    let payout = RecordPayout {
        campaign: "kosumosu-2025".to_owned(),
        paid_on: None,
        amount: Yen::new(1_500),
        fee: Yen::new(330),
        returned: false,
        note: None,
    };
    let paid = world
        .ledger
        .record_payout(&world.office(), &payout)
        .at_once();
    paid.expect("a payout");
    let year = CloseFiscalYear {
        fiscal_year: 2025,
        note: None,
    };
    let closed = world.ledger.close_fiscal_year(&world.office(), &year);
    closed.expect("a closed year");
    world.database
}

fn collect(world: &World) {
    let month: CollectionMonth = "2025-12".parse().unwrap();
    let close = CloseBatch {
        coop: "01".parse().unwrap(),
        month,
        reason: None,
    };
    let closed = world.ledger.close_batch(&world.office(), close);
    closed.expect("a closed month");
    let export = ExportBatch {
        coop: "01".parse().unwrap(),
        month,
        sequence: None,
        profile: None,
    };
    let exported = world
        .ledger
        .write_batch_file(&world.office(), export, &mut std::io::sink());
    exported.expect("a file");
    let charges = world
        .ledger
        .search_charges(
            &world.office(),
            &ChargeFilter::default(),
            &PageRequest::default(),
        )
        .unwrap();
    let rows: String = charges
        .items
        .iter()
        .map(|charge| format!("{},0,2025-12-26\n", charge.charge_key))
        .collect();
    let text = format!("charge_key,result_code,collected_on\n{rows}");
    let source = BytesSource::new("results.csv", text);
    let taken =
        world
            .ledger
            .import_results(&world.office(), &source, &ImportResults::default(), &|_| ());
    assert_eq!(taken.expect("the results").collected, 2);
}

fn remit(world: &World, amount: i64) -> i64 {
    let remittance = RecordRemittance {
        coop: "01".parse().unwrap(),
        received_on: Some("2026-03-10".parse().unwrap()),
        amount: Yen::new(amount),
        fee: Yen::ZERO,
        shares: Vec::new(),
        note: None,
    };
    let recorded = world.ledger.record_remittance(&world.office(), &remittance);
    recorded.expect("a remittance").entry_id
}

fn books_that_are_whole_tie(database: TestDatabase) {
    let hand = Hand::over(a_year(database));
    hand.expect_nothing("SELECT 1");
    assert_eq!(
        hand.number("SELECT MAX(id) AS number FROM journal_entries"),
        7
    );
}

fn an_entry_that_does_not_balance_is_found(database: TestDatabase) {
    let hand = Hand::over(a_year(database));
    let change =
        "UPDATE journal_postings SET amount = amount + 1 WHERE entry_id = 3 AND line_no = 1";
    hand.expect(change, "entries_balance", &["番号 3"]);
    hand.expect(change, "trial_balance_is_zero", &[]);
    hand.expect(
        "DELETE FROM journal_postings WHERE entry_id = 3",
        "entries_balance",
        &["番号 3"],
    );
    hand.expect(
        "UPDATE journal_postings SET amount = 2 * amount WHERE entry_id = 4",
        "reversals_are_opposites",
        &["番号 4"],
    );
    hand.expect(
        "UPDATE journal_entries SET posted_on = '2025-01-01' WHERE id = 3",
        "entries_are_numbered",
        &["番号 3"],
    );
}

fn a_settlement_that_no_entry_stands_for_is_found(database: TestDatabase) {
    let hand = Hand::over(a_year(database));
    for change in [
        "UPDATE settlements SET amount = amount + 300 WHERE rank = 1",
        "UPDATE settlements SET correction_mark = 9 WHERE rank = 1",
        "UPDATE settlements SET result_code = '1' WHERE rank = 1",
    ] {
        hand.expect(change, "settlements_tie_to_receivables", &["番号 1"]);
        hand.expect(change, "settlements_tie_to_income", &["番号 1"]);
    }
    // As much on the other side, in another fund: only the tie by fund sees it.
    hand.expect(
        "UPDATE journal_postings SET fund_id = 2 WHERE account = 4211",
        "settlements_tie_to_income",
        &["番号 1"],
    );
}

fn a_remittance_that_differs_from_its_entry_is_found(database: TestDatabase) {
    let hand = Hand::over(a_year(database));
    for change in [
        "UPDATE remittances SET amount = amount + 1 WHERE id = 2",
        "UPDATE remittances SET fee = 1 WHERE id = 2",
        "UPDATE remittances SET suspense = 1 WHERE id = 2",
        "UPDATE remittance_allocations SET amount = amount - 1 WHERE remittance_id = 2",
        "DELETE FROM remittance_allocations WHERE remittance_id = 2",
        "UPDATE journal_entries SET source_id = 9 WHERE id = 5",
    ] {
        hand.expect(change, "remittances_tie_to_the_journal", &["番号 2"]);
    }
}

fn a_payout_that_differs_from_its_entry_is_found(database: TestDatabase) {
    let hand = Hand::over(a_year(database));
    for change in [
        "UPDATE payouts SET amount = amount + 1",
        "UPDATE payouts SET fee = 1",
        "UPDATE payouts SET kind = 'return'",
        "UPDATE journal_entries SET source_id = 9 WHERE id = 6",
    ] {
        hand.expect(change, "payouts_tie_to_the_journal", &["番号 1"]);
    }
}

fn a_year_that_is_not_carried_over_is_found(database: TestDatabase) {
    let hand = Hand::over(a_year(database));
    hand.expect(
        "UPDATE journal_postings SET account = 4212 WHERE account = 4211 AND entry_id <= 2",
        "closed_years_are_carried_over",
        &["番号 7"],
    );
}

fn a_campaign_out_of_order_is_found(database: TestDatabase) {
    let hand = Hand::over(a_year(database));
    for change in [
        "UPDATE donations SET units = 1 WHERE campaign_id = 1",
        "UPDATE settlements SET amount = 2500 WHERE amount = 2000",
        "UPDATE payouts SET amount = 2001",
    ] {
        hand.expect(change, "campaign_stages_in_order", &["番号 1"]);
    }
    hand.expect(
        "UPDATE journal_postings SET amount = 3 * amount WHERE entry_id = 6",
        "organizations_owe_or_are_owed",
        &["番号 1"],
    );
}
