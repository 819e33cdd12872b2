//! `import pledges`: the supporters registered before this system existed (R8). Without them R4
//! would be blind in the first month.
//!
//! A pledge that came in so names no offering: nobody applied for it here. Who applies again is
//! a supporter already, in whatever cycle (R4).

use std::collections::{BTreeSet, HashMap};

use domain::CollectionMonth;
use formats::table::{LineProblem, Problems};
use formats::tables::PledgeRow;
use store::DbConnection;
use store::tables::funds;
use store::tables::intakes::{self, NewIntake};
use store::tables::staged_pledges::{self, LeftMember, StagedPledge};

use super::Outcome;
use super::rows::{cooperative_ids, doubled, unknown_code};
use crate::Result;
use crate::error::stored;
use crate::table_file::TableFile;
use crate::tx::Tx;

/// Rows kept in memory before they are staged.
const ROWS_MAX: usize = 4_000;

const COOP: &str = "単協コード";
const MEMBER_NUMBER: &str = "組合員番号";
const FUND: &str = "基金コード";
const FROM_MONTH: &str = "開始月";

/// What has been read of a file.
#[derive(Default)]
struct Staged {
    lines: u64,
    coop_ids: BTreeSet<i64>,
}

pub(super) fn import(tx: &mut Tx<'_>, file: &TableFile<'_>) -> Result<Outcome> {
    staged_pledges::create_table(tx.connection)?;
    let staged = stage(tx, file)?;
    for coop_id in &staged.coop_ids {
        store::lock::coop_exclusive(tx.connection, *coop_id)?;
    }
    staged_pledges::match_rows(tx.connection)?;
    file.check(&problems(tx.connection)?)?;
    let added = staged_pledges::count_new(tx.connection)?;
    if added > 0 {
        open_pledges(tx, file, added)?;
    }
    staged_pledges::drop_table(tx.connection)?;
    Ok(Outcome {
        added,
        unchanged: staged.lines.saturating_sub(added),
        ..Outcome::default()
    })
}

fn open_pledges(tx: &mut Tx<'_>, file: &TableFile<'_>, added: u64) -> Result<()> {
    let lines = i64::try_from(added).unwrap_or(i64::MAX);
    let recorded_at = tx.recorded_at();
    let intake = NewIntake {
        kind: "pledges",
        name: Some(file.name()),
        fingerprint: None,
        lines,
        accepted: lines,
        held: 0,
        held_by_reason: None,
        actor: tx.actor.as_str(),
        recorded_at,
    };
    let intake_id = intakes::insert(tx.connection, &intake)?;
    staged_pledges::open_pledges(tx.connection, intake_id, tx.actor.as_str(), recorded_at)?;
    Ok(())
}

/// Reads the file into the staging table. Refuses it with every bad line.
fn stage(tx: &mut Tx<'_>, file: &TableFile<'_>) -> Result<Staged> {
    let coop_ids = cooperative_ids(tx.connection)?;
    let fund_ids: HashMap<_, _> = funds::all(tx.connection)?
        .into_iter()
        .map(|one| (one.code, one.id))
        .collect();
    let mut staged = Staged::default();
    let mut problems = Problems::new();
    let mut rows = Vec::with_capacity(ROWS_MAX);
    for line in file.rows::<PledgeRow>()? {
        let line = line.map_err(|e| file.unreadable(e))?;
        staged.lines += 1;
        let row = match line.row {
            Ok(row) => row,
            Err(found) => {
                problems.extend(found);
                continue;
            }
        };
        let Some(row) = resolve(line.number, row, &coop_ids, &fund_ids, &mut problems) else {
            continue;
        };
        staged.coop_ids.insert(row.coop_id);
        rows.push(row);
        if rows.len() == ROWS_MAX {
            // Once a line is wrong nothing will be taken: read on only to list the others.
            if problems.is_empty() {
                staged_pledges::insert(tx.connection, &rows)?;
            }
            rows.clear();
        }
    }
    file.check(&problems)?;
    staged_pledges::insert(tx.connection, &rows)?;
    Ok(staged)
}

/// The row with ids in place of codes; every code that is not known is noted.
fn resolve(
    line: u64,
    row: PledgeRow,
    coop_ids: &HashMap<String, i64>,
    fund_ids: &HashMap<String, i64>,
    problems: &mut Problems,
) -> Option<StagedPledge> {
    let (coop, fund) = (row.coop.as_str(), row.fund.as_str());
    let coop_id = coop_ids.get(coop).copied();
    if coop_id.is_none() {
        problems.push(unknown_code(line, COOP, coop, "単協"));
    }
    let fund_id = fund_ids.get(fund).copied();
    if fund_id.is_none() {
        problems.push(unknown_code(line, FUND, fund, "基金"));
    }
    Some(StagedPledge {
        line: line.try_into().unwrap_or(i64::MAX),
        coop_id: coop_id?,
        number: row.member_number.into_string(),
        fund_id: fund_id?,
        units: row.units.get(),
        unit_price: row.unit_price.get(),
        from_month: row.from_month.as_int(),
        order_number: row.order_number.map(|number| number.to_string()),
    })
}

/// What stands in the way of the staged rows, all of it.
fn problems(connection: &mut DbConnection) -> Result<Problems> {
    let mut problems = Problems::new();
    for one in staged_pledges::unknown_members(connection)? {
        let reason = format!(
            "単協 {} にこの組合員番号はありません。番号を確かめるか、先に組合員のファイルを取り込んでください",
            one.coop
        );
        problems.push(field(one.line, MEMBER_NUMBER, &one.number, reason));
    }
    for one in staged_pledges::doubled(connection)? {
        let first = one.first_line.unsigned_abs();
        let what = "組合員番号と基金コードの組";
        problems.push(doubled(one.line.unsigned_abs(), what, &one.number, first));
    }
    note_pledges_in_the_way(connection, &mut problems)?;
    for one in staged_pledges::closed_starts(connection)? {
        let first_open = month(one.last_closed)?.next();
        let first_open = first_open.map_or_else(|| "次の月".to_owned(), |m| m.to_string());
        let reason = format!(
            "単協 {} では {} まで締められています。{first_open} 以降の月にしてください",
            one.coop,
            month(one.last_closed)?
        );
        let shown = month(one.from_month)?.to_string();
        problems.push(field(one.line, FROM_MONTH, &shown, reason));
    }
    for one in staged_pledges::left_members(connection)? {
        problems.extend(left(&one)?);
    }
    Ok(problems)
}

fn note_pledges_in_the_way(connection: &mut DbConnection, problems: &mut Problems) -> Result<()> {
    for one in staged_pledges::pledges_in_the_way(connection)? {
        let reason = format!(
            "この組合員のこの基金へのサポーター登録はすでにあります（{} から {}口、1口 {}円）。内容を変えるときは、取り込まずに、その登録を変更してください",
            month(one.from_month)?,
            one.units,
            one.unit_price
        );
        problems.push(field(one.line, MEMBER_NUMBER, &one.number, reason));
    }
    Ok(())
}

/// A pledge of somebody who goes on under another number, or who left before it begins.
fn left(one: &LeftMember) -> Result<Option<LineProblem>> {
    if let (Some(coop), Some(number)) = (&one.moved_to_coop, &one.moved_to_number) {
        let reason = format!(
            "この組合員は単協 {coop} の組合員 {number} へ異動しています。異動後の番号で書いてください"
        );
        return Ok(Some(field(one.line, MEMBER_NUMBER, &one.number, reason)));
    }
    let from_month = month(one.from_month)?;
    let left_in = stored("members.left_on", CollectionMonth::from_date(one.left_on))?;
    if left_in >= from_month {
        return Ok(None);
    }
    let reason = format!(
        "組合員 {} は {} に脱退しています。脱退した月より後から始まる登録はできません",
        one.number, one.left_on
    );
    let shown = from_month.to_string();
    Ok(Some(field(one.line, FROM_MONTH, &shown, reason)))
}

fn field(line: i64, column: &'static str, shown: &str, reason: String) -> LineProblem {
    LineProblem::of_field(line.unsigned_abs(), column, shown, reason)
}

fn month(yyyymm: i32) -> Result<CollectionMonth> {
    stored("month", CollectionMonth::from_int(yyyymm))
}
