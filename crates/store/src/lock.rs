//! Locks that keep two people from deciding the same thing at once on PostgreSQL.
//!
//! On SQLite a write transaction is alone by itself, and these do nothing. They end with the
//! transaction. Order: the key of a request, people, a person, what waits for a second person, reference
//! data, co-ops by id, a sheet, members by id, the journal, and last the chains of the audit log by
//! number; so nobody waits in a circle.

use diesel::{
    RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};

use crate::{DbConnection, StoreError};

/// Member locks live above the co-ops' in PostgreSQL's one space of 64-bit keys.
const MEMBERS_FROM: i64 = 1 << 40;
/// The lock on reference data.
const REFERENCE_DATA: i64 = 1 << 41;
/// The lock on the journal.
const JOURNAL: i64 = REFERENCE_DATA + 1;
/// The locks on people: on who has which rights, and above it on each person.
const PEOPLE_FROM: i64 = 1 << 43;
/// The lock on what organisations are shown of their campaigns.
const CAMPAIGN_STEPS: i64 = JOURNAL + 1;
/// The locks on the ends of the audit log's chains.
const AUDIT_CHAINS_FROM: i64 = 1 << 42;

/// Others may work in this co-op too, but nobody closes a month, imports or decides meanwhile.
pub fn coop_shared(connection: &mut DbConnection, coop_id: i64) -> Result<(), StoreError> {
    lock(
        connection,
        "SELECT pg_advisory_xact_lock_shared($1)",
        coop_id,
    )
}

/// Nobody else writes for this co-op until the transaction ends.
pub fn coop_exclusive(connection: &mut DbConnection, coop_id: i64) -> Result<(), StoreError> {
    lock(connection, "SELECT pg_advisory_xact_lock($1)", coop_id)
}

/// Nobody else keys a line of this sheet until the transaction ends. Taken after its co-op's lock.
pub fn sheet(connection: &mut DbConnection, sheet_id: i64) -> Result<(), StoreError> {
    words(connection, &format!("sheet\u{1f}{sheet_id}"))
}

/// Nobody else takes an application of this member until the transaction ends.
pub fn member_exclusive(connection: &mut DbConnection, member_id: i64) -> Result<(), StoreError> {
    lock(
        connection,
        "SELECT pg_advisory_xact_lock($1)",
        MEMBERS_FROM + member_id,
    )
}

/// Reference data stays as it is until the transaction ends; others may read it so too.
pub fn reference_shared(connection: &mut DbConnection) -> Result<(), StoreError> {
    lock(
        connection,
        "SELECT pg_advisory_xact_lock_shared($1)",
        REFERENCE_DATA,
    )
}

/// Nobody else changes or relies on reference data until the transaction ends. Taken before any
/// co-op's lock.
pub fn reference_exclusive(connection: &mut DbConnection) -> Result<(), StoreError> {
    lock(
        connection,
        "SELECT pg_advisory_xact_lock($1)",
        REFERENCE_DATA,
    )
}

/// Nobody else posts, or closes a period, until the transaction ends. Taken after any co-op's and
/// member's lock.
pub fn journal_exclusive(connection: &mut DbConnection) -> Result<(), StoreError> {
    lock(connection, "SELECT pg_advisory_xact_lock($1)", JOURNAL)
}

/// Nobody else gives rights or takes them until the transaction ends. Taken before any person's lock.
pub fn people_exclusive(connection: &mut DbConnection) -> Result<(), StoreError> {
    lock(connection, "SELECT pg_advisory_xact_lock($1)", PEOPLE_FROM)
}

/// Nobody else lets this person in, or changes what they sign in with, until the transaction ends.
pub fn person_exclusive(connection: &mut DbConnection, user_id: i64) -> Result<(), StoreError> {
    lock(
        connection,
        "SELECT pg_advisory_xact_lock($1)",
        PEOPLE_FROM + user_id,
    )
}

/// Nobody else counts wrong tries under this name until the transaction ends. Accounts before
/// addresses.
pub fn wrong_tries(
    connection: &mut DbConnection,
    kind: &str,
    sha256: &str,
) -> Result<(), StoreError> {
    words(connection, &format!("{kind}\u{1f}{sha256}"))
}

/// Nobody else moves what organisations are shown of their campaigns until the transaction ends. Who
/// takes it takes no other lock.
pub fn campaign_steps(connection: &mut DbConnection) -> Result<(), StoreError> {
    lock(
        connection,
        "SELECT pg_advisory_xact_lock($1)",
        CAMPAIGN_STEPS,
    )
}

/// Nobody else adds to this chain of the audit log until the transaction ends.
pub(crate) fn audit_chain(connection: &mut DbConnection, chain: i64) -> Result<(), StoreError> {
    lock(
        connection,
        "SELECT pg_advisory_xact_lock($1)",
        AUDIT_CHAINS_FROM + chain,
    )
}

/// The same key waits for its first use to end, rather than fail on it.
pub fn idempotency_key(
    connection: &mut DbConnection,
    caller: &str,
    operation: &str,
    key: &str,
) -> Result<(), StoreError> {
    words(connection, &format!("{caller}\u{1f}{operation}\u{1f}{key}"))
}

/// Nobody else enters this very request to wait for a second person until the transaction ends.
pub fn pending_request(
    connection: &mut DbConnection,
    operation: &str,
    request_sha256: &str,
) -> Result<(), StoreError> {
    words(
        connection,
        &format!("pending\u{1f}{operation}\u{1f}{request_sha256}"),
    )
}

/// Nobody else decides what waits under this number until the transaction ends.
pub fn pending_action(connection: &mut DbConnection, id: i64) -> Result<(), StoreError> {
    words(connection, &format!("pending\u{1f}{id}"))
}

/// A lock on words, by their hash.
fn words(connection: &mut DbConnection, words: &str) -> Result<(), StoreError> {
    if let DbConnection::Postgres(c) = connection {
        sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<Text, _>(words)
            .execute(c)?;
    }
    Ok(())
}

fn lock(connection: &mut DbConnection, sql: &str, key: i64) -> Result<(), StoreError> {
    if let DbConnection::Postgres(c) = connection {
        sql_query(sql).bind::<BigInt, _>(key).execute(c)?;
    }
    Ok(())
}
