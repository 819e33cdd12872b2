//! Which lines of the file move somebody, and which cannot be taken.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use domain::CollectionMonth;
use formats::table::{LineProblem, Problems};
use formats::tables::MemberChangeRow;
use store::DbConnection;
use store::tables::members::{self, Member};

use crate::Result;
use crate::error::stored;
use crate::reference::rows::{cooperative_ids, doubled, unknown_code};

const COOP: &str = "単協コード";
const MEMBER_NUMBER: &str = "組合員番号";
const NEW_COOP: &str = "新単協コード";
const NEW_MEMBER_NUMBER: &str = "新組合員番号";
const MOVED_ON: &str = "異動日";

/// A number in a co-op.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place<'a> {
    pub(super) coop_id: i64,
    pub(super) coop: &'a str,
    pub(super) number: &'a str,
}

impl Place<'_> {
    pub(super) fn key(&self) -> (i64, String) {
        (self.coop_id, self.number.to_owned())
    }

    /// As messages name it.
    pub(super) fn ja(&self) -> String {
        format!("単協 {} の組合員 {}", self.coop, self.number)
    }
}

/// A line of the file.
#[derive(Debug, Clone)]
pub(super) struct Change<'a> {
    pub(super) line: u64,
    pub(super) old: Place<'a>,
    pub(super) new: Place<'a>,
    pub(super) moved_on: NaiveDate,
}

/// A line that moves somebody.
#[derive(Debug)]
pub(super) struct Move<'a> {
    pub(super) change: Change<'a>,
    pub(super) old: Member,
    /// None while nobody is known under the new number.
    pub(super) new: Option<Member>,
}

/// The lines with ids in place of codes; every code that is not known is noted.
pub(super) fn resolve<'a>(
    connection: &mut DbConnection,
    rows: &'a [(u64, MemberChangeRow)],
    problems: &mut Problems,
) -> Result<Vec<Change<'a>>> {
    let coop_ids = cooperative_ids(connection)?;
    let mut changes = Vec::with_capacity(rows.len());
    for (line, row) in rows {
        let mut find = |column, code: &str| {
            let id = coop_ids.get(code).copied();
            if id.is_none() {
                problems.push(unknown_code(*line, column, code, "単協"));
            }
            id
        };
        let (coop, new_coop) = (row.coop.as_str(), row.new_coop.as_str());
        let (old_id, new_id) = (find(COOP, coop), find(NEW_COOP, new_coop));
        let (Some(old_id), Some(new_id)) = (old_id, new_id) else {
            continue;
        };
        changes.push(Change {
            line: *line,
            old: Place {
                coop_id: old_id,
                coop,
                number: row.member_number.as_str(),
            },
            new: Place {
                coop_id: new_id,
                coop: new_coop,
                number: row.new_member_number.as_str(),
            },
            moved_on: row.moved_on,
        });
    }
    Ok(changes)
}

/// In one file everybody moves once, and nobody into a place that somebody leaves: else what the
/// file means would depend on the order of its lines.
pub(super) fn check_one_step(changes: &[Change<'_>], problems: &mut Problems) {
    let mut from: HashMap<&Place<'_>, &Change<'_>> = HashMap::new();
    let mut to: HashMap<&Place<'_>, u64> = HashMap::new();
    for change in changes {
        let shown = change.old.number;
        match from.get(&change.old) {
            Some(first) => {
                problems.push(doubled(change.line, MEMBER_NUMBER, shown, first.line));
            }
            None => {
                from.insert(&change.old, change);
            }
        }
        let shown = change.new.number;
        match to.get(&change.new) {
            Some(first) => {
                problems.push(doubled(change.line, NEW_MEMBER_NUMBER, shown, *first));
            }
            None => {
                to.insert(&change.new, change.line);
            }
        }
    }
    for change in changes {
        let Some(next) = from.get(&change.new) else {
            continue;
        };
        let reason = if next.new == change.old {
            format!(
                "{}行目と番号を入れ替えています。入れ替えは、空いている番号を間に挟み、3つのファイルに分けて順に取り込んでください",
                next.line
            )
        } else {
            format!(
                "異動先が{}行目でさらに異動しています。一つのファイルでは続けて異動できません。最後の番号へ直接異動させるか、ファイルを分けて順に取り込んでください",
                next.line
            )
        };
        problems.push(field(change, NEW_MEMBER_NUMBER, change.new.number, reason));
    }
}

/// The members at these places, by co-op and number.
pub(super) fn load_members<'a>(
    connection: &mut DbConnection,
    places: impl Iterator<Item = &'a Place<'a>>,
) -> Result<HashMap<(i64, String), Member>> {
    let mut numbers: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for place in places {
        numbers.entry(place.coop_id).or_default().push(place.number);
    }
    let mut known = HashMap::new();
    for (coop_id, numbers) in numbers {
        for member in members::find_many(connection, coop_id, &numbers)? {
            known.insert((coop_id, member.number.clone()), member);
        }
    }
    Ok(known)
}

/// The lines that move somebody; not those that did so before. Every line that cannot be taken is
/// noted.
pub(super) fn look<'a>(
    connection: &mut DbConnection,
    changes: &[Change<'a>],
    problems: &mut Problems,
) -> Result<Vec<Move<'a>>> {
    let places = changes.iter().flat_map(|change| [&change.old, &change.new]);
    let known = load_members(connection, places)?;
    let mut moves = Vec::new();
    for change in changes {
        let new = known.get(&change.new.key());
        let Some(old) = known.get(&change.old.key()) else {
            let reason = format!(
                "単協 {} にこの組合員番号はありません。番号を確かめるか、先に組合員のファイルを取り込んでください",
                change.old.coop
            );
            problems.push(field(change, MEMBER_NUMBER, change.old.number, reason));
            continue;
        };
        if old.moved_to.is_some() && old.moved_to == new.map(|new| new.id) {
            continue;
        }
        let problem = match moved_elsewhere(connection, change, old)? {
            Some(problem) => Some(problem),
            None => left(change, old, new)?,
        };
        match problem {
            Some(problem) => problems.push(problem),
            None => moves.push(Move {
                change: change.clone(),
                old: old.clone(),
                new: new.cloned(),
            }),
        }
    }
    Ok(moves)
}

fn moved_elsewhere(
    connection: &mut DbConnection,
    change: &Change<'_>,
    old: &Member,
) -> Result<Option<LineProblem>> {
    let Some(id) = old.moved_to else {
        return Ok(None);
    };
    let Some(there) = members::find_by_id(connection, id)? else {
        return Ok(None);
    };
    let reason = format!(
        "この組合員はすでに単協 {} の組合員 {} へ異動しています。そこからの異動として書いてください",
        there.coop_code, there.member.number
    );
    Ok(Some(field(
        change,
        MEMBER_NUMBER,
        change.old.number,
        reason,
    )))
}

/// Nobody moves who left long before, and nobody into a membership that has ended.
fn left(change: &Change<'_>, old: &Member, new: Option<&Member>) -> Result<Option<LineProblem>> {
    let month = |day| stored("members.left_on", CollectionMonth::from_date(day));
    if let Some(left_on) = old.left_on
        && month(left_on)?.next() < Some(month(change.moved_on)?)
    {
        let reason = format!(
            "この組合員は {left_on} に脱退しています。脱退日か異動日を確かめてください（脱退日は組合員のファイルで直せます）"
        );
        return Ok(Some(field(change, MOVED_ON, "", reason)));
    }
    if let Some(left_on) = new.and_then(|new| new.left_on) {
        let reason = format!(
            "異動先の組合員 {} は {left_on} に脱退または異動しています。番号を確かめるか、先に組合員のファイルで脱退日を消してください",
            change.new.number
        );
        return Ok(Some(field(change, NEW_MEMBER_NUMBER, "", reason)));
    }
    Ok(None)
}

fn field(change: &Change<'_>, column: &'static str, shown: &str, reason: String) -> LineProblem {
    LineProblem::of_field(change.line, column, shown, reason)
}
