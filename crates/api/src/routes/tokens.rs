//! Tokens, by which scripts act for a person (R17).

use actix_web::{get, post, web};
use ledger::Page;
use ledger::people::{CreateToken, TokenCreated, TokenView};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Answer;
use super::people::{NoSuchPerson, PersonPath};
use crate::api::Api;
use crate::extract::{Asked, Body, Caller, OptionalKey, PageParameters, Parameters};

/// Which of one's own tokens.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TokenPath {
    /// The token's name.
    #[param(example = "nightly")]
    token: String,
}

/// Which token of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TokenOfPersonPath {
    /// What they sign in with.
    #[param(example = "aoki")]
    name: String,
    /// The token's name.
    #[param(example = "nightly")]
    token: String,
}

/// One's own tokens, the newest first, those that were revoked or ended among them; never their
/// secrets.
#[utoipa::path(
    tag = "tokens",
    operation_id = "list_tokens",
    params(PageParameters),
    responses((status = 200, description = "A page of them", body = Page<TokenView>))
)]
#[get("/api/v1/tokens")]
pub async fn list_tokens(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<PageParameters>,
) -> Answer<Page<TokenView>> {
    let page = asked.0.page();
    api.answer(move |ledger| ledger.list_tokens(&caller.0, &page))
        .await
}

/// Makes a token for oneself. Its secret is in this answer and nowhere else.
#[utoipa::path(
    tag = "tokens",
    operation_id = "create_token",
    params(OptionalKey),
    request_body = CreateToken,
    responses(
        (status = 200, description = "The token, with its secret", body = TokenCreated),
        (status = 409, description = "`role_not_held`; `token_name_taken`: a token has, or had, that name; `token_of_another`"),
        (status = 422, description = "`name_unreadable`; `expiry_out_of_range`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/tokens")]
pub async fn create_token(
    api: web::Data<Api>,
    asked: Asked,
    body: Body<CreateToken>,
) -> Answer<TokenCreated> {
    api.answer(move |ledger| ledger.create_token(&asked.0, &body.0))
        .await
}

/// Revokes a token of one's own, for good.
#[utoipa::path(
    tag = "tokens",
    operation_id = "revoke_token",
    params(TokenPath, OptionalKey),
    responses(
        (status = 200, description = "The token", body = TokenView),
        (status = 404, description = "`token_not_found`: none of one's own has that name"),
    )
)]
#[post("/api/v1/tokens/{token}/revoke")]
pub async fn revoke_token(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<TokenPath>,
) -> Answer<TokenView> {
    api.answer(move |ledger| ledger.revoke_token(&asked.0, &path.token))
        .await
}

/// The tokens of a person, the newest first; never their secrets.
#[utoipa::path(
    tag = "tokens",
    operation_id = "list_tokens_of_person",
    params(PersonPath, PageParameters),
    responses((status = 200, description = "A page of them", body = Page<TokenView>), NoSuchPerson)
)]
#[get("/api/v1/people/{name}/tokens")]
pub async fn list_tokens_of_person(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<PersonPath>,
    asked: Parameters<PageParameters>,
) -> Answer<Page<TokenView>> {
    let page = asked.0.page();
    api.answer(move |ledger| ledger.list_tokens_of_person(&caller.0, path.name(), &page))
        .await
}

/// Revokes a token of a person, for good.
#[utoipa::path(
    tag = "tokens",
    operation_id = "revoke_token_of_person",
    params(TokenOfPersonPath, OptionalKey),
    responses(
        (status = 200, description = "The token", body = TokenView),
        (status = 404, description = "`person_not_found`, `token_not_found`"),
    )
)]
#[post("/api/v1/people/{name}/tokens/{token}/revoke")]
pub async fn revoke_token_of_person(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<TokenOfPersonPath>,
) -> Answer<TokenView> {
    api.answer(move |ledger| ledger.revoke_token_of_person(&asked.0, &path.name, &path.token))
        .await
}
