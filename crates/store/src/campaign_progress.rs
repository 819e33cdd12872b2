//! How far campaigns are, in stages: applied, billed, collected, passed on (R16). Every screen, export
//! and answer asks here.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

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
    d.units AS units, d.units * d.unit_price AS amount,
    CASE WHEN c.batch_id IS NULL THEN 0 ELSE 1 END AS billed,
    CASE WHEN s.id IS NULL OR x.id IS NOT NULL THEN 0 ELSE 1 END AS collected
  FROM donations d
  LEFT JOIN charges c ON c.donation_id = d.id AND c.void_mark = 0 AND c.attempt =
    (SELECT MAX(m.attempt) FROM charges m WHERE m.donation_id = d.id AND m.void_mark = 0)
  LEFT JOIN settlements s ON s.batch_id = c.batch_id AND s.rank = c.rank
    AND s.correction_mark = 0 AND s.result_code = '0'
  LEFT JOIN corrections x ON x.settlement_id = s.id AND x.kind = 'refund'
  WHERE d.state = 'live' AND d.campaign_id IS NOT NULL";

/// Yen passed on by campaign: payouts less returns, without those taken back.
pub(crate) const PAID: &str = "SELECT o.campaign_id AS campaign_id,
    SUM(CASE WHEN o.kind = 'payout' THEN o.amount ELSE -o.amount END) AS amount
  FROM payouts o JOIN journal_entries e ON e.source = 'payout' AND e.source_id = o.id
  WHERE NOT EXISTS (SELECT 1 FROM journal_entries r WHERE r.reverses_id = e.id)
  GROUP BY o.campaign_id";

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
         LEFT JOIN ({PAID}) p ON p.campaign_id = k.id{which}
         GROUP BY k.id ORDER BY k.id"
    );
    Ok(sql_query(sql).load(connection)?)
}
