//! `payouts`: money passed on to organisations for campaigns, or returned by them.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::schema::payouts;
use crate::{DbConnection, StoreError};

/// `kind` of money that was passed on.
pub const PAYOUT: &str = "payout";
/// `kind` of money that came back.
pub const RETURN: &str = "return";

/// A payout as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = payouts)]
pub struct Payout {
    /// Its number.
    pub id: i64,
    /// For which campaign.
    pub campaign_id: i64,
    /// [`PAYOUT`] or [`RETURN`].
    pub kind: String,
    /// The day it left the account, or came back.
    pub paid_on: NaiveDate,
    /// Yen.
    pub amount: i64,
    /// Yen of fee, borne by the fund.
    pub fee: i64,
    /// What was noted.
    pub note: Option<String>,
    /// Who recorded it.
    pub actor: String,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// A payout to record.
#[derive(Debug, Insertable)]
#[diesel(table_name = payouts)]
pub struct NewPayout<'a> {
    /// For which campaign.
    pub campaign_id: i64,
    /// [`PAYOUT`] or [`RETURN`].
    pub kind: &'a str,
    /// The day it left the account, or came back.
    pub paid_on: NaiveDate,
    /// Yen.
    pub amount: i64,
    /// Yen of fee, borne by the fund.
    pub fee: i64,
    /// What is noted.
    pub note: Option<&'a str>,
    /// Who records it.
    pub actor: &'a str,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// Records a payout and gives its number.
pub fn insert(connection: &mut DbConnection, payout: &NewPayout<'_>) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(payouts::table)
        .values(payout)
        .returning(payouts::id)
        .get_result(connection)?)
}

/// The payout of a number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Payout>, StoreError> {
    Ok(payouts::table
        .find(id)
        .select(Payout::as_select())
        .get_result(connection)
        .optional()?)
}

/// At most `rows` of those before a number, of one campaign where one is given, newest first.
pub fn page(
    connection: &mut DbConnection,
    campaign_id: Option<i64>,
    before_id: Option<i64>,
    rows: i64,
) -> Result<Vec<Payout>, StoreError> {
    Ok(payouts::table
        .filter(payouts::id.lt(before_id.unwrap_or(i64::MAX)))
        .filter(payouts::campaign_id.ge(campaign_id.unwrap_or(i64::MIN)))
        .filter(payouts::campaign_id.le(campaign_id.unwrap_or(i64::MAX)))
        .order(payouts::id.desc())
        .limit(rows)
        .select(Payout::as_select())
        .load(connection)?)
}
