//! `charges`: the frozen amounts of closed batches (R9, R10). They are made by
//! [`due::freeze`](crate::due::freeze) and never changed, but for the mark of a voided batch.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::charges_copied_out;
use crate::schema::{batches, charges, members, settlements};
use crate::{DbConnection, StoreError};

/// Rows read at a time.
const READ_ROWS: i64 = 10_000;

/// A charge as the collection file needs it.
#[derive(Debug, Default, QueryableByName)]
pub struct FileCharge {
    /// Its place in the file, from 1.
    #[diesel(sql_type = BigInt)]
    pub rank: i64,
    /// The member's number.
    #[diesel(sql_type = Text)]
    pub member_number: String,
    /// The order number; empty for an imported pledge without one.
    #[diesel(sql_type = Text)]
    pub order_number: String,
    /// `supporter`, `spot` or `campaign`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Units (口).
    #[diesel(sql_type = BigInt)]
    pub units: i64,
    /// Yen a unit.
    #[diesel(sql_type = BigInt)]
    pub unit_price: i64,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// Hands the charges of a batch up to rank `last_rank` to `take` in the order of the file, a bounded
/// number in memory at a time. Call it in a read transaction, so that all are of one moment.
pub fn each_in_file_order<E: From<StoreError>>(
    connection: &mut DbConnection,
    batch_id: i64,
    last_rank: i64,
    mut take: impl FnMut(&FileCharge) -> Result<(), E>,
) -> Result<(), E> {
    if let DbConnection::Postgres(postgres) = connection {
        return charges_copied_out::each(postgres, batch_id, take);
    }
    let mut after = 0;
    while after < last_rank {
        let up_to = after.saturating_add(READ_ROWS).min(last_rank);
        let rows: Vec<FileCharge> = sql_query(
            "SELECT rank, member_number, order_number, kind, units, unit_price, amount
             FROM charges WHERE batch_id = $1 AND rank > $2 AND rank <= $3 ORDER BY rank",
        )
        .bind::<BigInt, _>(batch_id)
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(up_to)
        .load(connection)
        .map_err(StoreError::from)?;
        rows.iter().try_for_each(&mut take)?;
        after = up_to;
    }
    Ok(())
}

/// Marks every charge of a batch as counting no more: its pledges and gifts are due again.
pub fn void_batch(connection: &mut DbConnection, batch_id: i64) -> Result<(), StoreError> {
    diesel::update(charges::table.filter(charges::batch_id.eq(batch_id)))
        .set(charges::void_mark.eq(batch_id))
        .execute(connection)?;
    Ok(())
}

/// The numbers of the members charged by a batch who moved to another number before `day`, the
/// first two at most.
pub fn of_members_moved_before(
    connection: &mut DbConnection,
    batch_id: i64,
    day: NaiveDate,
) -> Result<Vec<String>, StoreError> {
    Ok(charges::table
        .inner_join(members::table)
        .filter(charges::batch_id.eq(batch_id))
        .filter(members::moved_to.is_not_null())
        .filter(members::left_on.lt(day))
        .order(charges::rank)
        .limit(2)
        .select(charges::member_number)
        .load(connection)?)
}

/// A charge with the batch it is in.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = charges)]
pub struct Charge {
    /// The batch.
    pub batch_id: i64,
    /// Its place in the file, from 1.
    pub rank: i64,
    /// The pledge, where it is one.
    pub pledge_id: Option<i64>,
    /// Of the pledge's plan, when it was frozen.
    pub revision: Option<i32>,
    /// The gift, where it is one.
    pub donation_id: Option<i64>,
    /// The month the gift is for, as 202508: before that of its batch where it is tried again.
    #[diesel(column_name = month)]
    pub gift_month: i32,
    /// Which try, from 1.
    pub attempt: i32,
    /// The batch of the charge it repeats.
    pub repeats_batch_id: Option<i64>,
    /// The place there of the charge it repeats.
    pub repeats_rank: Option<i64>,
    /// The member's number.
    pub member_number: String,
    /// The order number; empty for an imported pledge without one.
    pub order_number: String,
    /// `supporter`, `spot` or `campaign`.
    pub kind: String,
    /// Units (口).
    pub units: i64,
    /// Yen a unit.
    pub unit_price: i64,
    /// Yen.
    pub amount: i64,
    /// 0 while it counts; its batch's id once that is voided.
    pub void_mark: i64,
    /// The co-op of its batch.
    #[diesel(select_expression = batches::coop_id)]
    pub coop_id: i64,
    /// The month of its batch, as 202508.
    #[diesel(select_expression = batches::month)]
    pub month: i32,
    /// The sequence of its batch.
    #[diesel(select_expression = batches::sequence)]
    pub sequence: i32,
    /// Who closed its batch.
    #[diesel(select_expression = batches::closed_by)]
    pub closed_by: String,
    /// When, UTC.
    #[diesel(select_expression = batches::closed_at)]
    pub closed_at: NaiveDateTime,
}

/// Every charge of some pledges and gifts collected in a month (as 202508), voided ones too, in the order of
/// batches and of the file.
pub fn of_sources(
    connection: &mut DbConnection,
    month: i32,
    pledges: &[i64],
    donations: &[i64],
) -> Result<Vec<Charge>, StoreError> {
    // Two questions, so that each finds its index.
    let of_pledges: Vec<Charge> = charges::table
        .inner_join(batches::table)
        .filter(batches::month.eq(month))
        .filter(charges::pledge_id.eq_any(pledges.iter().map(|id| Some(*id))))
        .select(Charge::as_select())
        .load(connection)?;
    let mut found: Vec<Charge> = charges::table
        .inner_join(batches::table)
        .filter(batches::month.eq(month))
        .filter(charges::donation_id.eq_any(donations.iter().map(|id| Some(*id))))
        .select(Charge::as_select())
        .load(connection)?;
    found.extend(of_pledges);
    found.sort_by_key(|charge| (charge.batch_id, charge.rank));
    Ok(found)
}

/// Which charges to look for; what is none does not matter.
#[derive(Debug, Clone, Default)]
pub struct ChargeFilter {
    /// Of one co-op.
    pub coop_id: Option<i64>,
    /// Of the member of this number.
    pub member_number: Option<String>,
    /// Under this order number.
    pub order_number: Option<String>,
    /// Of one month, as 202508.
    pub month: Option<i32>,
    /// Of one batch.
    pub batch_id: Option<i64>,
    /// Of so many yen or more.
    pub amount_min: Option<i64>,
    /// Of so many yen or fewer.
    pub amount_max: Option<i64>,
    /// With this standing result.
    pub result_code: Option<String>,
    /// Closed at this moment or later, UTC.
    pub closed_from: Option<NaiveDateTime>,
    /// Closed before this moment, UTC.
    pub closed_before: Option<NaiveDateTime>,
}

/// The charges that fit, voided ones too, in the order of batches and of the file, after
/// (`batch_id`, `rank`).
pub fn search(
    connection: &mut DbConnection,
    filter: &ChargeFilter,
    after: (i64, i64),
    rows: i64,
) -> Result<Vec<Charge>, StoreError> {
    let (batch, rank) = after;
    let mut query = charges::table
        .inner_join(batches::table)
        .filter(
            charges::batch_id
                .gt(batch)
                .or(charges::batch_id.eq(batch).and(charges::rank.gt(rank))),
        )
        .order((charges::batch_id, charges::rank))
        .limit(rows)
        .select(Charge::as_select())
        .into_boxed();
    if let Some(coop_id) = filter.coop_id {
        query = query.filter(batches::coop_id.eq(coop_id));
    }
    if let Some(number) = &filter.member_number {
        query = query.filter(charges::member_number.eq(number));
    }
    if let Some(number) = &filter.order_number {
        query = query.filter(charges::order_number.eq(number));
    }
    if let Some(month) = filter.month {
        query = query.filter(batches::month.eq(month));
    }
    if let Some(batch_id) = filter.batch_id {
        query = query.filter(charges::batch_id.eq(batch_id));
    }
    if let Some(amount) = filter.amount_min {
        query = query.filter(charges::amount.ge(amount));
    }
    if let Some(amount) = filter.amount_max {
        query = query.filter(charges::amount.le(amount));
    }
    if let Some(code) = &filter.result_code {
        query = query.filter(diesel::dsl::exists(
            settlements::table
                .filter(settlements::batch_id.eq(charges::batch_id))
                .filter(settlements::rank.eq(charges::rank))
                .filter(settlements::correction_mark.eq(0))
                .filter(settlements::result_code.eq(code.clone())),
        ));
    }
    if let Some(at) = filter.closed_from {
        query = query.filter(batches::closed_at.ge(at));
    }
    if let Some(at) = filter.closed_before {
        query = query.filter(batches::closed_at.lt(at));
    }
    Ok(query.load(connection)?)
}

/// The charge at a place of a batch.
pub fn find(
    connection: &mut DbConnection,
    batch_id: i64,
    rank: i64,
) -> Result<Option<Charge>, StoreError> {
    Ok(charges::table
        .inner_join(batches::table)
        .filter(charges::batch_id.eq(batch_id))
        .filter(charges::rank.eq(rank))
        .select(Charge::as_select())
        .first(connection)
        .optional()?)
}

/// The later try of a charge that counts, where there is one.
pub fn repeated_by(
    connection: &mut DbConnection,
    charge: &Charge,
) -> Result<Option<Charge>, StoreError> {
    // By the source, which has an index; a failed charge has one later try at most.
    let later = charges::table
        .inner_join(batches::table)
        .filter(charges::void_mark.eq(0))
        .filter(charges::attempt.eq(charge.attempt + 1))
        .select(Charge::as_select())
        .into_boxed();
    let later = match (charge.pledge_id, charge.donation_id) {
        (Some(id), _) => later
            .filter(charges::pledge_id.eq(id))
            .filter(charges::month.eq(charge.gift_month)),
        (None, id) => later.filter(charges::donation_id.eq(id)),
    };
    Ok(later.first(connection).optional()?)
}
