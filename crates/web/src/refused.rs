//! A refusal as a page, where no page of its own shows it.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use front::{Problem, titles};

use crate::messages::Language;
use crate::page::{html, language_of, sign_in_address};

/// What a refusal of a form says, in the words of a language: the kind of problem where that is not
/// Japanese, then the occurrence, which the use cases tell in Japanese.
pub fn words(problem: &Problem, language: Language) -> (Option<String>, String) {
    let title = (language == Language::En).then(|| titles::title(problem.code));
    (title, occurrence(problem).to_owned())
}

/// What happened. Of a single field without its name, which only programs know: the same stands beside
/// the field.
fn occurrence(problem: &Problem) -> &str {
    match problem.problems.as_slice() {
        [field] if field.pointer.is_some() && problem.detail.ends_with(&field.detail) => {
            &field.detail
        }
        _ => &problem.detail,
    }
}

#[derive(Template)]
#[template(path = "refused.html")]
struct Refused<'a> {
    language: Language,
    title: Option<String>,
    problem: &'a Problem,
}

impl Refused<'_> {
    fn t(&self, key: &str) -> String {
        self.language.text(key)
    }
}

/// The page; none where a program of a page asks, which reads problem+json. Who has to sign in first is
/// sent there.
pub fn answer(request: &HttpRequest, problem: &Problem) -> Option<HttpResponse> {
    let accepts = request.headers().get(header::ACCEPT);
    let accepts = accepts.and_then(|value| value.to_str().ok());
    if accepts.is_some_and(|accepts| accepts.starts_with("application/json")) {
        return None;
    }
    if problem.status == StatusCode::UNAUTHORIZED && request.method() == Method::GET {
        let location = sign_in_address(request);
        return Some(
            HttpResponse::SeeOther()
                .insert_header((header::LOCATION, location))
                .finish(),
        );
    }
    let language = language_of(request);
    let (title, _) = words(problem, language);
    let refused = Refused {
        language,
        title,
        problem,
    };
    let mut response = HttpResponse::build(problem.status);
    if let Some(seconds) = problem.retry_after_seconds {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if problem.status == StatusCode::REQUEST_TIMEOUT {
        response.force_close();
    }
    Some(html(&mut response, language, refused.render().ok()?))
}
