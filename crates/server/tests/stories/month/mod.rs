//! The whole of the office's work from July to December 2025: one script, told by command and over
//! REST. The files that are handed over are the same, byte for byte, on every database.

mod by_command;
mod over_rest;
mod script;

use std::sync::OnceLock;

use serde_json::Value;
use testkit::TestDatabase;

use self::by_command::ByCommand;
use self::over_rest::OverRest;
use self::script::{Files, tell};

/// A way to reach the ledger from outside. Names are those of the REST API, values JSON.
trait FrontDoor {
    /// Imports a file, its lines of a channel where one is named.
    fn import(&self, table: &str, file: &str, content: &[u8], channel: Option<&str>);
    /// Takes the lines of a file with English column names, whole or one by one, as suits the door;
    /// gives how many were posted and how many held.
    fn take_sheet_file(&self, file: &str, content: &str) -> (usize, usize);
    /// Takes one application; gives it with `id` and `state`.
    fn take(&self, application: &Value) -> Value;
    fn find_application(&self, coop: &str, member: &str, order_number: &str) -> Value;
    fn void_application(&self, id: i64, reason: &str);
    fn holds(&self) -> Vec<Value>;
    fn resolve(&self, id: i64, resolution: &Value) -> Value;
    fn resolve_many(&self, import_id: i64, only: &str, way: &str);
    /// `change`, `pause` or `end`s a pledge.
    fn plan(&self, action: &str, coop: &str, member: &str, plan: &Value);
    fn preview(&self, coop: &str, month: &str) -> Value;
    fn close(&self, coop: &str, month: &str) -> Value;
    fn void_batch(&self, coop: &str, month: &str, reason: &str) -> Value;
    /// Exports a sequence of a month: the answer and the file.
    fn export(&self, coop: &str, month: &str, sequence: i64) -> (Value, Vec<u8>);
    fn explain(&self, coop: &str, member: &str, month: &str) -> Value;
    fn verify(&self) -> Value;
}

/// The files of the month told by command on SQLite, to which every other telling is held.
fn told_first() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| tell(&ByCommand(TestDatabase::sqlite().into())))
}

/// Tells the month through another door or on another database.
fn tell_again(door: &dyn FrontDoor) {
    let (expected, found) = (told_first(), tell(door));
    assert_eq!(
        expected.keys().collect::<Vec<_>>(),
        found.keys().collect::<Vec<_>>()
    );
    for (name, file) in expected {
        assert!(*file == found[name], "{name:?} is another file");
    }
}

mod by_command_the_month_is_told {
    use super::*;

    #[test]
    fn on_sqlite() {
        // One file a co-op and month, and the two that came late.
        assert_eq!(told_first().len(), 5 * 5 + 2);
    }

    #[test]
    fn on_postgres() {
        if let Some(database) = TestDatabase::postgres() {
            tell_again(&ByCommand(database.into()));
        }
    }

    #[test]
    fn on_postgres_in_japanese_order() {
        if let Some(database) = TestDatabase::postgres_japanese() {
            tell_again(&ByCommand(database.into()));
        }
    }
}

mod over_rest_the_month_is_told_to_the_same_files {
    use super::*;

    fn tell_over_rest(database: TestDatabase) {
        let service = OverRest::new(database.into());
        tell_again(&service);
        service.assert_log_names_nobody();
    }

    #[test]
    fn on_sqlite() {
        tell_over_rest(TestDatabase::sqlite());
    }

    #[test]
    fn on_postgres() {
        if let Some(database) = TestDatabase::postgres() {
            tell_over_rest(database);
        }
    }

    #[test]
    fn on_postgres_in_japanese_order() {
        if let Some(database) = TestDatabase::postgres_japanese() {
            tell_over_rest(database);
        }
    }
}
