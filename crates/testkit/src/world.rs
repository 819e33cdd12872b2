//! An office in small: a database, the ledger on it, and a clock that stands still until it is set.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::{CountedSalts, FixedClock};
use ledger::credentials::{Hashing, SecretDigest};
use ledger::intake::{ApplicationsImported, ImportApplications};
use ledger::two_persons::Outcome;
use ledger::{
    BytesSource, Call, Caller, Ledger, LedgerError, OpenMode, ReferenceImported, ReferenceTable,
    Settings,
};

use crate::{TestDatabase, fixtures, people};

/// The day a new world begins on: the first of 2025年7月4回.
const FIRST_DAY: (i32, u32, u32) = (2025, 7, 14);

/// A ledger on a database of its own.
///
/// A story takes it in place of the database: `fn a_story(world: World)` under `on_both!(a_story)`.
pub struct World {
    /// The use cases.
    pub ledger: Ledger,
    /// The ledger's clock, at noon in Japan of a day.
    pub clock: Arc<FixedClock>,
    /// Where it is kept. Declared last: it goes when nobody is connected to it any more.
    pub database: TestDatabase,
}

impl World {
    /// A request of an office worker, without a key.
    pub fn office(&self) -> Call {
        Call::of_operator("office")
    }

    /// The secret of a token of a person with these roles, who is invited now. It acts with all of
    /// them, everywhere.
    pub fn token_of(&self, name: &str, roles: &str) -> String {
        people::invite(&self.ledger, name, roles, None)
    }

    /// A request of somebody of the organisation with this code, by a token.
    pub fn of_organization(&self, name: &str, code: &str) -> Call {
        let secret = self.token_of_organization(name, code);
        Call::by(Caller::Token(SecretDigest::of(&secret)))
    }

    /// The secret of a token of somebody new, of the organisation with this code.
    pub fn token_of_organization(&self, name: &str, code: &str) -> String {
        people::invite(&self.ledger, name, "organization", Some(code))
    }

    /// A request of a person with these roles, by a token.
    pub fn person(&self, name: &str, roles: &str) -> Call {
        let secret = self.token_of(name, roles);
        Call::by(Caller::Token(SecretDigest::of(&secret)))
    }

    /// Sets the clock to noon in Japan of a day, as `2025-11-10`.
    pub fn set_today(&self, day: &str) {
        self.clock
            .set_day(day.parse::<NaiveDate>().expect("a day like 2025-11-10"));
    }

    /// Takes a file of reference data given as text. Panics where it is refused.
    pub fn import(&self, table: ReferenceTable, content: &str) -> ReferenceImported {
        self.try_import(table, content)
            .unwrap_or_else(|error| panic!("import {table}: {}", told(&error)))
    }

    /// Takes a file of reference data given as text, or gives the refusal.
    pub fn try_import(
        &self,
        table: ReferenceTable,
        content: &str,
    ) -> Result<ReferenceImported, LedgerError> {
        let source = BytesSource::new(&format!("{table}.csv"), content);
        self.ledger.import_reference(&self.office(), table, &source)
    }

    /// Takes a file of applications. Panics where it is refused.
    pub fn take_applications(
        &self,
        content: impl Into<Vec<u8>>,
        defaults: ImportApplications,
    ) -> ApplicationsImported {
        self.try_applications(content, defaults)
            .unwrap_or_else(|error| panic!("import applications: {}", told(&error)))
    }

    /// Takes a file of applications, or gives the refusal.
    pub fn try_applications(
        &self,
        content: impl Into<Vec<u8>>,
        defaults: ImportApplications,
    ) -> Result<ApplicationsImported, LedgerError> {
        let source = BytesSource::new("applications.csv", content);
        self.ledger
            .import_applications(&self.office(), &source, defaults, &|_| ())
    }

    /// Takes what the newsletters state: co-ops, funds, the campaign, both cycles, their offerings.
    pub fn load_newsletters(&self) {
        self.load(&fixtures::NEWSLETTER);
    }

    /// Takes what the newsletters state, and the sample's members and supporters of old.
    pub fn load_sample(&self) {
        self.load(&fixtures::NEWSLETTER);
        self.load(&fixtures::SAMPLE);
    }

    fn load(&self, files: &[(&str, &str)]) {
        for (table, file) in files {
            let table = table.parse().expect("a table of reference data");
            let source = BytesSource::new(file, fixtures::bytes(file));
            self.ledger
                .import_reference(&self.office(), table, &source)
                .unwrap_or_else(|error| panic!("fixtures/{file}: {}", told(&error)));
        }
    }

    /// The same database as a second process sees it, under the same clock.
    pub fn opened_again(&self) -> Ledger {
        self.opened_with(usual())
    }

    /// The same, as a process with other settings sees it.
    pub fn opened_with(&self, settings: Settings) -> Ledger {
        open(&self.database, OpenMode::MustExist, &self.clock, settings)
    }
}

impl From<TestDatabase> for World {
    fn from(database: TestDatabase) -> Self {
        let (year, month, day) = FIRST_DAY;
        let first_day = NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar");
        let clock = Arc::new(FixedClock::on(first_day));
        let ledger = open(&database, OpenMode::Migrate, &clock, usual());
        Self {
            ledger,
            clock,
            database,
        }
    }
}

/// What a story asks for that may have to wait for a second person.
pub trait AtOnce<T> {
    /// What was done, as the operator does it: at once. Panics where it waits.
    fn at_once(self) -> Result<T, LedgerError>;
}

impl<T> AtOnce<T> for Result<Outcome<T>, LedgerError> {
    fn at_once(self) -> Result<T, LedgerError> {
        self.map(|outcome| {
            let done = outcome.done();
            done.unwrap_or_else(|pending| panic!("it waits: {pending:?}"))
        })
    }
}

/// A refusal with every line it is about, as a front door tells it: `line:column: reason`.
pub fn told(error: &LedgerError) -> String {
    let mut words = error.to_string();
    if let LedgerError::Invalid { problems, .. } = error {
        for problem in problems {
            let line = problem
                .line
                .map(|line| line.to_string())
                .unwrap_or_default();
            let column = problem.column.as_deref().unwrap_or_default();
            words += &format!("\n{line}:{column}: {}", problem.reason);
        }
    }
    words
}

/// The settings of an office that has set none, but for what a password costs: stories sign in often.
fn usual() -> Settings {
    Settings {
        hashing: Hashing::CHEAP,
        ..Settings::default()
    }
}

fn open(
    database: &TestDatabase,
    mode: OpenMode,
    clock: &Arc<FixedClock>,
    settings: Settings,
) -> Ledger {
    Ledger::open(
        database.url(),
        mode,
        clock.clone(),
        Arc::new(CountedSalts::default()),
        settings,
    )
    .unwrap_or_else(|error| panic!("open {}: {error}", database.url()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::on_both;

    on_both!(a_new_world_begins_on_the_first_day_of_the_july_week);

    fn a_new_world_begins_on_the_first_day_of_the_july_week(world: World) {
        assert_eq!(world.ledger.today().to_string(), "2025-07-14");
        assert!(world.ledger.is_ready().expect("ask the database"));

        world.set_today("2025-11-10");

        assert_eq!(world.opened_again().today().to_string(), "2025-11-10");
    }
}
