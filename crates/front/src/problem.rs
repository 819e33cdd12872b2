//! What a caller gets when something is refused: `application/problem+json` (RFC 9457).

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::titles;

/// Seconds after which a caller may try again when the database is busy or away.
const RETRY_AFTER_SECONDS: u64 = 2;

/// Why a request was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(into = "ProblemJson")]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// The stable word for programs.
    pub code: &'static str,
    /// This occurrence, in Japanese: what is wrong and what to do about it.
    pub detail: String,
    /// Each bad place, where there are places.
    pub problems: Vec<BadPlace>,
    /// What a program needs to go on, such as the ids in the way.
    pub context: Option<Box<Value>>,
    /// Methods that the path knows, for the `Allow` header of a 405.
    pub allow: Option<Box<str>>,
    /// Seconds after which the caller may try again, for `Retry-After`.
    pub retry_after_seconds: Option<u64>,
}

/// Why a request was refused (RFC 9457). Nothing was changed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemJson {
    /// `urn:hitokuchi:problem:` and the code.
    #[schema(example = "urn:hitokuchi:problem:field_unreadable")]
    r#type: String,
    /// The kind of problem, in English; the same for every occurrence of a code.
    #[schema(example = "A field of the body cannot be read")]
    title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    status: u16,
    /// This occurrence, in Japanese: what is wrong and what to do about it.
    #[schema(example = "/units: 「二」は数として読めません")]
    detail: String,
    /// The stable word for programs.
    #[schema(example = "field_unreadable")]
    code: String,
    /// Each bad place, where there are places.
    problems: Vec<BadPlace>,
    /// What a program needs to go on, such as the ids in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    context: Option<Value>,
}

impl From<Problem> for ProblemJson {
    fn from(problem: Problem) -> Self {
        Self {
            r#type: format!("urn:hitokuchi:problem:{}", problem.code),
            title: titles::title(problem.code),
            status: problem.status.as_u16(),
            detail: problem.detail,
            code: problem.code.to_owned(),
            problems: problem.problems,
            context: problem.context.map(|context| *context),
        }
    }
}

/// One bad place of what came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BadPlace {
    /// JSON pointer (RFC 6901) into the body that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/units")]
    pub pointer: Option<String>,
    /// Name of the parameter or header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "cursor")]
    pub parameter: Option<String>,
    /// Line of the file, as an editor counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 12)]
    pub line: Option<u64>,
    /// Column heading of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "口数")]
    pub column: Option<String>,
    /// What is wrong and what would be right, in Japanese.
    #[schema(example = "口数は 1 から 99 です")]
    pub detail: String,
}

impl Problem {
    /// A problem of one code, which has its English title in [`titles`].
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            problems: Vec::new(),
            context: None,
            allow: None,
            retry_after_seconds: (status == StatusCode::SERVICE_UNAVAILABLE)
                .then_some(RETRY_AFTER_SECONDS),
        }
    }

    /// The same with one bad parameter or header named.
    pub fn parameter(status: StatusCode, code: &'static str, name: &str, detail: &str) -> Self {
        let mut problem = Self::new(status, code, format!("{name}: {detail}"));
        problem.problems.push(BadPlace {
            pointer: None,
            parameter: Some(name.to_owned()),
            line: None,
            column: None,
            detail: detail.to_owned(),
        });
        problem
    }

    /// The same with one bad place of the body named.
    pub fn pointer(
        status: StatusCode,
        code: &'static str,
        pointer: String,
        detail: String,
    ) -> Self {
        let message = if pointer.is_empty() {
            detail.clone()
        } else {
            format!("{pointer}: {detail}")
        };
        let mut problem = Self::new(status, code, message);
        problem.problems.push(BadPlace {
            pointer: Some(pointer),
            parameter: None,
            line: None,
            column: None,
            detail,
        });
        problem
    }

    /// The caller asks too often, and may go on after some seconds.
    pub fn slow_down(seconds: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            format!("要求が多すぎます。{seconds} 秒待ってからもう一度送ってください"),
        );
        problem.retry_after_seconds = Some(seconds);
        problem
    }

    /// The program itself failed; nothing about it is the caller's to mend.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "処理中に誤りが起きました。同じ Idempotency-Key でもう一度送ってください。続くときは管理者に知らせてください",
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        if let Some(seconds) = self.retry_after_seconds {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if self.status == StatusCode::REQUEST_TIMEOUT {
            response.force_close();
        }
        if let Some(allow) = &self.allow {
            response.insert_header((header::ALLOW, allow.as_ref()));
        }
        response.body(serde_json::to_string(self).unwrap_or_default())
    }
}
