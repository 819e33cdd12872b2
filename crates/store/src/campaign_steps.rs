//! What organisations and the public are shown of campaigns: figures that move in steps (R16).
//!
//! Each gift is shown up to a stage (applied, billed, collected). Between two ends of a cycle the
//! figures only ever grow, by the gifts of at least so many givers at once; what was taken back
//! meanwhile stays in them. At an end they become what is true. The figures themselves stand in
//! `campaign_steps`, so that a look costs a row; whether so many givers have come costs no more than
//! what is on its way. The numbers and dates in the texts are made here, so nothing in them needs
//! escaping.

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::campaign_progress::{GIFTS, paid};
use crate::{DbConnection, StoreError, on_backend};

/// A stage that a gift passes, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Applied for.
    Applied = 1,
    /// In a batch that counts.
    Billed = 2,
    /// Collected, and not given back.
    Collected = 3,
}

impl Stage {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Applied, Self::Billed, Self::Collected];
}

/// Which campaigns are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// All there are.
    Everybodys,
    /// An organisation's, by its id.
    Organizations(i64),
    /// One, by its id.
    One(i64),
}

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

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Come {
    #[diesel(sql_type = BigInt)]
    gifts: i64,
    #[diesel(sql_type = BigInt)]
    givers: i64,
}

/// Gifts on their way to a stage.
struct Coming {
    /// A query of `donation_id` and `giver_id`.
    gifts: String,
    /// All of them are newer than this one, where that is known.
    newer_than: Option<i64>,
}

#[derive(QueryableByName)]
struct Sums {
    #[diesel(sql_type = BigInt)]
    gifts: i64,
    #[diesel(sql_type = BigInt)]
    units: i64,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// What is shown, by campaign.
pub fn shown(connection: &mut DbConnection, whose: Whose) -> Result<Vec<ShownStages>, StoreError> {
    let sums: Vec<String> = ["applied", "billed", "collected"]
        .iter()
        .flat_map(|stage| ["units", "amount"].map(|what| format!("{stage}_{what}")))
        .map(|column| format!("COALESCE(s.{column}, 0) AS {column}"))
        .collect();
    let text = format!(
        "SELECT k.id AS campaign_id, {sums}, CAST(COALESCE(p.amount, 0) AS BIGINT) AS paid_out
         FROM campaigns k
         LEFT JOIN campaign_steps s ON s.campaign_id = k.id
         LEFT JOIN ({paid}) p ON p.campaign_id = k.id
         WHERE {of} ORDER BY k.id",
        sums = sums.join(", "),
        paid = paid(),
        of = of(whose)
    );
    Ok(sql_query(text).load(connection)?)
}

/// Those whose figures have not moved to what is true since a cycle that they are offered in ended;
/// or, while no such cycle is open, since a month ended; or ever.
pub fn with_an_end_passed(
    connection: &mut DbConnection,
    whose: Whose,
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
        of = of(whose),
        ended = ended(today)
    );
    let found: Vec<Found> = sql_query(text).load(connection)?;
    Ok(found.into_iter().map(|row| row.campaign_id).collect())
}

/// The campaigns looked at.
pub fn of_whom(connection: &mut DbConnection, whose: Whose) -> Result<Vec<i64>, StoreError> {
    let text = format!(
        "SELECT k.id AS campaign_id FROM campaigns k WHERE {} ORDER BY k.id",
        of(whose)
    );
    let found: Vec<Found> = sql_query(text).load(connection)?;
    Ok(found.into_iter().map(|row| row.campaign_id).collect())
}

/// Whether so many givers have come to any of these campaigns, at one of these stages, since the
/// figures last moved.
pub fn have_givers_come(
    connection: &mut DbConnection,
    whose: Whose,
    stages: &[Stage],
    givers_min: i64,
) -> Result<bool, StoreError> {
    for campaign_id in of_whom(connection, whose)? {
        for stage in stages {
            if come(connection, campaign_id, *stage, givers_min)?.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The gifts that have come to a stage of a campaign; none where they are of fewer givers.
fn come(
    connection: &mut DbConnection,
    campaign_id: i64,
    stage: Stage,
    givers_min: i64,
) -> Result<Option<Coming>, StoreError> {
    let all = on_its_way(campaign_id, stage);
    if stage == Stage::Applied {
        // Counting the gifts is much less than finding those that are not shown yet.
        let missing = not_shown_yet(connection, campaign_id)?;
        if missing < givers_min {
            return Ok(None);
        }
        // As a rule they are the newest. One that was given back, or was slow to be there, may not be.
        let seen_to = seen_to(connection, campaign_id)?;
        let newest = format!("{all} AND d.id > {seen_to}");
        let found = counted(connection, &newest)?;
        if found.gifts == missing {
            return Ok((found.givers >= givers_min).then_some(Coming {
                gifts: newest,
                newer_than: Some(seen_to),
            }));
        }
    }
    let found = counted(connection, &all)?;
    Ok((found.givers >= givers_min).then_some(Coming {
        gifts: all,
        newer_than: None,
    }))
}

fn counted(connection: &mut DbConnection, gifts: &str) -> Result<Come, StoreError> {
    let text =
        format!("SELECT COUNT(*) AS gifts, COUNT(DISTINCT g.giver_id) AS givers FROM ({gifts}) g");
    Ok(sql_query(text).get_result(connection)?)
}

/// Up to which gift of a campaign all live ones are shown, as far as is known.
fn seen_to(connection: &mut DbConnection, campaign_id: i64) -> Result<i64, StoreError> {
    count(
        connection,
        &format!(
            "SELECT COALESCE(MAX(s.seen_to), 0) AS count FROM campaign_steps s
             WHERE s.campaign_id = {campaign_id}"
        ),
    )
}

/// How many live gifts of a campaign are not shown at all.
fn not_shown_yet(connection: &mut DbConnection, campaign_id: i64) -> Result<i64, StoreError> {
    let gifts = format!("FROM donations d WHERE d.campaign_id = {campaign_id}");
    count(
        connection,
        &format!(
            "SELECT (SELECT COUNT(*) {gifts} AND d.state = 'live')
               + (SELECT COUNT(*) {gifts} AND d.state = 'cancelled' AND EXISTS
                   (SELECT 1 FROM campaign_step_gifts s
                    WHERE s.campaign_id = {campaign_id} AND s.donation_id = d.id))
               - COALESCE((SELECT s.gifts FROM campaign_steps s
                   WHERE s.campaign_id = {campaign_id}), 0) AS count"
        ),
    )
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
    )?;
    run(
        connection,
        &format!(
            "UPDATE campaign_steps SET seen_to = COALESCE(
               (SELECT MIN(g.donation_id) - 1 FROM ({unseen}) g), ({newest}))
             WHERE campaign_id = {campaign_id}",
            unseen = on_its_way(campaign_id, Stage::Applied),
            newest = newest_shown(campaign_id)
        ),
    )?;
    sum_up(connection, campaign_id)
}

/// Shows what has come to these stages of a campaign, at each to which so many givers have come.
/// No gift comes to a stage before it is shown at the one before, so that applied ≥ billed ≥
/// collected holds of what is shown too. Where one that comes to be shown was billed before, the
/// later stages are looked at whether they are named or not.
pub fn move_by_givers(
    connection: &mut DbConnection,
    campaign_id: i64,
    stages: &[Stage],
    givers_min: i64,
) -> Result<(), StoreError> {
    let (mut are_all_wanted, mut has_moved) = (false, false);
    if stages.contains(&Stage::Applied)
        && let Some(coming) = come(connection, campaign_id, Stage::Applied, givers_min)?
    {
        are_all_wanted = is_one_billed(connection, &coming.gifts)?;
        match coming.newer_than {
            Some(id) => show_newest(connection, campaign_id, &coming.gifts, id)?,
            None => {
                show_at(connection, campaign_id, Stage::Applied, &coming.gifts)?;
                has_moved = true;
            }
        }
        run(
            connection,
            &format!(
                "UPDATE campaign_steps SET seen_to = ({}) WHERE campaign_id = {campaign_id}",
                newest_shown(campaign_id)
            ),
        )?;
    }
    for stage in [Stage::Billed, Stage::Collected] {
        if !are_all_wanted && !stages.contains(&stage) {
            continue;
        }
        if let Some(coming) = come(connection, campaign_id, stage, givers_min)? {
            show_at(connection, campaign_id, stage, &coming.gifts)?;
            has_moved = true;
        }
    }
    match has_moved {
        true => sum_up(connection, campaign_id),
        false => Ok(()),
    }
}

fn show_at(
    connection: &mut DbConnection,
    campaign_id: i64,
    stage: Stage,
    gifts: &str,
) -> Result<(), StoreError> {
    run(
        connection,
        &format!(
            "INSERT INTO campaign_step_gifts (campaign_id, donation_id, stage)
             SELECT {campaign_id}, g.donation_id, {number} FROM ({gifts}) g WHERE 1 = 1
             ON CONFLICT (campaign_id, donation_id) DO UPDATE SET stage = excluded.stage",
            number = stage as i32
        ),
    )
}

/// Shows gifts that are all newer than one, and adds to the figures what came to be shown by it: summing
/// up a million takes seconds. Counted is what is shown after less what was before, not what is on its
/// way: on PostgreSQL others may give or take back between two statements.
fn show_newest(
    connection: &mut DbConnection,
    campaign_id: i64,
    gifts: &str,
    newer_than: i64,
) -> Result<(), StoreError> {
    let before = shown_after(connection, campaign_id, newer_than)?;
    show_at(connection, campaign_id, Stage::Applied, gifts)?;
    let after = shown_after(connection, campaign_id, newer_than)?;
    run(
        connection,
        &format!(
            "UPDATE campaign_steps SET gifts = gifts + {gifts},
               applied_units = applied_units + {units}, applied_amount = applied_amount + {amount}
             WHERE campaign_id = {campaign_id}",
            gifts = after.gifts - before.gifts,
            units = after.units - before.units,
            amount = after.amount - before.amount
        ),
    )
}

/// What the gifts of a campaign that are shown and newer than one come to.
fn shown_after(
    connection: &mut DbConnection,
    campaign_id: i64,
    newer_than: i64,
) -> Result<Sums, StoreError> {
    let text = format!(
        "SELECT COUNT(*) AS gifts, CAST(COALESCE(SUM(d.units), 0) AS BIGINT) AS units,
           CAST(COALESCE(SUM(d.units * d.unit_price), 0) AS BIGINT) AS amount
         FROM campaign_step_gifts s JOIN donations d ON d.id = s.donation_id
         WHERE s.campaign_id = {campaign_id} AND s.donation_id > {newer_than}"
    );
    Ok(sql_query(text).get_result(connection)?)
}

/// Whether one of these gifts is in a batch that counts.
fn is_one_billed(connection: &mut DbConnection, gifts: &str) -> Result<bool, StoreError> {
    let billed = count(
        connection,
        &format!(
            "SELECT COUNT(*) AS count FROM ({gifts}) g WHERE EXISTS
               (SELECT 1 FROM charges c WHERE c.donation_id = g.donation_id AND c.void_mark = 0)"
        ),
    )?;
    Ok(billed > 0)
}

/// The newest gift of a campaign that is shown; 0 where none is.
fn newest_shown(campaign_id: i64) -> String {
    format!(
        "SELECT COALESCE(MAX(s.donation_id), 0) FROM campaign_step_gifts s
         WHERE s.campaign_id = {campaign_id}"
    )
}

/// The live gifts of a campaign that have reached a stage and are shown at the one before it, and who
/// gives. Somebody who moved to another number is one giver.
fn on_its_way(campaign_id: i64, stage: Stage) -> String {
    let giver = "COALESCE(m.moved_to, m.id) AS giver_id";
    let shown = "SELECT 1 FROM campaign_step_gifts s
        WHERE s.campaign_id = d.campaign_id AND s.donation_id = d.id";
    match stage {
        Stage::Applied => format!(
            "SELECT d.id AS donation_id, {giver}
             FROM donations d JOIN members m ON m.id = d.member_id
             WHERE d.campaign_id = {campaign_id} AND d.state = 'live' AND NOT EXISTS ({shown})"
        ),
        Stage::Billed => format!(
            "SELECT d.id AS donation_id, {giver}
             FROM campaign_step_gifts s JOIN donations d ON d.id = s.donation_id
             JOIN members m ON m.id = d.member_id
             WHERE s.campaign_id = {campaign_id} AND s.stage = 1 AND d.state = 'live'
               AND EXISTS (SELECT 1 FROM charges c WHERE c.donation_id = d.id AND c.void_mark = 0)"
        ),
        Stage::Collected => format!(
            "SELECT s.donation_id AS donation_id, {giver}
             FROM campaign_step_gifts s
             JOIN ({GIFTS} AND d.campaign_id = {campaign_id}) f ON f.donation_id = s.donation_id
             JOIN donations d ON d.id = s.donation_id
             JOIN members m ON m.id = d.member_id
             WHERE s.campaign_id = {campaign_id} AND s.stage = 2 AND f.collected = 1"
        ),
    }
}

/// Takes the figures of a campaign anew from the gifts that are shown.
fn sum_up(connection: &mut DbConnection, campaign_id: i64) -> Result<(), StoreError> {
    let sums: Vec<(String, String)> = [("applied", 1), ("billed", 2), ("collected", 3)]
        .iter()
        .flat_map(|(name, stage)| {
            [("units", "d.units"), ("amount", "d.units * d.unit_price")].map(|(what, value)| {
                let sum = format!(
                    "CAST(COALESCE(SUM(CASE WHEN s.stage >= {stage} THEN {value} END), 0) AS BIGINT)"
                );
                (format!("{name}_{what}"), sum)
            })
        })
        .collect();
    let (columns, sums): (Vec<String>, Vec<String>) = sums.into_iter().unzip();
    run(
        connection,
        &format!(
            "UPDATE campaign_steps SET (gifts, {columns}) =
               (SELECT COUNT(*), {sums} FROM campaign_step_gifts s
                JOIN donations d ON d.id = s.donation_id WHERE s.campaign_id = {campaign_id})
             WHERE campaign_id = {campaign_id}",
            columns = columns.join(", "),
            sums = sums.join(", ")
        ),
    )
}

/// The live gifts: the stage each has reached and that it is shown at (0 where it is not), and
/// whether its cycle has ended.
fn gifts(today: NaiveDate) -> String {
    format!(
        "SELECT f.campaign_id AS campaign_id, f.donation_id AS donation_id,
           1 + f.billed + f.collected AS stage, COALESCE(s.stage, 0) AS shown,
           CASE WHEN y.id IS NULL OR ({ended}) THEN 1 ELSE 0 END AS is_ended
         FROM ({GIFTS}) f
         JOIN donations d ON d.id = f.donation_id
         JOIN applications a ON a.id = d.application_id
         LEFT JOIN offerings o ON o.id = a.offering_id
         LEFT JOIN cycles y ON y.id = o.cycle_id
         LEFT JOIN campaign_step_gifts s
           ON s.campaign_id = f.campaign_id AND s.donation_id = f.donation_id
         WHERE 1 = 1",
        ended = ended(today)
    )
}

/// That a campaign `k` is one of those looked at.
fn of(whose: Whose) -> String {
    match whose {
        Whose::Everybodys => "1 = 1".to_owned(),
        Whose::Organizations(id) => format!("k.organization_id = {id}"),
        Whose::One(id) => format!("k.id = {id}"),
    }
}

/// That a cycle `y` has ended, for paper and for web orders.
fn ended(today: NaiveDate) -> String {
    format!("y.closes_on < '{today}' AND (y.web_closes_on IS NULL OR y.web_closes_on < '{today}')")
}

fn count(connection: &mut DbConnection, text: &str) -> Result<i64, StoreError> {
    let counted: Count = sql_query(text).get_result(connection)?;
    Ok(counted.count)
}

fn run(connection: &mut DbConnection, text: &str) -> Result<(), StoreError> {
    on_backend!(connection, c => sql_query(text).execute(c))?;
    Ok(())
}
