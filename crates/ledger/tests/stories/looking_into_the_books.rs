//! What finance and the auditor ask of the books: which entries, which lines, what stands behind them,
//! and what closing would do.

use ledger::accounting::reports::{ReportFilter, SplitBy};
use ledger::accounting::{
    CloseFiscalYear, ClosePeriod, JournalEntryView, JournalFilter, NewJournalLine,
    PostJournalEntry, RecordRemittance, ReverseJournalEntry, ToClose, TracedSource,
};
use ledger::domain::{AccountKind, EntrySource, Yen};
use ledger::settlement::ReverseSettlement;
use ledger::{PageRequest, Result};
use testkit::on_both;
use testkit::world::{AtOnce, told};

use crate::office::{Office, close, coop, month};

on_both!(
    an_entry_is_found_by_account_day_source_and_amount,
    a_ledger_turns_page_by_page_and_its_balance_runs_on,
    a_collected_total_leads_back_to_its_lines,
    what_a_correction_was_about_is_traced_too,
    a_year_stands_beside_the_one_before,
    what_closing_would_do_is_what_it_does,
    the_heads_are_those_that_a_verification_finds,
    a_wrong_line_of_an_entry_is_named,
);

const SUPPORTERS: &str =
    "01,0000001,inclufund,2,300,2025-08,\n01,0000002,inclufund,1,300,2025-08,\n";

fn line(account: &str, debit: i64) -> NewJournalLine {
    let side = |yen: i64| (yen > 0).then(|| Yen::new(yen));
    NewJournalLine {
        account: account.to_owned(),
        debit: side(debit),
        credit: side(-debit),
        ..NewJournalLine::default()
    }
}

fn try_post(office: &Office, date: &str, lines: Vec<NewJournalLine>) -> Result<JournalEntryView> {
    let request = PostJournalEntry {
        date: Some(date.parse().expect("a day")),
        description: "会員団体の年会費".to_owned(),
        reason: "入金を確認".to_owned(),
        lines,
    };
    office
        .ledger
        .post_journal_entry(&office.office(), &request)
        .at_once()
}

fn post(office: &Office, date: &str, debit: &str, credit: &str, yen: i64) -> i64 {
    let lines = vec![line(debit, yen), line(credit, -yen)];
    try_post(office, date, lines)
        .unwrap_or_else(|error| panic!("post: {}", told(&error)))
        .entry_id
}

fn found(office: &Office, filter: &JournalFilter) -> Vec<i64> {
    office
        .ledger
        .list_journal_entries(&office.office(), filter, &PageRequest::default())
        .unwrap_or_else(|error| panic!("{filter:?}: {}", told(&error)))
        .items
        .into_iter()
        .map(|entry| entry.entry_id)
        .collect()
}

/// August of co-op 01: 600 and 300 yen of supporters, collected.
fn august_is_collected(office: &Office) {
    office.members(&["0000001", "0000002"]);
    office.pledges(SUPPORTERS);
    close(office, "2025-08");
    office.export("2025-08");
    let keys = office.keys("2025-08").into_iter();
    let rows: Vec<String> = keys.map(|key| format!("{key},0,2025-08-27")).collect();
    office.results(&rows);
}

fn an_entry_is_found_by_account_day_source_and_amount(office: Office) {
    august_is_collected(&office);
    let dues = post(&office, "2025-09-01", "1121", "4111", 10_000);
    let fee = post(&office, "2025-09-02", "5191", "1121", 330);
    let collected = 1;
    let all = JournalFilter::default();

    assert_eq!(found(&office, &all), [fee, dues, collected]);
    let day = |text: &str| Some(text.parse().expect("a day"));
    for (filter, expected) in [
        (
            JournalFilter {
                account: Some("1121".to_owned()),
                ..all.clone()
            },
            vec![fee, dues],
        ),
        (
            JournalFilter {
                account: Some("4211".to_owned()),
                ..all.clone()
            },
            vec![collected],
        ),
        (
            JournalFilter {
                source: Some(EntrySource::Settlement),
                ..all.clone()
            },
            vec![collected],
        ),
        (
            JournalFilter {
                posted_from: day("2025-09-02"),
                ..all.clone()
            },
            vec![fee],
        ),
        (
            JournalFilter {
                posted_to: day("2025-09-01"),
                ..all.clone()
            },
            vec![dues, collected],
        ),
        (
            JournalFilter {
                amount_min: Some(Yen::new(900)),
                ..all.clone()
            },
            vec![dues, collected],
        ),
        (
            JournalFilter {
                amount_max: Some(Yen::new(899)),
                ..all.clone()
            },
            vec![fee],
        ),
        (
            JournalFilter {
                coop: Some("01".to_owned()),
                ..all.clone()
            },
            vec![collected],
        ),
        (
            JournalFilter {
                batch_id: Some(1),
                ..all.clone()
            },
            vec![collected],
        ),
        (
            JournalFilter {
                period: Some(month("2025-09")),
                ..all.clone()
            },
            vec![fee, dues],
        ),
        // One and the same line has to fit: no line of 1121 has 900 yen.
        (
            JournalFilter {
                account: Some("1121".to_owned()),
                amount_min: Some(Yen::new(900)),
                amount_max: Some(Yen::new(900)),
                ..all.clone()
            },
            vec![],
        ),
    ] {
        assert_eq!(found(&office, &filter), expected, "{filter:?}");
    }
    let no_such = JournalFilter {
        account: Some("9999".to_owned()),
        ..all
    };
    let refused =
        office
            .ledger
            .list_journal_entries(&office.office(), &no_such, &PageRequest::default());
    assert_eq!(refused.expect_err("refused").code(), "account_not_found");
}

fn a_ledger_turns_page_by_page_and_its_balance_runs_on(office: Office) {
    // Not in the order of their days.
    for (day, yen) in [(5, 500), (3, 300), (3, 301), (9, 900), (1, 100), (7, 700)] {
        post(&office, &format!("2025-09-{day:02}"), "1121", "4111", yen);
    }
    let filter = ReportFilter {
        from: Some("2025-09-02".parse().expect("a day")),
        ..ReportFilter::default()
    };
    let call = office.office();
    let whole = office
        .ledger
        .general_ledger(&call, "1121", &filter)
        .expect("the ledger");

    let (mut lines, mut cursor) = (Vec::new(), None);
    loop {
        let asked = PageRequest {
            cursor,
            limit: Some(2),
        };
        let page = office
            .ledger
            .general_ledger_page(&call, "1121", &filter, &asked)
            .expect("a page of the ledger");
        let before = lines.last().map_or(
            Yen::new(100),
            |line: &ledger::accounting::reports::GeneralLedgerLine| line.balance,
        );
        assert_eq!(page.carried, before);
        assert_eq!((page.opening, page.balance), (whole.opening, whole.balance));
        assert_eq!((page.debit, page.credit), (Yen::new(2_701), Yen::ZERO));
        lines.extend(page.lines.items);
        cursor = page.lines.next_cursor;
        if cursor.is_none() {
            break;
        }
    }

    assert_eq!(lines.len(), 5);
    assert_eq!(lines, whole.lines);
}

fn a_collected_total_leads_back_to_its_lines(office: Office) {
    office.members(&["0000001", "0000002"]);
    office.applies("01,0000001,164151,2,2025-07-15,paper\n01,0000002,164160,1,2025-07-16,phone\n");
    close(&office, "2025-08");
    office.export("2025-08");
    let keys = office.keys("2025-08").into_iter();
    let rows: Vec<String> = keys.map(|key| format!("{key},0,2025-08-27")).collect();
    office.results(&rows);
    let call = office.office();

    let asked = PageRequest {
        cursor: None,
        limit: Some(1),
    };
    let first = office.ledger.trace_journal_entry(&call, 1, &asked);
    let first = first.expect("trace the entry");
    let TracedSource::Results(results) = first.source else {
        panic!("{:?}", first.source);
    };
    assert_eq!(first.entry.amount, Yen::new(1_100));
    let asked = PageRequest {
        cursor: results.gifts.next_cursor,
        limit: Some(1),
    };
    let second = office.ledger.trace_journal_entry(&call, 1, &asked);
    let TracedSource::Results(rest) = second.expect("its second page").source else {
        panic!("no results");
    };
    assert_eq!(rest.gifts.next_cursor, None);
    let gifts: Vec<_> = results
        .gifts
        .items
        .into_iter()
        .chain(rest.gifts.items)
        .collect();
    assert_eq!(
        gifts.iter().map(|gift| gift.amount.get()).sum::<i64>(),
        1_100
    );
    let told: Vec<_> = gifts
        .iter()
        .map(|gift| {
            let origin = gift.origin.as_ref().expect("where it was written");
            (
                gift.member_number.as_str(),
                origin.kind.as_str(),
                origin.name.as_deref(),
                origin.line,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("0000001", "file", Some("applications.csv"), Some(2)),
            ("0000002", "file", Some("applications.csv"), Some(3)),
        ]
    );
    assert_eq!(gifts[0].application_id, Some(1));
}

fn what_a_correction_was_about_is_traced_too(office: Office) {
    august_is_collected(&office);
    let call = office.office();
    let key = office.keys("2025-08")[0].clone();
    let request = ReverseSettlement {
        charge_key: key.parse().expect("a key"),
        corrected_on: None,
        reason: "別の組合員の結果だった".to_owned(),
    };
    let taken_back = office.ledger.reverse_settlement(&call, &request);
    let entry = taken_back
        .expect("take it back")
        .entry_id
        .expect("an entry");
    let traced = |id: i64| {
        let traced = office
            .ledger
            .trace_journal_entry(&call, id, &PageRequest::default());
        traced.expect("trace the entry")
    };

    let TracedSource::Correction(correction) = traced(entry).source else {
        panic!("no correction");
    };
    assert_eq!(correction.gift.charge_key.to_string(), key);
    assert_eq!(correction.collected_by, Some(1));
    assert_eq!(correction.reason, "別の組合員の結果だった");
    let TracedSource::Results(results) = traced(1).source else {
        panic!("no results");
    };
    let marked: Vec<bool> = results
        .gifts
        .items
        .iter()
        .map(|gift| gift.is_taken_back)
        .collect();
    assert_eq!(marked, [true, false]);

    let remittance = RecordRemittance {
        coop: coop(),
        received_on: None,
        amount: Yen::new(300),
        fee: Yen::ZERO,
        shares: Vec::new(),
        note: None,
    };
    let remitted = office
        .ledger
        .record_remittance(&call, &remittance)
        .expect("remit");
    let TracedSource::Remittance(shown) = traced(remitted.entry_id).source else {
        panic!("no remittance");
    };
    assert_eq!(*shown, remitted);
    let reversal = ReverseJournalEntry {
        entry_id: remitted.entry_id,
        date: None,
        reason: "二重に記録".to_owned(),
    };
    let reversal = office
        .ledger
        .reverse_journal_entry(&call, &reversal)
        .at_once();
    let reversal = traced(reversal.expect("reverse").entry_id);
    assert!(matches!(reversal.source, TracedSource::Entry(id) if id == remitted.entry_id));
    assert_eq!(reversal.previous_hash, traced(remitted.entry_id).entry.hash);
}

fn a_year_stands_beside_the_one_before(office: Office) {
    post(&office, "2024-06-01", "1121", "4111", 8_000);
    let call = office.office();
    let close_2024 = CloseFiscalYear {
        fiscal_year: 2024,
        note: None,
    };
    office
        .ledger
        .close_fiscal_year(&call, &close_2024)
        .expect("close 2024");
    post(&office, "2025-06-01", "1121", "4111", 10_000);
    post(&office, "2025-06-02", "5191", "1121", 330);

    let years = office
        .ledger
        .compare_fiscal_years(&call, 2025)
        .expect("compare");

    let rows: Vec<_> = years
        .rows
        .iter()
        .map(|row| {
            (
                row.account.to_string(),
                row.this_year.get(),
                row.last_year.get(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("1121".to_owned(), 17_670, 8_000),
            ("4111".to_owned(), 10_000, 8_000),
            ("5191".to_owned(), 330, 0),
        ]
    );
    assert_eq!(years.this_year.surplus, Yen::new(9_670));
    assert_eq!(years.last_year.surplus, Yen::new(8_000));
    assert_eq!(years.this_year.net_assets, Yen::new(17_670));
    let filter = ReportFilter {
        from: Some("2025-04-01".parse().expect("a day")),
        to: Some("2026-03-31".parse().expect("a day")),
        before_year_close: true,
        ..ReportFilter::default()
    };
    let balance = office
        .ledger
        .trial_balance(&call, &filter, SplitBy::default());
    for row in balance.expect("the trial balance").rows {
        let shown = years.rows.iter().find(|one| one.account == row.account);
        let sign = if matches!(row.kind, AccountKind::Asset | AccountKind::Expense) {
            1
        } else {
            -1
        };
        let yen = shown.expect("the account").this_year.get() * sign;
        let of_year = row.debit.get() - row.credit.get();
        assert_eq!(
            yen,
            if row.kind.is_of_one_year() {
                of_year
            } else {
                row.balance.get()
            }
        );
    }
}

fn what_closing_would_do_is_what_it_does(office: Office) {
    post(&office, "2025-04-10", "1121", "4111", 10_000);
    post(&office, "2025-05-10", "5191", "1121", 330);
    let call = office.office();
    let april = ClosePeriod {
        month: month("2025-04"),
        note: None,
    };

    let preview = office
        .ledger
        .preview_close(&call, &ToClose::Month(april.clone()));
    let preview = preview.expect("preview the month");
    assert_eq!((preview.entries, preview.debit), (1, Yen::new(10_000)));
    let before = office
        .ledger
        .show_fiscal_year(&call, Some(2025))
        .expect("the year");
    assert!(
        before.months.iter().all(|month| !month.is_closed),
        "nothing was closed"
    );
    assert_eq!(
        office.ledger.close_period(&call, &april).expect("close"),
        preview.closed
    );

    let shown = office
        .ledger
        .show_fiscal_year(&call, None)
        .expect("the year");
    assert_eq!((shown.year.year(), shown.months.len()), (2025, 12));
    let states: Vec<_> = shown.months[..3]
        .iter()
        .map(|month| {
            (
                month.is_closed,
                month.closed.is_some(),
                month.may_close,
                month.entries,
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            (true, true, false, 1),
            (false, false, true, 1),
            (false, false, false, 0)
        ]
    );
    assert!(!shown.may_close, "2025年度 is not over");
    let again = office.ledger.preview_close(&call, &ToClose::Month(april));
    assert_eq!(again.expect_err("closed").code(), "period_already_closed");

    office.set_today("2026-04-01");
    let year = CloseFiscalYear {
        fiscal_year: 2025,
        note: None,
    };
    let preview = office
        .ledger
        .preview_close(&call, &ToClose::Year(year.clone()));
    let preview = preview.expect("preview the year");
    assert_eq!((preview.entries, preview.debit), (1, Yen::new(330)));
    assert_eq!(preview.closed.surplus, Some(Yen::new(9_670)));
    let entry = preview
        .closing_entry
        .expect("the entry that carries it over");
    assert_eq!(entry.amount, Yen::new(10_000));
    let closed = office
        .ledger
        .close_fiscal_year(&call, &year)
        .expect("close the year");
    assert_eq!(closed, preview.closed);
}

fn the_heads_are_those_that_a_verification_finds(office: Office) {
    august_is_collected(&office);
    let call = office.office();
    let heads = office.ledger.list_chain_heads(&call).expect("the heads");
    let verification = office.ledger.verify(&call).expect("verify");
    assert!(verification.ok, "{:?}", verification.checks);
    let mut found = verification.heads;
    found.sort_by(|a, b| a.chain.cmp(&b.chain));
    let mut listed = heads;
    listed.sort_by(|a, b| a.chain.cmp(&b.chain));
    // A chain without any link has no head on record.
    found.retain(|head| head.length > 0);
    assert_eq!(listed, found);
}

fn a_wrong_line_of_an_entry_is_named(office: Office) {
    let lines = vec![line("1121", 100), line("41x1", -100)];
    let refused = try_post(&office, "2025-09-01", lines).expect_err("unreadable");
    let ledger::LedgerError::Invalid { problems, .. } = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(problems[0].column.as_deref(), Some("lines/1/account"));
    let lines = vec![line("1121", 100), line("4211", -100)];
    let refused = try_post(&office, "2025-09-01", lines).expect_err("a control account");
    assert_eq!(refused.code(), "control_account");
    assert!(refused.to_string().starts_with("2行目: "), "{refused}");
}
