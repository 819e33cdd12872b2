//! Which page of a list is asked for.

use ledger::{Cursor, PageRequest};
use serde::Deserialize;
use utoipa::IntoParams;

/// The parameters of a list that has no others.
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
    /// The page they ask for.
    pub fn page(self) -> PageRequest {
        page(self.cursor, self.limit)
    }
}

/// The page that a cursor and a number of rows ask for.
pub fn page(cursor: Option<String>, limit: Option<u32>) -> PageRequest {
    PageRequest {
        cursor: cursor.map(Cursor::from),
        limit,
    }
}
