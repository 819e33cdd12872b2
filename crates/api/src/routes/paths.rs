//! What the paths of several operations name, and the answer where there is no such thing.
//!
//! The examples are things that the sample data has.

use domain::{Code, CollectionMonth, CoopCode, MemberNumber};
use ledger::pledges::PledgeName;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

/// `{id}` of an application.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ApplicationId {
    /// The application's `id`
    #[param(example = 1)]
    pub id: i64,
}

/// `{id}` of an application that is held.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct HoldId {
    /// The application's `id`
    #[param(example = 41)]
    pub id: i64,
}

/// `{id}` of a sheet.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SheetId {
    /// The sheet's `id`
    #[param(example = 1)]
    pub id: i64,
}

/// `{id}` and `{line_no}` of a line of a sheet.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SheetLinePath {
    /// The sheet's `id`
    #[param(example = 1)]
    pub id: i64,
    /// Its line on the sheet, from 1
    #[param(example = 1)]
    pub line_no: i64,
}

/// `{id}` of a batch.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct BatchId {
    /// The batch's `batch_id`
    #[param(example = 1)]
    pub id: i64,
}

/// `{coop}` and `{number}` of a member.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MemberPath {
    /// Code of the co-op
    #[param(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The member number there
    #[param(value_type = String, example = "0010106")]
    pub number: MemberNumber,
}

/// `{coop}`, `{number}` and `{month}` of what a member is charged.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AmountPath {
    /// Code of the co-op
    #[param(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The member number there
    #[param(value_type = String, example = "0010106")]
    pub number: MemberNumber,
    /// The month
    #[param(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
}

/// `{coop}`, `{number}` and `{fund}` of a member's pledge.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PledgePath {
    /// Code of the co-op
    #[param(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The member number there
    #[param(value_type = String, example = "0010106")]
    pub number: MemberNumber,
    /// Code of the fund
    #[param(value_type = String, example = "inclufund")]
    pub fund: Code,
}

impl PledgePath {
    /// The pledge that it names.
    pub fn name(&self) -> PledgeName {
        PledgeName::new(self.coop.as_ref(), self.number.as_ref(), self.fund.as_ref())
    }
}

/// `cooperative_not_found`: there is no such co-op
#[derive(IntoResponses)]
#[response(status = 404)]
pub struct NoSuchCooperative;

/// `cooperative_not_found`, `member_not_found`: there is no such co-op or member
#[derive(IntoResponses)]
#[response(status = 404)]
pub struct NoSuchMember;

/// `cooperative_not_found`, `member_not_found`, `fund_not_found`, `pledge_not_found`: there is no such co-op, member, fund or pledge
#[derive(IntoResponses)]
#[response(status = 404)]
pub struct NoSuchPledge;

/// `application_not_found`: there is no such application
#[derive(IntoResponses)]
#[response(status = 404)]
pub struct NoSuchApplication;

/// `sheet_not_found`: there is no such sheet
#[derive(IntoResponses)]
#[response(status = 404)]
pub struct NoSuchSheet;

/// `sheet_not_found`, `sheet_line_not_found`: there is no such sheet or line
#[derive(IntoResponses)]
#[response(status = 404)]
pub struct NoSuchSheetLine;

/// `batch_not_found`: there is no such batch
#[derive(IntoResponses)]
#[response(status = 404)]
pub struct NoSuchBatch;

/// `cooperative_not_found`, `batch_not_found`: there is no such co-op or batch
#[derive(IntoResponses)]
#[response(status = 404)]
pub struct NoBatchOfMonth;
