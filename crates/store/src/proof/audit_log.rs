//! The audit log, row by row along its chains.

use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};
use domain::chain::{self, Fields};

use crate::letters::moment_letters;
use crate::tables::audit_events::{EventContent, salted_digest};
use crate::{DbConnection, StoreError};

/// Rows in memory at a time.
const READ_ROWS: i64 = 1_000;

/// An event as the database has it.
#[derive(Debug, Clone, QueryableByName)]
pub struct KeptEvent {
    /// Its chain.
    #[diesel(sql_type = BigInt)]
    pub chain: i64,
    /// Its place.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    #[diesel(sql_type = Text)]
    recorded_at: String,
    /// Who did it.
    #[diesel(sql_type = Text)]
    pub actor: String,
    /// The use case.
    #[diesel(sql_type = Text)]
    pub action: String,
    /// What was changed.
    #[diesel(sql_type = Text)]
    pub subject: String,
    /// SHA-256 over what it is about.
    #[diesel(sql_type = Nullable<Text>)]
    pub content_sha256: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    salt: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    before: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    after: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    before_sha256: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    after_sha256: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason_sha256: Option<String>,
    /// The link on record.
    #[diesel(sql_type = Text)]
    pub sha256: String,
}

impl KeptEvent {
    /// What is chained.
    pub fn fields(&self) -> Fields {
        EventContent {
            chain: self.chain,
            seq: self.seq,
            recorded_at: &self.recorded_at,
            actor: &self.actor,
            action: &self.action,
            subject: &self.subject,
            content_sha256: self.content_sha256.as_deref(),
            before_sha256: self.before_sha256.as_deref(),
            after_sha256: self.after_sha256.as_deref(),
            reason_sha256: self.reason_sha256.as_deref(),
        }
        .fields()
    }

    /// Whether the copies that may be erased are what was sealed, or were erased all together.
    pub fn copies_are_sealed(&self) -> bool {
        let parts = [
            ("before", &self.before, &self.before_sha256),
            ("after", &self.after, &self.after_sha256),
            ("reason", &self.reason, &self.reason_sha256),
        ];
        let Some(salt) = &self.salt else {
            return parts.iter().all(|(_, copy, _)| copy.is_none());
        };
        let Some(salt) = chain::from_hex(salt).filter(|read| chain::to_hex(read) == *salt) else {
            return false;
        };
        parts.iter().all(|(part, copy, sealed)| {
            copy.as_deref().map(|copy| salted_digest(&salt, part, copy)) == **sealed
        })
    }
}

/// One row of the audit log.
#[derive(Debug, Clone)]
pub enum Kept {
    /// It can be read.
    Event(Box<KeptEvent>),
    /// It is there, and its letters are none.
    Unreadable {
        /// Its chain.
        chain: i64,
        /// Its place.
        seq: i64,
    },
}

/// Hands every row to `take`, chain by chain and from each one's beginning, a bounded number in
/// memory at a time. Call it in a read transaction.
pub fn each(connection: &mut DbConnection, mut take: impl FnMut(Kept)) -> Result<(), StoreError> {
    let (mut after, mut rows) = ((i64::MIN, i64::MIN), READ_ROWS);
    loop {
        match page(connection, after, rows) {
            Ok(events) => {
                let Some(last) = events.last() else {
                    return Ok(());
                };
                after = (last.chain, last.seq);
                events
                    .into_iter()
                    .for_each(|event| take(Kept::Event(Box::new(event))));
            }
            // Letters that are none, somewhere among these rows: come nearer to them.
            Err(DieselError::DeserializationError(_)) if rows > 1 => rows /= 10,
            Err(DieselError::DeserializationError(_)) => {
                let place = next_place(connection, after)?;
                after = (place.chain, place.seq);
                take(Kept::Unreadable {
                    chain: place.chain,
                    seq: place.seq,
                });
                rows = READ_ROWS;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn page(
    connection: &mut DbConnection,
    (chain, seq): (i64, i64),
    rows: i64,
) -> QueryResult<Vec<KeptEvent>> {
    let recorded_at = moment_letters(connection.backend(), "recorded_at");
    sql_query(format!(
        "SELECT chain, seq, {recorded_at} AS recorded_at, actor, action, subject, content_sha256,
           salt, before, after, reason, before_sha256, after_sha256, reason_sha256, sha256
         FROM audit_events WHERE (chain, seq) > ($1, $2) ORDER BY chain, seq LIMIT $3"
    ))
    .bind::<BigInt, _>(chain)
    .bind::<BigInt, _>(seq)
    .bind::<BigInt, _>(rows)
    .load(connection)
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = BigInt)]
    chain: i64,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

fn next_place(connection: &mut DbConnection, after: (i64, i64)) -> QueryResult<Place> {
    sql_query(
        "SELECT chain, seq FROM audit_events WHERE (chain, seq) > ($1, $2)
         ORDER BY chain, seq LIMIT 1",
    )
    .bind::<BigInt, _>(after.0)
    .bind::<BigInt, _>(after.1)
    .get_result(connection)
}
