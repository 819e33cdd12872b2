//! How far campaigns are, in stages: applied, billed, collected, passed on (R16). Every screen, export
//! and answer asks here.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamp};

use crate::{DbConnection, StoreError};

/// The stages of a campaign. Each gift counts once, by its latest attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct CampaignStages {
    /// The campaign.
    #[diesel(sql_type = BigInt)]
    pub campaign_id: i64,
    /// Gifts taken.
    #[diesel(sql_type = BigInt)]
    pub applied_gifts: i64,
    /// Their units (口).
    #[diesel(sql_type = BigInt)]
    pub applied_units: i64,
    /// Their yen.
    #[diesel(sql_type = BigInt)]
    pub applied_amount: i64,
    /// Gifts in a batch that counts.
    #[diesel(sql_type = BigInt)]
    pub billed_gifts: i64,
    /// Their units (口).
    #[diesel(sql_type = BigInt)]
    pub billed_units: i64,
    /// Their yen.
    #[diesel(sql_type = BigInt)]
    pub billed_amount: i64,
    /// Gifts collected and not given back.
    #[diesel(sql_type = BigInt)]
    pub collected_gifts: i64,
    /// Their units (口).
    #[diesel(sql_type = BigInt)]
    pub collected_units: i64,
    /// Their yen.
    #[diesel(sql_type = BigInt)]
    pub collected_amount: i64,
    /// Yen passed on, less what came back and what was taken back.
    #[diesel(sql_type = BigInt)]
    pub paid_out: i64,
}

/// The live gifts, each with whether its latest charge that counts is there and is collected.
pub(crate) const GIFTS: &str = "SELECT d.campaign_id AS campaign_id, d.id AS donation_id,
    d.application_id AS application_id, d.coop_id AS coop_id, c.batch_id AS batch_id,
    s.collected_on AS collected_on, d.units AS units, d.units * d.unit_price AS amount,
    CASE WHEN c.batch_id IS NULL THEN 0 ELSE 1 END AS billed,
    CASE WHEN s.id IS NULL OR x.id IS NOT NULL THEN 0 ELSE 1 END AS collected
  FROM donations d
  LEFT JOIN charges c ON c.donation_id = d.id AND c.void_mark = 0 AND c.attempt =
    (SELECT MAX(m.attempt) FROM charges m WHERE m.donation_id = d.id AND m.void_mark = 0)
  LEFT JOIN settlements s ON s.batch_id = c.batch_id AND s.rank = c.rank
    AND s.correction_mark = 0 AND s.result_code = '0'
  LEFT JOIN corrections x ON x.settlement_id = s.id AND x.kind = 'refund'
  WHERE d.state = 'live' AND d.campaign_id IS NOT NULL";

/// Yen of a payout `o`: what came back counts below nothing.
const PAID_AMOUNT: &str = "CASE WHEN o.kind = 'payout' THEN o.amount ELSE -o.amount END";

/// The payouts `o` that were not taken back.
const PAID_FROM: &str = "payouts o
  JOIN journal_entries e ON e.source = 'payout' AND e.source_id = o.id
  WHERE NOT EXISTS (SELECT 1 FROM journal_entries r WHERE r.reverses_id = e.id)";

/// Yen passed on by campaign: payouts less returns, without those taken back.
pub(crate) fn paid() -> String {
    format!(
        "SELECT o.campaign_id AS campaign_id, SUM({PAID_AMOUNT}) AS amount FROM {PAID_FROM}
         GROUP BY o.campaign_id"
    )
}

/// The stages of every campaign, or of one, by campaign.
pub fn stages(
    connection: &mut DbConnection,
    campaign_id: Option<i64>,
) -> Result<Vec<CampaignStages>, StoreError> {
    let only = campaign_id.map_or_else(String::new, |id| format!(" AND d.campaign_id = {id}"));
    let which = campaign_id.map_or_else(String::new, |id| format!(" WHERE k.id = {id}"));
    let sums: Vec<String> = ["applied", "billed", "collected"]
        .iter()
        .flat_map(|stage| {
            let counts = match *stage {
                "applied" => "1",
                stage => stage,
            };
            [("gifts", "1"), ("units", "g.units"), ("amount", "g.amount")].map(|(what, value)| {
                format!("CAST(COALESCE(SUM({counts} * {value}), 0) AS BIGINT) AS {stage}_{what}")
            })
        })
        .collect();
    // A campaign without gifts has one row without values: COALESCE makes it nothing.
    let sums = sums
        .join(", ")
        .replace("SUM(1 * 1)", "COUNT(g.campaign_id)");
    let sql = format!(
        "SELECT k.id AS campaign_id, {sums},
           CAST(COALESCE(MAX(p.amount), 0) AS BIGINT) AS paid_out
         FROM campaigns k LEFT JOIN ({GIFTS}{only}) g ON g.campaign_id = k.id
         LEFT JOIN ({paid}) p ON p.campaign_id = k.id{which}
         GROUP BY k.id ORDER BY k.id",
        paid = paid()
    );
    Ok(sql_query(sql).load(connection)?)
}

/// Gifts of a campaign that came on one day by one channel in one co-op, and went the same way since.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct AlikeGifts {
    /// The day they were received.
    #[diesel(sql_type = Date)]
    pub received_on: NaiveDate,
    /// The channel, as stored.
    #[diesel(sql_type = Text)]
    pub channel: String,
    /// The co-op's id.
    #[diesel(sql_type = BigInt)]
    pub coop_id: i64,
    /// When the batch they are in was closed, UTC; none where they are in none.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub billed_at: Option<NaiveDateTime>,
    /// The day they were collected; none where they are not.
    #[diesel(sql_type = Nullable<Date>)]
    pub collected_on: Option<NaiveDate>,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub gifts: i64,
    /// Their units (口).
    #[diesel(sql_type = BigInt)]
    pub units: i64,
    /// Their yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// The gifts of a campaign, those alike together: what [`stages`] counts, told apart.
pub fn gifts_told_apart(
    connection: &mut DbConnection,
    campaign_id: i64,
) -> Result<Vec<AlikeGifts>, StoreError> {
    let text = format!(
        "SELECT a.received_on AS received_on, a.channel AS channel, g.coop_id AS coop_id,
           b.closed_at AS billed_at,
           CASE WHEN g.collected = 1 THEN g.collected_on END AS collected_on,
           COUNT(*) AS gifts, CAST(SUM(g.units) AS BIGINT) AS units,
           CAST(SUM(g.amount) AS BIGINT) AS amount
         FROM ({GIFTS} AND d.campaign_id = {campaign_id}) g
         JOIN applications a ON a.id = g.application_id
         LEFT JOIN batches b ON b.id = g.batch_id
         GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"
    );
    Ok(sql_query(text).load(connection)?)
}

/// Yen of a campaign passed on in a day, less what came back.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct PaidInADay {
    /// The day.
    #[diesel(sql_type = Date)]
    pub paid_on: NaiveDate,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// What of a campaign was passed on, day by day, without payouts taken back.
pub fn paid_by_day(
    connection: &mut DbConnection,
    campaign_id: i64,
) -> Result<Vec<PaidInADay>, StoreError> {
    let text = format!(
        "SELECT o.paid_on AS paid_on, CAST(SUM({PAID_AMOUNT}) AS BIGINT) AS amount
         FROM {PAID_FROM} AND o.campaign_id = {campaign_id}
         GROUP BY o.paid_on ORDER BY o.paid_on"
    );
    Ok(sql_query(text).load(connection)?)
}
