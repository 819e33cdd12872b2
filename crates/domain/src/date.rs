//! Dates and weeks as files and forms write them.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::text::{quoted, to_half_width};
use crate::wire::serde_as_text;

/// Why something is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Nothing there.
    #[error("日付が空です。「2025-08-27」のように書いてください")]
    Empty,
    /// Not year, month and day.
    #[error("「{0}」は日付として読めません。「2025-08-27」のように書いてください")]
    Format(String),
    /// The calendar has no such day.
    #[error("「{0}」という日は暦にありません。日付を確かめてください")]
    NoSuchDay(String),
    /// Before 2000 or after 2099.
    #[error("「{0}」は扱えない日付です。2000-01-01 から 2099-12-31 までの日付を書いてください")]
    OutOfRange(String),
}

/// Reads a date, `2025-08-27` or `2025/8/27`, in digits of either width.
///
/// Refuses days the calendar does not have, and years before 2000 and after 2099.
pub fn parse_date(text: &str) -> Result<NaiveDate, DateError> {
    let text = to_half_width(text);
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    let (year, month, day) = split_date(&text).ok_or_else(|| DateError::Format(quoted(&text)))?;
    if !(2000..=2099).contains(&year) {
        return Err(DateError::OutOfRange(quoted(&text)));
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| DateError::NoSuchDay(quoted(&text)))
}

fn split_date(text: &str) -> Option<(i32, u32, u32)> {
    let separator = if text.contains('/') { '/' } else { '-' };
    let mut parts = text.split(separator);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let year = i32::try_from(short_number(year)?).ok()?;
    Some((year, short_number(month)?, short_number(day)?))
}

/// A number of one to four ASCII digits.
fn short_number(text: &str) -> Option<u32> {
    let fits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok())?
}

/// A week of the ISO calendar, `2025-W29`: Monday to Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IsoWeek {
    year: i32,
    week: u32,
}

/// Why something is no ISO week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IsoWeekError {
    /// Not of the form `2025-W29`.
    #[error("「{0}」は ISO 週として読めません。「2025-W29」のように書いてください")]
    Format(String),
    /// That year has no such week, or lies outside 2000 to 2099.
    #[error(
        "「{0}」という週はありません。週は 2000 年から 2099 年までの、01 から 52（年により 53）までです"
    )]
    NoSuchWeek(String),
}

impl IsoWeek {
    /// A week of a year of the ISO calendar. Refuses week 53 of a year that has 52, and years
    /// outside 2000 to 2099.
    pub fn new(year: i32, week: u32) -> Result<Self, IsoWeekError> {
        let exists = (2000..=2099).contains(&year)
            && NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).is_some();
        if exists {
            Ok(IsoWeek { year, week })
        } else {
            Err(IsoWeekError::NoSuchWeek(format!("{year}-W{week:02}")))
        }
    }

    /// The week a date lies in.
    pub fn from_date(date: NaiveDate) -> Result<Self, IsoWeekError> {
        let week = date.iso_week();
        IsoWeek::new(week.year(), week.week())
    }

    /// Whether a date lies in the week.
    pub fn contains(self, date: NaiveDate) -> bool {
        let week = date.iso_week();
        (week.year(), week.week()) == (self.year, self.week)
    }

    /// The Monday with which the week begins.
    pub fn monday(self) -> NaiveDate {
        // `new` has looked this very day up, so the default never shows.
        NaiveDate::from_isoywd_opt(self.year, self.week, Weekday::Mon).unwrap_or_default()
    }
}

impl fmt::Display for IsoWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.week)
    }
}

impl FromStr for IsoWeek {
    type Err = IsoWeekError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = to_half_width(text);
        let parts = text
            .split_once("-W")
            .or_else(|| text.split_once("-w"))
            .filter(|(year, week)| year.len() == 4 && (1..=2).contains(&week.len()))
            .and_then(|(year, week)| {
                Some((
                    i32::try_from(short_number(year)?).ok()?,
                    short_number(week)?,
                ))
            });
        let (year, week) = parts.ok_or_else(|| IsoWeekError::Format(quoted(&text)))?;
        IsoWeek::new(year, week)
    }
}

serde_as_text!(IsoWeek);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_date_is_read_as_people_write_it() {
        for text in [
            "2025-08-27",
            "2025/8/27",
            "2025-8-27",
            "２０２５／８／２７",
            "２０２５－０８－２７",
        ] {
            assert_eq!(parse_date(text), Ok(day(2025, 8, 27)), "{text}");
        }
        assert_eq!(parse_date("2000-01-01"), Ok(day(2000, 1, 1)));
        assert_eq!(parse_date("2099-12-31"), Ok(day(2099, 12, 31)));
        assert_eq!(parse_date("2024-02-29"), Ok(day(2024, 2, 29)));
    }

    #[test]
    fn what_is_no_date_says_why() {
        assert_eq!(parse_date(" "), Err(DateError::Empty));
        for text in [
            "2025-02-31",
            "2025-02-29",
            "2025-13-01",
            "2025-00-10",
            "2025-01-00",
        ] {
            assert_eq!(parse_date(text), Err(DateError::NoSuchDay(text.to_owned())));
        }
        for text in ["9999-12-31", "1999-12-31", "2100-01-01", "0000-01-01"] {
            let said = parse_date(text).unwrap_err().to_string();
            assert!(said.contains("2000-01-01 から 2099-12-31"), "{said}");
        }
        for text in [
            "20250827",
            "2025-08",
            "2025-08-27-1",
            "25-08-27",
            "2025-8/27",
            "27.8.2025",
            "2025-08-+7",
            "10000-01-01",
            "八月",
            "2025--08",
        ] {
            assert!(
                matches!(parse_date(text), Err(DateError::Format(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn the_july_cycle_lies_in_week_29() {
        let week: IsoWeek = "2025-W29".parse().unwrap();
        assert!(week.contains(day(2025, 7, 14)) && week.contains(day(2025, 7, 20)));
        assert!(!week.contains(day(2025, 7, 13)) && !week.contains(day(2025, 7, 21)));
        assert_eq!(week.monday(), day(2025, 7, 14));
        assert_eq!("２０２５－Ｗ２９".parse(), Ok(week));
    }

    #[test]
    fn a_week_that_does_not_exist_is_refused() {
        assert!("2026-W53".parse::<IsoWeek>().is_ok());
        for text in ["2025-W53", "2025-W00", "1999-W01", "2100-W01"] {
            assert!(
                matches!(text.parse::<IsoWeek>(), Err(IsoWeekError::NoSuchWeek(_))),
                "{text}"
            );
        }
        for text in ["", "2025-29", "W29", "2025-W", "2025W29", "2025-W+9"] {
            assert!(
                matches!(text.parse::<IsoWeek>(), Err(IsoWeekError::Format(_))),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_date_reads_back_and_lies_in_its_week(days in 0_i64..36_525) {
            let date = day(2000, 1, 3) + chrono::TimeDelta::days(days.min(36_520));
            prop_assert_eq!(parse_date(&date.to_string()), Ok(date));
            let week = IsoWeek::from_date(date).unwrap();
            prop_assert!(week.contains(date));
            prop_assert_eq!(week.to_string().parse(), Ok(week));
        }
    }
}
