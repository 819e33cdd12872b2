//! R14: the journal balances, only grows, and a closed period takes nothing.

use std::sync::Barrier;
use std::thread;

use ledger::accounting::reports::{ReportFilter, SplitBy};
use ledger::accounting::{
    CloseFiscalYear, ClosePeriod, JournalEntryView, JournalFilter, NewJournalLine, PeriodClosed,
    PostJournalEntry, ReverseJournalEntry,
};
use ledger::domain::{EntrySource, Yen};
use ledger::{PageRequest, Result};
use testkit::on_both;
use testkit::world::{AtOnce, told};

use crate::office::{Office, month};

on_both!(
    r14_an_entry_balances_and_names_its_source,
    r14_an_entry_that_does_not_balance_is_refused,
    r14_control_accounts_are_never_moved_by_hand,
    r14_an_entry_is_reversed_once_and_named,
    r14_of_twenty_reversals_at_once_one_wins,
    r14_a_closed_month_takes_no_more_entries,
    r14_a_year_closes_and_carries_over,
    r14_periods_close_in_order_when_they_are_over,
    r14_entries_from_many_at_once_make_one_chain,
);

fn line(account: &str, debit: i64) -> NewJournalLine {
    let side = |yen: i64| (yen > 0).then(|| Yen::new(yen));
    NewJournalLine {
        account: account.to_owned(),
        debit: side(debit),
        credit: side(-debit),
        ..NewJournalLine::default()
    }
}

fn entry(date: &str, lines: Vec<NewJournalLine>) -> PostJournalEntry {
    PostJournalEntry {
        date: Some(date.parse().expect("a day")),
        description: "会員団体の年会費".to_owned(),
        reason: "入金を確認".to_owned(),
        lines,
    }
}

fn try_post(office: &Office, date: &str, lines: Vec<NewJournalLine>) -> Result<JournalEntryView> {
    office
        .ledger
        .post_journal_entry(&office.office(), &entry(date, lines))
        .at_once()
}

fn post(office: &Office, date: &str, lines: Vec<NewJournalLine>) -> JournalEntryView {
    try_post(office, date, lines).unwrap_or_else(|error| panic!("post: {}", told(&error)))
}

/// Dues of 10,000 yen.
fn dues(office: &Office, date: &str) -> JournalEntryView {
    post(
        office,
        date,
        vec![line("1121", 10_000), line("4111", -10_000)],
    )
}

fn try_reverse(office: &Office, entry_id: i64, date: &str) -> Result<JournalEntryView> {
    let request = ReverseJournalEntry {
        entry_id,
        date: Some(date.parse().expect("a day")),
        reason: "二重に記帳".to_owned(),
    };
    office
        .ledger
        .reverse_journal_entry(&office.office(), &request)
        .at_once()
}

fn try_close(office: &Office, of: &str) -> Result<PeriodClosed> {
    let request = ClosePeriod {
        month: month(of),
        note: None,
    };
    office.ledger.close_period(&office.office(), &request)
}

fn try_close_year(office: &Office, fiscal_year: i32) -> Result<PeriodClosed> {
    let request = CloseFiscalYear {
        fiscal_year,
        note: Some("総会で承認".to_owned()),
    };
    office.ledger.close_fiscal_year(&office.office(), &request)
}

fn until(day: &str) -> ReportFilter {
    ReportFilter {
        to: Some(day.parse().expect("a day")),
        ..ReportFilter::default()
    }
}

/// The balance of every account on a day; they come to nothing.
fn balances(office: &Office, filter: &ReportFilter) -> Vec<(String, i64)> {
    let report = office
        .ledger
        .trial_balance(&office.office(), filter, SplitBy::default())
        .expect("the trial balance");
    assert_eq!(report.balance, Yen::ZERO);
    assert_eq!(report.debit, report.credit);
    report
        .rows
        .iter()
        .map(|row| (row.account.to_string(), row.balance.get()))
        .collect()
}

fn pairs(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected
        .iter()
        .map(|(account, yen)| ((*account).to_owned(), *yen))
        .collect()
}

fn assert_all_is_well(office: &Office) {
    let verification = office.ledger.verify(&office.office()).expect("verify");
    assert!(verification.ok, "{:?}", verification.checks);
}

fn code<T: std::fmt::Debug>(outcome: Result<T>) -> &'static str {
    outcome.expect_err("a refusal").code()
}

fn r14_an_entry_balances_and_names_its_source(office: Office) {
    let posted = dues(&office, "2025-11-20");
    let fund = NewJournalLine {
        fund: Some("inclufund".to_owned()),
        ..line("5111", 3_000)
    };
    let second = post(&office, "2025-11-21", vec![fund, line("1121", -3_000)]);

    assert_eq!((posted.entry_id, second.entry_id), (1, 2));
    assert_eq!(posted.source, EntrySource::Manual);
    assert_eq!(posted.amount, Yen::new(10_000));
    assert_eq!(posted.posted_by, "cli:office");
    assert_eq!(posted.reason.as_deref(), Some("入金を確認"));
    assert_eq!(second.lines[0].fund.as_deref(), Some("inclufund"));
    assert_eq!(second.lines[0].account_name, "支払助成金");
    assert_ne!(posted.hash, second.hash);
    let found = office
        .ledger
        .get_journal_entry(&office.office(), 2)
        .expect("the entry");
    assert_eq!(found, second);
    let page = PageRequest {
        cursor: None,
        limit: Some(1),
    };
    let filter = JournalFilter {
        period: Some(month("2025-11")),
        source: Some(EntrySource::Manual),
        ..JournalFilter::default()
    };
    let list = office
        .ledger
        .list_journal_entries(&office.office(), &filter, &page);
    let list = list.expect("the journal");
    assert_eq!(list.items, [second]);
    let rest = PageRequest {
        cursor: list.next_cursor,
        limit: None,
    };
    let rest = office
        .ledger
        .list_journal_entries(&office.office(), &filter, &rest);
    assert_eq!(rest.expect("the rest").items, [posted]);
    assert_all_is_well(&office);
}

fn r14_an_entry_that_does_not_balance_is_refused(office: Office) {
    let unbalanced = try_post(
        &office,
        "2025-11-20",
        vec![line("1121", 900), line("4111", -600)],
    );
    let alone = try_post(&office, "2025-11-20", vec![line("1121", 900)]);
    let no_account = try_post(
        &office,
        "2025-11-20",
        vec![line("1122", 9), line("4111", -9)],
    );
    let no_side = try_post(
        &office,
        "2025-11-20",
        vec![line("1121", 0), line("4111", -9)],
    );
    let tomorrow = try_post(
        &office,
        "2025-12-02",
        vec![line("1121", 9), line("4111", -9)],
    );

    let too_much = 100_000_000_000_001;
    let too_much = try_post(
        &office,
        "2025-11-20",
        vec![line("1121", too_much), line("4111", -too_much)],
    );

    assert_eq!(code(too_much), "amount_out_of_range");
    let words = told(&unbalanced.expect_err("900 is not 600"));
    assert!(words.contains("差額 300円"), "{words}");
    assert_eq!(code(alone), "entry_unbalanced");
    assert_eq!(code(no_account), "account_not_found");
    assert_eq!(code(no_side), "line_one_sided");
    assert_eq!(code(tomorrow), "date_in_future");
    assert!(balances(&office, &until("2025-12-01")).is_empty());
    assert_eq!(dues(&office, "2025-11-20").entry_id, 1, "no number is lost");
}

fn r14_control_accounts_are_never_moved_by_hand(office: Office) {
    let control: Vec<String> = office
        .ledger
        .list_accounts(&office.office())
        .expect("the chart")
        .into_iter()
        .filter(|account| account.is_control)
        .map(|account| account.account.to_string())
        .collect();

    assert_eq!(
        control,
        ["1131", "1141", "2131", "4211", "4212", "4213", "5112"]
    );
    for account in control {
        let lines = vec![line("1121", 900), line(&account, -900)];
        assert_eq!(
            code(try_post(&office, "2025-11-20", lines)),
            "control_account"
        );
    }
}

fn r14_an_entry_is_reversed_once_and_named(office: Office) {
    let posted = dues(&office, "2025-11-20");

    let before = try_reverse(&office, posted.entry_id, "2025-11-19");
    let reversal = try_reverse(&office, posted.entry_id, "2025-11-30").expect("reverse");
    let again = try_reverse(&office, posted.entry_id, "2025-11-30");
    let of_reversal = try_reverse(&office, reversal.entry_id, "2025-11-30");
    let nothing = try_reverse(&office, 99, "2025-11-30");

    assert_eq!(code(before), "date_before_entry");
    assert_eq!(reversal.reverses, Some(posted.entry_id));
    assert_eq!(reversal.source, EntrySource::Reversal);
    let sides: Vec<_> = reversal
        .lines
        .iter()
        .map(|line| (line.debit, line.credit))
        .collect();
    let ten = Yen::new(10_000);
    assert_eq!(sides, [(Yen::ZERO, ten), (ten, Yen::ZERO)]);
    assert_eq!(code(again), "entry_already_reversed");
    assert_eq!(code(of_reversal), "entry_not_reversible");
    assert_eq!(code(nothing), "entry_not_found");
    let found = office
        .ledger
        .get_journal_entry(&office.office(), posted.entry_id)
        .expect("the entry");
    assert_eq!(found.reversed_by, Some(reversal.entry_id));
    assert_eq!(
        balances(&office, &until("2025-11-30")),
        pairs(&[("1121", 0), ("4111", 0)])
    );
    assert_eq!(
        balances(&office, &until("2025-11-29")),
        pairs(&[("1121", 10_000), ("4111", -10_000)])
    );
    assert_all_is_well(&office);
}

fn r14_of_twenty_reversals_at_once_one_wins(office: Office) {
    const PEOPLE: usize = 20;
    let posted = dues(&office, "2025-11-20");
    let start = Barrier::new(PEOPLE);

    let outcomes: Vec<_> = thread::scope(|scope| {
        let people: Vec<_> = (0..PEOPLE)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    try_reverse(&office, posted.entry_id, "2025-11-30")
                })
            })
            .collect();
        people
            .into_iter()
            .map(|person| person.join().expect("a person"))
            .collect()
    });

    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, PEOPLE - 1));
    for outcome in lost {
        assert_eq!(code(outcome), "entry_already_reversed");
    }
    assert_all_is_well(&office);
}

fn r14_a_closed_month_takes_no_more_entries(office: Office) {
    let posted = dues(&office, "2025-08-20");
    try_close(&office, "2025-08").expect("close August");
    try_close(&office, "2025-09").expect("close September");

    let late = dues(&office, "2025-08-31");
    let reversal = try_reverse(&office, posted.entry_id, "2025-08-31").expect("reverse");
    let open = dues(&office, "2025-10-15");

    for (entry, occurred_on, posted_on) in [
        (&late, "2025-08-31", "2025-10-01"),
        (&reversal, "2025-08-31", "2025-10-01"),
        (&open, "2025-10-15", "2025-10-15"),
    ] {
        assert_eq!(entry.occurred_on.to_string(), occurred_on, "the true date");
        assert_eq!(entry.posted_on.to_string(), posted_on);
        assert_eq!(entry.period, month("2025-10"));
    }
    assert_eq!(
        balances(&office, &until("2025-09-30")),
        pairs(&[("1121", 10_000), ("4111", -10_000)]),
        "what was reported of a closed month stays as it was"
    );
    assert_all_is_well(&office);
}

fn r14_a_year_closes_and_carries_over(office: Office) {
    dues(&office, "2025-08-20");
    let grant = NewJournalLine {
        fund: Some("inclufund".to_owned()),
        ..line("5111", 4_000)
    };
    post(&office, "2025-12-01", vec![grant, line("2112", -4_000)]);
    try_close(&office, "2025-08").expect("close August");
    office.set_today("2026-04-10");
    dues(&office, "2026-04-02");

    let march = try_close(&office, "2026-03");
    let closed = try_close_year(&office, 2025).expect("close the year");
    let again = try_close_year(&office, 2025);
    let late = dues(&office, "2026-03-31");

    assert_eq!(code(march), "period_out_of_order");
    let months: Vec<_> = closed.months.iter().map(ToString::to_string).collect();
    assert_eq!(months.first().map(String::as_str), Some("2025-09"));
    assert_eq!(months.last().map(String::as_str), Some("2026-03"));
    assert_eq!(months.len(), 7);
    assert_eq!(closed.surplus, Some(Yen::new(6_000)));
    let closing = closed.closing_entry_id.expect("a closing entry");
    let closing = office
        .ledger
        .get_journal_entry(&office.office(), closing)
        .expect("the entry");
    assert_eq!(closing.posted_on.to_string(), "2026-03-31");
    assert_eq!(closing.source, EntrySource::YearClose);
    assert_eq!(closing.source_id, Some(2025));
    assert_eq!(code(again), "period_already_closed");
    assert_eq!(late.posted_on.to_string(), "2026-04-01");
    assert_eq!(
        balances(&office, &until("2026-03-31")),
        pairs(&[
            ("1121", 10_000),
            ("2112", -4_000),
            ("3111", -6_000),
            ("4111", 0),
            ("5111", 0)
        ])
    );
    let before = ReportFilter {
        before_year_close: true,
        ..until("2026-03-31")
    };
    assert_eq!(
        balances(&office, &before),
        pairs(&[
            ("1121", 10_000),
            ("2112", -4_000),
            ("4111", -10_000),
            ("5111", 4_000)
        ])
    );
    let funds = office
        .ledger
        .fund_balances(&office.office(), &until("2026-04-10"))
        .expect("the funds");
    let of: Vec<_> = funds
        .rows
        .iter()
        .map(|row| (row.fund.as_deref(), row.balance.get()))
        .collect();
    assert!(of.contains(&(Some("inclufund"), -4_000)), "{of:?}");
    assert!(of.contains(&(None, 30_000)), "{of:?}");
    assert_eq!(funds.balance, Yen::new(26_000));
    assert_all_is_well(&office);
}

fn r14_periods_close_in_order_when_they_are_over(office: Office) {
    dues(&office, "2025-08-20");

    let running = try_close(&office, "2025-12");
    let year = try_close_year(&office, 2025);
    let next_year = try_close_year(&office, 2026);
    try_close(&office, "2025-09").expect("the first is free to choose");
    let before = try_close(&office, "2025-08");
    let skipped = try_close(&office, "2025-11");
    try_close(&office, "2025-10").expect("the next one");
    office.set_today("2026-05-01");
    for of in ["2025-11", "2025-12", "2026-01", "2026-02"] {
        try_close(&office, of).expect("one after the other");
    }
    let march = try_close(&office, "2026-03");

    assert_eq!(code(running), "period_not_over");
    assert_eq!(code(year), "period_not_over");
    assert_eq!(code(next_year), "period_out_of_order");
    assert_eq!(code(before), "period_already_closed");
    assert_eq!(code(skipped), "period_out_of_order");
    assert_eq!(code(march), "march_closes_with_year");
    let closed = try_close_year(&office, 2025).expect("close the year");
    assert_eq!(closed.months, [month("2026-03")]);
    let periods = office
        .ledger
        .list_periods(&office.office())
        .expect("the periods");
    assert_eq!(periods.len(), 7);
    assert_eq!(periods[0].month, month("2026-03"));
    assert_all_is_well(&office);
}

fn r14_entries_from_many_at_once_make_one_chain(office: Office) {
    const PEOPLE: usize = 8;
    const EACH: usize = 5;
    let start = Barrier::new(PEOPLE);

    thread::scope(|scope| {
        for _ in 0..PEOPLE {
            scope.spawn(|| {
                start.wait();
                for _ in 0..EACH {
                    dues(&office, "2025-11-20");
                }
            });
        }
    });

    let report = office
        .ledger
        .general_ledger(&office.office(), "1121", &until("2025-11-20"));
    let report = report.expect("the ledger");
    let ids: Vec<i64> = report.lines.iter().map(|line| line.entry_id).collect();
    assert_eq!(ids, (1..=40).collect::<Vec<i64>>());
    assert_eq!(report.balance, Yen::new(400_000));
    assert_all_is_well(&office);
}
