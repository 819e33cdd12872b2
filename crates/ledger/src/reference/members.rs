//! `import members`: 組合員, by co-op and number. As many as a million: staged in the database as
//! they are read, compared and taken over as sets.

use std::collections::{BTreeSet, HashMap};

use formats::table::{LineProblem, Problems};
use formats::tables::{Cell, MemberRow};
use store::tables::staged_members::{self, MemberColumns, StagedMember};

use super::notes::Notes;
use super::rows::{cooperative_ids, doubled, unknown_code};
use super::{Outcome, leaving};
use crate::Result;
use crate::table_file::TableFile;
use crate::tx::Tx;

/// Rows kept in memory before they are staged.
const ROWS_MAX: usize = 4_000;

const COOP: &str = "単協コード";
const MEMBER_NUMBER: &str = "組合員番号";

/// What has been read of a file.
#[derive(Default)]
struct Staged {
    lines: u64,
    columns: MemberColumns,
    coop_ids: BTreeSet<i64>,
}

pub(super) fn import(tx: &mut Tx<'_>, file: &TableFile<'_>) -> Result<Outcome> {
    staged_members::create_table(tx.connection)?;
    let staged = stage(tx, file)?;
    staged_members::index(tx.connection)?;
    let mut problems = Problems::new();
    for one in staged_members::doubled(tx.connection)? {
        problems.push(doubled_row(one.line, &one.number, one.first_line));
    }
    file.check(&problems)?;
    for coop_id in &staged.coop_ids {
        store::lock::coop_exclusive(tx.connection, *coop_id)?;
    }
    let mut notes = Notes::default();
    if staged.columns.left_on {
        leaving::note_consequences(tx.connection, &mut notes)?;
    }
    let erased = staged_members::of_erased(tx.connection)?;
    if erased > 0 {
        notes.push(format!(
            "個人情報を消去した組合員 {erased}人の氏名・カナ・区分は取り込みませんでした"
        ));
    }
    let changed = staged_members::update_members(tx.connection, staged.columns)?;
    let added = staged_members::insert_members(tx.connection)?;
    staged_members::drop_table(tx.connection)?;
    Ok(Outcome {
        added,
        changed,
        unchanged: staged.lines.saturating_sub(added + changed),
        notes: notes.into_vec(),
        ..Outcome::default()
    })
}

/// Reads the file into the staging table. Refuses it with every bad line.
fn stage(tx: &mut Tx<'_>, file: &TableFile<'_>) -> Result<Staged> {
    let coop_ids = cooperative_ids(tx.connection)?;
    let mut staged = Staged::default();
    let mut problems = Problems::new();
    let mut rows = Vec::with_capacity(ROWS_MAX);
    for line in file.rows::<MemberRow>()? {
        let line = line.map_err(|e| file.unreadable(e))?;
        staged.lines += 1;
        let row = match line.row {
            Ok(row) => row,
            Err(found) => {
                problems.extend(found);
                continue;
            }
        };
        let Some(coop_id) = known_coop(line.number, &row, &coop_ids, &mut problems) else {
            continue;
        };
        if staged.coop_ids.is_empty() {
            staged.columns = columns(&row);
        }
        staged.coop_ids.insert(coop_id);
        rows.push(staged_member(line.number, coop_id, row));
        if rows.len() == ROWS_MAX {
            // Once a line is wrong nothing will be taken: read on only to list the others.
            if problems.is_empty() {
                staged_members::insert(tx.connection, &rows)?;
            }
            rows.clear();
        }
    }
    file.check(&problems)?;
    staged_members::insert(tx.connection, &rows)?;
    Ok(staged)
}

fn known_coop(
    line: u64,
    row: &MemberRow,
    coop_ids: &HashMap<String, i64>,
    problems: &mut Problems,
) -> Option<i64> {
    let code = row.coop.as_str();
    let known = coop_ids.get(code).copied();
    if known.is_none() {
        problems.push(unknown_code(line, COOP, code, "単協"));
    }
    known
}

/// Which columns the file has: the same for every row of it.
fn columns(row: &MemberRow) -> MemberColumns {
    MemberColumns {
        name: row.name != Cell::Absent,
        kana: row.kana != Cell::Absent,
        delivery: row.delivery != Cell::Absent,
        left_on: row.left_on != Cell::Absent,
    }
}

fn staged_member(line: u64, coop_id: i64, row: MemberRow) -> StagedMember {
    StagedMember {
        line: line.try_into().unwrap_or(i64::MAX),
        coop_id,
        number: row.member_number.into_string(),
        name: row.name.or_known(None),
        kana: row.kana.or_known(None),
        delivery: row
            .delivery
            .or_known(None)
            .map(|delivery| delivery.as_str().to_owned()),
        left_on: row.left_on.or_known(None),
    }
}

fn doubled_row(line: i64, number: &str, first_line: i64) -> LineProblem {
    doubled(
        line.unsigned_abs(),
        MEMBER_NUMBER,
        number,
        first_line.unsigned_abs(),
    )
}
