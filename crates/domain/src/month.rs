//! The month in which something is collected.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use crate::text::{quoted, to_half_width};
use crate::wire::serde_as_text;

/// A month of collection (集金月), `2000-01` to `2099-12`. In JSON and files `2025-08`, in the
/// database the integer 202508.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CollectionMonth {
    year: u16,
    month: u8,
}

/// Why something is no month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MonthError {
    /// Nothing there.
    #[error("月が空です。「2025-08」のように書いてください")]
    Empty,
    /// Not a year and a month.
    #[error("「{0}」は月として読めません。「2025-08」のように書いてください")]
    Format(String),
    /// There is no such month of the year.
    #[error("「{0}」という月はありません。月は 01 から 12 までです")]
    NoSuchMonth(String),
    /// Before 2000 or after 2099.
    #[error("「{0}」は扱えない月です。2000-01 から 2099-12 までの月を書いてください")]
    OutOfRange(String),
}

impl CollectionMonth {
    /// The first month there is.
    pub const MIN: CollectionMonth = CollectionMonth {
        year: 2000,
        month: 1,
    };
    /// The last month there is.
    pub const MAX: CollectionMonth = CollectionMonth {
        year: 2099,
        month: 12,
    };

    /// The month of a year, 2000 to 2099, and a number, 1 to 12.
    pub fn new(year: i32, month: u32) -> Result<Self, MonthError> {
        let shown = || format!("{year}-{month:02}");
        let Some(number) = u8::try_from(month).ok().filter(|m| (1..=12).contains(m)) else {
            return Err(MonthError::NoSuchMonth(shown()));
        };
        match u16::try_from(year) {
            Ok(year @ 2000..=2099) => Ok(CollectionMonth {
                year,
                month: number,
            }),
            _ => Err(MonthError::OutOfRange(shown())),
        }
    }

    /// The month of an integer such as 202508, as the database keeps it.
    pub fn from_int(yyyymm: i32) -> Result<Self, MonthError> {
        let month = u32::try_from(yyyymm.rem_euclid(100)).unwrap_or(0);
        CollectionMonth::new(yyyymm.div_euclid(100), month)
    }

    /// The month as an integer such as 202508, as the database keeps it.
    pub fn as_int(self) -> i32 {
        i32::from(self.year) * 100 + i32::from(self.month)
    }

    /// The month a date lies in.
    pub fn from_date(date: NaiveDate) -> Result<Self, MonthError> {
        CollectionMonth::new(date.year(), date.month())
    }

    /// The year.
    pub fn year(self) -> i32 {
        i32::from(self.year)
    }

    /// The number of the month in its year, 1 to 12.
    pub fn month(self) -> u32 {
        u32::from(self.month)
    }

    /// The month after it; none after 2099-12.
    pub fn next(self) -> Option<Self> {
        self.plus_months(1)
    }

    /// The month before it; none before 2000-01.
    pub fn prev(self) -> Option<Self> {
        self.plus_months(-1)
    }

    /// The month so many months later, or earlier when negative; none outside 2000 to 2099.
    pub fn plus_months(self, months: i32) -> Option<Self> {
        let count = self.count().checked_add(months)?;
        let month = u32::try_from(count.rem_euclid(12)).ok()? + 1;
        CollectionMonth::new(count.div_euclid(12), month).ok()
    }

    /// How many months this one is after another; negative when before it.
    pub fn months_since(self, other: CollectionMonth) -> i32 {
        self.count() - other.count()
    }

    /// The first day of the month.
    pub fn first_day(self) -> NaiveDate {
        // Every month from 2000-01 to 2099-12 has a first day, so the default never shows.
        NaiveDate::from_ymd_opt(self.year(), self.month(), 1).unwrap_or_default()
    }

    /// The last day of the month.
    pub fn last_day(self) -> NaiveDate {
        let first = self.first_day();
        let days = u32::from(first.num_days_in_month());
        first.with_day(days).unwrap_or(first)
    }

    /// The month as screens show it: `2025年8月`.
    pub fn label_ja(self) -> String {
        format!("{}年{}月", self.year, self.month)
    }

    fn count(self) -> i32 {
        i32::from(self.year) * 12 + i32::from(self.month) - 1
    }
}

impl fmt::Display for CollectionMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// `2025-08`; `2025/8` and full-width digits are understood as well.
impl FromStr for CollectionMonth {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = to_half_width(text);
        if text.is_empty() {
            return Err(MonthError::Empty);
        }
        let unreadable = || MonthError::Format(quoted(&text));
        let (year, month) = text.split_once(['-', '/']).ok_or_else(unreadable)?;
        let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4
            || !(1..=2).contains(&month.len())
            || !is_digits(year)
            || !is_digits(month)
        {
            return Err(unreadable());
        }
        let year = year.parse().map_err(|_| unreadable())?;
        let month = month.parse().map_err(|_| unreadable())?;
        CollectionMonth::new(year, month)
    }
}

serde_as_text!(CollectionMonth);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn month(text: &str) -> CollectionMonth {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_read_as_people_write_it() {
        for text in [
            "2025-08",
            "2025/8",
            "2025-8",
            "２０２５－０８",
            "２０２５／８",
            " 2025-08 ",
        ] {
            assert_eq!(
                text.parse::<CollectionMonth>().unwrap().to_string(),
                "2025-08",
                "{text}"
            );
        }
        assert_eq!(month("2025-08").label_ja(), "2025年8月");
    }

    #[test]
    fn what_is_no_month_says_why() {
        assert_eq!("".parse::<CollectionMonth>(), Err(MonthError::Empty));
        for text in ["2025-13", "2025-00"] {
            assert!(matches!(
                text.parse::<CollectionMonth>(),
                Err(MonthError::NoSuchMonth(_))
            ));
        }
        for text in ["1999-12", "2100-01", "9999-01", "0000-01"] {
            assert!(matches!(
                text.parse::<CollectionMonth>(),
                Err(MonthError::OutOfRange(_))
            ));
        }
        for text in [
            "202508",
            "2025-008",
            "25-08",
            "2025-",
            "-08",
            "2025-08-01",
            "2025-+8",
            "八月",
        ] {
            assert!(
                matches!(text.parse::<CollectionMonth>(), Err(MonthError::Format(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn the_year_turns_after_december() {
        assert_eq!(month("2025-12").next(), Some(month("2026-01")));
        assert_eq!(month("2026-01").prev(), Some(month("2025-12")));
        assert_eq!(CollectionMonth::MAX.next(), None);
        assert_eq!(CollectionMonth::MIN.prev(), None);
        assert_eq!(month("2025-08").plus_months(i32::MAX), None);
    }

    #[test]
    fn a_month_knows_its_first_and_last_day() {
        for (text, last) in [
            ("2024-02", 29),
            ("2025-02", 28),
            ("2025-12", 31),
            ("2099-12", 31),
        ] {
            let month = month(text);
            assert_eq!(month.last_day(), month.first_day().with_day(last).unwrap());
            assert_eq!(CollectionMonth::from_date(month.last_day()), Ok(month));
        }
    }

    proptest! {
        #[test]
        fn a_month_reads_back(year in 2000_i32..=2099, number in 1_u32..=12) {
            let month = CollectionMonth::new(year, number).unwrap();
            prop_assert_eq!(month.to_string().parse(), Ok(month));
            prop_assert_eq!(CollectionMonth::from_int(month.as_int()), Ok(month));
        }

        #[test]
        fn months_are_counted_as_they_are_added(
            a in 0_i32..1200, b in 0_i32..1200,
        ) {
            let (a, b) = (
                CollectionMonth::MIN.plus_months(a).unwrap(),
                CollectionMonth::MIN.plus_months(b).unwrap(),
            );
            prop_assert_eq!(a.plus_months(b.months_since(a)), Some(b));
            prop_assert_eq!(a < b, b.months_since(a) > 0);
            prop_assert_eq!(a < b, a.as_int() < b.as_int());
        }
    }
}
