//! What an organisation is shown of its campaigns (R16).

use actix_web::{get, web};
use ledger::accounting::OwnCampaign;

use super::{Answer, Items};
use crate::api::Api;
use crate::extract::Caller;

/// How far the campaigns of the caller's organisation are: totals only, that move when five more
/// givers have come, and when a cycle closes.
#[utoipa::path(
    tag = "campaigns",
    operation_id = "list_own_campaigns",
    responses((status = 200, description = "All of them", body = Items<OwnCampaign>))
)]
#[get("/api/v1/own-campaigns")]
pub async fn list_own_campaigns(api: web::Data<Api>, caller: Caller) -> Answer<Items<OwnCampaign>> {
    api.answer(move |ledger| {
        let items = ledger.list_own_campaigns(&caller.0)?;
        Ok(Items { items })
    })
    .await
}
