//! R15 and R16: what was collected, handed over and passed on ties to what stands behind it.

use std::sync::Barrier;
use std::thread;

use ledger::ReferenceTable::Campaigns;
use ledger::Result;
use ledger::accounting::reports::{ReportFilter, SplitBy};
use ledger::accounting::{
    CampaignProgress, CloseFiscalYear, ClosePeriod, PayoutView, RecordPayout, RecordRemittance,
    RemittanceShare, RemittanceView, ReverseJournalEntry,
};
use ledger::domain::Yen;
use ledger::settlement::{RefundCharge, ReverseSettlement};
use testkit::on_both;
use testkit::world::{AtOnce, told};

use crate::office::{Office, close, coop, month};

on_both!(
    r14_an_application_and_a_charge_are_not_income,
    r14_a_collection_in_a_closed_month_posts_into_the_first_open_one,
    r15_a_remittance_is_matched_against_what_is_due,
    r15_what_is_too_much_is_put_aside_and_taken_next_time,
    r15_a_coop_may_say_which_batch_it_hands_over,
    r15_a_remittance_taken_back_is_due_again,
    r15_a_payout_is_never_more_than_was_collected,
    r15_what_is_dated_after_today_names_its_field,
    r15_a_payout_taken_back_can_be_paid_again,
    r15_a_collection_taken_back_after_the_payout_is_owed_back,
    r15_what_the_fund_passed_on_of_its_own_is_owed_back_too,
    r15_a_refund_after_the_payout_is_owed_back,
    r15_a_collection_taken_back_after_the_remittance_is_set_off,
    r15_of_twenty_payouts_at_once_one_is_covered,
    r15_a_request_that_comes_twice_is_booked_once,
    r15_the_reports_agree_with_one_another,
    r16_a_campaign_is_followed_from_application_to_payout,
);

const SUPPORTERS: &str =
    "01,0000001,inclufund,2,300,2025-08,\n01,0000002,inclufund,1,300,2025-08,\n";
const GIFTS: &str = "01,0000001,133540,4,2025-11-12,web\n01,0000002,133540,3,2025-11-12,paper\n";

/// A month of co-op 01, closed, handed over and answered: everything was collected.
fn collected(office: &Office, of: &str, on: &str) {
    close(office, of);
    office.export(of);
    let rows: Vec<String> = office
        .keys(of)
        .iter()
        .map(|key| format!("{key},0,{on}"))
        .collect();
    office.results(&rows);
}

fn remittance(amount: i64, fee: i64) -> RecordRemittance {
    RecordRemittance {
        coop: coop(),
        received_on: Some("2025-11-30".parse().expect("a day")),
        amount: Yen::new(amount),
        fee: Yen::new(fee),
        shares: Vec::new(),
        note: None,
    }
}

fn remit(office: &Office, amount: i64, fee: i64) -> RemittanceView {
    try_remit(office, &remittance(amount, fee))
        .unwrap_or_else(|error| panic!("remit {amount}: {}", told(&error)))
}

fn try_remit(office: &Office, request: &RecordRemittance) -> Result<RemittanceView> {
    office.ledger.record_remittance(&office.office(), request)
}

fn payout(amount: i64, returned: bool) -> RecordPayout {
    RecordPayout {
        campaign: "kosumosu-2025".to_owned(),
        paid_on: None,
        amount: Yen::new(amount),
        fee: Yen::ZERO,
        returned,
        note: None,
    }
}

fn try_pay(office: &Office, amount: i64, returned: bool) -> Result<PayoutView> {
    let request = payout(amount, returned);
    office
        .ledger
        .record_payout(&office.office(), &request)
        .at_once()
}

fn pay(office: &Office, amount: i64) -> PayoutView {
    try_pay(office, amount, false).unwrap_or_else(|error| panic!("pay: {}", told(&error)))
}

fn take_back(office: &Office, entry_id: i64) {
    let request = ReverseJournalEntry {
        entry_id,
        date: None,
        reason: "振込不能".to_owned(),
    };
    office
        .ledger
        .reverse_journal_entry(&office.office(), &request)
        .at_once()
        .unwrap_or_else(|error| panic!("reverse {entry_id}: {}", told(&error)));
}

/// What an account comes to now: debit positive.
fn balance(office: &Office, account: &str) -> i64 {
    let report = office
        .ledger
        .general_ledger(&office.office(), account, &ReportFilter::default());
    report.expect("the ledger").balance.get()
}

fn shares(remittance: &RemittanceView) -> Vec<(i64, i64)> {
    let pair =
        |share: &ledger::accounting::RemittanceShareView| (share.batch_id, share.amount.get());
    remittance.shares.iter().map(pair).collect()
}

fn progress(office: &Office) -> CampaignProgress {
    let mut all = office
        .ledger
        .campaign_progress(&office.office(), Some("kosumosu-2025"))
        .expect("the progress");
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// The campaign's gifts of two members, collected in December.
fn campaign_collected(office: &Office) {
    office.members(&["0000001", "0000002"]);
    office.applies(GIFTS);
    office.set_today("2026-01-15");
    collected(office, "2025-12", "2025-12-26");
}

fn r14_an_application_and_a_charge_are_not_income(office: Office) {
    office.pledges(SUPPORTERS);
    close(&office, "2025-08");
    office.export("2025-08");
    let nothing = office
        .ledger
        .trial_balance(
            &office.office(),
            &ReportFilter::default(),
            SplitBy::default(),
        )
        .expect("the trial balance");

    let keys = office.keys("2025-08");
    office.results(&[
        format!("{},0,2025-08-27", keys[0]),
        format!("{},1,", keys[1]),
    ]);

    assert!(nothing.rows.is_empty(), "{:?}", nothing.rows);
    assert_eq!(balance(&office, "4211"), -600);
    assert_eq!(balance(&office, "1131"), 600);
    office.assert_all_is_well();
}

fn r14_a_collection_in_a_closed_month_posts_into_the_first_open_one(office: Office) {
    office.pledges(SUPPORTERS);
    close(&office, "2025-08");
    office.export("2025-08");
    let request = ClosePeriod {
        month: month("2025-08"),
        note: None,
    };
    let closed = office.ledger.close_period(&office.office(), &request);
    closed.expect("close August of the books");

    let keys = office.keys("2025-08");
    office.results(&[format!("{},0,2025-08-27", keys[0])]);

    let report = office
        .ledger
        .general_ledger(&office.office(), "4211", &ReportFilter::default());
    let report = report.expect("the ledger");
    assert_eq!(report.lines.len(), 1);
    assert_eq!(report.lines[0].occurred_on.to_string(), "2025-08-27");
    assert_eq!(report.lines[0].posted_on.to_string(), "2025-09-01");
    office.assert_all_is_well();
}

fn r15_a_remittance_is_matched_against_what_is_due(office: Office) {
    office.pledges(SUPPORTERS);
    collected(&office, "2025-08", "2025-08-27");
    collected(&office, "2025-09", "2025-09-26");
    let before = office
        .ledger
        .receivables(&office.office(), None, None, false)
        .expect("the receivables");

    let first = remit(&office, 1_000, 200);
    let after = office
        .ledger
        .receivables(&office.office(), None, None, false)
        .expect("the receivables");

    assert_eq!(before.due, Yen::new(1_800));
    assert_eq!(before.rows[0].since.to_string(), "2025-08-27");
    assert_eq!(before.rows[0].age_days, 96);
    assert_eq!(first.due, Yen::new(1_800));
    assert_eq!(first.difference, Yen::new(-600));
    let batches: Vec<i64> = before.rows.iter().map(|row| row.batch_id).collect();
    assert_eq!(shares(&first), [(batches[0], 900), (batches[1], 300)]);
    assert_eq!(after.rows.len(), 1);
    assert_eq!(
        (after.rows[0].batch_id, after.due),
        (batches[1], Yen::new(600))
    );
    assert_eq!(balance(&office, "1121"), 1_000);
    assert_eq!(balance(&office, "5191"), 200);
    assert_eq!(balance(&office, "1131"), 600);
    let list = office
        .ledger
        .list_remittances(&office.office(), Some(&coop()), &Default::default());
    assert_eq!(list.expect("the remittances").items, [first]);
    office.assert_all_is_well();
}

fn r15_what_is_too_much_is_put_aside_and_taken_next_time(office: Office) {
    office.pledges(SUPPORTERS);
    collected(&office, "2025-08", "2025-08-27");

    let much = remit(&office, 1_000, 0);
    let nothing_due = try_remit(&office, &remittance(0, 0));
    collected(&office, "2025-09", "2025-09-26");
    let rest = remit(&office, 800, 0);
    let nothing_came = try_remit(&office, &remittance(0, 0));

    assert_eq!(
        (much.difference, much.suspense),
        (Yen::new(100), Yen::new(100))
    );
    assert_eq!(
        nothing_due.expect_err("nothing is due").code(),
        "nothing_due"
    );
    assert_eq!(
        (rest.difference, rest.suspense),
        (Yen::new(-100), Yen::new(-100))
    );
    assert_eq!(
        nothing_came.expect_err("0 yen").code(),
        "amount_out_of_range"
    );
    assert_eq!(balance(&office, "2191"), 0);
    assert_eq!(balance(&office, "1131"), 0);
    assert_eq!(balance(&office, "1121"), 1_800);
    office.assert_all_is_well();
}

fn r15_a_coop_may_say_which_batch_it_hands_over(office: Office) {
    office.pledges(SUPPORTERS);
    collected(&office, "2025-08", "2025-08-27");
    collected(&office, "2025-09", "2025-09-26");
    let dues = office
        .ledger
        .receivables(&office.office(), None, Some("01"), false)
        .expect("the receivables");
    let (august, september) = (dues.rows[0].batch_id, dues.rows[1].batch_id);
    let said = |batch_id, amount| RecordRemittance {
        shares: vec![RemittanceShare {
            batch_id,
            amount: Yen::new(amount),
        }],
        ..remittance(900, 0)
    };

    let unknown = try_remit(&office, &said(september + 1, 900));
    let too_much = try_remit(&office, &said(september, 901));
    let named = try_remit(&office, &said(september, 900)).expect("remit");

    for refused in [unknown, too_much] {
        assert_eq!(refused.expect_err("refused").code(), "shares_do_not_fit");
    }
    assert_eq!(shares(&named), [(september, 900)]);
    let left = office
        .ledger
        .receivables(&office.office(), None, None, false)
        .expect("the receivables");
    assert_eq!(left.rows[0].batch_id, august);
    assert_eq!(left.due, Yen::new(900));
    office.assert_all_is_well();
}

fn r15_a_remittance_taken_back_is_due_again(office: Office) {
    office.pledges(SUPPORTERS);
    collected(&office, "2025-08", "2025-08-27");
    let first = remit(&office, 900, 0);

    take_back(&office, first.entry_id);
    let due = office
        .ledger
        .receivables(&office.office(), None, None, false)
        .expect("the receivables");
    let second = remit(&office, 900, 0);

    assert_eq!(due.due, Yen::new(900));
    assert_eq!(
        (due.rows[0].collected, due.rows[0].remitted),
        (Yen::new(900), Yen::ZERO)
    );
    assert_eq!(second.difference, Yen::ZERO);
    let first = office
        .ledger
        .get_remittance(&office.office(), first.remittance_id)
        .expect("the remittance");
    assert!(first.reversed_by.is_some());
    assert_eq!(balance(&office, "1121"), 900);
    office.assert_all_is_well();
}

fn r15_what_is_dated_after_today_names_its_field(office: Office) {
    let tomorrow = office.ledger.today().succ_opt();
    let remittance = RecordRemittance {
        received_on: tomorrow,
        ..remittance(900, 0)
    };
    let payout = RecordPayout {
        paid_on: tomorrow,
        ..payout(900, false)
    };

    let remitted = try_remit(&office, &remittance).map(drop);
    let paid = office
        .ledger
        .record_payout(&office.office(), &payout)
        .at_once();

    for (refused, field) in [(remitted, "received_on"), (paid.map(drop), "paid_on")] {
        let refused = refused.expect_err("tomorrow has not come");
        assert_eq!(refused.code(), "date_in_future");
        let words = told(&refused);
        assert!(words.contains(&format!(":{field}: ")), "{words}");
    }
}

fn r15_a_payout_is_never_more_than_was_collected(office: Office) {
    office.members(&["0000001", "0000002"]);
    office.applies(GIFTS);
    office.set_today("2026-01-15");
    let nothing_yet = try_pay(&office, 1, false);
    collected(&office, "2025-12", "2025-12-26");

    let too_much = try_pay(&office, 3_501, false);
    pay(&office, 3_000);
    let again = try_pay(&office, 501, false);
    pay(&office, 500);
    let returned = try_pay(&office, 1, true);
    let none = try_pay(&office, 0, false);

    for refused in [nothing_yet, too_much, again] {
        assert_eq!(refused.expect_err("refused").code(), "more_than_collected");
    }
    assert_eq!(
        returned.expect_err("nothing is owed").code(),
        "more_than_owed_back"
    );
    assert_eq!(none.expect_err("0 yen").code(), "amount_out_of_range");
    assert_eq!(balance(&office, "2131"), 0);
    let payables = office
        .ledger
        .payables(&office.office(), None)
        .expect("the payables");
    assert_eq!(
        (payables.payable, payables.owed_back),
        (Yen::ZERO, Yen::ZERO)
    );
    office.assert_all_is_well();
}

fn r15_a_payout_taken_back_can_be_paid_again(office: Office) {
    campaign_collected(&office);
    let first = pay(&office, 3_500);

    take_back(&office, first.entry_id);
    let back = progress(&office);
    pay(&office, 3_500);

    assert_eq!(back.paid_out.amount, Yen::ZERO);
    assert_eq!(back.payable, Yen::new(3_500));
    assert_eq!(progress(&office).paid_out.amount, Yen::new(3_500));
    let list =
        office
            .ledger
            .list_payouts(&office.office(), Some("kosumosu-2025"), &Default::default());
    let list = list.expect("the payouts").items;
    assert_eq!(list.len(), 2);
    assert!(list[1].reversed_by.is_some());
    office.assert_all_is_well();
}

fn r15_the_reports_agree_with_one_another(office: Office) {
    office.pledges(SUPPORTERS);
    collected(&office, "2025-08", "2025-08-27");
    remit(&office, 500, 0);
    office.applies(GIFTS);
    office.set_today("2026-01-15");
    for (of, on) in [
        ("2025-09", "2025-09-26"),
        ("2025-10", "2025-10-27"),
        ("2025-11", "2025-11-27"),
    ] {
        collected(&office, of, on);
    }
    collected(&office, "2025-12", "2025-12-26");
    let all = ReportFilter::default();
    let by_fund = SplitBy {
        fund: true,
        ..SplitBy::default()
    };

    let trial = office
        .ledger
        .trial_balance(&office.office(), &all, by_fund)
        .expect("the trial balance");
    let receivables = office
        .ledger
        .receivables(&office.office(), None, None, true)
        .expect("the receivables");
    let payables = office
        .ledger
        .payables(&office.office(), None)
        .expect("the payables");
    let funds = office
        .ledger
        .fund_balances(&office.office(), &all)
        .expect("the funds");

    let of = |account: &str, fund: Option<&str>| -> i64 {
        let rows = trial.rows.iter();
        rows.filter(|row| row.account.to_string() == account && row.fund.as_deref() == fund)
            .map(|row| row.balance.get())
            .sum()
    };
    assert_eq!(of("4211", Some("inclufund")), -5 * 900);
    assert_eq!(of("1121", Some("inclufund")), 500);
    assert_eq!(of("1131", Some("inclufund")), 5 * 900 - 500);
    assert_eq!(of("2131", None), -3_500);
    assert_eq!(receivables.due.get(), balance(&office, "1131"));
    assert_eq!(receivables.rows.len(), 5);
    assert_eq!(-payables.payable.get(), balance(&office, "2131"));
    let inclufund = funds
        .rows
        .iter()
        .find(|row| row.fund.as_deref() == Some("inclufund"));
    assert_eq!(inclufund.expect("the fund").balance, Yen::new(4_500));
    assert_eq!(trial.balance, Yen::ZERO);
    let december = ReportFilter {
        from: Some("2025-12-01".parse().expect("a day")),
        coop: Some("01".to_owned()),
        ..ReportFilter::default()
    };
    let december = office
        .ledger
        .trial_balance(&office.office(), &december, SplitBy::default());
    let december = december.expect("the trial balance");
    let income = december
        .rows
        .iter()
        .find(|row| row.account.to_string() == "4211");
    let income = income.expect("the account");
    assert_eq!(
        (income.opening, income.credit),
        (Yen::new(-3_600), Yen::new(900))
    );
    office.assert_all_is_well();
}

fn r16_a_campaign_is_followed_from_application_to_payout(office: Office) {
    office.members(&["0000001", "0000002"]);
    let stages = |office: &Office| {
        let progress = progress(office);
        [&progress.applied, &progress.billed, &progress.collected].map(|stage| {
            (
                stage.gifts,
                stage.units,
                stage.amount.get(),
                stage.percent.to_string(),
            )
        })
    };
    let stage = |gifts, units, amount, percent: &str| (gifts, units, amount, percent.to_owned());
    let none = stage(0, 0, 0, "0.0");
    let both = stage(2, 7, 3_500, "3.5");
    assert_eq!(stages(&office), [none.clone(), none.clone(), none.clone()]);

    office.applies(GIFTS);
    assert_eq!(stages(&office), [both.clone(), none.clone(), none.clone()]);
    office.set_today("2026-01-15");
    close(&office, "2025-12");
    assert_eq!(stages(&office), [both.clone(), both.clone(), none]);
    office.export("2025-12");
    let keys = office.keys("2025-12");
    office.results(&[
        format!("{},0,2025-12-26", keys[0]),
        format!("{},1,", keys[1]),
    ]);
    let one = stage(1, 4, 2_000, "2.0");
    assert_eq!(stages(&office), [both.clone(), both, one]);
    pay(&office, 1_500);

    let progress = progress(&office);
    assert_eq!(progress.target, Yen::new(100_000));
    assert_eq!(progress.paid_out.amount, Yen::new(1_500));
    assert_eq!(progress.paid_out.percent.to_string(), "1.5");
    assert_eq!(progress.payable, Yen::new(500));
    office.assert_all_is_well();
}

/// A wrong "collected" of a charge of co-op 01.
fn take_result_back(office: &Office, key: &str) {
    let request = ReverseSettlement {
        charge_key: key.parse().expect("a key"),
        corrected_on: None,
        reason: "単協の誤り".to_owned(),
    };
    office
        .ledger
        .reverse_settlement(&office.office(), &request)
        .unwrap_or_else(|error| panic!("reverse {key}: {}", told(&error)));
}

/// What is to be passed on and what is owed back.
fn owed(office: &Office) -> (i64, i64) {
    let payables = office
        .ledger
        .payables(&office.office(), None)
        .expect("the payables");
    (payables.payable.get(), payables.owed_back.get())
}

fn r15_a_collection_taken_back_after_the_payout_is_owed_back(office: Office) {
    campaign_collected(&office);
    let keys = office.keys("2025-12");
    pay(&office, 3_500);
    assert_eq!(owed(&office), (0, 0));

    take_result_back(&office, &keys[0]);
    assert_eq!(owed(&office), (0, 2_000));
    assert_eq!(progress(&office).collected.amount, Yen::new(1_500));
    assert_eq!(
        (balance(&office, "1141"), balance(&office, "2131")),
        (2_000, 0)
    );
    office.assert_all_is_well();

    let more = try_pay(&office, 1, false).expect_err("nothing is in hand");
    let too_much = try_pay(&office, 2_001, true).expect_err("more than is owed");
    try_pay(&office, 600, true).expect("600 yen come back");
    assert_eq!(more.code(), "more_than_collected");
    assert_eq!(too_much.code(), "more_than_owed_back");
    assert_eq!(owed(&office), (0, 1_400));
    office.assert_all_is_well();

    office.results(&[format!("{},0,2026-01-10", keys[0])]);
    assert_eq!(
        owed(&office),
        (600, 0),
        "what is collected pays off what is owed"
    );
    assert_eq!(balance(&office, "1141"), 0);
    pay(&office, 600);
    assert_eq!(progress(&office).paid_out.amount, Yen::new(3_500));
    office.assert_all_is_well();
}

fn r15_what_the_fund_passed_on_of_its_own_is_owed_back_too(office: Office) {
    office.import(
        Campaigns,
        "campaign,organization,title,target,opens_on,closes_on,accounting\n\
         kosumosu-2025,kosumosu,見本,100000,2025-11-10,2025-11-14,principal\n",
    );
    campaign_collected(&office);
    let keys = office.keys("2025-12");
    pay(&office, 3_000);
    assert_eq!(
        (balance(&office, "4213"), balance(&office, "5112")),
        (-3_500, 3_000)
    );

    take_result_back(&office, &keys[0]);

    assert_eq!(
        (balance(&office, "4213"), balance(&office, "5112")),
        (-1_500, 1_500)
    );
    assert_eq!(owed(&office), (0, 1_500));
    let mut year = CloseFiscalYear {
        fiscal_year: 2025,
        note: None,
    };
    office.set_today("2026-04-10");
    let closed = office.ledger.close_fiscal_year(&office.office(), &year);
    closed.expect("close the year");
    assert_eq!(
        owed(&office),
        (0, 1_500),
        "the close of a year moves nothing"
    );
    office.results(&[format!("{},0,2026-01-10", keys[0])]);
    assert_eq!(owed(&office), (500, 0));
    year.fiscal_year = 2024;
    let again = office.ledger.close_fiscal_year(&office.office(), &year);
    assert_eq!(again.expect_err("closed").code(), "period_already_closed");
    office.assert_all_is_well();
}

fn r15_a_refund_after_the_payout_is_owed_back(office: Office) {
    campaign_collected(&office);
    let keys = office.keys("2025-12");
    pay(&office, 3_500);
    let refund = RefundCharge {
        charge_key: keys[1].parse().expect("a key"),
        refunded_on: None,
        pay_later: false,
        reason: "本人の申し出".to_owned(),
    };

    let refunded = office
        .ledger
        .refund_charge(&office.office(), &refund)
        .at_once();
    refunded.expect("refund");

    assert_eq!(owed(&office), (0, 1_500));
    assert_eq!(progress(&office).collected.amount, Yen::new(2_000));
    assert_eq!(progress(&office).owed_back, Yen::new(1_500));
    office.assert_all_is_well();
}

fn r15_a_collection_taken_back_after_the_remittance_is_set_off(office: Office) {
    office.pledges(SUPPORTERS);
    collected(&office, "2025-08", "2025-08-27");
    collected(&office, "2025-09", "2025-09-26");
    remit(&office, 900, 0);

    take_result_back(&office, &office.keys("2025-08")[1]);
    let dues = office
        .ledger
        .receivables(&office.office(), None, None, false)
        .expect("the receivables");
    let (august, september) = (dues.rows[0].batch_id, dues.rows[1].batch_id);
    let rest = remit(&office, 600, 0);

    assert_eq!(dues.due, Yen::new(600));
    assert_eq!(dues.rows[0].due, Yen::new(-300));
    assert_eq!(shares(&rest), [(august, -300), (september, 900)]);
    assert_eq!(rest.difference, Yen::ZERO);
    assert_eq!(balance(&office, "1131"), 0);
    office.assert_all_is_well();
}

fn r15_of_twenty_payouts_at_once_one_is_covered(office: Office) {
    const PEOPLE: usize = 20;
    campaign_collected(&office);
    let start = Barrier::new(PEOPLE);

    let outcomes: Vec<_> = thread::scope(|scope| {
        let people: Vec<_> = (0..PEOPLE)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    try_pay(&office, 3_000, false)
                })
            })
            .collect();
        let outcomes = people.into_iter().map(|person| person.join());
        outcomes.map(|outcome| outcome.expect("a person")).collect()
    });

    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(won, 1);
    assert_eq!(owed(&office), (500, 0));
    office.assert_all_is_well();
}

fn r15_a_request_that_comes_twice_is_booked_once(office: Office) {
    office.pledges(SUPPORTERS);
    collected(&office, "2025-08", "2025-08-27");
    let call = office.keyed("remittance-2025-08");

    let first = office.ledger.record_remittance(&call, &remittance(900, 0));
    let again = office.ledger.record_remittance(&call, &remittance(900, 0));
    let other = office.ledger.record_remittance(&call, &remittance(901, 0));

    assert_eq!(first.expect("remit"), again.expect("the same answer"));
    assert_eq!(
        other.expect_err("another request").code(),
        "idempotency_key_reused"
    );
    assert_eq!(balance(&office, "1121"), 900);
    office.assert_all_is_well();
}
