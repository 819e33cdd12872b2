//! What could not be collected of a batch, and what followed.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use crate::{DbConnection, StoreError};

/// Whose failures are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailuresOf {
    /// Those of a batch.
    Batch(i64),
    /// Those that a file of results tells of.
    ResultFile(i64),
}

impl FailuresOf {
    /// The condition in SQL.
    fn condition(self) -> String {
        match self {
            Self::Batch(id) => format!("s.batch_id = {id}"),
            Self::ResultFile(id) => format!("s.result_file_id = {id}"),
        }
    }
}

/// What failed for one reason, and what follows of it.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct FailureSum {
    /// Why.
    #[diesel(sql_type = Text)]
    pub result_code: String,
    /// The month in which it is tried again, as 202509; none where it is not.
    #[diesel(sql_type = Nullable<Integer>)]
    pub carry_month: Option<i32>,
    /// How many charges.
    #[diesel(sql_type = BigInt)]
    pub charges: i64,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// What has failed and stands, by reason and by the month of the next try.
pub fn failure_sums(
    connection: &mut DbConnection,
    of: FailuresOf,
) -> Result<Vec<FailureSum>, StoreError> {
    Ok(sql_query(format!(
        "SELECT s.result_code, s.carry_month, COUNT(*) AS charges,
           CAST(SUM(s.amount) AS BIGINT) AS amount
         FROM settlements s
         WHERE {} AND s.correction_mark = 0 AND s.result_code <> '0'
         GROUP BY s.result_code, s.carry_month
         ORDER BY s.result_code, COALESCE(s.carry_month, 0)",
        of.condition()
    ))
    .load(connection)?)
}

/// A pledge that ended because it could not be collected.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct EndedPledge {
    /// The pledge.
    #[diesel(sql_type = BigInt)]
    pub pledge_id: i64,
    /// Code of the member's co-op.
    #[diesel(sql_type = Text)]
    pub coop: String,
    /// The member's number.
    #[diesel(sql_type = Text)]
    pub member_number: String,
    /// Name of the fund.
    #[diesel(sql_type = Text)]
    pub fund: String,
    /// The first month without it, as 202510.
    #[diesel(sql_type = Integer)]
    pub ends_from: i32,
}

/// The pledges among what has failed whose plan a result of a collection has ended, and that are
/// still ended, `rows` at most, by co-op and member.
pub fn ended_pledges(
    connection: &mut DbConnection,
    of: FailuresOf,
    rows: i64,
) -> Result<Vec<EndedPledge>, StoreError> {
    Ok(sql_query(format!(
        "SELECT DISTINCT p.id AS pledge_id, k.code AS coop, m.number AS member_number,
           f.name AS fund, p.ends_from
         FROM settlements s
         JOIN charges c ON c.batch_id = s.batch_id AND c.rank = s.rank
         JOIN pledges p ON p.id = c.pledge_id
         JOIN pledge_terms t ON t.pledge_id = p.id AND t.cause = 'settlement' AND t.units = 0
           AND t.from_month = p.ends_from
         JOIN members m ON m.id = p.member_id
         JOIN cooperatives k ON k.id = p.coop_id
         JOIN funds f ON f.id = p.fund_id
         WHERE {} AND s.correction_mark = 0 AND s.result_code <> '0'
         ORDER BY k.code, m.number, p.id LIMIT $1",
        of.condition()
    ))
    .bind::<BigInt, _>(rows)
    .load(connection)?)
}
