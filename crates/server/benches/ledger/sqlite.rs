//! SQLite: the floor is the `sqlite3` shell.

use std::fs;
use std::path::{Path, PathBuf};

use crate::measure::{self, Taken};
use crate::report::{Step, Turns};
use crate::{COOP, Files, MONTH, TURNS, fill_reference_data, hitokuchi};

/// The same durability as ours.
const PRAGMAS: &str = "PRAGMA journal_mode=wal; PRAGMA synchronous=full;\n";

/// What an order number means, for the floor's joins.
const OFFERINGS: &str = "
    CREATE TABLE offerings (order_number TEXT PRIMARY KEY, kind INT, unit_price INT);
    INSERT INTO offerings VALUES ('164151', 1, 300), ('164160', 2, 500);";

/// The same rows as ours, each with its place in the file, and nothing else: no uniqueness, no
/// plan of months, no totals.
const CLOSE: &str = "
    CREATE TABLE charges (batch INT, rank INT, month INT, coop TEXT, member TEXT, order_number TEXT,
      kind INT, units INT, unit_price INT, amount INT);
    INSERT INTO charges
    SELECT 1, row_number() OVER (ORDER BY a.\"組合員番号\", o.kind, a.\"注文番号\"), 202508,
      a.\"単協コード\", a.\"組合員番号\", a.\"注文番号\", o.kind, CAST(a.\"口数\" AS INT), o.unit_price,
      CAST(a.\"口数\" AS INT) * o.unit_price
    FROM applications a JOIN offerings o ON o.order_number = a.\"注文番号\";";

const EXPORT: &str = "
    SELECT c.coop, c.member, c.order_number, c.kind, c.units, c.unit_price, c.amount, c.month,
      c.batch || '-' || c.rank
    FROM charges c JOIN offerings o ON o.order_number = c.order_number
    ORDER BY c.member, o.kind, c.order_number;";

/// Measures every step, ours and the floor in turn.
pub fn measure(files: &Files) -> Vec<Step> {
    let place = files.folder.join("sqlite");
    fs::create_dir_all(&place).expect("a folder");
    let base = Copy {
        folder: place.join("base"),
    };
    base.make();
    let members = fill_reference_data(&base.url(), files);
    let applications = files.applications.display().to_string();
    let mut turns = Turns::default();
    for turn in 0..TURNS {
        let floor = place.join(format!("floor-{turn}.db"));
        let ours = base.copied_to(place.join(format!("ours-{turn}")));
        let load = format!(".mode csv\n.import {applications} applications\n");
        turns
            .floor_import
            .push(shell(&floor, &[PRAGMAS, &load], None));
        turns.import.push(hitokuchi(
            &ours.url(),
            &["import", "applications", &applications],
        ));
        shell(&floor, &[OFFERINGS], None);
        turns
            .floor_close
            .push(shell(&floor, &[PRAGMAS, CLOSE], None));
        turns.close.push(hitokuchi(
            &ours.url(),
            &["batch", "close", "--coop", COOP, "--month", MONTH],
        ));
        let file = place.join(format!("floor-{turn}.csv"));
        turns
            .floor_export
            .push(shell(&floor, &[".mode csv\n", EXPORT], Some(&file)));
        let out = place.join(format!("ours-{turn}.csv")).display().to_string();
        let words = [
            "batch", "export", "--coop", COOP, "--month", MONTH, "--out", &out,
        ];
        turns.export.push(hitokuchi(&ours.url(), &words));
        check_rows(&out, files.lines);
        turns.verify.push(hitokuchi(&ours.url(), &["verify"]));
        turns
            .floor_verify
            .push(shell(&ours.file(), &["PRAGMA integrity_check;"], None));
        ours.remove();
        fs::remove_file(&floor).expect("remove the floor");
    }
    turns.steps(members)
}

/// The file has its header and a row for each line.
pub fn check_rows(file: &str, lines: u32) {
    let rows = fs::read(file).expect("read the collection file");
    let rows = rows.iter().filter(|&&byte| byte == b'\n').count();
    assert_eq!(rows, lines as usize + 1, "rows of {file}");
}

fn shell(database: &Path, commands: &[&str], out: Option<&Path>) -> Taken {
    let database = database.display().to_string();
    // The script is a file, so that dot-commands and SQL may follow one another.
    let script = format!("{database}.sql");
    fs::write(&script, commands.concat()).expect("write a script");
    let read = format!(".read {script}");
    measure::run("sqlite3", &[&database, &read], out)
}

/// A database of ours in a folder of its own.
struct Copy {
    folder: PathBuf,
}

impl Copy {
    fn make(&self) {
        fs::create_dir_all(&self.folder).expect("a folder for a database");
    }

    fn file(&self) -> PathBuf {
        self.folder.join("hitokuchi.db")
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.file().display())
    }

    fn copied_to(&self, folder: PathBuf) -> Self {
        let copy = Self { folder };
        copy.make();
        for entry in fs::read_dir(&self.folder).expect("list a folder").flatten() {
            fs::copy(entry.path(), copy.folder.join(entry.file_name())).expect("copy a file");
        }
        copy
    }

    fn remove(self) {
        fs::remove_dir_all(self.folder).expect("remove a copy");
    }
}
