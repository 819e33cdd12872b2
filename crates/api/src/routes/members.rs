//! Members: who they are and where they stand.

use actix_web::{get, web};
use domain::CoopCode;
use ledger::Page;
use ledger::reference::MemberView;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Answer;
use super::paths::{MemberPath, NoSuchCooperative, NoSuchMember};
use crate::api::Api;
use crate::extract::{Caller, PageParameters, Paged};

/// Which members are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MemberParameters {
    /// Only those of the co-op with this code.
    #[param(value_type = Option<String>, example = "01")]
    coop: Option<CoopCode>,
}

/// The members (組合員), in the order in which they came.
#[utoipa::path(
    tag = "members",
    operation_id = "list_members",
    params(MemberParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<MemberView>),
        NoSuchCooperative,
    )
)]
#[get("/api/v1/members")]
pub async fn list_members(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<MemberParameters>,
) -> Answer<Page<MemberView>> {
    let Paged(asked, page) = asked;
    api.answer(move |ledger| ledger.list_members(&caller.0, asked.coop.as_ref(), &page))
        .await
}

/// A member, with the open pledges.
#[utoipa::path(
    tag = "members",
    operation_id = "find_member",
    params(MemberPath),
    responses(
        (status = 200, description = "The member", body = MemberView),
        NoSuchMember,
    )
)]
#[get("/api/v1/members/{coop}/{number}")]
pub async fn find_member(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<MemberPath>,
) -> Answer<MemberView> {
    let MemberPath { coop, number } = path.into_inner();
    api.answer(move |ledger| ledger.find_member(&caller.0, &coop, &number))
        .await
}
