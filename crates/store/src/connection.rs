//! One connection type over both databases.

use diesel::{PgConnection, SqliteConnection};

/// A connection to either database. Typed queries run on it directly; what Diesel cannot compile
/// through the enum (batch inserts, `ON CONFLICT`, `COPY`) goes through [`on_backend!`](crate::on_backend).
#[derive(diesel::MultiConnection)]
pub enum DbConnection {
    /// SQLite, compiled in: the default.
    Sqlite(SqliteConnection),
    /// PostgreSQL, for several offices at once.
    Postgres(PgConnection),
}

/// Which of the two databases it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl DbConnection {
    /// Which database this connection talks to.
    pub fn backend(&self) -> Backend {
        match self {
            Self::Sqlite(_) => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
        }
    }
}

/// Runs one source text on whichever backend the connection is: `on_backend!(conn, c => body)`
/// repeats `body` for each with `c` bound to the concrete connection.
#[macro_export]
macro_rules! on_backend {
    ($connection:expr, $c:ident => $body:expr) => {
        match $connection {
            $crate::DbConnection::Sqlite($c) => $body,
            $crate::DbConnection::Postgres($c) => $body,
        }
    };
}
