//! How an error of the use cases becomes a status: the one place that knows.

use actix_web::http::StatusCode;
use ledger::{LedgerError, StoreError};

use crate::problem::{BadPlace, Problem};

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        let status = status_of(&error);
        if status.is_server_error() {
            tracing::error!(code = error.code(), "{}", without_url(&error));
        }
        let mut problem = Problem::new(status, error.code(), detail_of(&error));
        match error {
            LedgerError::Invalid { problems, .. } => {
                problem.problems = problems.into_iter().map(BadPlace::from).collect();
            }
            LedgerError::Refused { details, .. } => problem.context = details.map(Box::new),
            LedgerError::SlowDown { seconds } => problem.retry_after_seconds = Some(seconds),
            _ => {}
        }
        problem
    }
}

/// A place in a file has its line and column; one in a request is a field of the body or a
/// parameter, which `crate::extract` tells apart.
impl From<ledger::Problem> for BadPlace {
    fn from(problem: ledger::Problem) -> Self {
        let is_in_file = problem.line.is_some();
        let (pointer, column) = if is_in_file {
            (None, problem.column)
        } else {
            (problem.column.map(|name| format!("/{name}")), None)
        };
        Self {
            pointer,
            parameter: None,
            line: problem.line,
            column,
            detail: problem.reason,
        }
    }
}

fn status_of(error: &LedgerError) -> StatusCode {
    match error {
        LedgerError::Invalid { .. } | LedgerError::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        LedgerError::NotFound { .. } | LedgerError::Store(StoreError::NotFound) => {
            StatusCode::NOT_FOUND
        }
        LedgerError::Refused { .. } => StatusCode::CONFLICT,
        LedgerError::Unauthenticated { .. } => StatusCode::UNAUTHORIZED,
        LedgerError::Forbidden { .. } => StatusCode::FORBIDDEN,
        LedgerError::SlowDown { .. } => StatusCode::TOO_MANY_REQUESTS,
        LedgerError::Store(StoreError::Busy | StoreError::Connect(_)) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        LedgerError::Store(StoreError::Disk(_) | StoreError::Unsure(_)) => {
            StatusCode::INSUFFICIENT_STORAGE
        }
        LedgerError::Store(_) | LedgerError::File { .. } | LedgerError::Corrupt(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

/// What the caller is told: for failures inside, no more than what to do.
fn detail_of(error: &LedgerError) -> String {
    match error {
        LedgerError::Store(StoreError::Connect(_)) => {
            "データベースに接続できません。少し待ってからもう一度送ってください".to_owned()
        }
        LedgerError::Store(
            StoreError::Other(_) | StoreError::NotOurs(_) | StoreError::Constraint { .. },
        )
        | LedgerError::File { .. } => Problem::internal().detail,
        other => other.to_string(),
    }
}

/// Words for the log; a database's address may hold a password.
fn without_url(error: &LedgerError) -> String {
    let words = error.to_string();
    if words.contains("://") {
        "データベースに接続できません".to_owned()
    } else {
        words
    }
}
