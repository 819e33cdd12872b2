//! What is held about a member: shown, erased, kept no longer than was set.

use actix_web::{get, post, web};
use ledger::privacy::{EraseMember, MemberData, MemberErased, RetentionReport};

use super::Answer;
use super::paths::{MemberPath, NoSuchMember};
use crate::api::Api;
use crate::extract::{Asked, Body, Caller, OptionalKey};

/// Everything that is held about a member, under every number that the member has had. That it was
/// looked at is in the audit log.
#[utoipa::path(
    tag = "members",
    operation_id = "print_member_data",
    params(MemberPath),
    responses(
        (status = 200, description = "All of it", body = MemberData),
        NoSuchMember,
    )
)]
#[get("/api/v1/members/{coop}/{number}/data")]
pub async fn print_member_data(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<MemberPath>,
) -> Answer<MemberData> {
    let MemberPath { coop, number } = path.into_inner();
    api.answer(move |ledger| ledger.print_member_data(&caller.0, &coop, &number))
        .await
}

/// What erasing a member would erase, and what would stay. Changes nothing.
#[utoipa::path(
    tag = "members",
    operation_id = "weigh_erasure",
    params(MemberPath),
    responses(
        (status = 200, description = "What would go", body = MemberErased),
        NoSuchMember,
        (status = 409, description = "`member_has_holds`: an application is held still; `member_on_open_sheet`: a line stands on an open sheet"),
    )
)]
#[get("/api/v1/members/{coop}/{number}/erasure")]
pub async fn weigh_erasure(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<MemberPath>,
) -> Answer<MemberErased> {
    let MemberPath { coop, number } = path.into_inner();
    api.answer(move |ledger| ledger.weigh_erasure(&caller.0, &coop, &number))
        .await
}

/// Erases name, kana, way of delivery, notes and reasons of a member, under every number; numbers,
/// yen and days stay. It cannot be undone.
#[utoipa::path(
    tag = "members",
    operation_id = "erase_member",
    params(MemberPath, OptionalKey),
    request_body = EraseMember,
    responses(
        (status = 200, description = "What went", body = MemberErased),
        NoSuchMember,
        (status = 409, description = "`member_has_holds`: an application is held still; `member_on_open_sheet`: a line stands on an open sheet"),
    )
)]
#[post("/api/v1/members/{coop}/{number}/erasure")]
pub async fn erase_member(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<MemberPath>,
    body: Body<EraseMember>,
) -> Answer<MemberErased> {
    let MemberPath { coop, number } = path.into_inner();
    let (call, request) = (asked.0, body.0);
    api.answer(move |ledger| ledger.erase_member(&call, &coop, &number, &request))
        .await
}

/// What is over its time by the settings of retention, and would go. Changes nothing.
#[utoipa::path(
    tag = "members",
    operation_id = "show_retention",
    responses((status = 200, description = "Each kind", body = RetentionReport))
)]
#[get("/api/v1/retention")]
pub async fn show_retention(api: web::Data<Api>, caller: Caller) -> Answer<RetentionReport> {
    api.answer(move |ledger| ledger.show_retention(&caller.0))
        .await
}

/// Lets go what is over its time: names and free text of members who left long ago, old notes, old
/// traces. It cannot be undone.
#[utoipa::path(
    tag = "members",
    operation_id = "apply_retention",
    params(OptionalKey),
    responses((status = 200, description = "What went", body = RetentionReport))
)]
#[post("/api/v1/retention")]
pub async fn apply_retention(api: web::Data<Api>, asked: Asked) -> Answer<RetentionReport> {
    api.answer(move |ledger| ledger.apply_retention(&asked.0))
        .await
}
