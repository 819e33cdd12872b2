//! Sums over the journal: every report and every balance asks here.
//!
//! What an entry counts from is `posted_on`, so that a report on a closed month never changes. The
//! numbers and dates in the texts are made here, so nothing in them needs escaping.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};

use crate::{DbConnection, StoreError};

/// Which postings to sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PostingFilter {
    /// Of one account.
    pub account: Option<i32>,
    /// Of one fund.
    pub fund_id: Option<i64>,
    /// With one co-op.
    pub coop_id: Option<i64>,
    /// For one campaign.
    pub campaign_id: Option<i64>,
    /// Of one batch.
    pub batch_id: Option<i64>,
    /// Of so many yen or more, on either side.
    pub amount_min: Option<i64>,
    /// Of so many yen or fewer, on either side.
    pub amount_max: Option<i64>,
    /// Without the entries that carry a fiscal year's revenue and expense over.
    pub before_year_close: bool,
}

impl PostingFilter {
    /// The conditions on `p`, a posting, and `e`, its entry: ` AND …`.
    pub(crate) fn sql(&self) -> String {
        let mut sql = String::new();
        let numbers = [
            ("p.account", self.account.map(i64::from)),
            ("p.fund_id", self.fund_id),
            ("p.coop_id", self.coop_id),
            ("p.campaign_id", self.campaign_id),
            ("p.batch_id", self.batch_id),
        ];
        for (column, number) in numbers {
            if let Some(number) = number {
                sql += &format!(" AND {column} = {number}");
            }
        }
        if let Some(amount) = self.amount_min {
            sql += &format!(" AND ABS(p.amount) >= {amount}");
        }
        if let Some(amount) = self.amount_max {
            sql += &format!(" AND ABS(p.amount) <= {amount}");
        }
        if self.before_year_close {
            sql += " AND e.source <> 'year_close'";
        }
        sql
    }
}

/// From one day to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day; from the beginning where there is none.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: NaiveDate,
}

impl Days {
    fn first(&self) -> NaiveDate {
        self.from.unwrap_or(BEGINNING)
    }
}

/// Before every entry there can be.
const BEGINNING: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// What an account comes to in one fund, co-op and campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct AccountSums {
    /// The account.
    #[diesel(sql_type = Integer)]
    pub account: i32,
    /// The fund.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub fund_id: Option<i64>,
    /// The co-op.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub coop_id: Option<i64>,
    /// The campaign.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub campaign_id: Option<i64>,
    /// Yen before the first day: debit positive.
    #[diesel(sql_type = BigInt)]
    pub opening: i64,
    /// Yen debited between the days.
    #[diesel(sql_type = BigInt)]
    pub debit: i64,
    /// Yen credited between the days, positive.
    #[diesel(sql_type = BigInt)]
    pub credit: i64,
}

/// The sums of every account, fund, co-op and campaign that postings name, by account.
pub fn account_sums(
    connection: &mut DbConnection,
    days: Days,
    filter: &PostingFilter,
) -> Result<Vec<AccountSums>, StoreError> {
    let (first, last, only) = (days.first(), days.to, filter.sql());
    let sql = format!(
        "SELECT p.account AS account, p.fund_id AS fund_id, p.coop_id AS coop_id,
           p.campaign_id AS campaign_id,
           CAST(SUM(CASE WHEN e.posted_on < '{first}' THEN p.amount ELSE 0 END) AS BIGINT) AS opening,
           CAST(SUM(CASE WHEN e.posted_on >= '{first}' AND p.amount > 0 THEN p.amount ELSE 0 END)
             AS BIGINT) AS debit,
           CAST(SUM(CASE WHEN e.posted_on >= '{first}' AND p.amount < 0 THEN -p.amount ELSE 0 END)
             AS BIGINT) AS credit
         FROM journal_postings p JOIN journal_entries e ON e.id = p.entry_id
         WHERE e.posted_on <= '{last}'{only}
         GROUP BY p.account, p.fund_id, p.coop_id, p.campaign_id
         ORDER BY p.account, COALESCE(p.fund_id, 0), COALESCE(p.coop_id, 0), COALESCE(p.campaign_id, 0)"
    );
    Ok(sql_query(sql).load(connection)?)
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// The balance of what a filter leaves, up to now: debit positive.
pub fn balance(connection: &mut DbConnection, filter: &PostingFilter) -> Result<i64, StoreError> {
    let only = filter.sql();
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(p.amount), 0) AS BIGINT) AS amount
         FROM journal_postings p JOIN journal_entries e ON e.id = p.entry_id WHERE 1 = 1{only}"
    );
    Ok(sql_query(sql).get_result::<Sum>(connection)?.amount)
}

/// A posting of an account, with its entry.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct LedgerLine {
    /// The entry.
    #[diesel(sql_type = BigInt)]
    pub entry_id: i64,
    /// The line of the entry.
    #[diesel(sql_type = BigInt)]
    pub line_no: i64,
    /// When it counts from.
    #[diesel(sql_type = Date)]
    pub posted_on: NaiveDate,
    /// The true date.
    #[diesel(sql_type = Date)]
    pub occurred_on: NaiveDate,
    /// What it came from.
    #[diesel(sql_type = Text)]
    pub source: String,
    /// What it is about.
    #[diesel(sql_type = Text)]
    pub description: String,
    /// Yen: debit positive.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    /// The fund.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub fund_id: Option<i64>,
    /// The co-op.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub coop_id: Option<i64>,
    /// The campaign.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub campaign_id: Option<i64>,
    /// The batch.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub batch_id: Option<i64>,
}

/// The place of a posting among those of an account: when it counts from, its entry, its line.
pub type LedgerPlace = (NaiveDate, i64, i64);

/// The condition that a posting comes behind a place.
fn behind((day, entry, line): LedgerPlace) -> String {
    format!("(e.posted_on, p.entry_id, p.line_no) > ('{day}', {entry}, {line})")
}

/// The postings that a filter leaves between two days, from behind `after` on, at most `rows`, by
/// day, entry and line.
pub fn ledger_lines(
    connection: &mut DbConnection,
    days: Days,
    filter: &PostingFilter,
    after: Option<LedgerPlace>,
    rows: i64,
) -> Result<Vec<LedgerLine>, StoreError> {
    let (first, last, only) = (days.first(), days.to, filter.sql());
    let rest = after.map_or_else(String::new, |place| format!(" AND {}", behind(place)));
    let sql = format!(
        "SELECT p.entry_id, p.line_no, e.posted_on, e.occurred_on, e.source, e.description, p.amount,
           p.fund_id, p.coop_id, p.campaign_id, p.batch_id
         FROM journal_postings p JOIN journal_entries e ON e.id = p.entry_id
         WHERE e.posted_on BETWEEN '{first}' AND '{last}'{only}{rest}
         ORDER BY e.posted_on, p.entry_id, p.line_no LIMIT {rows}"
    );
    Ok(sql_query(sql).load(connection)?)
}

/// What the postings that a filter leaves come to, up to and with the one at a place: debit positive.
pub fn balance_up_to(
    connection: &mut DbConnection,
    filter: &PostingFilter,
    place: LedgerPlace,
) -> Result<i64, StoreError> {
    let (day, only, behind) = (place.0, filter.sql(), behind(place));
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(p.amount), 0) AS BIGINT) AS amount
         FROM journal_postings p JOIN journal_entries e ON e.id = p.entry_id
         WHERE e.posted_on <= '{day}' AND NOT {behind}{only}"
    );
    Ok(sql_query(sql).get_result::<Sum>(connection)?.amount)
}

/// What a co-op collected of a batch and has handed over.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct BatchReceivable {
    /// The co-op.
    #[diesel(sql_type = BigInt)]
    pub coop_id: i64,
    /// The batch.
    #[diesel(sql_type = BigInt)]
    pub batch_id: i64,
    /// Its month, as 202508.
    #[diesel(sql_type = Integer)]
    pub month: i32,
    /// Which of the month's.
    #[diesel(sql_type = Integer)]
    pub sequence: i32,
    /// Yen collected, less what was taken back.
    #[diesel(sql_type = BigInt)]
    pub collected: i64,
    /// Yen handed over, fees included.
    #[diesel(sql_type = BigInt)]
    pub remitted: i64,
    /// The day of its first posting.
    #[diesel(sql_type = Date)]
    pub since: NaiveDate,
}

/// The receivables from co-ops on a day by batch, oldest first; settled ones too.
pub fn receivables(
    connection: &mut DbConnection,
    as_of: Option<NaiveDate>,
    coop_id: Option<i64>,
) -> Result<Vec<BatchReceivable>, StoreError> {
    let until = as_of.map_or_else(String::new, |day| format!(" AND e.posted_on <= '{day}'"));
    let only = coop_id.map_or_else(String::new, |id| format!(" AND p.coop_id = {id}"));
    let sql = format!(
        "SELECT p.coop_id, p.batch_id, b.month, b.sequence,
           CAST(SUM(CASE WHEN {IS_REMITTED} THEN 0 ELSE p.amount END) AS BIGINT) AS collected,
           CAST(SUM(CASE WHEN {IS_REMITTED} THEN -p.amount ELSE 0 END) AS BIGINT) AS remitted,
           MIN(e.posted_on) AS since
         FROM journal_postings p JOIN journal_entries e ON e.id = p.entry_id
         LEFT JOIN journal_entries r ON r.id = e.reverses_id
         JOIN batches b ON b.id = p.batch_id
         WHERE p.account = 1131{until}{only}
         GROUP BY p.coop_id, p.batch_id, b.month, b.sequence
         ORDER BY p.coop_id, b.month, b.sequence, p.batch_id"
    );
    Ok(sql_query(sql).load(connection)?)
}

/// What is due of a batch for one fund or campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct DueOfBatch {
    /// The fund.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub fund_id: Option<i64>,
    /// The campaign.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub campaign_id: Option<i64>,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub due: i64,
}

/// What is due of a batch now, by fund and campaign.
pub fn due_of_batch(
    connection: &mut DbConnection,
    coop_id: i64,
    batch_id: i64,
) -> Result<Vec<DueOfBatch>, StoreError> {
    let sql = format!(
        "SELECT fund_id, campaign_id, CAST(SUM(amount) AS BIGINT) AS due FROM journal_postings
         WHERE account = 1131 AND coop_id = {coop_id} AND batch_id = {batch_id}
         GROUP BY fund_id, campaign_id HAVING SUM(amount) <> 0
         ORDER BY COALESCE(fund_id, 0), COALESCE(campaign_id, 0)"
    );
    Ok(sql_query(sql).load(connection)?)
}

/// A remittance, or one taken back.
const IS_REMITTED: &str =
    "(e.source = 'remittance' OR (r.id IS NOT NULL AND r.source = 'remittance'))";

/// What the journal says about a campaign, the close of years aside. Yen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct CampaignSums {
    /// The campaign.
    #[diesel(sql_type = BigInt)]
    pub campaign_id: i64,
    /// On 2131: held for the organisation.
    #[diesel(sql_type = BigInt)]
    pub held: i64,
    /// On 1141: what the organisation owes back.
    #[diesel(sql_type = BigInt)]
    pub owed_back: i64,
    /// On 4213: the fund's own income for the campaign.
    #[diesel(sql_type = BigInt)]
    pub income: i64,
    /// On 5112: passed on from it, less what is owed back.
    #[diesel(sql_type = BigInt)]
    pub passed_on: i64,
}

/// What the journal says on a day about every campaign it names, or about one.
pub fn campaign_sums(
    connection: &mut DbConnection,
    as_of: Option<NaiveDate>,
    campaign_id: Option<i64>,
) -> Result<Vec<CampaignSums>, StoreError> {
    let until = as_of.map_or_else(String::new, |day| format!(" AND e.posted_on <= '{day}'"));
    let only = campaign_id.map_or_else(String::new, |id| format!(" AND p.campaign_id = {id}"));
    let sql = format!(
        "SELECT p.campaign_id,
           CAST(SUM(CASE WHEN p.account = 2131 THEN -p.amount ELSE 0 END) AS BIGINT) AS held,
           CAST(SUM(CASE WHEN p.account = 1141 THEN p.amount ELSE 0 END) AS BIGINT) AS owed_back,
           CAST(SUM(CASE WHEN p.account = 4213 THEN -p.amount ELSE 0 END) AS BIGINT) AS income,
           CAST(SUM(CASE WHEN p.account = 5112 THEN p.amount ELSE 0 END) AS BIGINT) AS passed_on
         FROM journal_postings p JOIN journal_entries e ON e.id = p.entry_id
         WHERE p.campaign_id IS NOT NULL AND e.source <> 'year_close'{until}{only}
         GROUP BY p.campaign_id ORDER BY p.campaign_id"
    );
    Ok(sql_query(sql).load(connection)?)
}
