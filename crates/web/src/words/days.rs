//! Days, months and years.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use domain::CollectionMonth;

use crate::messages::Language;

/// Seconds that clocks in Japan are ahead of UTC, all the year round.
const JAPAN_SECONDS_EAST: i32 = 9 * 60 * 60;

/// The eras that papers of the office write: their first day and their name.
const ERAS: [((i32, u32, u32), &str); 3] = [
    ((2019, 5, 1), "令和"),
    ((1989, 1, 8), "平成"),
    ((1926, 12, 25), "昭和"),
];

macro_rules! may_be_missing {
    ($trait:ident, $method:ident -> $value:ty) => {
        impl<T: $trait> $trait for Option<T> {
            fn $method(&self) -> Option<$value> {
                self.as_ref()?.$method()
            }
        }

        impl<T: $trait + ?Sized> $trait for &T {
            fn $method(&self) -> Option<$value> {
                (**self).$method()
            }
        }
    };
}

/// What is a day, or may be one.
pub trait Dated {
    /// The day.
    fn day(&self) -> Option<NaiveDate>;
}

impl Dated for NaiveDate {
    fn day(&self) -> Option<NaiveDate> {
        Some(*self)
    }
}

may_be_missing!(Dated, day -> NaiveDate);

/// What is a month, or may be one.
pub trait Monthly {
    /// The month.
    fn of_month(&self) -> Option<CollectionMonth>;
}

impl Monthly for CollectionMonth {
    fn of_month(&self) -> Option<CollectionMonth> {
        Some(*self)
    }
}

may_be_missing!(Monthly, of_month -> CollectionMonth);

/// What is a moment, or may be one. One without a zone is UTC, as it is kept.
pub trait Timed {
    /// The moment.
    fn moment(&self) -> Option<DateTime<Utc>>;
}

impl Timed for DateTime<Utc> {
    fn moment(&self) -> Option<DateTime<Utc>> {
        Some(*self)
    }
}

impl Timed for NaiveDateTime {
    fn moment(&self) -> Option<DateTime<Utc>> {
        Some(self.and_utc())
    }
}

may_be_missing!(Timed, moment -> DateTime<Utc>);

/// `2025年8月27日`, in English `27 Aug 2025`.
pub fn date(day: NaiveDate, language: Language) -> String {
    match language {
        Language::Ja => format!("{}年{}月{}日", day.year(), day.month(), Datelike::day(&day)),
        Language::En => day.format("%-d %b %Y").to_string(),
    }
}

/// `2025年8月`, in English `Aug 2025`.
pub fn month(month: CollectionMonth, language: Language) -> String {
    match language {
        Language::Ja => format!("{}年{}月", month.year(), month.month()),
        Language::En => month.first_day().format("%b %Y").to_string(),
    }
}

/// `2025年8月27日 14:05` by the clocks in Japan.
pub fn time(moment: DateTime<Utc>, language: Language) -> String {
    let Some(japan) = FixedOffset::east_opt(JAPAN_SECONDS_EAST) else {
        return String::new();
    };
    let local = moment.with_timezone(&japan);
    let day = date(local.date_naive(), language);
    format!("{day} {}", local.format("%H:%M"))
}

/// The fiscal year that begins in April of a year: `2025年度（令和7年度）`, in English `FY2025`.
pub fn fiscal_year(year: i32, language: Language) -> String {
    let era = NaiveDate::from_ymd_opt(year, 4, 1).and_then(era_year);
    match (language, era) {
        (Language::Ja, Some(era)) => format!("{year}年度（{era}度）"),
        (Language::Ja, None) => format!("{year}年度"),
        (Language::En, _) => format!("FY{year}"),
    }
}

/// The year of an era: `令和7年`, its first `令和元年`.
pub fn era_year(day: NaiveDate) -> Option<String> {
    ERAS.iter().find_map(|((year, month, first), name)| {
        let begins = NaiveDate::from_ymd_opt(*year, *month, *first)?;
        let count = day.year() - begins.year() + 1;
        let shown = match count {
            1 => "元".to_owned(),
            count => count.to_string(),
        };
        (day >= begins).then(|| format!("{name}{shown}年"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn eras_begin_on_their_day() {
        let era = |text| era_year(day(text));
        assert_eq!(era("2025-08-27").as_deref(), Some("令和7年"));
        assert_eq!(era("2019-05-01").as_deref(), Some("令和元年"));
        assert_eq!(era("2019-04-30").as_deref(), Some("平成31年"));
        assert_eq!(era("1989-01-07").as_deref(), Some("昭和64年"));
        assert_eq!(era("1900-01-01"), None);
    }

    #[test]
    fn a_fiscal_year_is_named_after_the_era_of_its_first_day() {
        let name = |year| fiscal_year(year, Language::Ja);
        assert_eq!(name(2025), "2025年度（令和7年度）");
        assert_eq!(name(2019), "2019年度（平成31年度）");
        assert_eq!(name(2020), "2020年度（令和2年度）");
        assert_eq!(fiscal_year(2025, Language::En), "FY2025");
    }

    #[test]
    fn moments_are_told_by_the_clocks_in_japan() {
        let late = "2025-08-26T15:05:00Z".parse().unwrap();
        assert_eq!(time(late, Language::Ja), "2025年8月27日 00:05");
        assert_eq!(time(late, Language::En), "27 Aug 2025 00:05");
        assert_eq!(date(day("2025-08-01"), Language::Ja), "2025年8月1日");
    }
}
