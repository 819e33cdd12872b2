//! What a leave date stops, and what taking it back starts again (R8): a member who left is
//! charged to the end of that month and no further.

use chrono::NaiveDate;
use domain::{CollectionMonth, Yen};
use store::DbConnection;
use store::tables::pledge_terms;
use store::tables::staged_members::{self, TouchedDonation, TouchedPledge};

use super::notes::Notes;
use crate::Result;
use crate::error::stored;

/// The months in which a changed leave date makes a difference: those after `after`, up to and
/// with `until` where there is one. They stop where `stops`, else they start again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Difference {
    after: CollectionMonth,
    until: Option<CollectionMonth>,
    stops: bool,
}

impl Difference {
    /// Nothing where the two dates lie in one month.
    fn between(before: Option<NaiveDate>, after: Option<NaiveDate>) -> Result<Option<Self>> {
        let month = |day: Option<NaiveDate>| {
            let month = day.map(CollectionMonth::from_date).transpose();
            stored("members.left_on", month)
        };
        let (before, after) = (month(before)?, month(after)?);
        Ok(match (before, after) {
            (None, None) => None,
            (None, Some(after)) => Some(Self::new(after, None, true)),
            (Some(before), None) => Some(Self::new(before, None, false)),
            (Some(before), Some(after)) if before == after => None,
            (Some(before), Some(after)) if after < before => {
                Some(Self::new(after, Some(before), true))
            }
            (Some(before), Some(after)) => Some(Self::new(before, Some(after), false)),
        })
    }

    fn new(after: CollectionMonth, until: Option<CollectionMonth>, stops: bool) -> Self {
        Self {
            after,
            until,
            stops,
        }
    }

    fn concerns(&self, month: CollectionMonth) -> bool {
        self.after < month && self.until.is_none_or(|until| month <= until)
    }
}

/// Notes every pledge and every gift that the file's leave dates stop or start again. To be asked
/// before the file is taken over.
pub(super) fn note_consequences(connection: &mut DbConnection, notes: &mut Notes) -> Result<()> {
    for one in staged_members::touched_pledges(connection)? {
        note_pledge(connection, &one, notes)?;
    }
    for one in staged_members::touched_donations(connection)? {
        note_donation(&one, notes)?;
    }
    Ok(())
}

fn note_pledge(
    connection: &mut DbConnection,
    one: &TouchedPledge,
    notes: &mut Notes,
) -> Result<()> {
    let Some(difference) = Difference::between(one.left_before, one.left_after)? else {
        return Ok(());
    };
    let first = stored(
        "pledges.from_month",
        CollectionMonth::from_int(one.from_month),
    )?;
    let Some(month) = difference.after.next().map(|month| month.max(first)) else {
        return Ok(());
    };
    let is_over = one.ends_from.is_some_and(|ends| ends <= month.as_int());
    if is_over || !difference.concerns(month) {
        return Ok(());
    }
    let units = if notes.has_room() {
        pledge_terms::in_force(connection, one.pledge_id, month.as_int())?
            .map_or(0, |term| term.units)
    } else {
        0
    };
    let what = match units {
        0 => format!("{}のサポーター登録（休止中）", one.fund),
        units => format!("{}のサポーター登録（{units}口）", one.fund),
    };
    let member = member_ja(one.line, &one.coop, &one.number, one.left_after);
    notes.push(if difference.stops {
        format!("{member}: {what}は {month} から請求しません")
    } else {
        format!("{member}: {what}は {month} から請求を再開します")
    });
    Ok(())
}

fn note_donation(one: &TouchedDonation, notes: &mut Notes) -> Result<()> {
    let month = stored(
        "donations.collection_month",
        CollectionMonth::from_int(one.collection_month),
    )?;
    let difference = Difference::between(one.left_before, one.left_after)?;
    let Some(difference) = difference.filter(|difference| difference.concerns(month)) else {
        return Ok(());
    };
    let amount = Yen::new(one.amount).grouped();
    let what = format!(
        "寄付（注文番号 {}、{amount}円、集金月 {month}）",
        one.order_number
    );
    let member = member_ja(one.line, &one.coop, &one.number, one.left_after);
    notes.push(if difference.stops {
        format!("{member}: {what}は請求しません")
    } else {
        format!("{member}: {what}を再び請求します")
    });
    Ok(())
}

fn member_ja(line: i64, coop: &str, number: &str, left_on: Option<NaiveDate>) -> String {
    let left = match left_on {
        Some(day) => format!("脱退日 {day}"),
        None => "脱退日なし".to_owned(),
    };
    format!("{line}行目: 単協 {coop} の組合員 {number}（{left}）")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    fn month(text: &str) -> CollectionMonth {
        text.parse().expect("a month")
    }

    #[test]
    fn a_leave_date_makes_a_difference_in_the_months_after_it() {
        let cases = [
            ("", "", None),
            ("", "2025-11-20", Some(("2025-11", "", true))),
            ("2025-11-20", "", Some(("2025-11", "", false))),
            ("2025-11-20", "2025-11-01", None),
            (
                "2026-01-31",
                "2025-11-20",
                Some(("2025-11", "2026-01", true)),
            ),
            (
                "2025-11-20",
                "2026-01-31",
                Some(("2025-11", "2026-01", false)),
            ),
        ];
        for (before, after, expected) in cases {
            let found = Difference::between(day(before), day(after)).expect("dates in range");
            let expected = expected.map(|(after, until, stops)| {
                Difference::new(month(after), until.parse().ok(), stops)
            });
            assert_eq!(found, expected, "{before} → {after}");
        }
    }

    #[test]
    fn the_month_of_leaving_itself_is_not_concerned() {
        let stops = Difference::new(month("2025-11"), Some(month("2026-01")), true);
        let concerned: Vec<_> = ["2025-11", "2025-12", "2026-01", "2026-02"]
            .into_iter()
            .filter(|text| stops.concerns(month(text)))
            .collect();
        assert_eq!(concerned, ["2025-12", "2026-01"]);
    }
}
