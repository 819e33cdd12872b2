//! A hand in the database, past triggers and constraints.

use std::fs;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::{PgConnection, SqliteConnection, sql_query};
use ledger::domain::{CountedSalts, FixedClock};
use ledger::trace::Verification;
use ledger::{Ledger, Settings};
use store::{OpenMode, Store, StoreError, on_backend};
use testkit::TestDatabase;

/// Takes a table's guards away, as somebody who owns the database can.
const POSTGRES_WITHOUT_GUARDS: &str = "
    SET session_replication_role = replica;
    DO $$ DECLARE guard record; BEGIN
      FOR guard IN SELECT conname, conrelid::regclass AS place FROM pg_constraint
        WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid <> 0
      LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', guard.place, guard.conname); END LOOP;
    END $$;";

pub struct Hand {
    original: TestDatabase,
}

/// A column, and how one bit of it is changed.
pub struct Column {
    table: String,
    name: String,
    shape: Shape,
}

#[derive(Clone, Copy)]
enum Shape {
    Text,
    Integer,
    Month,
    Moment,
    Day,
}

/// The columns of a table, named in words: `name` for a text, `name#` for an integer, `name%` for a
/// month, `name*` for a moment, `name^` for a day.
pub fn columns(table: &str, names: &str) -> Vec<Column> {
    let column = |word: &str| {
        let shape = match word.chars().last() {
            Some('#') => Shape::Integer,
            Some('%') => Shape::Month,
            Some('*') => Shape::Moment,
            Some('^') => Shape::Day,
            _ => Shape::Text,
        };
        Column {
            table: table.to_owned(),
            name: word.trim_end_matches(['#', '%', '*', '^']).to_owned(),
            shape,
        }
    };
    names.split_whitespace().map(column).collect()
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Hand {
    /// Over a database that nobody works with any more.
    pub fn over(original: TestDatabase) -> Self {
        let hand = Self { original };
        hand.wait_until_it_is_left();
        hand
    }

    /// The last reader takes SQLite's log away, which must not happen while the files are copied.
    fn wait_until_it_is_left(&self) {
        self.original.wait_until_nobody_is_connected();
        let Some(folder) = self.original.folder() else {
            return;
        };
        let is_left = || {
            let mut entries = fs::read_dir(folder).unwrap().flatten();
            !entries.any(|entry| entry.file_name().to_string_lossy().ends_with("-wal"))
        };
        while !is_left() {
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn is_sqlite(&self) -> bool {
        self.original.folder().is_some()
    }

    /// What a query of the untouched database gives, `AS number`.
    pub fn number(&self, sql: &str) -> i64 {
        let number: QueryResult<Number> = match self.original.url().strip_prefix("sqlite://") {
            Some(path) => {
                sql_query(sql).get_result(&mut SqliteConnection::establish(path).unwrap())
            }
            None => {
                let url = self.original.url();
                sql_query(sql).get_result(&mut PgConnection::establish(url).unwrap())
            }
        };
        self.wait_until_it_is_left();
        number.unwrap().number
    }

    /// SQL that changes the lowest bit of a column's last letter or number in the rows `of`.
    pub fn flip(&self, column: &Column, of: &str) -> String {
        let Column { table, name, shape } = column;
        let flipped = |number: &str| format!("({number} + 1 - 2 * ({number} % 2))");
        let letters = |name: &str| {
            if self.is_sqlite() {
                let last = flipped(&format!("unicode(substr({name}, -1))"));
                format!("substr({name}, 1, length({name}) - 1) || char({last})")
            } else {
                let last = flipped(&format!("ascii(right({name}, 1))"));
                format!("left({name}, -1) || chr({last})")
            }
        };
        let changed = match (shape, self.is_sqlite()) {
            (Shape::Integer, _) => flipped(name),
            // The month after is there already.
            (Shape::Month, _) => format!("({name} + 2 - 4 * ({name} / 2 % 2))"),
            (Shape::Moment, false) => format!("{name} + interval '1 microsecond'"),
            (Shape::Day, false) => format!("{name} + 1"),
            (Shape::Text | Shape::Moment | Shape::Day, _) => letters(name),
        };
        format!("UPDATE {table} SET {name} = {changed} WHERE {of} AND {name} IS NOT NULL")
    }

    /// Runs SQL past every guard on a copy: this check fails then, and says all these words.
    #[track_caller]
    pub fn expect(&self, sql: &str, check: &str, words: &[&str]) {
        let verification = self.verify_after(sql);
        let found = verification.checks.iter().find(|found| found.name == check);
        let found = found.unwrap_or_else(|| panic!("no check {check}"));
        assert!(!found.ok, "{sql}\nwas not found: {:?}", verification.checks);
        for words in words {
            assert!(
                found.detail.contains(words),
                "{sql}\n{words}: {}",
                found.detail
            );
        }
    }

    /// Runs SQL past every guard on a copy: nothing is wrong then.
    #[track_caller]
    pub fn expect_nothing(&self, sql: &str) {
        let verification = self.verify_after(sql);
        assert!(verification.ok, "{sql}\n{:?}", verification.checks);
    }

    /// Runs SQL on a copy with its guards in place: they refuse it.
    #[track_caller]
    pub fn expect_refused(&self, sql: &str) {
        let copy = self.original.copy();
        let store = Store::open(copy.url(), OpenMode::MustExist).unwrap();
        let outcome: Result<(), StoreError> =
            store.write(|c| on_backend!(c, c => c.batch_execute(sql)).map_err(StoreError::from));
        assert!(outcome.is_err(), "{sql}");
    }

    #[track_caller]
    fn verify_after(&self, sql: &str) -> Verification {
        let (_copy, ledger) = self.ledger_after(sql);
        let verification = ledger.verify(&ledger::Call::of_operator("auditor"));
        verification.unwrap_or_else(|error| panic!("{sql}\n{error}"))
    }

    /// Runs SQL past every guard on a copy: the copy, and a ledger on it.
    #[track_caller]
    pub fn ledger_after(&self, sql: &str) -> (TestDatabase, Ledger) {
        let copy = self.original.copy();
        let done = match copy.url().strip_prefix("sqlite://") {
            Some(path) => {
                let mut connection = SqliteConnection::establish(path).unwrap();
                let guards = triggers(&mut connection);
                let off = "PRAGMA ignore_check_constraints = on; PRAGMA foreign_keys = off;";
                connection.batch_execute(&format!("{off} {guards} {sql}"))
            }
            None => {
                let mut connection = PgConnection::establish(copy.url()).unwrap();
                connection.batch_execute(&format!("{POSTGRES_WITHOUT_GUARDS} {sql}"))
            }
        };
        done.unwrap_or_else(|error| panic!("{sql}\n{error}"));
        let ledger = Ledger::open(
            copy.url(),
            OpenMode::MustExist,
            Arc::new(FixedClock::on("2025-10-01".parse().unwrap())),
            Arc::new(CountedSalts::default()),
            Settings::default(),
        );
        (copy, ledger.unwrap())
    }
}

#[derive(QueryableByName)]
struct Trigger {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

/// SQL that drops every trigger.
fn triggers(connection: &mut SqliteConnection) -> String {
    let found: Vec<Trigger> = sql_query("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        .load(connection)
        .unwrap();
    found
        .iter()
        .map(|trigger| format!("DROP TRIGGER {};", trigger.name))
        .collect()
}
