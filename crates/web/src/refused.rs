//! A refusal as a page, where no page of its own shows it.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use front::Problem;

use crate::messages::Language;
use crate::page::{html, language_of, refusal_words, sign_in_address};

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
    let (title, _) = refusal_words(problem, language);
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
