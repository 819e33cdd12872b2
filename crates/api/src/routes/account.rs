//! One's own password and second factor, and the link by which one sets the first password (R17).

use actix_web::{HttpRequest, HttpResponse, post, web};
use ledger::people::{
    AcceptLink, ChangePassword, ConfirmTotp, LinkAccepted, RecoveryCodes, RenewRecoveryCodes,
    StartTotp, TotpOffered,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Answer;
use super::session::{SessionShown, begun, with_cookie};
use crate::api::Api;
use crate::extract::{Body, Caller, Visitor};
use front::Problem;

/// A one-time link and the password to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkAndPassword {
    /// What stands behind `#` in the link.
    #[schema(example = "hkl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    secret: String,
    /// The password: 12 to 128 characters, not a common one.
    #[schema(example = "kumo-mikan-densha-7", min_length = 12, max_length = 128)]
    password: String,
}

/// Sets the password of the person whom an admin gave a link, uses the link up, and ends the person's
/// sessions. They sign in with it afterwards.
#[utoipa::path(
    tag = "account",
    operation_id = "accept_link",
    request_body = LinkAndPassword,
    responses(
        (status = 200, description = "Who may sign in now", body = LinkAccepted),
        (status = 401, description = "`link_refused`: it is wrong, used, replaced or too old"),
        (status = 403, description = "`csrf_token_needed`: the request comes from a page of another site"),
        (status = 422, description = "`password_unfit`: too short, too long or too common; the link stays good. `field_unreadable`"),
        (status = 429, description = "`slow_down`: after wrong links from this address; `too_many_requests`. Try again after `Retry-After` seconds"),
    )
)]
#[post("/api/v1/one-time-links/accept")]
pub async fn accept_link(
    api: web::Data<Api>,
    visitor: Visitor,
    body: Body<LinkAndPassword>,
) -> Answer<LinkAccepted> {
    let asked = AcceptLink {
        secret: body.0.secret,
        password: body.0.password,
    };
    api.answer(move |ledger| ledger.accept_link(&visitor.0, &asked))
        .await
}

/// The present password and a new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    /// The present one.
    #[schema(example = "kumo-mikan-densha-7")]
    current: String,
    /// The new one: 12 to 128 characters, not a common one.
    #[schema(example = "tsuki-budou-fune-52", min_length = 12, max_length = 128)]
    new: String,
}

/// Changes one's password. All one's sessions end; this one goes on in a new cookie.
#[utoipa::path(
    tag = "account",
    operation_id = "change_password",
    request_body = Passwords,
    responses(
        (status = 200, description = "The session", body = SessionShown),
        (status = 401, description = "`password_refused`: the present one is wrong; `sign_in_needed`, `session_ended`"),
        (status = 409, description = "`changed_meanwhile`: another session changed it; `no_session`"),
        (status = 422, description = "`password_unfit`: too short, too long or too common; `password_unchanged`; `field_unreadable`"),
        (status = 429, description = "`slow_down`: after wrong tries; `too_many_requests`. Try again after `Retry-After` seconds"),
    )
)]
#[post("/api/v1/account/password")]
pub async fn change_password(
    api: web::Data<Api>,
    caller: Caller,
    request: HttpRequest,
    body: Body<Passwords>,
) -> Result<HttpResponse, Problem> {
    let asked = ChangePassword {
        current: body.0.current,
        new: body.0.new,
    };
    let opened = api
        .run(move |ledger| ledger.change_password(&caller.0, &asked))
        .await?;
    Ok(begun(&request, &opened))
}

/// The password once more, where one has signed in all the way.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordAgain {
    /// The password; not asked for while `stage` is `enrolment`.
    #[serde(default)]
    #[schema(example = "kumo-mikan-densha-7")]
    password: Option<String>,
}

/// Offers a key for an app. It is in force when `confirm_totp` has shown a code of it; a key that one
/// had stays in force until then.
#[utoipa::path(
    tag = "account",
    operation_id = "start_totp",
    request_body = PasswordAgain,
    responses(
        (status = 200, description = "The key", body = TotpOffered),
        (status = 401, description = "`password_refused`: the password is wrong; `sign_in_needed`, `session_ended`"),
        (status = 409, description = "`second_factor_awaited`: the code of the present second factor comes first; `changed_meanwhile`: another session changed the password; `no_session`"),
        (status = 422, description = "`password_missing`: one has signed in all the way; `field_unreadable`"),
        (status = 429, description = "`slow_down`: after wrong tries; `too_many_requests`. Try again after `Retry-After` seconds"),
    )
)]
#[post("/api/v1/account/totp")]
pub async fn start_totp(
    api: web::Data<Api>,
    caller: Caller,
    body: Body<PasswordAgain>,
) -> Answer<TotpOffered> {
    let asked = StartTotp {
        password: body.0.password,
    };
    api.answer(move |ledger| ledger.start_totp(&caller.0, &asked))
        .await
}

/// The first code of a new key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstCode {
    /// Six digits that the app shows.
    #[schema(example = "123456")]
    code: String,
}

/// A second factor that is in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorSet {
    /// The session.
    #[serde(flatten)]
    session: SessionShown,
    /// Each stands once in the place of a code. They are shown this once.
    recovery_codes: Vec<String>,
}

/// Puts the offered key into force and gives recovery codes. All one's sessions end; this one goes on,
/// whole, in a new cookie.
#[utoipa::path(
    tag = "account",
    operation_id = "confirm_totp",
    request_body = FirstCode,
    responses(
        (status = 200, description = "The session and the recovery codes", body = SecondFactorSet),
        (status = 401, description = "`second_factor_refused`: the code is wrong; `sign_in_needed`, `session_ended`"),
        (status = 409, description = "`totp_not_started`: no key was offered in this session; `second_factor_awaited`; `no_session`"),
        (status = 429, description = "`slow_down`: after wrong tries; `too_many_requests`. Try again after `Retry-After` seconds"),
    )
)]
#[post("/api/v1/account/totp/confirm")]
pub async fn confirm_totp(
    api: web::Data<Api>,
    caller: Caller,
    request: HttpRequest,
    body: Body<FirstCode>,
) -> Result<HttpResponse, Problem> {
    let asked = ConfirmTotp { code: body.0.code };
    let confirmed = api
        .run(move |ledger| ledger.confirm_totp(&caller.0, &asked))
        .await?;
    let shown = SecondFactorSet {
        session: SessionShown::of(&confirmed.opened),
        recovery_codes: confirmed.recovery_codes,
    };
    Ok(with_cookie(&request, &confirmed.opened.secret, &shown))
}

/// The password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordOnly {
    /// The password.
    #[schema(example = "kumo-mikan-densha-7")]
    password: String,
}

/// Gives new recovery codes; the old ones are good no more.
#[utoipa::path(
    tag = "account",
    operation_id = "renew_recovery_codes",
    request_body = PasswordOnly,
    responses(
        (status = 200, description = "The codes, shown this once", body = RecoveryCodes),
        (status = 401, description = "`password_refused`: the password is wrong; `sign_in_needed`, `session_ended`"),
        (status = 409, description = "`no_second_factor`: there is none that they could stand in for; `changed_meanwhile`; `no_session`"),
        (status = 429, description = "`slow_down`: after wrong tries; `too_many_requests`. Try again after `Retry-After` seconds"),
    )
)]
#[post("/api/v1/account/recovery-codes")]
pub async fn renew_recovery_codes(
    api: web::Data<Api>,
    caller: Caller,
    body: Body<PasswordOnly>,
) -> Answer<RecoveryCodes> {
    let asked = RenewRecoveryCodes {
        password: body.0.password,
    };
    api.answer(move |ledger| ledger.renew_recovery_codes(&caller.0, &asked))
        .await
}
