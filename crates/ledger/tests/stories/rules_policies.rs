//! R13: what follows a failed collection, as the offering says.

use ledger::ReferenceTable::Offerings;
use ledger::domain::{BridgeStep, Yen};
use ledger::pledges::PledgeName;
use ledger::trace::AmountExplained;
use ledger::{PageRequest, settlement::ReverseSettlement};
use testkit::on_both;
use testkit::world::told;

use crate::office::{Office, close, coop, month, preview, try_close};

on_both!(
    r13_a_failed_gift_lapses_where_nothing_else_is_said,
    r13_a_failed_gift_is_carried_forward_up_to_its_tries,
    r13_a_failed_month_of_a_pledge_is_carried_beside_the_next,
    r13_a_failure_after_the_next_close_is_carried_to_the_next_open_month,
    r13_a_carried_charge_explains_itself_and_the_bridge_adds_up,
    r13_a_voided_batch_lets_a_carried_charge_be_due_again,
    r13_a_failure_that_was_wrong_is_not_carried,
    r13_a_failure_that_was_charged_again_is_not_taken_back,
    r13_who_left_is_not_charged_again,
    r13_a_pledge_ends_after_failures_in_a_row,
    r13_a_collected_month_begins_the_count_anew,
    r13_a_pledge_that_ended_for_a_wrong_failure_goes_on,
    r13_a_pledge_stays_ended_while_its_failures_are_enough,
    r8_a_pledge_that_was_begun_anew_meanwhile_stays_the_only_one,
);

/// The offerings of 2025年7月4回, with what follows a failure.
fn offerings(office: &Office, supporter: &str, spot: &str) {
    let file = format!(
        "cycle,order_number,kind,unit_price,fund,campaign,title,on_failure,failures_max\n\
         2025年7月4回,164151,supporter,300,inclufund,,サポーター登録,{supporter}\n\
         2025年7月4回,164160,spot,500,inclufund,,スポット,{spot}\n"
    );
    office.import(Offerings, &file);
}

/// One supporter of two units and one gift of three, both from July.
fn supporter_and_gift(office: &Office) {
    office.members(&["0000001", "0000002"]);
    office.applies("01,0000001,164151,2,2025-07-16,paper\n01,0000002,164160,3,2025-07-16,web\n");
}

/// Closes a month, hands it over, and says of every charge what became of it.
fn settle(office: &Office, of: &str, code: &str) -> Vec<i64> {
    close(office, of);
    office.export(of);
    let rows: Vec<String> = office
        .keys(of)
        .iter()
        .map(|key| format!("{key},{code},{of}-27"))
        .collect();
    office.results(&rows);
    let charges = office.charges(of);
    let counting = charges.iter().filter(|charge| !charge.is_voided);
    counting.map(|charge| charge.amount.get()).collect()
}

fn explain(office: &Office, number: &str, of: &str) -> AmountExplained {
    office
        .ledger
        .explain_amount(
            &office.office(),
            &coop(),
            &number.parse().expect("a number"),
            month(of),
        )
        .unwrap_or_else(|error| panic!("explain: {}", told(&error)))
}

fn step(office: &Office, of: &str, step: BridgeStep) -> (i64, i64) {
    let preview = preview(office, of);
    let found = preview.bridge.iter().find(|one| one.step == step);
    found.map_or((0, 0), |one| (one.amount.get(), one.charges))
}

fn reverse(office: &Office, key: &str) -> ledger::Result<ledger::settlement::SettlementReversed> {
    let request = ReverseSettlement {
        charge_key: key.parse().expect("a key"),
        corrected_on: None,
        reason: "単協の記録違い".to_owned(),
    };
    office.ledger.reverse_settlement(&office.office(), &request)
}

fn r13_a_failed_gift_lapses_where_nothing_else_is_said(office: Office) {
    supporter_and_gift(&office);

    let august = settle(&office, "2025-08", "1");
    let september = preview(&office, "2025-09");

    assert_eq!(august, [600, 1_500]);
    assert_eq!(september.amount, Yen::new(600));
    office.assert_all_is_well();
}

fn r13_a_failed_gift_is_carried_forward_up_to_its_tries(office: Office) {
    offerings(&office, ",", "carry_forward,3");
    supporter_and_gift(&office);

    let amounts = ["2025-08", "2025-09", "2025-10"].map(|of| settle(&office, of, "1"));
    let november = preview(&office, "2025-11");
    let third = office.charges("2025-10");

    assert_eq!(amounts, [[600, 1_500], [600, 1_500], [600, 1_500]]);
    assert_eq!(november.amount, Yen::new(600), "three tries and no more");
    assert_eq!(
        (third[1].attempt, third[1].gift_month),
        (3, month("2025-08"))
    );
    let second = office.charges("2025-09")[1].charge_key;
    assert_eq!(third[1].repeats, Some(second));
    office.assert_all_is_well();
}

fn r13_a_failed_month_of_a_pledge_is_carried_beside_the_next(office: Office) {
    offerings(&office, "carry_forward,2", ",");
    supporter_and_gift(&office);

    settle(&office, "2025-08", "1");
    let september = settle(&office, "2025-09", "1");
    let october = settle(&office, "2025-10", "0");
    let november = preview(&office, "2025-11");

    assert_eq!(september, [600, 600], "September's and August's again");
    assert_eq!(october, [600, 600], "October's and September's again");
    assert_eq!(november.amount, Yen::new(600));
    let tries: Vec<_> = office.charges("2025-10");
    let of: Vec<_> = tries
        .iter()
        .map(|one| (one.gift_month, one.attempt))
        .collect();
    assert_eq!(of, [(month("2025-09"), 2), (month("2025-10"), 1)]);
    office.assert_all_is_well();
}

fn r13_a_failure_after_the_next_close_is_carried_to_the_next_open_month(office: Office) {
    offerings(&office, ",", "carry_forward,2");
    supporter_and_gift(&office);
    close(&office, "2025-08");
    office.export("2025-08");
    close(&office, "2025-09");
    let keys = office.keys("2025-08");

    let imported = office.results(&[format!("{},1,", keys[1])]);
    let late = try_close(&office, "2025-09").expect_err("nothing is new in September");
    let october = preview(&office, "2025-10");

    assert_eq!(imported.carried, 1);
    assert_eq!(late.code(), "already_closed");
    assert_eq!(october.amount, Yen::new(600 + 1_500));
    office.assert_all_is_well();
}

fn r13_a_carried_charge_explains_itself_and_the_bridge_adds_up(office: Office) {
    offerings(&office, ",", "carry_forward,3");
    supporter_and_gift(&office);
    settle(&office, "2025-08", "1");

    let planned = explain(&office, "0000002", "2025-09");
    assert_eq!(step(&office, "2025-09", BridgeStep::Carried), (1_500, 1));
    assert_eq!(
        step(&office, "2025-09", BridgeStep::LastOneTime),
        (-1_500, 1)
    );
    let page = PageRequest::default();
    let lines = office
        .ledger
        .list_bridge_lines(
            &office.office(),
            &coop(),
            month("2025-09"),
            BridgeStep::Carried,
            &page,
        )
        .expect("the lines of a step");
    assert_eq!(lines.items.len(), 1);
    assert_eq!(lines.items[0].carried_from, Some(month("2025-08")));
    settle(&office, "2025-09", "1");
    assert_eq!(step(&office, "2025-10", BridgeStep::Carried), (0, 0));
    settle(&office, "2025-10", "0");
    assert_eq!(step(&office, "2025-11", BridgeStep::Carried), (-1_500, 1));

    assert_eq!(planned.planned_amount, Yen::new(1_500));
    let words = &planned.planned[0].summary;
    assert!(words.contains("2025年8月分の2回目の請求"), "{words}");
    assert!(
        words.contains("164160") || words.contains("申込"),
        "{words}"
    );
    let charged = explain(&office, "0000002", "2025-10");
    let words = &charged.charges[0].summary;
    assert!(
        words.contains("3回目") && words.contains("集金済み"),
        "{words}"
    );
    let first = explain(&office, "0000002", "2025-08");
    let words = &first.charges[0].summary;
    assert!(
        words.contains("資金不足") && words.contains("2025年9月分で繰り越し"),
        "{words}"
    );
    office.assert_all_is_well();
}

fn r13_a_voided_batch_lets_a_carried_charge_be_due_again(office: Office) {
    offerings(&office, ",", "carry_forward,2");
    supporter_and_gift(&office);
    settle(&office, "2025-08", "1");
    close(&office, "2025-09");

    let request = ledger::billing::VoidBatch {
        coop: coop(),
        month: month("2025-09"),
        sequence: None,
        reason: "締め直し".to_owned(),
    };
    office
        .ledger
        .void_batch(&office.office(), request)
        .unwrap_or_else(|error| panic!("void: {}", told(&error)));
    let voided = office.charges("2025-09").remove(0).charge_key;
    let again = settle(&office, "2025-09", "0");
    let late = office.results(&[format!("{voided},0,2025-09-27")]);

    assert_eq!(again, [600, 1_500]);
    let reasons: Vec<_> = late.held_by_reason.keys().collect();
    assert_eq!(reasons, ["voided"]);
    office.assert_all_is_well();
}

fn r13_a_failure_that_was_wrong_is_not_carried(office: Office) {
    offerings(&office, ",", "carry_forward,3");
    supporter_and_gift(&office);
    settle(&office, "2025-08", "1");
    let key = office.keys("2025-08").remove(1);

    let reversed = reverse(&office, &key).unwrap_or_else(|error| panic!("{}", told(&error)));
    let collected = office.results(&[format!("{key},0,2025-08-28")]);
    let september = preview(&office, "2025-09");

    assert_eq!(
        reversed.entry_id, None,
        "nothing was booked, nothing is booked back"
    );
    assert_eq!(collected.collected, 1);
    assert_eq!(september.amount, Yen::new(600));
    office.assert_all_is_well();
}

fn r13_a_failure_that_was_charged_again_is_not_taken_back(office: Office) {
    offerings(&office, ",", "carry_forward,3");
    supporter_and_gift(&office);
    settle(&office, "2025-08", "1");
    let key = office.keys("2025-08").remove(1);
    settle(&office, "2025-09", "0");

    let refused = reverse(&office, &key).expect_err("September has charged it again");

    assert_eq!(refused.code(), "tried_again");
    assert!(told(&refused).contains("2025年9月分"), "{}", told(&refused));
    office.assert_all_is_well();
}

fn r13_who_left_is_not_charged_again(office: Office) {
    offerings(&office, ",", "carry_forward,3");
    supporter_and_gift(&office);
    settle(&office, "2025-08", "1");

    office.leaves("0000002", "2025-08-31");

    assert_eq!(preview(&office, "2025-09").amount, Yen::new(600));
    office.assert_all_is_well();
}

fn r13_a_pledge_ends_after_failures_in_a_row(office: Office) {
    offerings(&office, "\"end_pledge\",2", ",");
    supporter_and_gift(&office);

    let august = settle(&office, "2025-08", "1");
    let september = settle(&office, "2025-09", "4");
    let october = preview(&office, "2025-10");
    let name = PledgeName::new("01", "0000001", "inclufund");
    let history = office
        .ledger
        .get_pledge(&office.office(), &name)
        .expect("the pledge");

    assert_eq!((august[0], september[0]), (600, 600));
    assert_eq!(october.amount, Yen::ZERO);
    let last = history.revisions.last().expect("a change of its plan");
    assert_eq!(last.cause, "settlement");
    let why = last.reason.as_deref().unwrap_or_default();
    assert!(why.contains("2回続いた"), "{why}");
    office.assert_all_is_well();
}

fn r13_a_collected_month_begins_the_count_anew(office: Office) {
    offerings(&office, "end_pledge,2", ",");
    supporter_and_gift(&office);

    for (of, code) in [("2025-08", "1"), ("2025-09", "0"), ("2025-10", "1")] {
        settle(&office, of, code);
    }

    assert_eq!(preview(&office, "2025-11").amount, Yen::new(600));
    office.assert_all_is_well();
}

fn r13_a_pledge_that_ended_for_a_wrong_failure_goes_on(office: Office) {
    offerings(&office, "end_pledge,2", ",");
    supporter_and_gift(&office);
    settle(&office, "2025-08", "1");
    settle(&office, "2025-09", "1");
    let key = office.keys("2025-09").remove(0);

    let reversed = reverse(&office, &key).unwrap_or_else(|error| panic!("{}", told(&error)));

    assert!(reversed.pledge_reopened);
    assert_eq!(preview(&office, "2025-10").amount, Yen::new(600));
    let again = office.results(&[format!("{key},1,2025-09-28")]);
    assert_eq!(again.ended_pledges, 1);
    assert_eq!(preview(&office, "2025-10").amount, Yen::ZERO);
    office.assert_all_is_well();
}

fn r13_a_pledge_stays_ended_while_its_failures_are_enough(office: Office) {
    offerings(&office, "end_pledge,2", ",");
    supporter_and_gift(&office);
    for (of, code) in [
        ("2025-08", "1"),
        ("2025-09", "0"),
        ("2025-10", "1"),
        ("2025-11", "1"),
    ] {
        settle(&office, of, code);
    }
    let august = office.keys("2025-08").remove(0);

    let reversed = reverse(&office, &august).unwrap_or_else(|error| panic!("{}", told(&error)));

    assert!(
        !reversed.pledge_reopened,
        "October and November failed still"
    );
    assert_eq!(preview(&office, "2025-12").amount, Yen::ZERO);
    office.assert_all_is_well();
}

fn r8_a_pledge_that_was_begun_anew_meanwhile_stays_the_only_one(office: Office) {
    offerings(&office, "end_pledge,2", ",");
    supporter_and_gift(&office);
    settle(&office, "2025-08", "1");
    settle(&office, "2025-09", "1");
    let key = office.keys("2025-09").remove(0);
    office.applies("01,0000001,108413,1,2025-11-12,paper\n");

    let reversed = reverse(&office, &key).unwrap_or_else(|error| panic!("{}", told(&error)));

    assert!(!reversed.pledge_reopened);
    close(&office, "2025-10");
    close(&office, "2025-11");
    assert_eq!(preview(&office, "2025-12").amount, Yen::new(300));
    office.assert_all_is_well();
}
