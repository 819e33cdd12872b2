//! What a rule forbids the schema forbids too: plain SQL, below every use case, is refused.
#![allow(clippy::unwrap_used)]

use diesel::connection::SimpleConnection;
use store::{ConstraintKind, DbConnection, OpenMode, Store, StoreError, on_backend};
use testkit::{TestDatabase, on_both};

on_both!(
    // R1
    windows_of_one_number_stay_apart_whoever_writes_them,
    // R17
    two_persons_stay_two_whoever_writes_them,
);

/// 108413 from the 10th to the 14th, over the web to the 15th, and from the 24th to the 28th;
/// 133540 in the first of the two and in one from the 17th to the 21st.
const OFFERINGS: &str = "
    INSERT INTO funds (id, code, name) VALUES (1, 'inclufund', 'インクルファンド');
    INSERT INTO cycles (id, label, iso_week, opens_on, closes_on, web_closes_on, collection_month)
      VALUES (1, '2025年11月3回', '2025-W46', '2025-11-10', '2025-11-14', '2025-11-15', 202512),
             (2, '2025年11月4回', '2025-W47', '2025-11-17', '2025-11-21', NULL, 202512),
             (3, '2025年12月1回', '2025-W48', '2025-11-24', '2025-11-28', NULL, 202601);
    INSERT INTO offerings (id, cycle_id, order_number, kind, unit_price, fund_id, title)
      VALUES (1, 1, '108413', 'supporter', 300, 1, 'サポーター登録'),
             (2, 3, '108413', 'spot', 500, 1, 'スポット寄付'),
             (3, 1, '133540', 'spot', 500, 1, 'スポット寄付'),
             (4, 2, '133540', 'spot', 500, 1, 'スポット寄付');
";

const REFUSED: [&str; 9] = [
    // Another cycle of the same days.
    "INSERT INTO cycles (id, label, iso_week, opens_on, closes_on, collection_month)
       VALUES (4, 'もうひとつ', '2025-W46', '2025-11-12', '2025-11-12', 202512);
     INSERT INTO offerings (id, cycle_id, order_number, kind, unit_price, fund_id, title)
       VALUES (5, 4, '108413', 'spot', 500, 1, '同じ番号')",
    // One that only the web orders of the first reach.
    "INSERT INTO cycles (id, label, iso_week, opens_on, closes_on, collection_month)
       VALUES (4, 'もうひとつ', '2025-W46', '2025-11-15', '2025-11-16', 202512);
     INSERT INTO offerings (id, cycle_id, order_number, kind, unit_price, fund_id, title)
       VALUES (5, 4, '108413', 'spot', 500, 1, '同じ番号')",
    // One of its own number that is given the other's.
    "INSERT INTO cycles (id, label, iso_week, opens_on, closes_on, collection_month)
       VALUES (4, 'もうひとつ', '2025-W46', '2025-11-12', '2025-11-12', 202512);
     INSERT INTO offerings (id, cycle_id, order_number, kind, unit_price, fund_id, title)
       VALUES (5, 4, '500001', 'spot', 500, 1, '別の番号');
     UPDATE offerings SET order_number = '108413' WHERE id = 5",
    "UPDATE cycles SET opens_on = '2025-11-14' WHERE id = 2",
    "UPDATE cycles SET opens_on = '2025-11-15' WHERE id = 2",
    "UPDATE cycles SET closes_on = '2025-11-24' WHERE id = 1",
    "UPDATE cycles SET web_closes_on = '2025-11-24' WHERE id = 1",
    "UPDATE cycles SET opens_on = '2025-11-15' WHERE id = 3;
     UPDATE cycles SET opens_on = '2025-11-24' WHERE id = 3",
    "UPDATE cycles SET opens_on = '2025-11-01', closes_on = '2025-12-31' WHERE id = 3",
];

const TAKEN: [&str; 7] = [
    // The day before, the day after, another number on the same days.
    "UPDATE cycles SET opens_on = '2025-11-16' WHERE id = 2",
    "UPDATE cycles SET closes_on = '2025-11-23' WHERE id = 2",
    "UPDATE cycles SET web_closes_on = NULL, closes_on = '2025-11-16' WHERE id = 1",
    "UPDATE cycles SET web_closes_on = '2025-11-11' WHERE id = 1;
     UPDATE cycles SET opens_on = '2025-11-15' WHERE id = 2",
    "UPDATE cycles SET collection_month = 202601 WHERE id = 1",
    "INSERT INTO offerings (id, cycle_id, order_number, kind, unit_price, fund_id, title)
       VALUES (5, 2, '108413', 'spot', 500, 1, '同じ番号')",
    "UPDATE offerings SET order_number = '133540' WHERE id = 2",
];

fn windows_of_one_number_stay_apart_whoever_writes_them(database: TestDatabase) {
    let store = Store::open(database.url(), OpenMode::Migrate).unwrap();
    run(&store, OFFERINGS).unwrap();
    for sql in REFUSED {
        let refused = run(&store, sql);
        let Err(StoreError::Constraint { kind, name }) = refused else {
            panic!("{sql}: {refused:?}");
        };
        assert_eq!(kind, ConstraintKind::Check, "{sql}");
        assert_eq!(name, "windows_of_one_number_apart", "{sql}");
    }
    for sql in TAKEN {
        let undone = store.write(|connection| {
            execute(connection, sql)?;
            Err::<(), _>(StoreError::NotFound)
        });
        assert!(
            matches!(undone, Err(StoreError::NotFound)),
            "{sql}: {undone:?}"
        );
    }
}

/// Two batches that Aoki closed, one with a token; and an entry of the journal.
const CLOSED: &str = "
    INSERT INTO cooperatives (id, code, name) VALUES (1, '01', '単協');
    INSERT INTO batches (id, coop_id, month, sequence, state, charges, units, amount, charges_sha256, closed_by, closed_at)
      VALUES (1, 1, 202512, 1, 'closed', 1, 1, 300, '', 'user:aoki', '2025-12-01 00:00:00'),
             (2, 1, 202512, 2, 'closed', 1, 1, 300, '', 'user:aoki/script', '2025-12-01 00:00:00');
    INSERT INTO journal_postings (entry_id, line_no, account, amount) VALUES (1, 1, 1121, 900), (1, 2, 4111, -900);
    INSERT INTO journal_entries (id, occurred_on, posted_on, period, source, description, reason, actor, recorded_at, previous_hash, hash)
      VALUES (1, '2025-12-01', '2025-12-01', 202512, 'manual', '年会費', '例', 'user:aoki', '2025-12-01 00:00:00',
        '0000000000000000000000000000000000000000000000000000000000000000',
        '0000000000000000000000000000000000000000000000000000000000000001');
";

/// What is refused one after the other (with a word of why), or taken and stays.
const TWO_PERSONS: &[(&str, Option<&str>)] = &[
    ("INSERT INTO exports (batch_id, profile, profile_version, sha256, rows, amount, actor, exported_at)
        VALUES (1, 'standard', 1, '0', 1, 300, 'user:baba', '2025-12-01 00:00:00')", Some("approved before")),
    ("INSERT INTO batch_approvals VALUES (1, 'second_person', 'user:aoki', '2025-12-01 00:00:00')", Some("does not approve")),
    ("INSERT INTO batch_approvals VALUES (1, 'second_person', 'user:aoki/phone', '2025-12-01 00:00:00')", Some("does not approve")),
    ("INSERT INTO batch_approvals VALUES (2, 'second_person', 'user:aoki', '2025-12-01 00:00:00')", Some("does not approve")),
    ("INSERT INTO batch_approvals VALUES (2, 'one_person_office', 'user:aoki', '2025-12-01 00:00:00')", None),
    ("INSERT INTO batch_approvals VALUES (1, 'second_person', 'user:aok', '2025-12-01 00:00:00')", None),
    ("UPDATE batch_approvals SET ground = 'operator'", Some("two persons")),
    ("DELETE FROM batch_approvals", Some("two persons")),
    ("INSERT INTO exports (batch_id, profile, profile_version, sha256, rows, amount, actor, exported_at)
        VALUES (1, 'standard', 1, '0', 1, 300, 'user:aoki', '2025-12-01 00:00:00')", None),
    ("INSERT INTO pending_actions (id, operation, request, request_sha256, submitted_by, submitted_at, state)
        VALUES (1, 'close_batch', '{}', 'a', 'user:aoki', '2025-12-01 00:00:00', 'pending')", Some("")),
    ("INSERT INTO pending_actions (id, operation, request, request_sha256, submitted_by, submitted_at, state, decided_by, decided_at)
        VALUES (1, 'record_payout', '{}', 'a', 'user:aoki', '2025-12-01 00:00:00', 'withdrawn', 'user:aoki', '2025-12-01 00:00:00')", Some("waits for another")),
    ("INSERT INTO pending_actions (id, operation, request, request_sha256, submitted_by, submitted_at, state)
        VALUES (1, 'record_payout', '{}', 'a', 'user:aoki', '2025-12-01 00:00:00', 'pending')", None),
    ("INSERT INTO pending_actions (id, operation, request, request_sha256, submitted_by, submitted_at, state)
        VALUES (2, 'record_payout', '{}', 'a', 'user:baba', '2025-12-01 00:00:00', 'pending')", Some("")),
    ("UPDATE pending_actions SET request = '{\"amount\":1}'", Some("two persons")),
    ("UPDATE pending_actions SET submitted_by = 'user:baba'", Some("two persons")),
    ("DELETE FROM pending_actions", Some("two persons")),
    ("UPDATE pending_actions SET state = 'rejected', decided_by = 'user:baba', decided_at = submitted_at", Some("")),
    ("UPDATE pending_actions SET state = 'approved', decided_by = 'user:baba', decided_at = submitted_at", Some("")),
    ("UPDATE pending_actions SET state = 'approved', decided_by = 'user:aoki/phone', decided_at = submitted_at,
        ground = 'second_person', entry_id = 1", Some("does not approve")),
    ("UPDATE pending_actions SET state = 'approved', decided_by = 'user:baba', decided_at = submitted_at,
        ground = 'second_person', entry_id = 1", None),
    ("UPDATE pending_actions SET state = 'rejected', ground = NULL, entry_id = NULL, decision_reason = '例'", Some("decided once")),
];

fn two_persons_stay_two_whoever_writes_them(database: TestDatabase) {
    let store = Store::open(database.url(), OpenMode::Migrate).unwrap();
    run(&store, CLOSED).unwrap();
    for (sql, refusal) in TWO_PERSONS {
        let outcome = run(&store, sql).map_err(|error| error.to_string());
        match (outcome, refusal) {
            (Ok(()), None) => {}
            (Err(said), Some(words)) if said.contains(words) => {}
            (outcome, refusal) => panic!("{sql}: {outcome:?}, not {refusal:?}"),
        }
    }
}

/// Runs some statements in one transaction.
fn run(store: &Store, sql: &str) -> Result<(), StoreError> {
    store.write(|connection| execute(connection, sql))
}

fn execute(connection: &mut DbConnection, sql: &str) -> Result<(), StoreError> {
    on_backend!(connection, c => c.batch_execute(sql)).map_err(StoreError::from)
}
