//! Figures, days and people as papers of the office write them.

mod days;
mod figures;

pub use days::{Dated, Monthly, Timed, date, era_year, fiscal_year, month, time};
pub use figures::{Count, Money, count, yen};

use crate::messages::Language;
use crate::page::Page;

/// How templates write figures, days and people: `{{ page.yen(amount) }}`. What may be missing is left
/// empty.
impl Page {
    /// An amount: `¥1,800`.
    pub fn yen(&self, amount: impl Money) -> String {
        amount.amount().map_or_else(String::new, yen)
    }

    /// A count: `12,345`.
    pub fn count(&self, number: impl Count) -> String {
        number.number().map_or_else(String::new, count)
    }

    /// A day: `2025年8月27日`, in English `27 Aug 2025`.
    pub fn date(&self, day: impl Dated) -> String {
        let day = day.day();
        day.map_or_else(String::new, |day| date(day, self.language))
    }

    /// A month: `2025年8月`, in English `Aug 2025`.
    pub fn month(&self, of: impl Monthly) -> String {
        let of = of.of_month();
        of.map_or_else(String::new, |of| month(of, self.language))
    }

    /// A moment, as clocks in Japan show it: `2025年8月27日 14:05`.
    pub fn time(&self, moment: impl Timed) -> String {
        let moment = moment.moment();
        moment.map_or_else(String::new, |moment| time(moment, self.language))
    }

    /// A fiscal year from April on: `2025年度（令和7年度）`, in English `FY2025`.
    pub fn fiscal_year(&self, year: i32) -> String {
        fiscal_year(year, self.language)
    }

    /// Who did something, of an actor as recorded: somebody who signed in, a token of theirs, the
    /// operator of the machine, or nobody.
    pub fn who(&self, actor: &str) -> String {
        match actor.split_once(':') {
            Some(("user", name)) => match name.split_once('/') {
                Some((name, token)) => self.t2("common-by-token", "name", name, "token", token),
                None => name.to_owned(),
            },
            Some(("cli", name)) => self.t1("common-by-operator", "name", name),
            _ if actor == "nobody" => self.t("common-by-nobody"),
            _ => actor.to_owned(),
        }
    }

    /// Whether the page is in Japanese.
    pub fn is_japanese(&self) -> bool {
        self.language == Language::Ja
    }
}
