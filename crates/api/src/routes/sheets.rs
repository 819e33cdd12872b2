//! Sheets (入力束): applications keyed together under control totals, perhaps twice and blind (R7).

use actix_web::{delete, get, post, put, web};
use domain::CoopCode;
use ledger::Page;
use ledger::intake::sheets::{
    DiscardSheet, KeyingsCompared, OpenSheet, PostSheet, PutSheetLine, SheetFilter, SheetLineKeyed,
    SheetPosted, SheetState, SheetTotals, SheetView,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, IntoResponses, ToSchema};

use super::Answer;
use super::paths::{NoSuchCooperative, NoSuchSheet, NoSuchSheetLine, SheetId, SheetLinePath};
use crate::api::Api;
use crate::extract::{
    Asked, AskedOnce, Body, Caller, OptionalKey, PageParameters, Paged, RequiredKey,
};

/// The first keying, the one that is posted.
const FIRST: i32 = 1;
/// The blind second keying.
const SECOND: i32 = 2;

/// `sheet_already_posted`, `sheet_discarded`: it is not open any more
#[derive(IntoResponses)]
#[response(status = 409)]
struct NotOpen;

/// `sheet_already_posted`, `sheet_discarded`: it is not open any more; `first_keyer`, `second_keyer`, `other_second_keyer`: this keying is another person's; `line_changed_meanwhile`: the line is not as it was seen
#[derive(IntoResponses)]
#[response(status = 409)]
struct NotToBeKeyed;

/// Which sheets are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SheetParameters {
    /// Only those of the co-op with this code.
    #[param(value_type = Option<String>, example = "01")]
    coop: Option<CoopCode>,
    /// Only those in this state.
    #[param(inline)]
    state: Option<SheetState>,
}

/// The sheets, oldest first, without their lines.
#[utoipa::path(
    tag = "sheets",
    operation_id = "list_sheets",
    params(SheetParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<SheetView>),
        NoSuchCooperative,
    )
)]
#[get("/api/v1/sheets")]
pub async fn list_sheets(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<SheetParameters>,
) -> Answer<Page<SheetView>> {
    let Paged(asked, page) = asked;
    let filter = SheetFilter {
        coop: asked.coop,
        state: asked.state,
        ..SheetFilter::default()
    };
    api.answer(move |ledger| ledger.list_sheets(&caller.0, &filter, &page))
        .await
}

/// Opens a sheet, with what its cover says as far as it is known.
#[utoipa::path(
    tag = "sheets",
    operation_id = "open_sheet",
    params(RequiredKey),
    request_body = OpenSheet,
    responses(
        (status = 200, description = "The sheet, open", body = SheetView),
        NoSuchCooperative,
    )
)]
#[post("/api/v1/sheets")]
pub async fn open_sheet(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<OpenSheet>,
) -> Answer<SheetView> {
    api.answer(move |ledger| ledger.open_sheet(&asked.0, body.0))
        .await
}

/// A sheet as the caller may see it: until both keyings are compared, each keyer sees only their
/// own.
#[utoipa::path(
    tag = "sheets",
    operation_id = "get_sheet",
    params(SheetId),
    responses(
        (status = 200, description = "The sheet", body = SheetView),
        NoSuchSheet,
    )
)]
#[get("/api/v1/sheets/{id}")]
pub async fn get_sheet(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<SheetId>,
) -> Answer<SheetView> {
    api.answer(move |ledger| ledger.get_sheet(&caller.0, path.id))
        .await
}

/// Puts down what the cover of an open sheet says, in place of what was put down before.
#[utoipa::path(
    tag = "sheets",
    operation_id = "set_control_totals",
    params(SheetId, OptionalKey),
    request_body = SheetTotals,
    responses(
        (status = 200, description = "The sheet", body = SheetView),
        NoSuchSheet,
        NotOpen,
    )
)]
#[put("/api/v1/sheets/{id}/control-totals")]
pub async fn set_control_totals(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<SheetId>,
    body: Body<SheetTotals>,
) -> Answer<SheetView> {
    api.answer(move |ledger| ledger.set_control_totals(&asked.0, path.id, body.0))
        .await
}

/// Keys a line, or corrects the one whose `line_no` is given.
#[utoipa::path(
    tag = "sheets",
    operation_id = "put_sheet_line",
    params(SheetId, RequiredKey),
    request_body = PutSheetLine,
    responses(
        (status = 200, description = "The line as it was understood", body = SheetLineKeyed),
        NoSuchSheet,
        NotToBeKeyed,
    )
)]
#[post("/api/v1/sheets/{id}/lines")]
pub async fn put_sheet_line(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<SheetId>,
    body: Body<PutSheetLine>,
) -> Answer<SheetLineKeyed> {
    api.answer(move |ledger| ledger.put_sheet_line(&asked.0, path.id, body.0))
        .await
}

/// Keys a line the second time, blind, by another person than the first.
#[utoipa::path(
    tag = "sheets",
    operation_id = "key_second_time",
    params(SheetId, RequiredKey),
    request_body = PutSheetLine,
    responses(
        (status = 200, description = "The line as it was understood", body = SheetLineKeyed),
        NoSuchSheet,
        (status = 409, description = "`sheet_already_posted`, `sheet_discarded`: it is not open any more; `first_keyer`, `other_second_keyer`: this keying is another person's; `line_changed_meanwhile`: the line is not as it was seen"),
    )
)]
#[post("/api/v1/sheets/{id}/second-lines")]
pub async fn key_second_time(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<SheetId>,
    body: Body<PutSheetLine>,
) -> Answer<SheetLineKeyed> {
    api.answer(move |ledger| ledger.key_second_time(&asked.0, path.id, body.0))
        .await
}

/// How many lines are left.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinesLeft {
    /// Lines of this keying.
    #[schema(example = 24)]
    pub lines: i64,
}

/// Takes a line of the first keying away.
#[utoipa::path(
    tag = "sheets",
    operation_id = "remove_sheet_line",
    params(SheetLinePath, OptionalKey),
    responses(
        (status = 200, description = "It is gone", body = LinesLeft),
        NoSuchSheetLine,
        NotToBeKeyed,
    )
)]
#[delete("/api/v1/sheets/{id}/lines/{line_no}")]
pub async fn remove_sheet_line(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<SheetLinePath>,
) -> Answer<LinesLeft> {
    let SheetLinePath { id, line_no } = path.into_inner();
    api.answer(move |ledger| {
        let lines = ledger.remove_sheet_line(&asked.0, id, FIRST, line_no, None)?;
        Ok(LinesLeft { lines })
    })
    .await
}

/// Takes a line of the second keying away.
#[utoipa::path(
    tag = "sheets",
    operation_id = "remove_second_line",
    params(SheetLinePath, OptionalKey),
    responses(
        (status = 200, description = "It is gone", body = LinesLeft),
        NoSuchSheetLine,
        NotToBeKeyed,
    )
)]
#[delete("/api/v1/sheets/{id}/second-lines/{line_no}")]
pub async fn remove_second_line(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<SheetLinePath>,
) -> Answer<LinesLeft> {
    let SheetLinePath { id, line_no } = path.into_inner();
    api.answer(move |ledger| {
        let lines = ledger.remove_sheet_line(&asked.0, id, SECOND, line_no, None)?;
        Ok(LinesLeft { lines })
    })
    .await
}

/// Shows the lines in which the two keyings differ, side by side.
#[utoipa::path(
    tag = "sheets",
    operation_id = "compare_keyings",
    params(SheetId, OptionalKey),
    responses(
        (status = 200, description = "Where they differ", body = KeyingsCompared),
        NoSuchSheet,
        (status = 409, description = "`sheet_already_posted`, `sheet_discarded`: it is not open any more; `second_keying_unfinished`: it is not keyed twice yet"),
    )
)]
#[post("/api/v1/sheets/{id}/compare")]
pub async fn compare_keyings(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<SheetId>,
) -> Answer<KeyingsCompared> {
    api.answer(move |ledger| ledger.compare_keyings(&asked.0, path.id))
        .await
}

/// Posts a sheet: its lines become applications, posted or held as those of a file. Only when
/// cover and lines agree, and both keyings where there are two, or with finance's reason.
#[utoipa::path(
    tag = "sheets",
    operation_id = "post_sheet",
    params(SheetId, RequiredKey),
    request_body = PostSheet,
    responses(
        (status = 200, description = "What its lines became", body = SheetPosted),
        NoSuchSheet,
        (status = 409, description = "`sheet_already_posted`, `sheet_discarded`: it is not open any more; `sheet_disagrees`: `context` says where; `sheet_empty`; `needs_second_person`: who keyed it the second time does not post it"),
    )
)]
#[post("/api/v1/sheets/{id}/post")]
pub async fn post_sheet(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<SheetId>,
    body: Body<PostSheet>,
) -> Answer<SheetPosted> {
    api.answer(move |ledger| ledger.post_sheet(&asked.0, path.id, body.0))
        .await
}

/// Puts an open sheet aside: nothing comes of it.
#[utoipa::path(
    tag = "sheets",
    operation_id = "discard_sheet",
    params(SheetId, RequiredKey),
    request_body = DiscardSheet,
    responses(
        (status = 200, description = "The sheet, discarded", body = SheetView),
        NoSuchSheet,
        NotOpen,
    )
)]
#[post("/api/v1/sheets/{id}/discard")]
pub async fn discard_sheet(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<SheetId>,
    body: Body<DiscardSheet>,
) -> Answer<SheetView> {
    api.answer(move |ledger| ledger.discard_sheet(&asked.0, path.id, body.0))
        .await
}
