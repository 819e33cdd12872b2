//! Charges against what they were made from: every column of a charge can be worked out again from
//! its batch, its member and its pledge's plan or its gift.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::{DbConnection, StoreError};

/// Charges named at most.
const NAMED_MAX: usize = 10;

/// The charges that differ from what they were made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Strays {
    /// How many.
    pub count: i64,
    /// The first of them: batch and rank.
    pub named: Vec<(i64, i64)>,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    batch_id: i64,
    #[diesel(sql_type = BigInt)]
    rank: i64,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// A charge of a pledge is of the term in force in its month: among those with the first month in or
/// before it the one of the greatest (revision, first month). What was planned after a batch was
/// voided does not touch that batch, so there the revision is taken as it stands.
///
/// A later try is for the month of the one it repeats, and in a batch of a later one (R13).
///
/// A gift is charged in its month; one whose batch was voided may have been moved on since.
const STRAYS: &str = "
    SELECT c.batch_id AS batch_id, c.rank AS rank
    FROM charges c
    LEFT JOIN batches b ON b.id = c.batch_id
    LEFT JOIN members m ON m.id = c.member_id
    LEFT JOIN pledges p ON p.id = c.pledge_id
    LEFT JOIN donations d ON d.id = c.donation_id
    WHERE b.id IS NULL OR m.id IS NULL
      OR (c.attempt = 1 AND (c.month <> b.month
        OR c.repeats_batch_id IS NOT NULL OR c.repeats_rank IS NOT NULL))
      OR (c.attempt <> 1 AND (c.month >= b.month OR NOT EXISTS (SELECT 1 FROM charges r
        WHERE r.batch_id = c.repeats_batch_id AND r.rank = c.repeats_rank
          AND r.month = c.month AND r.attempt = c.attempt - 1
          AND (r.pledge_id = c.pledge_id OR r.donation_id = c.donation_id))))
      OR c.void_mark <> CASE b.state WHEN 'closed' THEN 0 ELSE b.id END
      OR c.member_number <> m.number OR b.coop_id <> m.coop_id
      OR c.amount <> c.units * c.unit_price
      OR (c.pledge_id IS NOT NULL AND (p.id IS NULL
        OR c.donation_id IS NOT NULL OR c.revision IS NULL OR c.kind <> 'supporter'
        OR p.member_id <> c.member_id OR p.coop_id <> b.coop_id
        OR COALESCE(p.order_number, '') <> c.order_number
        OR NOT EXISTS (SELECT 1 FROM pledge_terms t
          WHERE t.pledge_id = c.pledge_id AND t.revision = c.revision
            AND t.from_month <= c.month AND t.units = c.units AND t.unit_price = c.unit_price
            AND NOT EXISTS (SELECT 1 FROM pledge_terms later
              WHERE later.pledge_id = t.pledge_id AND later.from_month <= c.month
                AND (later.revision, later.from_month) > (t.revision, t.from_month)
                AND (b.state = 'closed' OR later.revision = t.revision)))))
      OR (c.pledge_id IS NULL AND (d.id IS NULL OR c.revision IS NOT NULL
        OR c.kind <> d.kind OR d.member_id <> c.member_id OR d.coop_id <> b.coop_id
        OR d.order_number <> c.order_number
        OR d.units <> c.units OR d.unit_price <> c.unit_price
        OR (b.state = 'closed' AND (d.state <> 'live' OR d.collection_month <> c.month))))";

/// Finds the charges that are not what they were made from.
pub fn strays(connection: &mut DbConnection) -> Result<Strays, StoreError> {
    find(connection, STRAYS)
}

/// SQLite joins CROSS JOINs in the order written: each charge looks for the one after it.
///
/// Of two charges of one member, kind and order number the application taken in first comes first.
const OUT_OF_ORDER: &str = "
    SELECT c.batch_id AS batch_id, c.rank AS rank
    FROM charges before
    CROSS JOIN charges c
    LEFT JOIN pledges bp ON bp.id = before.pledge_id
    LEFT JOIN donations bd ON bd.id = before.donation_id
    LEFT JOIN pledges p ON p.id = c.pledge_id
    LEFT JOIN donations d ON d.id = c.donation_id
    WHERE c.batch_id = before.batch_id AND c.rank = before.rank + 1
      AND c.member_number = before.member_number AND c.kind = before.kind
      AND c.order_number = before.order_number
      AND (COALESCE(bp.application_id, bd.application_id, 0), COALESCE(bp.id, 0))
        > (COALESCE(p.application_id, d.application_id, 0), COALESCE(p.id, 0))";

/// Finds charges that stand after one they ought to stand before, where only the order of intake
/// tells.
pub fn out_of_order(connection: &mut DbConnection) -> Result<Strays, StoreError> {
    find(connection, OUT_OF_ORDER)
}

fn find(connection: &mut DbConnection, sql: &str) -> Result<Strays, StoreError> {
    let found: Vec<Found> = sql_query(format!(
        "SELECT CAST(batch_id AS BIGINT) AS batch_id, CAST(rank AS BIGINT) AS rank,
           COUNT(*) OVER () AS count
         FROM ({sql}) broken ORDER BY batch_id, rank LIMIT {NAMED_MAX}"
    ))
    .load(connection)?;
    Ok(Strays {
        count: found.first().map_or(0, |first| first.count),
        named: found.iter().map(|row| (row.batch_id, row.rank)).collect(),
    })
}
