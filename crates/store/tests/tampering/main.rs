//! Somebody with a hand in the database changes, removes, inserts or swaps rows behind the
//! program's back: `verify` finds it and names the row.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod books;
mod hand;
mod on_record;
mod two_persons;
mod year;

use testkit::{TestDatabase, on_both};

use crate::hand::{Hand, columns};
use crate::year::a_few_months;

on_both!(
    nothing_is_found_where_nothing_was_done,
    a_changed_bit_of_the_audit_log_is_found,
    a_changed_bit_of_the_journal_is_found,
    a_changed_bit_of_a_batch_is_found,
    a_changed_bit_of_a_charge_is_found,
    a_charge_that_claims_to_repeat_another_is_found,
    a_removed_row_is_found,
    an_inserted_row_is_found,
    swapped_rows_are_found,
    letters_that_are_none_are_named,
    what_may_be_erased_is_erased_without_breaking_the_chain,
    a_changed_copy_of_a_personal_value_is_found,
);

fn nothing_is_found_where_nothing_was_done(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    hand.expect_nothing("SELECT 1");
}

fn a_changed_bit_of_the_audit_log_is_found(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    let seq = hand.number(
        "SELECT MAX(seq) AS number FROM audit_events WHERE chain = 1 AND action = 'change_pledge'",
    );
    for column in columns(
        "audit_events",
        "recorded_at* actor action subject salt before after reason before_sha256 after_sha256 \
         reason_sha256 sha256",
    ) {
        let change = hand.flip(&column, &format!("chain = 1 AND seq = {seq}"));
        hand.expect(
            &change,
            "audit_log_is_whole",
            &[&format!("audit/01 の {seq} 番")],
        );
    }
    let seq = hand.number(
        "SELECT MIN(seq) AS number FROM audit_events WHERE chain = 1 AND action = 'close_batch'",
    );
    for column in columns("audit_events", "content_sha256") {
        let change = hand.flip(&column, &format!("chain = 1 AND seq = {seq}"));
        hand.expect(
            &change,
            "audit_log_is_whole",
            &[&format!("audit/01 の {seq} 番")],
        );
    }
}

fn a_changed_bit_of_the_journal_is_found(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    for column in columns(
        "journal_entries",
        "occurred_on^ posted_on^ period# source description reason actor recorded_at* \
         previous_hash hash",
    ) {
        let change = hand.flip(&column, "id = 2");
        hand.expect(&change, "journal_is_whole", &["仕訳 2 "]);
    }
    let change = "UPDATE journal_entries SET reverses_id = 1 WHERE id = 2";
    hand.expect(change, "journal_is_whole", &["仕訳 2 "]);
    for column in columns("journal_postings", "line_no# account# amount# fund_id#") {
        let change = hand.flip(&column, "entry_id = 2 AND line_no = 2");
        hand.expect(&change, "journal_is_whole", &["仕訳 2 "]);
    }
}

fn a_changed_bit_of_a_batch_is_found(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    for column in columns(
        "batches",
        "coop_id# month% sequence# state charges# units# amount# charges_sha256 closed_by \
         closed_at* reason",
    ) {
        let change = hand.flip(&column, "id = 1");
        hand.expect(&change, "batches_are_as_sealed", &["請求データ 1 "]);
    }
    for column in columns("batches", "voided_by voided_at* void_reason") {
        let change = hand.flip(&column, "id = 2");
        hand.expect(&change, "batches_are_as_sealed", &["請求データ 2 "]);
    }
    for column in columns(
        "exports",
        "profile profile_version# sha256 rows# amount# actor exported_at*",
    ) {
        let change = hand.flip(&column, "batch_id = 1");
        hand.expect(&change, "batches_are_as_sealed", &["請求データ 1 "]);
    }
    for column in columns("batch_totals", "kind order_number charges# units# amount#") {
        let change = hand.flip(&column, "batch_id = 1 AND kind = 'spot'");
        hand.expect(&change, "charges_are_as_sealed", &["請求データ 1 "]);
    }
    hand.expect(
        "UPDATE batches SET id = 9 WHERE id = 1",
        "batches_are_as_sealed",
        &["請求データ 1 がない", "請求データ 9 "],
    );
}

/// Each column, of a pledge's charge and of a gift's: the row itself is named, not only its batch.
fn a_changed_bit_of_a_charge_is_found(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    for (rank, sources) in [(1, "pledge_id# revision#"), (3, "donation_id#")] {
        let shared = "month% attempt# member_id# member_number order_number kind units# unit_price# \
                      amount# void_mark#";
        for column in columns("charges", &format!("{sources} {shared}")) {
            let change = hand.flip(&column, &format!("batch_id = 1 AND rank = {rank}"));
            let row = format!("請求データ 1 の明細 {rank} 番");
            hand.expect(&change, "charges_have_a_source", &[&row]);
        }
    }
}

fn a_charge_that_claims_to_repeat_another_is_found(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    for change in [
        "repeats_batch_id = 1",
        "repeats_rank = 1",
        "attempt = 2, repeats_batch_id = 1, repeats_rank = 2",
    ] {
        hand.expect(
            &format!("UPDATE charges SET {change} WHERE batch_id = 1 AND rank = 1"),
            "charges_have_a_source",
            &["請求データ 1 の明細 1 番"],
        );
    }
}

fn a_removed_row_is_found(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    hand.expect(
        "DELETE FROM audit_events WHERE chain = 1 AND seq = 2",
        "audit_log_is_whole",
        &["audit/01 の 2 番がない"],
    );
    hand.expect(
        "DELETE FROM journal_entries WHERE id = 2",
        "journal_is_whole",
        &["仕訳 2 がない"],
    );
    hand.expect(
        "DELETE FROM journal_postings WHERE entry_id = 2 AND line_no = 2",
        "journal_is_whole",
        &["仕訳 2 "],
    );
    hand.expect(
        "DELETE FROM batches WHERE id = 1",
        "batches_are_as_sealed",
        &["請求データ 1 がない"],
    );
    for (rank, words) in [(2, "明細 2 番: ない"), (4, "請求データ 1 の明細の要約値")]
    {
        hand.expect(
            &format!("DELETE FROM charges WHERE batch_id = 1 AND rank = {rank}"),
            "charges_are_as_sealed",
            &[words],
        );
    }
    hand.expect(
        "DELETE FROM charges WHERE batch_id = 1 AND rank = 4",
        "batches_equal_their_charges",
        &["番号 1"],
    );
}

fn an_inserted_row_is_found(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    let next = hand.number("SELECT MAX(seq) + 1 AS number FROM audit_events WHERE chain = 1");
    hand.expect(
        &format!(
            "INSERT INTO audit_events (chain, seq, recorded_at, actor, action, subject, sha256)
             SELECT chain, {next}, recorded_at, actor, action, subject, sha256
             FROM audit_events WHERE chain = 1 AND seq = 1"
        ),
        "audit_log_is_whole",
        &[&format!("audit/01 の {next} 番")],
    );
    hand.expect(
        "UPDATE audit_events SET seq = -seq WHERE chain = 1 AND seq >= 3;
         UPDATE audit_events SET seq = 1 - seq WHERE chain = 1 AND seq < 0;
         INSERT INTO audit_events (chain, seq, recorded_at, actor, action, subject, sha256)
         SELECT chain, 3, recorded_at, actor, action, subject, sha256
         FROM audit_events WHERE chain = 1 AND seq = 1",
        "audit_log_is_whole",
        &["audit/01 の 3 番"],
    );
    hand.expect(
        "INSERT INTO journal_entries (id, occurred_on, posted_on, period, source, description,
           reason, actor, recorded_at, previous_hash, hash)
         SELECT 4, occurred_on, posted_on, period, source, description, reason, actor, recorded_at,
           hash, previous_hash
         FROM journal_entries WHERE id = 3",
        "journal_is_whole",
        &["仕訳 4 "],
    );
    hand.expect(
        "INSERT INTO journal_postings (entry_id, line_no, account, amount) VALUES (2, 3, 1121, 5)",
        "journal_is_whole",
        &["仕訳 2 "],
    );
    hand.expect(
        "INSERT INTO batches (id, coop_id, month, sequence, state, charges, units, amount,
           charges_sha256, closed_by, closed_at)
         SELECT 9, coop_id, month, 9, state, charges, units, amount, charges_sha256, closed_by,
           closed_at
         FROM batches WHERE id = 1",
        "batches_are_as_sealed",
        &["請求データ 9 を締めた記録がない"],
    );
    let inserted = |rank: i64| {
        format!(
            "INSERT INTO charges (batch_id, rank, month, pledge_id, revision, donation_id, attempt,
               member_id, member_number, order_number, kind, units, unit_price, amount, void_mark)
             SELECT batch_id, {rank}, month, pledge_id, revision, donation_id, attempt + 1,
               member_id, member_number, order_number, kind, units, unit_price, amount, void_mark
             FROM charges WHERE batch_id = 1 AND rank = 4"
        )
    };
    hand.expect(
        &inserted(5),
        "charges_have_a_source",
        &["請求データ 1 の明細 5 番"],
    );
    hand.expect(
        &inserted(5),
        "charges_are_as_sealed",
        &["請求データ 1 の明細の要約値"],
    );
}

fn swapped_rows_are_found(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    let swap = |table: &str, place: &str, one: i64, other: i64, more: &str| {
        format!(
            "UPDATE {table} SET {place} = 99 WHERE {place} = {one} {more};
             UPDATE {table} SET {place} = {one} WHERE {place} = {other} {more};
             UPDATE {table} SET {place} = {other} WHERE {place} = 99 {more}"
        )
    };
    hand.expect(
        &swap("audit_events", "seq", 2, 4, "AND chain = 1"),
        "audit_log_is_whole",
        &["audit/01 の 2 番", "audit/01 の 4 番"],
    );
    hand.expect(
        &swap("journal_entries", "id", 1, 3, ""),
        "journal_is_whole",
        &["仕訳 1 ", "仕訳 3 "],
    );
    hand.expect(
        &swap("journal_postings", "line_no", 1, 2, "AND entry_id = 2"),
        "journal_is_whole",
        &["仕訳 2 "],
    );
    hand.expect(
        &swap("batches", "id", 1, 3, ""),
        "batches_are_as_sealed",
        &["請求データ 1 ", "請求データ 3 "],
    );
    hand.expect(
        &swap("charges", "rank", 1, 2, "AND batch_id = 1"),
        "charges_are_as_sealed",
        &["請求データ 1 の明細 2 番: 順が違う"],
    );
    // Two gifts of one member under one number: only the order of intake tells them apart.
    hand.expect(
        &swap("charges", "rank", 3, 4, "AND batch_id = 1"),
        "charges_are_as_sealed",
        &["請求データ 1 の明細 4 番: 順が違う"],
    );
}

/// SQLite keeps whatever bytes a broken disk leaves in a text; PostgreSQL refuses them.
fn letters_that_are_none_are_named(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    if !hand.is_sqlite() {
        return;
    }
    let none = "CAST(x'ff' AS TEXT)";
    hand.expect(
        &format!("UPDATE audit_events SET actor = {none} WHERE chain = 1 AND seq = 2"),
        "audit_log_is_whole",
        &["audit/01 の 2 番が読めない"],
    );
    hand.expect(
        &format!("UPDATE journal_entries SET description = {none} WHERE id = 2"),
        "journal_is_whole",
        &["仕訳 2 が読めない"],
    );
    hand.expect(
        &format!("UPDATE batches SET closed_by = {none} WHERE id = 1"),
        "batches_are_as_sealed",
        &["請求データ 1 が読めない"],
    );
    hand.expect(
        &format!("UPDATE exports SET actor = {none} WHERE batch_id = 1"),
        "batches_are_as_sealed",
        &["出力の記録が読めない"],
    );
    hand.expect(
        &format!("UPDATE charges SET member_number = {none} WHERE batch_id = 1 AND rank = 2"),
        "charges_are_as_sealed",
        &["請求データ 1 の明細 2 番: 読めない"],
    );
}

fn what_may_be_erased_is_erased_without_breaking_the_chain(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    let erase = "UPDATE audit_events SET salt = NULL, before = NULL, after = NULL, reason = NULL";
    hand.expect_nothing(erase);
    // The schema itself lets nobody do more than that, and only for good.
    for refused in [
        "UPDATE audit_events SET actor = 'x'",
        "UPDATE audit_events SET reason = NULL",
        "UPDATE audit_events SET salt = NULL, before = NULL, after = NULL, reason = 'x'",
        "DELETE FROM audit_events",
    ] {
        hand.expect_refused(refused);
    }
    if !hand.is_sqlite() {
        hand.expect_refused("TRUNCATE audit_events");
    }
}

fn a_changed_copy_of_a_personal_value_is_found(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    let row = "chain = 1 AND seq = (SELECT MAX(seq) FROM audit_events WHERE action = 'change_pledge' \
               AND chain = 1)";
    for change in [
        "reason = 'x'",
        "before = NULL",
        "after = '{}'",
        "salt = 'x'",
    ] {
        hand.expect(
            &format!("UPDATE audit_events SET {change} WHERE {row}"),
            "audit_log_is_whole",
            &["（change_pledge "],
        );
    }
}
