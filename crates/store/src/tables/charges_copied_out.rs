//! `charges` out of PostgreSQL by `COPY`: the server sends while the file is being written.

use std::io::BufRead;

use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use diesel::pg::{CopyTarget, Pg};
use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::sql_types::{BigInt, Text};

use super::charges::FileCharge;
use crate::StoreError;
use crate::schema::charges;

/// The columns of [`FileCharge`], of the batch that the setting `hitokuchi.batch_id` names: `COPY`
/// takes no parameters.
struct FileCharges;

impl CopyTarget for FileCharges {
    type Table = charges::table;
    type SqlType = (BigInt, Text, Text, Text, BigInt, BigInt, BigInt);

    fn walk_target(mut pass: AstPass<'_, '_, Pg>) -> QueryResult<()> {
        pass.push_sql(
            "(SELECT rank, member_number, order_number, kind, units, unit_price, amount
              FROM charges WHERE batch_id = CAST(current_setting('hitokuchi.batch_id') AS BIGINT)
              ORDER BY rank)",
        );
        Ok(())
    }
}

/// Hands every charge of a batch to `take` in the order of the file, one in memory at a time.
pub(super) fn each<E: From<StoreError>>(
    connection: &mut PgConnection,
    batch_id: i64,
    mut take: impl FnMut(&FileCharge) -> Result<(), E>,
) -> Result<(), E> {
    let mut charge = FileCharge::default();
    each_line(connection, FileCharges, batch_id, |line| {
        fill(&mut charge, line).ok_or_else(|| StoreError::Other(format!("charges: {line:?}")))?;
        take(&charge)
    })
}

/// Hands every line that `COPY` gives of a batch to `take`, one in memory at a time. The batch is
/// what the setting `hitokuchi.batch_id` says.
pub(crate) fn each_line<T: CopyTarget, E: From<StoreError>>(
    connection: &mut PgConnection,
    target: T,
    batch_id: i64,
    mut take: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    // The key has them in this order; without statistics PostgreSQL would rather sort.
    set(
        connection,
        &format!("SET LOCAL hitokuchi.batch_id = '{batch_id}'; SET LOCAL enable_sort = off"),
    )?;
    {
        let mut rows = diesel::copy_to(target)
            .load_raw(connection)
            .map_err(StoreError::from)?;
        let mut line = String::new();
        loop {
            line.clear();
            let read = rows.read_line(&mut line);
            if read.map_err(|e| StoreError::Other(e.to_string()))? == 0 {
                break;
            }
            take(line.trim_end_matches('\n'))?;
        }
    }
    set(connection, "SET LOCAL enable_sort = on")?;
    Ok(())
}

fn set(connection: &mut PgConnection, settings: &str) -> Result<(), StoreError> {
    Ok(connection.batch_execute(settings)?)
}

/// Takes a line of `COPY`'s text format. None of the texts has anything in it that is escaped
/// there: a line that does is none of ours.
fn fill(charge: &mut FileCharge, line: &str) -> Option<()> {
    if line.contains('\\') {
        return None;
    }
    let mut fields = line.split('\t');
    charge.rank = fields.next()?.parse().ok()?;
    put(&mut charge.member_number, fields.next()?);
    put(&mut charge.order_number, fields.next()?);
    put(&mut charge.kind, fields.next()?);
    charge.units = fields.next()?.parse().ok()?;
    charge.unit_price = fields.next()?.parse().ok()?;
    charge.amount = fields.next()?.parse().ok()?;
    fields.next().is_none().then_some(())
}

fn put(text: &mut String, value: &str) {
    text.clear();
    text.push_str(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_copy_fills_a_charge_and_a_strange_one_does_not() {
        let mut charge = FileCharge::default();
        let filled = fill(&mut charge, "7\t0000001\t\tsupporter\t2\t300\t600");
        assert_eq!(filled, Some(()));
        assert_eq!((charge.rank, charge.amount), (7, 600));
        assert_eq!(charge.order_number, "");
        for strange in [
            "",
            "7\t1",
            "7\ta\\tb\t\ts\t2\t300\t600",
            "7\t1\t\ts\t2\t300\t600\t1",
        ] {
            assert_eq!(fill(&mut charge, strange), None, "{strange}");
        }
    }
}
