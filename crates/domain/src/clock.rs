//! The time, passed in.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// Japan is nine hours ahead of UTC, all year.
const JAPAN_AHEAD_HOURS: i64 = 9;

/// Where the time comes from. Nothing asks the machine for it but the one system clock.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;

    /// The present day in Japan.
    fn today(&self) -> NaiveDate {
        japan_date(self.now())
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> DateTime<Utc> {
        (**self).now()
    }
}

/// The day it is in Japan at a moment.
pub fn japan_date(moment: DateTime<Utc>) -> NaiveDate {
    moment
        .checked_add_signed(TimeDelta::hours(JAPAN_AHEAD_HOURS))
        .unwrap_or(moment)
        .date_naive()
}

/// The moment at which a day begins in Japan; none at the end of the calendar.
pub fn japan_midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    day.and_time(NaiveTime::MIN)
        .and_utc()
        .checked_sub_signed(TimeDelta::hours(JAPAN_AHEAD_HOURS))
}

/// A clock that stands still until it is set: for tests and for made-up data.
#[derive(Debug)]
pub struct FixedClock {
    microseconds: AtomicI64,
}

impl FixedClock {
    /// A clock standing at a moment.
    pub fn at(moment: DateTime<Utc>) -> Self {
        FixedClock {
            microseconds: AtomicI64::new(moment.timestamp_micros()),
        }
    }

    /// A clock standing at noon in Japan on a day.
    pub fn on(day: NaiveDate) -> Self {
        FixedClock::at(noon_in_japan(day))
    }

    /// Sets the clock to a moment.
    pub fn set(&self, moment: DateTime<Utc>) {
        self.microseconds
            .store(moment.timestamp_micros(), Ordering::SeqCst);
    }

    /// Sets the clock to noon in Japan on a day.
    pub fn set_day(&self, day: NaiveDate) {
        self.set(noon_in_japan(day));
    }
}

fn noon_in_japan(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(12 - JAPAN_AHEAD_HOURS)
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.microseconds.load(Ordering::SeqCst))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_in_japan_begins_while_it_is_still_yesterday_in_greenwich() {
        let clock = FixedClock::at("2025-11-10T14:59:59Z".parse().unwrap());
        assert_eq!(clock.today().to_string(), "2025-11-10");
        clock.set("2025-11-10T15:00:00Z".parse().unwrap());
        assert_eq!(clock.today().to_string(), "2025-11-11");
    }

    #[test]
    fn a_clock_set_to_a_day_shows_that_day() {
        let day = NaiveDate::from_ymd_opt(2025, 7, 14).unwrap();
        let clock = Arc::new(FixedClock::on(day));
        assert_eq!(clock.today(), day);
        clock.set_day(day.succ_opt().unwrap());
        assert_eq!(clock.today(), day.succ_opt().unwrap());
    }
}
