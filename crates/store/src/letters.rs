//! Moments and days in the letters in which they are sealed, whichever database keeps them.
//!
//! Read as values they would hide a change: SQLite keeps them as text, and a blank in the place of a
//! zero reads as the same moment.

use chrono::NaiveDateTime;

use crate::Backend;

/// A moment as it is sealed.
pub(crate) fn letters_of(moment: NaiveDateTime) -> String {
    moment.format("%Y-%m-%d %H:%M:%S%.6f").to_string()
}

/// SQL that gives the letters of a column of moments.
pub(crate) fn moment_letters(backend: Backend, column: &str) -> String {
    match backend {
        Backend::Sqlite => column.to_owned(),
        Backend::Postgres => format!("to_char({column}, 'YYYY-MM-DD HH24:MI:SS.US')"),
    }
}

/// SQL that gives the letters of a column of days.
pub(crate) fn date_letters(backend: Backend, column: &str) -> String {
    match backend {
        Backend::Sqlite => column.to_owned(),
        Backend::Postgres => format!("to_char({column}, 'YYYY-MM-DD')"),
    }
}
