//! What the rows of every file have in common: a code that may come once, and codes of others
//! that have to be known.

use std::collections::HashMap;
use std::hash::Hash;

use formats::table::{LineProblem, Problems};

/// What takes the problems of all rows and refuses them where there are any, before anything is written:
/// a file by its lines, a form by its fields.
pub(super) type Check<'a> = &'a dyn Fn(&Problems) -> crate::Result<()>;

/// Refuses to add what there is already. `what` is what it is, `shown` its code.
pub(super) fn there_already(
    line: u64,
    column: &'static str,
    shown: &str,
    what: &str,
) -> LineProblem {
    let reason = format!(
        "{what}「{shown}」はすでに登録されています。直すときは、登録済みのほうを開いて直してください"
    );
    LineProblem::of_field(line, column, "", reason)
}

/// The keys of a file so far, each with its line.
pub(super) struct Keys<K>(HashMap<K, u64>);

impl<K: Eq + Hash> Keys<K> {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    /// Notes a row's key, and says whether it is the first of it. One that came before is a problem of the
    /// later line.
    pub(super) fn note(
        &mut self,
        key: K,
        line: u64,
        column: &'static str,
        shown: &str,
        problems: &mut Problems,
    ) -> bool {
        if let Some(first) = self.0.get(&key) {
            problems.push(doubled(line, column, shown, *first));
            return false;
        }
        self.0.insert(key, line);
        true
    }
}

/// A row whose key an earlier row has already.
pub(super) fn doubled(line: u64, column: &'static str, shown: &str, first: u64) -> LineProblem {
    let reason = format!("{first}行目にも同じ{column}があります。どちらか1行だけにしてください");
    LineProblem::of_field(line, column, shown, reason)
}

/// A code that names nothing yet, and what to do first. `what` is what it would name.
pub(super) fn unknown_code(
    line: u64,
    column: &'static str,
    shown: &str,
    what: &str,
) -> LineProblem {
    let reason = format!(
        "この{what}は登録されていません。書き間違いでなければ、先に{what}を登録するか、{what}のファイルを取り込んでください"
    );
    LineProblem::of_field(line, column, shown, reason)
}

/// The ids of the co-ops by code.
pub(super) fn cooperative_ids(
    connection: &mut store::DbConnection,
) -> crate::Result<HashMap<String, i64>> {
    let all = store::tables::cooperatives::all(connection)?;
    Ok(all.into_iter().map(|one| (one.code, one.id)).collect())
}
