//! Pledges: the monthly gifts of supporters (R8).

use actix_web::{get, post, web};
use domain::CollectionMonth;
use ledger::pledges::{
    ChangePledge, EndPledge, PausePledge, PledgeHistory, PledgeName, PledgeView,
};
use serde::Deserialize;
use utoipa::{IntoResponses, ToSchema};

use super::paths::{MemberPath, NoSuchMember, NoSuchPledge, PledgePath};
use super::{Answer, Items};
use crate::api::Api;
use crate::extract::{AskedOnce, Body, Caller, RequiredKey};

/// `month_closed`: the first month open is in `detail`; `pledge_not_open`: it has ended; `member_left`; `two_pledges`
#[derive(IntoResponses)]
#[response(status = 409)]
struct NotToBeChanged;

/// The pledges (サポーター登録) of a member, those that ended too.
#[utoipa::path(
    tag = "pledges",
    operation_id = "list_pledges",
    params(MemberPath),
    responses(
        (status = 200, description = "All of them", body = Items<PledgeView>),
        NoSuchMember,
    )
)]
#[get("/api/v1/members/{coop}/{number}/pledges")]
pub async fn list_pledges(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<MemberPath>,
) -> Answer<Items<PledgeView>> {
    api.answer(move |ledger| {
        let items = ledger.list_pledges(&caller.0, path.coop.as_ref(), path.number.as_ref())?;
        Ok(Items { items })
    })
    .await
}

/// The newest pledge of a member for a fund, with every change of its plan.
#[utoipa::path(
    tag = "pledges",
    operation_id = "get_pledge",
    params(PledgePath),
    responses(
        (status = 200, description = "The pledge and its history", body = PledgeHistory),
        NoSuchPledge,
    )
)]
#[get("/api/v1/members/{coop}/{number}/pledges/{fund}")]
pub async fn get_pledge(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<PledgePath>,
) -> Answer<PledgeHistory> {
    let name = path.name();
    api.answer(move |ledger| ledger.get_pledge(&caller.0, &name))
        .await
}

/// New units from a month on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PledgeChange {
    /// The first month they hold.
    #[schema(value_type = String, example = "2026-01")]
    from: CollectionMonth,
    /// Units (口) a month from then on.
    #[schema(example = 3)]
    units: i64,
    /// Why.
    #[schema(example = "本人から電話")]
    reason: String,
}

/// Changes the units of a pledge from an open month on.
#[utoipa::path(
    tag = "pledges",
    operation_id = "change_pledge",
    params(PledgePath, RequiredKey),
    request_body = PledgeChange,
    responses(
        (status = 200, description = "The pledge with its new plan", body = PledgeView),
        NoSuchPledge,
        NotToBeChanged,
    )
)]
#[post("/api/v1/members/{coop}/{number}/pledges/{fund}/change")]
pub async fn change_pledge(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<PledgePath>,
    body: Body<PledgeChange>,
) -> Answer<PledgeView> {
    let PledgeName {
        coop,
        member_number,
        fund,
    } = path.name();
    let request = ChangePledge {
        coop,
        member_number,
        fund,
        from: body.0.from,
        units: body.0.units,
        reason: body.0.reason,
    };
    api.answer(move |ledger| ledger.change_pledge(&asked.0, &request))
        .await
}

/// A pause from a month on until it resumes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PledgePause {
    /// The first month without it.
    #[schema(value_type = String, example = "2026-01")]
    from: CollectionMonth,
    /// The month it resumes in.
    #[schema(value_type = String, example = "2026-04")]
    until: CollectionMonth,
    /// Why.
    #[schema(example = "入院のため")]
    reason: String,
}

/// Pauses a pledge until a month in which it resumes.
#[utoipa::path(
    tag = "pledges",
    operation_id = "pause_pledge",
    params(PledgePath, RequiredKey),
    request_body = PledgePause,
    responses(
        (status = 200, description = "The pledge with its new plan", body = PledgeView),
        NoSuchPledge,
        NotToBeChanged,
    )
)]
#[post("/api/v1/members/{coop}/{number}/pledges/{fund}/pause")]
pub async fn pause_pledge(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<PledgePath>,
    body: Body<PledgePause>,
) -> Answer<PledgeView> {
    let PledgeName {
        coop,
        member_number,
        fund,
    } = path.name();
    let request = PausePledge {
        coop,
        member_number,
        fund,
        from: body.0.from,
        until: body.0.until,
        reason: body.0.reason,
    };
    api.answer(move |ledger| ledger.pause_pledge(&asked.0, &request))
        .await
}

/// An end from a month on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PledgeEnd {
    /// The first month without it.
    #[schema(value_type = String, example = "2026-01")]
    from: CollectionMonth,
    /// Why.
    #[schema(example = "本人から終了の連絡")]
    reason: String,
}

/// Ends a pledge from an open month on.
#[utoipa::path(
    tag = "pledges",
    operation_id = "end_pledge",
    params(PledgePath, RequiredKey),
    request_body = PledgeEnd,
    responses(
        (status = 200, description = "The pledge with its new plan", body = PledgeView),
        NoSuchPledge,
        NotToBeChanged,
    )
)]
#[post("/api/v1/members/{coop}/{number}/pledges/{fund}/end")]
pub async fn end_pledge(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<PledgePath>,
    body: Body<PledgeEnd>,
) -> Answer<PledgeView> {
    let PledgeName {
        coop,
        member_number,
        fund,
    } = path.name();
    let request = EndPledge {
        coop,
        member_number,
        fund,
        from: body.0.from,
        reason: body.0.reason,
    };
    api.answer(move |ledger| ledger.end_pledge(&asked.0, &request))
        .await
}
