//! A form that was sent.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use front::{Problem, receive_body, session_cookie};
use ledger::{Call, IdempotencyKey};

use super::fields::Fields;
use super::{Page, sign_in_needed};

/// The field that shows that the form comes from a page of this service.
const CSRF_FIELD: &str = "_csrf";
/// The field with the key of the change.
const KEY_FIELD: &str = "_key";

impl Fields {
    /// Answers the form: with what `done` comes to, or, where that is refused, with the form shown `again`,
    /// as it was sent and with the refusal in it.
    pub async fn answer(
        &self,
        done: impl Future<Output = Result<HttpResponse, Problem>>,
        again: impl AsyncFnOnce(Self) -> Result<HttpResponse, Problem>,
    ) -> Result<HttpResponse, Problem> {
        match done.await {
            Ok(answer) => Ok(answer),
            Err(problem) => again(self.clone().refused(problem)).await,
        }
    }
}

/// A form sent by somebody who has signed in. Refuses one that a page of another site sent (403), and
/// one without a key: with it, a form sent twice is done once (R6).
pub struct Form {
    /// Who sent it, and how to answer.
    pub page: Page,
    /// Who asks, under the form's key: for changing something.
    pub call: Call,
    /// What it says.
    pub fields: Fields,
}

impl FromRequest for Form {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let page = Page::signed_in(&request).await?;
            let pairs = received(&request, payload, &page).await?;
            let call = admitted(&request, page.call(), &pairs)?;
            let own = [CSRF_FIELD, KEY_FIELD];
            let said = pairs.into_iter();
            let said = said.filter(|(name, _)| !own.contains(&name.as_str()));
            let fields = Fields::of(said);
            Ok(Self { page, call, fields })
        })
    }
}

/// A form sent by anybody, signed in or not. Refuses one that a page of another site sent (403).
pub struct GuestForm {
    /// Who sent it, and how to answer.
    pub page: Page,
    /// What it says.
    pub fields: Fields,
    token: Option<String>,
}

impl GuestForm {
    /// Refuses a form that does not show the token of the session it came with, or came with none.
    pub fn require_own_page(&self, request: &HttpRequest) -> Result<(), Problem> {
        require_own_page(request, self.token.as_deref())
    }
}

impl FromRequest for GuestForm {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            session_cookie::refuse_other_site(&request)?;
            let page = Page::of(&request).await?;
            let mut pairs = received(&request, payload, &page).await?;
            let token = pairs.iter().position(|(name, _)| name == CSRF_FIELD);
            let token = token.map(|at| pairs.swap_remove(at).1);
            let fields = Fields::of(pairs);
            Ok(Self {
                page,
                fields,
                token,
            })
        })
    }
}

async fn received(
    request: &HttpRequest,
    payload: Payload,
    page: &Page,
) -> Result<Vec<(String, String)>, Problem> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|t| t.starts_with("application/x-www-form-urlencoded")) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "画面のフォームから送ってください",
        ));
    }
    let limits = &page.front().settings.limits;
    let bytes = receive_body(request, payload, limits.json_bytes_max, limits).await?;
    serde_urlencoded::from_bytes(&bytes).map_err(|_| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "body_unreadable",
            "フォームの内容を読めません。画面を読み直してから、もう一度送ってください",
        )
    })
}

/// The call of a form whose token is the session's, under its key.
pub(crate) fn admitted(
    request: &HttpRequest,
    call: Call,
    pairs: &[(String, String)],
) -> Result<Call, Problem> {
    let sent = |name: &str| pairs.iter().find(|(known, _)| known == name);
    let token = sent(CSRF_FIELD).map(|(_, value)| value.as_str());
    require_own_page(request, token)?;
    let key = sent(KEY_FIELD).map_or("", |(_, value)| value.as_str());
    let key = IdempotencyKey::new(key).map_err(|_| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "idempotency_key_missing",
            "画面を読み直してから、もう一度送ってください",
        )
    })?;
    Ok(call.under(key))
}

/// Refuses what does not show the session's token.
pub(super) fn require_own_page(request: &HttpRequest, token: Option<&str>) -> Result<(), Problem> {
    let secret = session_cookie::read(request).ok_or_else(sign_in_needed)?;
    session_cookie::require_own_page(request, &secret, token)
}
