//! Days as §6 writes them, `2000-01-01` to `2099-12-31`: a field with
//! `#[serde(default, deserialize_with = "day::optional")]`.

use chrono::NaiveDate;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// A day that may be missing. Refuses what is no day of the calendar, or too far away.
pub fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| domain::parse_date(&text).map_err(D::Error::custom))
        .transpose()
}
