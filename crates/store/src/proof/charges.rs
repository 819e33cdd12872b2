//! The frozen charges of a batch, sealed as one digest at its close, in the order of its file.

use diesel::PgConnection;
use diesel::pg::{CopyTarget, Pg};
use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::result::Error as DieselError;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use domain::chain::{self, Fields, GENESIS, Link};

use crate::schema::charges;
use crate::tables::charges_copied_out::each_line;
use crate::{DbConnection, StoreError};

/// Rows in memory at a time.
const READ_ROWS: i64 = 10_000;

/// A charge with all that is sealed of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = charges)]
pub struct SealedCharge {
    /// Its place in the file, from 1.
    pub rank: i64,
    /// The month it is for, as 202508.
    pub month: i32,
    /// The pledge, where it is one.
    pub pledge_id: Option<i64>,
    /// Of the pledge's plan, when it was frozen.
    pub revision: Option<i32>,
    /// The gift, where it is one.
    pub donation_id: Option<i64>,
    /// Which try it is, from 1.
    pub attempt: i32,
    /// The charge that could not be collected and that this one repeats: its batch.
    pub repeats_batch_id: Option<i64>,
    /// And its rank there.
    pub repeats_rank: Option<i64>,
    /// Whom it is collected from.
    pub member_id: i64,
    /// That member's number.
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
}

impl SealedCharge {
    fn fill(&self, fields: Fields) -> Fields {
        fields
            .emptied()
            .integer(self.rank)
            .integer(i64::from(self.month))
            .integer(self.pledge_id)
            .integer(self.revision.map(i64::from))
            .integer(self.donation_id)
            .integer(i64::from(self.attempt))
            .integer(self.repeats_batch_id)
            .integer(self.repeats_rank)
            .integer(self.member_id)
            .text(self.member_number.as_str())
            .text(self.order_number.as_str())
            .text(self.kind.as_str())
            .integer(self.units)
            .integer(self.unit_price)
            .integer(self.amount)
    }
}

/// Works the digest of a batch's charges out, one after the other.
#[derive(Debug, Clone)]
pub struct ChargesDigest {
    link: Link,
    fields: Fields,
}

impl Default for ChargesDigest {
    fn default() -> Self {
        Self {
            link: GENESIS,
            fields: Fields::new(),
        }
    }
}

impl ChargesDigest {
    /// Takes the next charge of the file.
    pub fn add(&mut self, charge: &SealedCharge) {
        self.fields = charge.fill(std::mem::take(&mut self.fields));
        self.link = chain::link(&self.link, &self.fields);
    }

    /// The digest, in hexadecimal digits.
    pub fn to_hex(&self) -> String {
        chain::to_hex(&self.link)
    }
}

/// The digest over the charges of a batch, in hexadecimal digits.
pub fn digest(connection: &mut DbConnection, batch_id: i64) -> Result<String, StoreError> {
    let mut digest = ChargesDigest::default();
    each(connection, batch_id, |kept| {
        if let Kept::Charge(charge) = kept {
            digest.add(charge);
        }
    })?;
    Ok(digest.to_hex())
}

/// One row of the charges.
#[derive(Debug)]
pub enum Kept<'a> {
    /// It can be read.
    Charge(&'a SealedCharge),
    /// It is there, and its letters are none.
    Unreadable(i64),
}

/// Hands every charge of a batch to `take` in the order of the file, a bounded number in memory at a
/// time.
pub fn each(
    connection: &mut DbConnection,
    batch_id: i64,
    mut take: impl FnMut(Kept<'_>),
) -> Result<(), StoreError> {
    if let DbConnection::Postgres(postgres) = connection {
        return each_copied_out(postgres, batch_id, take);
    }
    let (mut after, mut rows) = (i64::MIN, READ_ROWS);
    loop {
        let next = charges::table
            .filter(charges::batch_id.eq(batch_id))
            .filter(charges::rank.gt(after))
            .order(charges::rank)
            .limit(rows);
        match next.select(SealedCharge::as_select()).load(connection) {
            Ok(found) => {
                let Some(last) = found.last() else {
                    return Ok(());
                };
                after = last.rank;
                found.iter().for_each(|charge| take(Kept::Charge(charge)));
            }
            // Letters that are none, somewhere among these rows: come nearer to them.
            Err(DieselError::DeserializationError(_)) if rows > 1 => rows /= 10,
            Err(DieselError::DeserializationError(_)) => {
                after = next.select(charges::rank).first(connection)?;
                take(Kept::Unreadable(after));
                rows = READ_ROWS;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The columns of [`SealedCharge`], of the batch that the setting `hitokuchi.batch_id` names.
struct SealedCharges;

impl CopyTarget for SealedCharges {
    type Table = charges::table;
    type SqlType = (
        BigInt,
        Integer,
        Nullable<BigInt>,
        Nullable<Integer>,
        Nullable<BigInt>,
        Integer,
        Nullable<BigInt>,
        Nullable<BigInt>,
        BigInt,
        Text,
        Text,
        Text,
        BigInt,
        BigInt,
        BigInt,
    );

    fn walk_target(mut pass: AstPass<'_, '_, Pg>) -> QueryResult<()> {
        pass.push_sql(
            "(SELECT rank, month, pledge_id, revision, donation_id, attempt,
                repeats_batch_id, repeats_rank, member_id, member_number, order_number, kind, units, unit_price, amount
              FROM charges WHERE batch_id = CAST(current_setting('hitokuchi.batch_id') AS BIGINT)
              ORDER BY rank)",
        );
        Ok(())
    }
}

fn each_copied_out(
    connection: &mut PgConnection,
    batch_id: i64,
    mut take: impl FnMut(Kept<'_>),
) -> Result<(), StoreError> {
    let mut charge = SealedCharge::default();
    each_line(connection, SealedCharges, batch_id, |line| {
        if fill(&mut charge, line).is_some() {
            take(Kept::Charge(&charge));
        } else {
            let rank = line.split('\t').next().and_then(|rank| rank.parse().ok());
            take(Kept::Unreadable(rank.unwrap_or_default()));
        }
        Ok::<_, StoreError>(())
    })
}

/// Takes a line of `COPY`'s text format. None of our texts has anything in it that is escaped
/// there: a line that does, other than for a missing value, is none of ours.
fn fill(charge: &mut SealedCharge, line: &str) -> Option<()> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    charge.rank = next()?.parse().ok()?;
    charge.month = next()?.parse().ok()?;
    charge.pledge_id = number(next()?)?;
    charge.revision = number(next()?)?;
    charge.donation_id = number(next()?)?;
    charge.attempt = next()?.parse().ok()?;
    charge.repeats_batch_id = number(next()?)?;
    charge.repeats_rank = number(next()?)?;
    charge.member_id = next()?.parse().ok()?;
    put(&mut charge.member_number, next()?)?;
    put(&mut charge.order_number, next()?)?;
    put(&mut charge.kind, next()?)?;
    charge.units = next()?.parse().ok()?;
    charge.unit_price = next()?.parse().ok()?;
    charge.amount = next()?.parse().ok()?;
    fields.next().is_none().then_some(())
}

fn number<T: std::str::FromStr>(field: &str) -> Option<Option<T>> {
    match field {
        "\\N" => Some(None),
        digits => digits.parse().ok().map(Some),
    }
}

fn put(text: &mut String, value: &str) -> Option<()> {
    text.clear();
    text.push_str(value);
    (!value.contains('\\')).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_copy_fills_a_charge_and_a_strange_one_does_not() {
        let mut charge = SealedCharge::default();
        let line = "7\t202508\t5\t1\t\\N\t1\t\\N\t\\N\t3\t0000001\t\tsupporter\t2\t300\t600";
        assert_eq!(fill(&mut charge, line), Some(()));
        assert_eq!((charge.rank, charge.amount), (7, 600));
        assert_eq!((charge.pledge_id, charge.donation_id), (Some(5), None));
        for strange in [
            "",
            "7\t202508",
            "7\t202508\t5\t1\t\\N\t1\t\\N\t\\N\t3\ta\\tb\t\tsupporter\t2\t300\t600",
            "7\t202508\t5\t1\t\\N\t1\t\\N\t\\N\t3\t0000001\t\tsupporter\t2\t300\t600\t1",
        ] {
            assert_eq!(fill(&mut charge, strange), None, "{strange}");
        }
    }
}
