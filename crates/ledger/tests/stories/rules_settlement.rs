//! R13, sentence by sentence: what a co-op's answer does.

use std::collections::BTreeMap;

use chrono::Days;
use ledger::PageRequest;
use ledger::billing::{BatchFilter, BatchSettlement};
use ledger::domain::{ChargeKey, Yen};
use ledger::settlement::{ImportResults, ResultsImported};
use testkit::on_both;
use testkit::world::told;

use crate::office::{Office, close, month};

on_both!(
    r13_an_answer_may_be_partial_and_come_in_several_files,
    r13_the_same_file_again_changes_nothing,
    r13_the_same_result_in_another_file_changes_nothing,
    r13_a_contradicting_answer_is_held,
    r13_of_two_lines_of_one_charge_the_first_counts,
    r13_a_key_of_another_coop_is_held,
    r13_an_amount_that_differs_is_held,
    r13_a_key_of_no_charge_is_held,
    r13_a_batch_that_nobody_was_handed_has_no_results,
    r13_a_day_far_from_the_month_is_held,
    r13_a_day_that_has_not_come_yet_is_held,
    r13_a_key_that_disagrees_with_its_line_is_held,
    r13_a_line_without_key_is_found_by_member_month_and_number,
    r13_a_line_without_key_that_fits_two_charges_is_held,
    r13_a_file_with_a_line_that_cannot_be_read_is_refused_whole,
    r13_two_imports_of_one_file_at_once_settle_once,
    r13_a_batch_is_settled_when_nothing_is_outstanding,
    r13_what_stays_outstanding_too_long_is_overdue,
);

const FOUR: &str = "01,0000001,inclufund,2,300,2025-08,\n01,0000002,inclufund,1,300,2025-08,\n\
                    01,0000003,inclufund,3,300,2025-08,\n01,0000004,inclufund,1,300,2025-08,\n";

/// August of four supporters, closed and handed over: the keys of its charges.
fn handed_over(office: &Office) -> Vec<String> {
    office.pledges(FOUR);
    close(office, "2025-08");
    office.export("2025-08");
    office.keys("2025-08")
}

fn counts(imported: &ResultsImported) -> (u64, u64, u64, u64) {
    (
        imported.collected,
        imported.failed,
        imported.held,
        imported.unchanged,
    )
}

fn held_for(imported: &ResultsImported) -> Vec<(&str, u64)> {
    let reasons: &BTreeMap<String, u64> = &imported.held_by_reason;
    reasons.iter().map(|(r, n)| (r.as_str(), *n)).collect()
}

fn r13_an_answer_may_be_partial_and_come_in_several_files(office: Office) {
    let keys = handed_over(&office);

    let first = office.results(&[
        format!("{},0,2025-08-27", keys[0]),
        format!("{},1,2025-08-27", keys[1]),
    ]);
    let second = office.results(&[format!("{},0,2025-08-28", keys[2])]);

    assert_eq!(counts(&first), (1, 1, 0, 0));
    assert_eq!(first.collected_amount, Yen::new(600));
    assert_eq!(first.failed_amount, Yen::new(300));
    assert_eq!(counts(&second), (1, 0, 0, 0));
    office.assert_all_is_well();
}

fn r13_the_same_file_again_changes_nothing(office: Office) {
    let keys = handed_over(&office);
    let rows = [
        format!("{},0,2025-08-27", keys[0]),
        format!("{},9,", keys[1]),
    ];
    let first = office.results(&rows);

    let again = office.results(&rows);

    assert_eq!(counts(&first), (1, 1, 0, 0));
    assert!(!first.already_imported && again.already_imported);
    assert_eq!(again.result_file_id, first.result_file_id);
    assert_eq!(counts(&again), (0, 0, 0, 2));
    office.assert_all_is_well();
}

fn r13_the_same_result_in_another_file_changes_nothing(office: Office) {
    let keys = handed_over(&office);
    office.results(&[format!("{},0,2025-08-27", keys[0])]);

    let both = office.results(&[
        format!("{},0,2025-08-27", keys[0]),
        format!("{},3,", keys[1]),
    ]);

    assert!(!both.already_imported);
    assert_eq!(counts(&both), (0, 1, 0, 1));
    office.assert_all_is_well();
}

fn r13_a_contradicting_answer_is_held(office: Office) {
    let keys = handed_over(&office);
    office.results(&[
        format!("{},0,2025-08-27", keys[0]),
        format!("{},1,", keys[1]),
        format!("{},0,2025-08-27", keys[2]),
    ]);

    let against = office.results(&[
        format!("{},2,2025-08-27", keys[0]),
        format!("{},0,2025-08-27", keys[1]),
        format!("{},0,2025-08-28", keys[2]),
    ]);
    let again = office.results(&[
        format!("{},2,2025-08-27", keys[0]),
        format!("{},0,2025-08-27", keys[3]),
    ]);

    assert_eq!(counts(&against), (0, 0, 3, 0));
    assert_eq!(held_for(&against), [("contradicts", 3)]);
    assert_eq!(counts(&again), (1, 0, 0, 1), "it is not held twice");
    office.assert_all_is_well();
}

fn r13_of_two_lines_of_one_charge_the_first_counts(office: Office) {
    let keys = handed_over(&office);

    let imported = office.results(&[
        format!("{},0,2025-08-27", keys[0]),
        format!("{},0,2025-08-27", keys[0]),
        format!("{},1,2025-08-27", keys[0]),
        format!("{},9,", keys[1]),
    ]);

    assert_eq!(counts(&imported), (1, 1, 1, 1));
    assert_eq!(held_for(&imported), [("contradicts", 1)]);
    office.assert_all_is_well();
}

fn r13_a_key_of_another_coop_is_held(office: Office) {
    let keys = handed_over(&office);
    let of_other = ImportResults {
        coop: Some("02".parse().expect("a code")),
    };
    let file = format!(
        "請求キー,結果コード,集金日\n{},0,2025-08-27\n00220250801000000010,0,2025-08-27\n",
        keys[0]
    );

    let beside = office
        .try_results_of(&file, &of_other)
        .unwrap_or_else(|error| panic!("{}", told(&error)));
    let in_the_line = office
        .try_results(&format!(
            "請求キー,結果コード,集金日,単協コード\n{},0,2025-08-27,02\n",
            keys[1]
        ))
        .expect("a file that names the co-op");

    assert_eq!(
        held_for(&beside),
        [("other_coop", 1), ("unknown_charge", 1)]
    );
    assert_eq!(held_for(&in_the_line), [("other_coop", 1)]);
    let right = office.results(&[format!("{},0,2025-08-27", keys[0])]);
    assert_eq!(counts(&right), (1, 0, 0, 0));
    office.assert_all_is_well();
}

fn r13_an_amount_that_differs_is_held(office: Office) {
    let keys = handed_over(&office);
    let file = format!(
        "請求キー,結果コード,集金日,金額\n{},0,2025-08-27,600\n{},0,2025-08-27,\"1,300\"\n{},1,,0\n",
        keys[0], keys[1], keys[2]
    );

    let imported = office.try_results(&file).expect("a readable file");

    assert_eq!(counts(&imported), (1, 0, 2, 0));
    assert_eq!(held_for(&imported), [("amount_differs", 2)]);
    office.assert_all_is_well();
}

fn r13_a_key_of_no_charge_is_held(office: Office) {
    handed_over(&office);

    let key = |coop, of, sequence, rank| {
        let key = ChargeKey::new(coop, month(of), sequence, rank).expect("a key");
        format!("{key},0,2025-08-27")
    };
    let imported = office.results(&[
        key(1, "2025-08", 1, 5),
        key(1, "2025-08", 2, 1),
        key(1, "2099-01", 1, 1),
        key(999, "2025-08", 1, 1),
    ]);

    assert_eq!(held_for(&imported), [("unknown_charge", 4)]);
    office.assert_all_is_well();
}

fn r13_a_batch_that_nobody_was_handed_has_no_results(office: Office) {
    office.pledges(FOUR);
    close(&office, "2025-08");
    let keys = office.keys("2025-08");

    let early = office.results(&[format!("{},0,2025-08-27", keys[0])]);
    office.export("2025-08");
    let after = office.results(&[
        format!("{},0,2025-08-27", keys[0]),
        format!("{},0,2025-08-27", keys[1]),
    ]);

    assert_eq!(held_for(&early), [("not_exported", 1)]);
    assert_eq!(counts(&after), (2, 0, 0, 0));
    office.assert_all_is_well();
}

fn r13_a_day_far_from_the_month_is_held(office: Office) {
    let keys = handed_over(&office);
    office.set_today("2026-09-01");

    let imported = office.results(&[
        format!("{},0,2062-08-27", keys[0]),
        format!("{},0,2025-06-30", keys[1]),
        format!("{},0,2025-07-01", keys[2]),
        format!("{},0,2026-08-31", keys[3]),
    ]);

    assert_eq!(counts(&imported), (2, 0, 2, 0));
    assert_eq!(held_for(&imported), [("implausible_date", 2)]);
    office.assert_all_is_well();
}

fn r13_a_day_that_has_not_come_yet_is_held(office: Office) {
    let keys = handed_over(&office);
    office.set_today("2025-08-27");

    let imported = office.results(&[
        format!("{},0,2025-08-27", keys[0]),
        format!("{},0,2025-08-28", keys[1]),
        format!("{},1,2025-08-28", keys[2]),
    ]);
    office.set_today("2025-08-28");
    let again = office.results(&[format!("{},0,2025-08-28", keys[1])]);

    assert_eq!(counts(&imported), (1, 0, 2, 0));
    assert_eq!(held_for(&imported), [("implausible_date", 2)]);
    assert_eq!(counts(&again), (1, 0, 0, 0), "by then it has come");
    office.assert_all_is_well();
}

fn r13_a_key_that_disagrees_with_its_line_is_held(office: Office) {
    let keys = handed_over(&office);
    let file = format!(
        "請求キー,結果コード,集金日,単協コード,組合員番号,集金年月\n\
         {},0,2025-08-27,01,0000001,2025-08\n{},0,2025-08-27,01,0000001,2025-08\n\
         {},0,2025-08-27,01,0000003,2025-09\n",
        keys[0], keys[1], keys[2]
    );

    let imported = office.try_results(&file).expect("a readable file");

    assert_eq!(counts(&imported), (1, 0, 2, 0));
    assert_eq!(held_for(&imported), [("key_disagrees", 2)]);
    office.assert_all_is_well();
}

fn r13_a_line_without_key_is_found_by_member_month_and_number(office: Office) {
    handed_over(&office);
    let rows = "0000001,2025-08,,0,2025-08-27\n0000002,2025-08,,1,\n\
                0000003,2025-08,164151,0,2025-08-27\n0000009,2025-08,,0,2025-08-27\n";
    let with_coop: String = rows.lines().map(|row| format!("01,{row}\n")).collect();
    let file = format!("単協コード,組合員番号,集金年月,注文番号,結果コード,集金日\n{with_coop}");

    let imported = office.try_results(&file).expect("a readable file");
    let of_coop = ImportResults {
        coop: Some("01".parse().expect("a code")),
    };
    let file = format!("組合員番号,集金年月,注文番号,結果コード,集金日\n{rows}");
    let again = office
        .try_results_of(&file, &of_coop)
        .expect("the co-op is said beside the file");
    let nobodys = office.try_results(&file).expect_err("no co-op is said");

    assert_eq!(counts(&imported), (1, 1, 2, 0));
    assert_eq!(held_for(&imported), [("unknown_charge", 2)]);
    assert_eq!((again.collected, again.failed), (0, 0));
    assert!(
        told(&nobodys).contains("2:単協コード"),
        "{}",
        told(&nobodys)
    );
    office.assert_all_is_well();
}

fn r13_a_line_without_key_that_fits_two_charges_is_held(office: Office) {
    office.members(&["0000001", "0000002"]);
    office.applies(
        "01,0000001,164160,1,2025-07-16,web\n01,0000001,164160,2,2025-07-17,paper\n\
         01,0000002,164160,1,2025-07-16,web\n",
    );
    office.accept_all();
    close(&office, "2025-08");
    office.export("2025-08");
    let file = "単協コード,組合員番号,集金年月,注文番号,結果コード,集金日\n\
                01,0000001,2025-08,164160,0,2025-08-27\n01,0000002,2025-08,164160,0,2025-08-27\n";

    let imported = office.try_results(file).expect("a readable file");

    assert_eq!(counts(&imported), (1, 0, 1, 0));
    assert_eq!(held_for(&imported), [("ambiguous", 1)]);
    office.assert_all_is_well();
}

fn r13_a_file_with_a_line_that_cannot_be_read_is_refused_whole(office: Office) {
    let keys = handed_over(&office);
    let bad = format!(
        "請求キー,結果コード,集金日,単協コード\n{},0,2025-08-27,01\n{}x,0,2025-08-27,01\n\
         {},7,2025-08-27,01\n{},0,,01\n{},0,2025-08-27,99\n",
        keys[0], keys[1], keys[1], keys[1], keys[2]
    );

    let refused = office.try_results(&bad).expect_err("four bad lines");
    let after = office.results(&[format!("{},0,2025-08-27", keys[0])]);

    let words = told(&refused);
    for place in [
        "\n3:請求キー",
        "\n4:結果コード",
        "\n5:集金日",
        "\n6:単協コード",
    ] {
        assert!(words.contains(place), "{place} in {words}");
    }
    assert_eq!(counts(&after), (1, 0, 0, 0), "nothing was taken before");
    office.assert_all_is_well();
}

fn r13_two_imports_of_one_file_at_once_settle_once(office: Office) {
    let keys = handed_over(&office);
    let rows: Vec<String> = keys
        .iter()
        .map(|key| format!("{key},0,2025-08-27"))
        .collect();

    let imported: Vec<ResultsImported> = std::thread::scope(|scope| {
        let each: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| office.results(&rows)))
            .collect();
        each.into_iter()
            .map(|one| one.join().expect("an import that ends"))
            .collect()
    });

    let collected: u64 = imported.iter().map(|one| one.collected).sum();
    let known = imported.iter().filter(|one| one.already_imported).count();
    assert_eq!((collected, known), (4, 7));
    office.assert_all_is_well();
}

fn status(office: &Office, of: &str) -> BatchSettlement {
    let filter = BatchFilter {
        coop: None,
        month: Some(month(of)),
    };
    let batches = office
        .ledger
        .list_batches(&office.office(), &filter, &PageRequest::default())
        .expect("list the batches");
    let settlement = batches.items[0].settlement.clone();
    settlement.expect("a batch that was handed over")
}

fn r13_a_batch_is_settled_when_nothing_is_outstanding(office: Office) {
    let keys = handed_over(&office);
    let fresh = status(&office, "2025-08");
    office.results(&[
        format!("{},0,2025-08-27", keys[0]),
        format!("{},1,2025-08-27", keys[1]),
    ]);
    let half = status(&office, "2025-08");
    office.results(&[
        format!("{},0,2025-08-27", keys[2]),
        format!("{},0,2025-08-27", keys[3]),
    ]);
    let done = status(&office, "2025-08");

    assert_eq!((fresh.exported, fresh.outstanding), (4, 4));
    assert_eq!((half.collected, half.failed, half.outstanding), (1, 1, 2));
    let parts = [
        half.collected_amount,
        half.failed_amount,
        half.outstanding_amount,
    ];
    assert_eq!(parts.map(Yen::get), [600, 300, 1_200]);
    assert_eq!(half.exported_amount, Yen::new(2_100));
    assert_eq!((done.collected, done.failed, done.outstanding), (3, 1, 0));
    assert!(!fresh.is_settled && !half.is_settled && done.is_settled);
    office.assert_all_is_well();
}

fn r13_what_stays_outstanding_too_long_is_overdue(office: Office) {
    let keys = handed_over(&office);
    let handed_over_on = office.ledger.today();
    let day = |days: u64| (handed_over_on + Days::new(days)).to_string();

    office.set_today(&day(45));
    let last_day = status(&office, "2025-08");
    office.set_today(&day(46));
    let overdue = status(&office, "2025-08");
    let rows: Vec<String> = keys
        .iter()
        .map(|key| format!("{key},0,2025-08-27"))
        .collect();
    office.results(&rows);
    let settled = status(&office, "2025-08");

    assert_eq!(last_day.due_on.to_string(), day(45));
    assert!(!last_day.is_overdue && overdue.is_overdue && !settled.is_overdue);
    office.assert_all_is_well();
}
