//! An office in small: a database, the ledger on it, and a clock that stands still until it is set.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::FixedClock;
use ledger::{Actor, Call, Ledger, OpenMode, Settings};

use crate::TestDatabase;

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
        Call::by(Actor::command_line("office"))
    }

    /// Sets the clock to noon in Japan of a day, as `2025-11-10`.
    pub fn set_today(&self, day: &str) {
        self.clock
            .set_day(day.parse::<NaiveDate>().expect("a day like 2025-11-10"));
    }

    /// The same database as a second process sees it, under the same clock.
    pub fn opened_again(&self) -> Ledger {
        open(&self.database, OpenMode::MustExist, &self.clock)
    }
}

impl From<TestDatabase> for World {
    fn from(database: TestDatabase) -> Self {
        let (year, month, day) = FIRST_DAY;
        let first_day = NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar");
        let clock = Arc::new(FixedClock::on(first_day));
        let ledger = open(&database, OpenMode::Migrate, &clock);
        Self {
            ledger,
            clock,
            database,
        }
    }
}

fn open(database: &TestDatabase, mode: OpenMode, clock: &Arc<FixedClock>) -> Ledger {
    Ledger::open(database.url(), mode, clock.clone(), Settings::default())
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
