//! What plain SQL can do to the journal: add to it, and nothing else (R14).
#![allow(clippy::unwrap_used)]

use chrono::{NaiveDate, NaiveDateTime};
use diesel::connection::SimpleConnection;
use store::tables::accounting_periods::{self, ClosedPeriod};
use store::tables::journal_entries::{self, JournalEntry};
use store::tables::journal_postings::{self, JournalPosting};
use store::{Backend, DbConnection, OpenMode, Store, StoreError, on_backend};
use testkit::{TestDatabase, on_both};

on_both!(
    an_entry_comes_whole_or_not_at_all,
    nothing_that_is_written_is_changed_or_deleted,
    nothing_is_put_in_the_place_of_what_is_written,
    entries_are_numbered_and_chained_one_after_the_other,
    a_closed_month_takes_nothing_and_stays_closed,
    an_entry_is_reversed_once,
);

fn opened(database: &TestDatabase) -> Store {
    Store::open(database.url(), OpenMode::Migrate).unwrap()
}

fn hash(of: i64) -> String {
    format!("{of:064x}")
}

fn entry(id: i64, day: &str) -> JournalEntry {
    let day: NaiveDate = day.parse().unwrap();
    let period = day.format("%Y%m").to_string().parse().unwrap();
    JournalEntry {
        id,
        occurred_on: day,
        posted_on: day,
        period,
        source: "manual".to_owned(),
        source_id: None,
        description: "年会費".to_owned(),
        reason: Some("例".to_owned()),
        reverses_id: None,
        actor: "test".to_owned(),
        recorded_at: NaiveDateTime::default(),
        previous_hash: hash(id - 1),
        hash: hash(id),
    }
}

fn lines(entry_id: i64, amounts: &[i64]) -> Vec<JournalPosting> {
    let accounts = [1121, 4111, 4991];
    let line = |(line_no, (account, amount)): (i64, (i32, i64))| JournalPosting {
        entry_id,
        line_no,
        account,
        amount,
        fund_id: None,
        coop_id: None,
        campaign_id: None,
        batch_id: None,
    };
    let pairs = accounts.into_iter().zip(amounts.iter().copied());
    (1..).zip(pairs).map(line).collect()
}

fn post(store: &Store, entry: &JournalEntry, amounts: &[i64]) -> Result<(), StoreError> {
    store.write(|c| {
        journal_postings::insert(c, &lines(entry.id, amounts))?;
        journal_entries::insert(c, entry)
    })
}

fn say(store: &Store, sql: &str) -> Result<(), StoreError> {
    store.write(|c: &mut DbConnection| {
        on_backend!(c, c => c.batch_execute(sql)).map_err(StoreError::from)
    })
}

fn assert_refused(outcome: Result<(), StoreError>, words: &str) {
    let said = outcome.unwrap_err().to_string();
    assert!(said.contains(words), "{said}");
}

fn entries(store: &Store) -> Vec<JournalEntry> {
    store
        .read::<_, StoreError>(|c| journal_entries::page_after(c, 0, 100))
        .unwrap()
}

fn an_entry_comes_whole_or_not_at_all(database: TestDatabase) {
    let store = opened(&database);
    let first = entry(1, "2025-08-27");

    let alone = store.write(|c| journal_entries::insert(c, &first));
    let half = post(&store, &first, &[900]);
    let unbalanced = post(&store, &first, &[900, -600]);
    assert!(entries(&store).is_empty());
    post(&store, &first, &[900, -600, -300]).unwrap();
    let added = store.write(|c| journal_postings::insert(c, &lines(1, &[1, -1])));

    for refused in [alone, half, unbalanced] {
        assert_refused(refused, "sum to zero");
    }
    assert_refused(added, "nothing is added to an entry");
    let lines_of: Vec<_> = store
        .read::<_, StoreError>(|c| journal_postings::of_entry(c, 1))
        .unwrap()
        .iter()
        .map(|line| line.amount)
        .collect();
    assert_eq!(lines_of, [900, -600, -300]);
}

fn nothing_that_is_written_is_changed_or_deleted(database: TestDatabase) {
    let store = opened(&database);
    post(&store, &entry(1, "2025-08-27"), &[900, -900]).unwrap();
    let period = ClosedPeriod {
        month: 202_507,
        actor: "test".to_owned(),
        closed_at: NaiveDateTime::default(),
        reason: None,
    };
    store
        .write::<_, StoreError>(|c| accounting_periods::insert(c, &period))
        .unwrap();
    say(
        &store,
        "INSERT INTO cooperatives (id, code, name) VALUES (1, '01', '見本');
         INSERT INTO organizations (id, code, name) VALUES (1, 'k', '見本');
         INSERT INTO campaigns (id, code, organization_id, title, target, opens_on, closes_on, accounting)
           VALUES (1, 'k', 1, '見本', 1, '2025-07-01', '2025-07-31', 'agency');
         INSERT INTO batches (id, coop_id, month, sequence, state, charges, units, amount, charges_sha256, closed_by, closed_at)
           VALUES (1, 1, 202508, 1, 'closed', 1, 1, 1, '', 'test', '2025-08-01 00:00:00');
         INSERT INTO remittances (id, coop_id, received_on, due, amount, fee, suspense, actor, recorded_at)
           VALUES (1, 1, '2025-08-27', 900, 900, 0, 0, 'test', '2025-08-27 00:00:00');
         INSERT INTO remittance_allocations (remittance_id, batch_id, due, amount) VALUES (1, 1, 900, 900);
         INSERT INTO payouts (id, campaign_id, kind, paid_on, amount, fee, actor, recorded_at)
           VALUES (1, 1, 'payout', '2025-08-27', 900, 0, 'test', '2025-08-27 00:00:00')",
    )
    .unwrap();
    let before = entries(&store);

    for sql in [
        "UPDATE journal_entries SET description = 'x'",
        "UPDATE journal_entries SET id = id",
        "DELETE FROM journal_entries",
        "UPDATE journal_postings SET amount = amount + 1 WHERE line_no = 1",
        "UPDATE journal_postings SET fund_id = NULL",
        "DELETE FROM journal_postings WHERE line_no = 2",
        "UPDATE accounting_periods SET month = 200001",
        "DELETE FROM accounting_periods",
        "UPDATE remittances SET amount = 1",
        "DELETE FROM remittances",
        "UPDATE remittance_allocations SET amount = 1",
        "DELETE FROM remittance_allocations",
        "UPDATE payouts SET amount = 1",
        "DELETE FROM payouts",
        "UPDATE accounts SET kind = 'expense' WHERE code = 1121",
        "UPDATE accounts SET control = 0 WHERE code = 1131",
    ] {
        let refused = say(&store, sql).unwrap_err().to_string();
        assert!(refused.contains("journal: "), "{sql}: {refused}");
    }
    if database_is_postgres(&store) {
        for table in [
            "journal_postings",
            "journal_entries",
            "accounting_periods",
            "remittances",
            "remittance_allocations",
            "payouts",
        ] {
            assert_refused(
                say(&store, &format!("TRUNCATE {table} CASCADE")),
                "journal: ",
            );
        }
    }
    assert_refused(
        say(&store, "DELETE FROM accounts WHERE code = 1121"),
        "制約",
    );
    assert_eq!(entries(&store), before);
}

fn database_is_postgres(store: &Store) -> bool {
    store.backend() == Backend::Postgres
}

fn nothing_is_put_in_the_place_of_what_is_written(database: TestDatabase) {
    let store = opened(&database);
    post(&store, &entry(1, "2025-08-27"), &[900, -900]).unwrap();
    let before = entries(&store);
    let (replace, ending) = if database_is_postgres(&store) {
        (
            "INSERT",
            " ON CONFLICT (id) DO UPDATE SET description = 'x'",
        )
    } else {
        ("INSERT OR REPLACE", "")
    };
    let columns = "id, occurred_on, posted_on, period, source, description, reason, actor, \
        recorded_at, previous_hash, hash";
    let sql = format!(
        "{replace} INTO journal_entries ({columns}) SELECT id, occurred_on, posted_on, period, source, \
         'x', reason, actor, recorded_at, previous_hash, hash FROM journal_entries{}{ending}",
        if ending.is_empty() { "" } else { " WHERE true" },
    );
    let (replace, ending) = if database_is_postgres(&store) {
        (
            "INSERT",
            " ON CONFLICT (entry_id, line_no) DO UPDATE SET amount = 1",
        )
    } else {
        ("INSERT OR REPLACE", "")
    };
    let line = format!(
        "{replace} INTO journal_postings (entry_id, line_no, account, amount) \
         VALUES (1, 1, 1121, 1){ending}"
    );

    assert_refused(say(&store, &sql), "journal: ");
    assert_refused(say(&store, &line), "nothing is added to an entry");

    assert_eq!(entries(&store), before);
}

fn entries_are_numbered_and_chained_one_after_the_other(database: TestDatabase) {
    let store = opened(&database);
    post(&store, &entry(1, "2025-08-27"), &[900, -900]).unwrap();

    let gap = post(&store, &entry(3, "2025-08-27"), &[900, -900]);
    let mut unchained = entry(2, "2025-08-27");
    unchained.previous_hash = hash(0);
    let unchained = post(&store, &unchained, &[900, -900]);
    post(&store, &entry(2, "2025-08-27"), &[900, -900]).unwrap();

    for refused in [gap, unchained] {
        assert_refused(refused, "numbered and chained");
    }
    assert_eq!(entries(&store).len(), 2);
}

fn a_closed_month_takes_nothing_and_stays_closed(database: TestDatabase) {
    let store = opened(&database);
    let close = |month| {
        let period = ClosedPeriod {
            month,
            actor: "test".to_owned(),
            closed_at: NaiveDateTime::default(),
            reason: None,
        };
        store.write(|c| accounting_periods::insert(c, &period))
    };
    close(202_508).unwrap();

    let closed = post(&store, &entry(1, "2025-08-31"), &[900, -900]);
    let before = post(&store, &entry(1, "2025-07-31"), &[900, -900]);
    assert_refused(close(202_507), "close in order");
    post(&store, &entry(1, "2025-09-01"), &[900, -900]).unwrap();

    for refused in [closed, before] {
        assert_refused(refused, "the period is closed");
    }
}

fn an_entry_is_reversed_once(database: TestDatabase) {
    let store = opened(&database);
    post(&store, &entry(1, "2025-08-27"), &[900, -900]).unwrap();
    let reversal = |id| JournalEntry {
        source: "reversal".to_owned(),
        reverses_id: Some(1),
        ..entry(id, "2025-08-28")
    };

    post(&store, &reversal(2), &[-900, 900]).unwrap();
    let again = post(&store, &reversal(3), &[-900, 900]);

    assert_refused(again, "reversed once");
    assert_eq!(entries(&store).len(), 2);
}
