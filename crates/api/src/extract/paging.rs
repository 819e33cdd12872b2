//! Which page of a list is asked for.

use ledger::{Cursor, PageRequest};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which page of a list is asked for: alone, or beside what the list is of (`Paged`).
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParameters {
    /// `next_cursor` of the page before; the first page without it.
    cursor: Option<String>,
    /// Rows on the page, 1 to 500; 100 where none is given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

impl PageParameters {
    /// What they are called.
    pub const NAMES: [&'static str; 2] = ["cursor", "limit"];

    /// The page they ask for.
    pub fn page(self) -> PageRequest {
        PageRequest {
            cursor: self.cursor.map(Cursor::from),
            limit: self.limit,
        }
    }
}
