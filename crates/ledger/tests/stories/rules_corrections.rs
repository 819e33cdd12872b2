//! R13: wrong results are taken back, gifts given back, held lines decided; each once.

use ledger::accounting::{ClosePeriod, RecordPayout};
use ledger::domain::{HeldResultState, Yen};
use ledger::settlement::{
    DismissResult, HeldResultFilter, HeldResultView, RefundCharge, ReverseSettlement, TakeResult,
};
use ledger::{Call, LedgerError, PageRequest, Result};
use testkit::on_both;
use testkit::world::{AtOnce, told};

use crate::office::{Office, close, month};

on_both!(
    r13_a_wrong_collected_is_reversed_and_the_true_result_can_come,
    r13_a_refund_leaves_the_charge_collected,
    r13_a_correction_is_booked_between_the_result_and_today,
    r13_of_twenty_reversals_at_once_one_wins,
    r13_of_twenty_refunds_at_once_one_wins,
    r13_a_reversal_and_a_refund_at_once_move_the_money_once,
    r13_what_cannot_be_corrected_says_why,
    r13_the_same_refund_under_its_key_counts_once,
    r13_a_contradicting_line_is_taken_in_place_of_the_first,
    r13_an_ambiguous_line_is_taken_for_the_charge_that_is_chosen,
    r13_a_held_line_is_put_aside_with_a_reason,
    r13_two_people_decide_a_held_line_and_one_wins,
    r13_a_held_line_is_not_taken_where_it_cannot_be,
    r13_a_held_line_is_not_taken_before_its_day,
    r13_a_day_in_a_closed_period_is_booked_in_the_first_open_one,
    r13_each_fund_and_campaign_of_a_batch_is_booked_by_its_day,
    r13_a_gift_taken_back_after_the_payout_is_owed_by_the_organisation,
);

const TWO: &str = "01,0000001,inclufund,2,300,2025-08,\n01,0000002,inclufund,1,300,2025-08,\n";

/// August of two supporters, handed over, the first collected: the keys of its charges.
fn collected(office: &Office) -> Vec<String> {
    office.pledges(TWO);
    close(office, "2025-08");
    office.export("2025-08");
    let keys = office.keys("2025-08");
    office.results(&[format!("{},0,2025-08-27", keys[0])]);
    keys
}

fn reversal(key: &str) -> ReverseSettlement {
    ReverseSettlement {
        charge_key: key.parse().expect("a key"),
        corrected_on: None,
        reason: "単協の記録違い".to_owned(),
    }
}

fn refund(key: &str) -> RefundCharge {
    RefundCharge {
        charge_key: key.parse().expect("a key"),
        refunded_on: None,
        pay_later: false,
        reason: "本人の申し出".to_owned(),
    }
}

/// The lines of an entry: account and yen, credit negative, in their order.
fn entry(office: &Office, id: i64) -> Vec<(String, i64)> {
    let entry = office
        .ledger
        .get_journal_entry(&office.office(), id)
        .unwrap_or_else(|error| panic!("entry {id}: {}", told(&error)));
    entry
        .lines
        .iter()
        .map(|line| {
            (
                line.account.to_string(),
                line.debit.get() - line.credit.get(),
            )
        })
        .collect()
}

fn held(office: &Office) -> Vec<HeldResultView> {
    office
        .ledger
        .list_held_results(
            &office.office(),
            &HeldResultFilter::default(),
            &PageRequest::default(),
        )
        .expect("list the held results")
        .items
}

fn take(
    office: &Office,
    id: i64,
    key: Option<&str>,
) -> Result<ledger::settlement::HeldResultDecided> {
    let request = TakeResult {
        charge_key: key.map(|key| key.parse().expect("a key")),
        reason: "単協に電話で確認".to_owned(),
    };
    office
        .ledger
        .take_held_result(&office.office(), id, &request)
}

fn dismiss(office: &Office, call: &Call, id: i64) -> Result<ledger::settlement::HeldResultDecided> {
    let request = DismissResult {
        reason: "単協の送り間違い".to_owned(),
    };
    office.ledger.dismiss_held_result(call, id, &request)
}

/// Many at once: how many went through, and the codes of the refusals.
fn at_once<T: Send>(
    times: usize,
    attempt: impl Fn(usize) -> Result<T> + Sync,
) -> (usize, Vec<&'static str>) {
    let outcomes: Vec<Result<T>> = std::thread::scope(|scope| {
        let attempt = &attempt;
        let each: Vec<_> = (0..times)
            .map(|which| scope.spawn(move || attempt(which)))
            .collect();
        each.into_iter()
            .map(|one| one.join().expect("an attempt that ends"))
            .collect()
    });
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let lost = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    (won, lost.map(LedgerError::code).collect())
}

fn r13_a_wrong_collected_is_reversed_and_the_true_result_can_come(office: Office) {
    let keys = collected(&office);

    let reversed = office
        .ledger
        .reverse_settlement(&office.office(), &reversal(&keys[0]))
        .unwrap_or_else(|error| panic!("{}", told(&error)));
    let outstanding = office.charges("2025-08").remove(0);
    let truth = office.results(&[format!("{},1,2025-08-27", keys[0])]);
    let settled = office.charges("2025-08").remove(0);

    let booked = entry(&office, reversed.entry_id.expect("an entry"));
    assert_eq!(
        booked,
        [("4211".to_owned(), 600), ("1131".to_owned(), -600)]
    );
    assert_eq!(outstanding.result, None);
    assert_eq!(outstanding.corrections.len(), 1);
    assert_eq!((truth.failed, truth.held), (1, 0));
    assert!(
        settled
            .result
            .is_some_and(|one| !one.result_code.is_collected())
    );
    office.assert_all_is_well();
}

fn r13_a_correction_is_booked_between_the_result_and_today(office: Office) {
    let keys = collected(&office);
    office.set_today("2025-09-30");
    let day = |day: &str| Some(day.parse().expect("a date"));
    let reverse_on = |on: &str| {
        let request = ReverseSettlement {
            corrected_on: day(on),
            ..reversal(&keys[0])
        };
        office.ledger.reverse_settlement(&office.office(), &request)
    };
    let refund_on = |on: &str| {
        let request = RefundCharge {
            refunded_on: day(on),
            ..refund(&keys[0])
        };
        office
            .ledger
            .refund_charge(&office.office(), &request)
            .at_once()
    };

    for (on, code) in [
        ("2052-09-01", "date_in_future"),
        ("2025-08-26", "date_before_result"),
    ] {
        for (refused, field) in [
            (reverse_on(on).map(drop), "corrected_on"),
            (refund_on(on).map(drop), "refunded_on"),
        ] {
            let refused = refused.expect_err("another day");
            assert_eq!(refused.code(), code);
            let words = told(&refused);
            assert!(words.contains(&format!(":{field}: ")), "{words}");
        }
    }
    refund_on("2025-08-27").unwrap_or_else(|error| panic!("{}", told(&error)));

    office.assert_all_is_well();
}

fn r13_a_refund_leaves_the_charge_collected(office: Office) {
    let keys = collected(&office);
    office.results(&[format!("{},0,2025-08-27", keys[1])]);
    let later = RefundCharge {
        pay_later: true,
        ..refund(&keys[1])
    };

    let paid = office
        .ledger
        .refund_charge(&office.office(), &refund(&keys[0]))
        .at_once()
        .unwrap_or_else(|error| panic!("{}", told(&error)));
    let owed = office
        .ledger
        .refund_charge(&office.office(), &later)
        .at_once()
        .unwrap_or_else(|error| panic!("{}", told(&error)));
    let charge = office.charges("2025-08").remove(0);

    assert_eq!(paid.amount, Yen::new(600));
    let booked = entry(&office, paid.entry_id);
    assert_eq!(
        booked,
        [("4211".to_owned(), 600), ("1121".to_owned(), -600)]
    );
    let booked = entry(&office, owed.entry_id);
    assert_eq!(
        booked,
        [("4211".to_owned(), 300), ("2113".to_owned(), -300)]
    );
    assert!(
        charge
            .result
            .is_some_and(|one| one.result_code.is_collected())
    );
    office.assert_all_is_well();
}

fn r13_of_twenty_reversals_at_once_one_wins(office: Office) {
    let keys = collected(&office);

    let (won, lost) = at_once(20, |_| {
        office
            .ledger
            .reverse_settlement(&office.office(), &reversal(&keys[0]))
    });

    assert_eq!((won, lost), (1, vec!["no_result"; 19]));
    assert_eq!(office.charges("2025-08")[0].corrections.len(), 1);
    office.assert_all_is_well();
}

fn r13_of_twenty_refunds_at_once_one_wins(office: Office) {
    let keys = collected(&office);

    let (won, lost) = at_once(20, |_| {
        office
            .ledger
            .refund_charge(&office.office(), &refund(&keys[0]))
            .at_once()
    });

    assert_eq!((won, lost), (1, vec!["already_corrected"; 19]));
    assert_eq!(office.charges("2025-08")[0].corrections.len(), 1);
    office.assert_all_is_well();
}

fn r13_a_reversal_and_a_refund_at_once_move_the_money_once(office: Office) {
    let keys = collected(&office);

    let (won, lost) = at_once(20, |which| {
        if which % 2 == 0 {
            let reversed = office
                .ledger
                .reverse_settlement(&office.office(), &reversal(&keys[0]));
            reversed.map(|one| one.correction_id)
        } else {
            let refunded = office
                .ledger
                .refund_charge(&office.office(), &refund(&keys[0]))
                .at_once();
            refunded.map(|one| one.correction_id)
        }
    });

    assert_eq!((won, lost.len()), (1, 19));
    assert_eq!(office.charges("2025-08")[0].corrections.len(), 1);
    office.assert_all_is_well();
}

fn r13_what_cannot_be_corrected_says_why(office: Office) {
    let keys = collected(&office);
    office.results(&[format!("{},1,", keys[1])]);
    let reverse = |key: &str| {
        office
            .ledger
            .reverse_settlement(&office.office(), &reversal(key))
            .map(|_| ())
    };
    let give_back = |key: &str| {
        office
            .ledger
            .refund_charge(&office.office(), &refund(key))
            .at_once()
            .map(|_| ())
    };
    let without_reason = RefundCharge {
        reason: " ".to_owned(),
        ..refund(&keys[0])
    };

    let failed = give_back(&keys[1]).expect_err("nothing was collected");
    let unknown = reverse("00120250801000000095").expect_err("no such charge");
    let no_reason = office
        .ledger
        .refund_charge(&office.office(), &without_reason)
        .at_once()
        .expect_err("a reason is needed");
    reverse(&keys[1]).expect("a failure is taken back too");
    let none = reverse(&keys[1]).expect_err("it has no result any more");

    assert_eq!(failed.code(), "not_collected");
    assert_eq!(unknown.code(), "charge_not_found");
    assert_eq!(no_reason.code(), "reason_missing");
    assert_eq!(none.code(), "no_result");
    office.assert_all_is_well();
}

fn r13_the_same_refund_under_its_key_counts_once(office: Office) {
    let keys = collected(&office);
    let call = office.keyed("refund-1");

    let first = office
        .ledger
        .refund_charge(&call, &refund(&keys[0]))
        .at_once();
    let again = office
        .ledger
        .refund_charge(&call, &refund(&keys[0]))
        .at_once();

    assert_eq!(first.expect("a refund"), again.expect("the same answer"));
    office.assert_all_is_well();
}

fn r13_a_contradicting_line_is_taken_in_place_of_the_first(office: Office) {
    let keys = collected(&office);
    office.results(&[format!("{},1,2025-08-27", keys[0])]);
    let waiting = held(&office);

    let taken = take(&office, waiting[0].id, None).unwrap_or_else(|e| panic!("{}", told(&e)));
    let charge = office.charges("2025-08").remove(0);

    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].charges[0].charge_key.to_string(), keys[0]);
    assert!(taken.replaced);
    assert_eq!(taken.held.state, HeldResultState::Taken);
    assert!(
        charge
            .result
            .is_some_and(|one| !one.result_code.is_collected())
    );
    assert_eq!(charge.corrections.len(), 1);
    assert!(held(&office).is_empty());
    office.assert_all_is_well();
}

fn r13_an_ambiguous_line_is_taken_for_the_charge_that_is_chosen(office: Office) {
    office.members(&["0000001"]);
    office.applies("01,0000001,164160,1,2025-07-16,web\n01,0000001,164160,2,2025-07-17,paper\n");
    office.accept_all();
    close(&office, "2025-08");
    office.export("2025-08");
    let file = "単協コード,組合員番号,集金年月,注文番号,結果コード,集金日\n\
                01,0000001,2025-08,164160,0,2025-08-27\n";
    office.try_results(file).expect("a readable file");
    let waiting = held(&office).remove(0);

    let open = take(&office, waiting.id, None).expect_err("two charges fit");
    let key = waiting.charges[1].charge_key.to_string();
    let taken = take(&office, waiting.id, Some(&key)).unwrap_or_else(|e| panic!("{}", told(&e)));

    assert_eq!(open.code(), "charge_ambiguous");
    assert!(told(&open).contains(&key), "{}", told(&open));
    assert_eq!(taken.taken_for.map(|key| key.to_string()), Some(key));
    let settled: Vec<_> = office
        .charges("2025-08")
        .into_iter()
        .map(|c| c.result.is_some())
        .collect();
    assert_eq!(settled, [false, true]);
    office.assert_all_is_well();
}

fn r13_a_held_line_is_put_aside_with_a_reason(office: Office) {
    let keys = collected(&office);
    office.results(&[format!("{},9,2025-08-27", keys[0])]);
    let waiting = held(&office).remove(0);

    let decided = dismiss(&office, &office.office(), waiting.id).expect("it is put aside");
    let again = office.results(&[
        format!("{},9,2025-08-27", keys[0]),
        format!("{},0,2025-08-27", keys[1]),
    ]);

    assert_eq!(decided.held.state, HeldResultState::Dismissed);
    assert_eq!(
        decided.held.decision_reason.as_deref(),
        Some("単協の送り間違い")
    );
    assert_eq!(
        (again.collected, again.unchanged),
        (1, 1),
        "it is not asked twice"
    );
    assert!(held(&office).is_empty());
    office.assert_all_is_well();
}

fn r13_two_people_decide_a_held_line_and_one_wins(office: Office) {
    let keys = collected(&office);
    office.results(&[format!("{},9,2025-08-27", keys[0])]);
    let waiting = held(&office).remove(0);

    let (won, lost) = at_once(10, |which| {
        if which % 2 == 0 {
            take(&office, waiting.id, None)
        } else {
            dismiss(&office, &office.office(), waiting.id)
        }
    });

    assert_eq!((won, lost), (1, vec!["already_decided"; 9]));
    office.assert_all_is_well();
}

fn r13_a_held_line_is_not_taken_where_it_cannot_be(office: Office) {
    let keys = collected(&office);
    let unknown = "00120250801000000095";
    office.results(&[format!("{unknown},0,2025-08-27")]);
    let waiting = held(&office).remove(0);

    let nobodys = take(&office, waiting.id, None).expect_err("no charge has the key");
    let known = take(&office, waiting.id, Some(&keys[0])).expect_err("that is known");
    let nowhere = take(&office, 4_711, None).expect_err("there is no such line");
    let taken = take(&office, waiting.id, Some(&keys[1]));

    assert_eq!(nobodys.code(), "charge_unknown");
    assert_eq!(known.code(), "result_known");
    assert_eq!(nowhere.code(), "held_result_not_found");
    assert!(taken.is_ok());
    office.assert_all_is_well();
}

fn r13_a_held_line_is_not_taken_before_its_day(office: Office) {
    office.pledges(TWO);
    close(&office, "2025-08");
    office.export("2025-08");
    let keys = office.keys("2025-08");
    office.set_today("2025-08-20");
    office.results(&[format!("{},0,2025-08-27", keys[0])]);
    let waiting = held(&office).remove(0);

    let early = take(&office, waiting.id, None).expect_err("the day has not come");
    office.set_today("2025-08-27");
    let taken = take(&office, waiting.id, None);

    assert_eq!(early.code(), "date_in_future");
    assert!(told(&early).contains("2025-08-27"), "{}", told(&early));
    assert!(taken.is_ok());
    office.assert_all_is_well();
}

fn r13_a_day_in_a_closed_period_is_booked_in_the_first_open_one(office: Office) {
    office.pledges(TWO);
    close(&office, "2025-08");
    office.export("2025-08");
    let keys = office.keys("2025-08");
    let period = ClosePeriod {
        month: month("2025-08"),
        note: None,
    };
    office
        .ledger
        .close_period(&office.office(), &period)
        .unwrap_or_else(|error| panic!("{}", told(&error)));

    office.results(&[format!("{},0,2025-08-27", keys[0])]);
    let result = office
        .charges("2025-08")
        .remove(0)
        .result
        .expect("a result");
    let entry = office
        .ledger
        .get_journal_entry(&office.office(), result.entry_id.expect("an entry"))
        .unwrap_or_else(|error| panic!("{}", told(&error)));

    assert_eq!(entry.occurred_on.to_string(), "2025-08-27");
    assert_eq!(entry.posted_on.to_string(), "2025-09-01");
    office.assert_all_is_well();
}

/// December of a supporter of old, a new one, and two gifts to the campaign; handed over.
fn december(office: &Office) -> Vec<String> {
    office.members(&["0000001", "0000002", "0000003"]);
    office.pledges("01,0000001,inclufund,2,300,2025-12,\n");
    office.applies(
        "01,0000002,133540,3,2025-11-11,web\n01,0000003,133540,1,2025-11-12,paper\n\
         01,0000003,108413,1,2025-11-12,paper\n",
    );
    close(office, "2025-12");
    office.export("2025-12");
    office.set_today("2025-12-29");
    office.keys("2025-12")
}

fn r13_each_fund_and_campaign_of_a_batch_is_booked_by_its_day(office: Office) {
    let keys = december(&office);
    assert_eq!(keys.len(), 4);

    office.results(&[
        format!("{},0,2025-12-26", keys[0]),
        format!("{},0,2025-12-26", keys[1]),
        format!("{},0,2025-12-26", keys[2]),
        format!("{},0,2025-12-29", keys[3]),
    ]);

    let charges = office.charges("2025-12");
    let mut entries: Vec<i64> = charges
        .iter()
        .filter_map(|charge| charge.result.as_ref().and_then(|one| one.entry_id))
        .collect();
    entries.sort_unstable();
    entries.dedup();
    let mut booked: Vec<_> = entries.iter().map(|id| entry(&office, *id)).collect();
    booked.sort();
    let line = |account: &str, amount| (account.to_owned(), amount);
    assert_eq!(
        booked,
        [
            vec![line("1131", 500), line("2131", -500)],
            vec![line("1131", 900), line("4211", -900)],
            vec![line("1131", 1_500), line("2131", -1_500)],
        ]
    );
    office.assert_all_is_well();
}

fn r13_a_gift_taken_back_after_the_payout_is_owed_by_the_organisation(office: Office) {
    let keys = december(&office);
    let charges = office.charges("2025-12");
    let gift = charges
        .iter()
        .find(|charge| charge.amount == Yen::new(1_500))
        .expect("the gift of three units")
        .charge_key
        .to_string();
    let rows: Vec<_> = keys
        .iter()
        .map(|key| format!("{key},0,2025-12-26"))
        .collect();
    office.results(&rows);
    office.set_today("2026-01-20");
    let payout = RecordPayout {
        campaign: "kosumosu-2025".to_owned(),
        paid_on: None,
        amount: Yen::new(2_000),
        fee: Yen::ZERO,
        returned: false,
        note: None,
    };
    office
        .ledger
        .record_payout(&office.office(), &payout)
        .at_once()
        .unwrap_or_else(|error| panic!("{}", told(&error)));

    let reversed = office
        .ledger
        .reverse_settlement(&office.office(), &reversal(&gift))
        .unwrap_or_else(|error| panic!("{}", told(&error)));

    let id = reversed.entry_id.expect("an entry");
    let line = |account: &str, amount| (account.to_owned(), amount);
    assert_eq!(
        entry(&office, id),
        [line("2131", 1_500), line("1131", -1_500)]
    );
    assert_eq!(
        entry(&office, id + 1),
        [line("1141", 1_500), line("2131", -1_500)]
    );
    office.assert_all_is_well();
}
