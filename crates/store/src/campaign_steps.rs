//! What organisations are shown of their campaigns: figures that move in steps (R16).
//!
//! Each gift is shown up to a stage (applied, billed, collected). Between two ends of a cycle the
//! figures only ever grow, by the gifts of at least so many givers at once; what was taken back
//! meanwhile stays in them. At an end they become what is true. The numbers and dates in the texts
//! are made here, so nothing in them needs escaping.

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::campaign_progress::{GIFTS, PAID};
use crate::{DbConnection, StoreError, on_backend};

/// The stages a gift passes, one after the other: applied, billed, collected.
const STAGES: [i32; 3] = [1, 2, 3];

/// What is shown of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct ShownStages {
    /// The campaign.
    #[diesel(sql_type = BigInt)]
    pub campaign_id: i64,
    /// Units (口) applied for.
    #[diesel(sql_type = BigInt)]
    pub applied_units: i64,
    /// Yen applied for.
    #[diesel(sql_type = BigInt)]
    pub applied_amount: i64,
    /// Units (口) billed.
    #[diesel(sql_type = BigInt)]
    pub billed_units: i64,
    /// Yen billed.
    #[diesel(sql_type = BigInt)]
    pub billed_amount: i64,
    /// Units (口) collected.
    #[diesel(sql_type = BigInt)]
    pub collected_units: i64,
    /// Yen collected.
    #[diesel(sql_type = BigInt)]
    pub collected_amount: i64,
    /// Yen passed on, less what came back and what was taken back: as it is.
    #[diesel(sql_type = BigInt)]
    pub paid_out: i64,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    campaign_id: i64,
}

/// What is shown of an organisation's campaigns, or of all, by campaign.
pub fn shown(
    connection: &mut DbConnection,
    organization_id: Option<i64>,
) -> Result<Vec<ShownStages>, StoreError> {
    let sums: Vec<String> = [("applied", 1), ("billed", 2), ("collected", 3)]
        .iter()
        .flat_map(|(name, stage)| {
            [("units", "d.units"), ("amount", "d.units * d.unit_price")].map(|(what, value)| {
                format!(
                    "CAST(COALESCE(SUM(CASE WHEN s.stage >= {stage} THEN {value} END), 0)
                       AS BIGINT) AS {name}_{what}"
                )
            })
        })
        .collect();
    let sums = sums.join(", ");
    let text = format!(
        "SELECT k.id AS campaign_id, {sums},
           CAST(COALESCE(MAX(p.amount), 0) AS BIGINT) AS paid_out
         FROM campaigns k
         LEFT JOIN campaign_step_gifts s ON s.campaign_id = k.id
         LEFT JOIN donations d ON d.id = s.donation_id
         LEFT JOIN ({PAID}) p ON p.campaign_id = k.id
         WHERE {of} GROUP BY k.id ORDER BY k.id",
        of = of_organization(organization_id)
    );
    Ok(sql_query(text).load(connection)?)
}

/// Those of an organisation's campaigns whose figures have not moved to what is true since a cycle
/// that they are offered in ended; or, while no such cycle is open, since a month ended; or ever.
pub fn with_an_end_passed(
    connection: &mut DbConnection,
    organization_id: Option<i64>,
    today: NaiveDate,
) -> Result<Vec<i64>, StoreError> {
    let month = today.with_day(1).unwrap_or(today);
    let cycles = "SELECT 1 FROM offerings o JOIN cycles y ON y.id = o.cycle_id
      WHERE o.campaign_id = k.id";
    // A cycle's last day is that of its web orders, where it is later.
    let text = format!(
        "SELECT k.id AS campaign_id FROM campaigns k
         LEFT JOIN campaign_steps s ON s.campaign_id = k.id
         WHERE {of} AND (
           s.trued_on IS NULL
           OR EXISTS ({cycles} AND {ended}
             AND (y.closes_on >= s.trued_on OR y.web_closes_on >= s.trued_on))
           OR (s.trued_on < '{month}'
             AND NOT EXISTS ({cycles} AND y.opens_on <= '{today}' AND NOT ({ended}))))
         ORDER BY k.id",
        of = of_organization(organization_id),
        ended = ended(today)
    );
    let found: Vec<Found> = sql_query(text).load(connection)?;
    Ok(found.into_iter().map(|row| row.campaign_id).collect())
}

/// Those of an organisation's campaigns to which so many givers have come, at some stage, since the
/// figures last moved.
pub fn with_givers_come(
    connection: &mut DbConnection,
    organization_id: Option<i64>,
    givers_min: i64,
    today: NaiveDate,
) -> Result<Vec<i64>, StoreError> {
    let come: Vec<String> = STAGES
        .iter()
        .map(|stage| {
            format!(
                "COUNT(DISTINCT CASE WHEN {} THEN g.giver_id END) >= {givers_min}",
                has_come_to(*stage)
            )
        })
        .collect();
    let text = format!(
        "SELECT k.id AS campaign_id FROM campaigns k JOIN ({gifts}) g ON g.campaign_id = k.id
         WHERE {of}
         GROUP BY k.id HAVING {come} ORDER BY k.id",
        of = of_organization(organization_id),
        gifts = gifts(today),
        come = come.join(" OR ")
    );
    let found: Vec<Found> = sql_query(text).load(connection)?;
    Ok(found.into_iter().map(|row| row.campaign_id).collect())
}

/// Makes what is shown of a campaign what is true, but for gifts in cycles still open: of these,
/// nobody comes to be shown by it.
pub fn move_to_what_is_true(
    connection: &mut DbConnection,
    campaign_id: i64,
    today: NaiveDate,
) -> Result<(), StoreError> {
    run(
        connection,
        &format!(
            "DELETE FROM campaign_step_gifts WHERE campaign_id = {campaign_id} AND EXISTS
               (SELECT 1 FROM donations d WHERE d.id = donation_id AND d.state <> 'live')"
        ),
    )?;
    run(
        connection,
        &format!(
            "WITH g AS ({gifts} AND d.campaign_id = {campaign_id})
             INSERT INTO campaign_step_gifts (campaign_id, donation_id, stage)
             SELECT g.campaign_id, g.donation_id, g.stage FROM g
             WHERE g.stage <> g.shown AND (g.is_ended = 1 OR g.stage < g.shown)
             ON CONFLICT (campaign_id, donation_id) DO UPDATE SET stage = excluded.stage",
            gifts = gifts(today)
        ),
    )?;
    run(
        connection,
        &format!(
            "INSERT INTO campaign_steps (campaign_id, trued_on) VALUES ({campaign_id}, '{today}')
             ON CONFLICT (campaign_id) DO UPDATE SET trued_on = excluded.trued_on"
        ),
    )
}

/// Shows what has come to a stage of a campaign, at each stage to which so many givers have come.
/// No gift comes to a stage before it is shown at the one before, so that applied ≥ billed ≥
/// collected holds of what is shown too.
pub fn move_by_givers(
    connection: &mut DbConnection,
    campaign_id: i64,
    givers_min: i64,
    today: NaiveDate,
) -> Result<(), StoreError> {
    for stage in STAGES {
        run(
            connection,
            &format!(
                "WITH g AS ({gifts} AND d.campaign_id = {campaign_id})
                 INSERT INTO campaign_step_gifts (campaign_id, donation_id, stage)
                 SELECT g.campaign_id, g.donation_id, {stage} FROM g
                 WHERE {come} AND {givers_min} <=
                   (SELECT COUNT(DISTINCT g.giver_id) FROM g WHERE {come})
                 ON CONFLICT (campaign_id, donation_id) DO UPDATE SET stage = excluded.stage",
                gifts = gifts(today),
                come = has_come_to(stage)
            ),
        )?;
    }
    Ok(())
}

/// The live gifts: the stage each has reached and that it is shown at (0 where it is not), who gives,
/// whether its cycle has ended. Somebody who moved to another number is one giver.
fn gifts(today: NaiveDate) -> String {
    format!(
        "SELECT f.campaign_id AS campaign_id, f.donation_id AS donation_id,
           1 + f.billed + f.collected AS stage, COALESCE(s.stage, 0) AS shown,
           COALESCE(m.moved_to, m.id) AS giver_id,
           CASE WHEN y.id IS NULL OR ({ended}) THEN 1 ELSE 0 END AS is_ended
         FROM ({GIFTS}) f
         JOIN donations d ON d.id = f.donation_id
         JOIN members m ON m.id = d.member_id
         JOIN applications a ON a.id = d.application_id
         LEFT JOIN offerings o ON o.id = a.offering_id
         LEFT JOIN cycles y ON y.id = o.cycle_id
         LEFT JOIN campaign_step_gifts s
           ON s.campaign_id = f.campaign_id AND s.donation_id = f.donation_id
         WHERE 1 = 1",
        ended = ended(today)
    )
}

/// That a campaign `k` is an organisation's, where one is named.
fn of_organization(organization_id: Option<i64>) -> String {
    organization_id.map_or_else(
        || "1 = 1".to_owned(),
        |id| format!("k.organization_id = {id}"),
    )
}

/// That a gift has reached a stage and is shown at the one before it.
fn has_come_to(stage: i32) -> String {
    format!("g.shown = {} AND g.stage >= {stage}", stage - 1)
}

/// That a cycle `y` has ended, for paper and for web orders.
fn ended(today: NaiveDate) -> String {
    format!("y.closes_on < '{today}' AND (y.web_closes_on IS NULL OR y.web_closes_on < '{today}')")
}

fn run(connection: &mut DbConnection, text: &str) -> Result<(), StoreError> {
    on_backend!(connection, c => sql_query(text).execute(c))?;
    Ok(())
}
