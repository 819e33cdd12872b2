//! The fiscal year: 1 April to 31 March (年度).

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use crate::month::{CollectionMonth, MonthError};
use crate::text::{quoted, to_half_width};

/// A fiscal year, named by the calendar year in which it begins: 2025年度 runs from 2025-04 to
/// 2026-03. In JSON and in the database the integer 2025.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalYear(u16);

/// The month in which fiscal years begin.
const FIRST_MONTH: u32 = 4;

/// Why something is no fiscal year.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("年度「{0}」は扱えません。2000 から 2098 までの、年度の始まる年（4桁）を書いてください")]
pub struct FiscalYearError(String);

impl FiscalYear {
    /// The fiscal year that begins in April of a year, 2000 to 2098.
    pub fn new(year: i32) -> Result<Self, FiscalYearError> {
        match u16::try_from(year) {
            Ok(year @ 2000..=2098) => Ok(Self(year)),
            _ => Err(FiscalYearError(year.to_string())),
        }
    }

    /// The fiscal year a month lies in.
    pub fn of_month(month: CollectionMonth) -> Result<Self, FiscalYearError> {
        let before_april = month.month() < FIRST_MONTH;
        Self::new(month.year() - i32::from(before_april))
    }

    /// The fiscal year a date lies in.
    pub fn of_date(date: NaiveDate) -> Result<Self, FiscalYearError> {
        let before_april = date.month() < FIRST_MONTH;
        Self::new(date.year() - i32::from(before_april))
    }

    /// The calendar year in which it begins.
    pub fn year(self) -> i32 {
        i32::from(self.0)
    }

    /// Its April.
    pub fn first_month(self) -> Result<CollectionMonth, MonthError> {
        CollectionMonth::new(self.year(), FIRST_MONTH)
    }

    /// Its March, in which it is closed.
    pub fn last_month(self) -> Result<CollectionMonth, MonthError> {
        CollectionMonth::new(self.year() + 1, FIRST_MONTH - 1)
    }

    /// The fiscal year as screens show it: `2025年度`.
    pub fn label_ja(self) -> String {
        format!("{}年度", self.0)
    }
}

impl fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Four digits of either width.
impl FromStr for FiscalYear {
    type Err = FiscalYearError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = to_half_width(text);
        let digits = digits.strip_suffix("年度").unwrap_or(&digits);
        let unreadable = || FiscalYearError(quoted(digits));
        if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(unreadable());
        }
        Self::new(digits.parse().map_err(|_| unreadable())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_fiscal_year_runs_from_april_to_march() {
        for (date, year) in [
            ("2025-03-31", 2024),
            ("2025-04-01", 2025),
            ("2025-12-31", 2025),
            ("2026-01-01", 2025),
            ("2026-03-31", 2025),
            ("2026-04-01", 2026),
        ] {
            let fiscal = FiscalYear::of_date(day(date)).unwrap();
            assert_eq!(fiscal.year(), year, "{date}");
            let month = CollectionMonth::from_date(day(date)).unwrap();
            assert_eq!(FiscalYear::of_month(month), Ok(fiscal));
        }
        let fiscal = FiscalYear::new(2025).unwrap();
        assert_eq!(fiscal.first_month().unwrap().to_string(), "2025-04");
        assert_eq!(fiscal.last_month().unwrap().to_string(), "2026-03");
        assert_eq!(fiscal.label_ja(), "2025年度");
    }

    #[test]
    fn a_fiscal_year_is_read_as_people_write_it() {
        for text in ["2025", "２０２５", "2025年度"] {
            assert_eq!(text.parse(), FiscalYear::new(2025), "{text}");
        }
        for text in ["", "25", "1999", "2099", "令和7年度", "-2025"] {
            assert!(text.parse::<FiscalYear>().is_err(), "{text}");
        }
    }
}
