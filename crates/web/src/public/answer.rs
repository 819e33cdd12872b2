//! One answer of a public page, ready to be sent: bytes with the headers that go with them.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use sha2::{Digest, Sha256};

use crate::messages::Language;

/// Anybody may keep it, and asks each time whether it still holds: the tag says so for a few bytes.
const KEEPS: HeaderValue = HeaderValue::from_static("public, no-cache");
/// The page loads styles and its icon from here, and nothing else.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// Characters of a hash in a tag.
const TAG_CHARS: usize = 24;

/// In which form what a campaign shows is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A page for people.
    Page(Language),
    /// A picture to embed elsewhere.
    Badge(Language),
    /// For programs.
    Json,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Page(Language::Ja),
        Self::Page(Language::En),
        Self::Badge(Language::Ja),
        Self::Badge(Language::En),
        Self::Json,
    ];

    /// Its place among all.
    pub fn place(self) -> usize {
        match self {
            Self::Page(Language::Ja) => 0,
            Self::Page(Language::En) => 1,
            Self::Badge(Language::Ja) => 2,
            Self::Badge(Language::En) => 3,
            Self::Json => 4,
        }
    }
}

/// Bytes that are ready to be sent, in one form.
#[derive(Debug, Clone)]
pub struct Ready {
    form: Form,
    bytes: Bytes,
    tag: HeaderValue,
}

impl Ready {
    /// These bytes in a form.
    pub fn new(form: Form, bytes: String) -> Self {
        let mut hash = hex::encode(Sha256::digest(&bytes));
        hash.truncate(TAG_CHARS);
        let tag = HeaderValue::from_str(&format!("\"{hash}\""));
        Self {
            form,
            bytes: bytes.into(),
            tag: tag.unwrap_or(HeaderValue::from_static("\"\"")),
        }
    }

    /// The answer to a request: 304 and no bytes where they are there already.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let is_there = self.is_named_by(request);
        let status = match is_there {
            true => StatusCode::NOT_MODIFIED,
            false => StatusCode::OK,
        };
        let mut response = HttpResponse::build(status);
        response
            .insert_header((ETAG, self.tag.clone()))
            .insert_header((CACHE_CONTROL, KEEPS));
        self.describe(&mut response);
        match is_there {
            true => response.finish(),
            false => response.body(self.bytes.clone()),
        }
    }

    fn describe(&self, response: &mut HttpResponseBuilder) {
        let content_type = match self.form {
            Form::Page(language) => {
                response
                    .insert_header((CONTENT_SECURITY_POLICY, PAGE_POLICY))
                    .insert_header((CONTENT_LANGUAGE, language.as_str()));
                "text/html; charset=utf-8"
            }
            Form::Badge(language) => {
                // Pages of others may show it, which no other answer of this service allows.
                response
                    .insert_header((RESOURCE_POLICY, HeaderValue::from_static("cross-origin")))
                    .insert_header((CONTENT_LANGUAGE, language.as_str()));
                "image/svg+xml"
            }
            Form::Json => {
                everybody_reads(response);
                "application/json"
            }
        };
        response.insert_header((CONTENT_TYPE, HeaderValue::from_static(content_type)));
    }

    /// Whether the request names the tag of what it has already.
    fn is_named_by(&self, request: &HttpRequest) -> bool {
        let Some(tags) = request.headers().get(IF_NONE_MATCH) else {
            return false;
        };
        let Ok(tags) = tags.to_str() else {
            return false;
        };
        let own = self.tag.to_str().unwrap_or_default();
        tags.split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == own)
    }
}

/// Programs on pages of others may read the answer.
fn everybody_reads(response: &mut HttpResponseBuilder) {
    response.insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")));
}

/// That there is no such page, for programs.
pub fn not_found_json(detail: &str) -> HttpResponse<BoxBody> {
    let mut response = HttpResponse::NotFound();
    everybody_reads(&mut response);
    response.json(serde_json::json!({ "code": "campaign_not_found", "detail": detail }))
}
