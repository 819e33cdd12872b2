//! The one pledge that a change from a month on is about (R8).

use domain::CollectionMonth;
use store::DbConnection;
use store::tables::pledges::{self, Pledge};

use crate::error::stored;
use crate::{LedgerError, Result};

/// The pledge of a member to a fund that is open in a month or later.
///
/// Refuses where there are two: one whose end is planned, and one that begins after it. A change
/// of only one of them from before that end would leave both charged in one month, or the other
/// running on. The message names the months and the way out.
pub(crate) fn only_open(
    connection: &mut DbConnection,
    (member_id, fund_id): (i64, i64),
    from: CollectionMonth,
) -> Result<Option<Pledge>> {
    let mut open = pledges::all_open(connection, member_id, fund_id, from.as_int())?;
    let newest = open.pop();
    match (open.last().and_then(|first| first.ends_from), newest) {
        (Some(ends_from), Some(_)) => {
            let next = stored("pledges.ends_from", CollectionMonth::from_int(ends_from))?;
            Err(LedgerError::refused(
                "two_pledges",
                format!(
                    "この組合員のこの基金へのサポーター登録は、{}から終える予定のものと、そのあとに始まるものの二つがあります。{}からは変えられません。\
                     {}（{next}）以降の月にしてください（要確認の申込は翌月に回せます）。それより前から終えるときは、あとに始まるものを先に終えてください",
                    next.label_ja(),
                    from.label_ja(),
                    next.label_ja(),
                ),
            ))
        }
        (_, newest) => Ok(newest),
    }
}
