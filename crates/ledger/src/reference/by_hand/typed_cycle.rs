//! A cycle as it is typed.

use domain::{IsoWeek, ProposedCycle, parse_date};
use formats::tables::CycleRow;
use serde::{Deserialize, Serialize};

use super::typed::Typed;

/// A week that there is.
const ANY_WEEK: &str = "2000-W01";

/// A cycle as it is typed, or proposed for typing over: what a line of the file would say (§6).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TypedCycle {
    /// Its label with its year.
    pub cycle: String,
    /// Its ISO week; blank for that of the first day.
    pub iso_week: String,
    /// The first day of its window.
    pub opens_on: String,
    /// The last day for paper, depots and the telephone.
    pub closes_on: String,
    /// The last day for web orders; blank where there is no other.
    pub web_closes_on: String,
    /// The month it is collected in.
    pub collection_month: String,
}

impl TypedCycle {
    /// One in the place of this and a later one, as over a holiday week: it closes when the later one
    /// does.
    #[must_use]
    pub fn merged_with(self, later: Self) -> Self {
        Self {
            closes_on: later.closes_on,
            web_closes_on: later.web_closes_on,
            ..self
        }
    }

    /// The same with the ISO week of the first day, where none was typed.
    pub(super) fn with_week(&self) -> Self {
        let mut typed = self.clone();
        if typed.iso_week.trim().is_empty() {
            let opens_on = parse_date(&typed.opens_on).ok();
            let week = opens_on.and_then(|day| IsoWeek::from_date(day).ok());
            // Of a day that cannot be read there is no week, and only the day is to be told as wrong.
            typed.iso_week = week.map_or(ANY_WEEK.to_owned(), |week| week.to_string());
        }
        typed
    }
}

impl From<ProposedCycle> for TypedCycle {
    fn from(one: ProposedCycle) -> Self {
        Self {
            cycle: one.label,
            iso_week: one.iso_week.to_string(),
            opens_on: one.opens_on.to_string(),
            closes_on: one.closes_on.to_string(),
            web_closes_on: one.web_closes_on.to_string(),
            collection_month: one.collection_month.to_string(),
        }
    }
}

impl Typed for TypedCycle {
    type Row = CycleRow;

    fn values(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("cycle", &self.cycle),
            ("iso_week", &self.iso_week),
            ("opens_on", &self.opens_on),
            ("closes_on", &self.closes_on),
            ("web_closes_on", &self.web_closes_on),
            ("collection_month", &self.collection_month),
        ]
    }
}
