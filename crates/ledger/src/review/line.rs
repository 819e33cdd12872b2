//! The values of an application that deciding may change, and how a person corrects them.

use domain::{CollectionMonth, HoldReasons, MemberNumber, OrderNumber, Units};
use serde::{Deserialize, Serialize};
use store::tables::applications::Application;
use utoipa::ToSchema;

use crate::error::stored;
use crate::{LedgerError, Result};

/// The values of an application before or after a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineValues {
    /// `posted`, `held`, `mistake` or `voided`.
    pub state: String,
    /// The reasons to hold it; none unless held.
    #[schema(value_type = Vec<String>)]
    pub reasons: HoldReasons,
    /// The member number.
    pub member_number: String,
    /// The member of that number.
    pub member_id: Option<i64>,
    /// The order number.
    pub order_number: Option<String>,
    /// Units (口).
    pub units: Option<i64>,
    /// Yen.
    pub amount: Option<i64>,
    /// What the order number means.
    pub offering_id: Option<i64>,
    /// When it is collected.
    #[schema(value_type = Option<String>)]
    pub collection_month: Option<CollectionMonth>,
    /// The first month it may be collected in, after it was moved on.
    #[schema(value_type = Option<String>)]
    pub not_before: Option<CollectionMonth>,
    /// Of a decision that took the line: the reasons that spoke against it.
    #[serde(default, skip_serializing_if = "is_none")]
    #[schema(value_type = Vec<String>)]
    pub overrode: HoldReasons,
}

impl LineValues {
    pub(super) fn of(line: &Application) -> Result<Self> {
        let month = |month: Option<i32>| {
            month
                .map(|month| stored("applications.month", CollectionMonth::from_int(month)))
                .transpose()
        };
        Ok(Self {
            state: line.state.clone(),
            reasons: reasons_of(line.reasons)?,
            member_number: line.member_number.clone(),
            member_id: line.member_id,
            order_number: line.order_number.clone(),
            units: line.units,
            amount: line.amount,
            offering_id: line.offering_id,
            collection_month: month(line.collection_month)?,
            not_before: month(line.not_before)?,
            overrode: HoldReasons::NONE,
        })
    }

    /// Puts these values back into the application.
    pub(super) fn put_back(&self, line: &mut Application) {
        line.state.clone_from(&self.state);
        line.reasons = self.reasons.bits().into();
        line.member_number.clone_from(&self.member_number);
        line.member_id = self.member_id;
        line.order_number.clone_from(&self.order_number);
        line.units = self.units;
        line.amount = self.amount;
        line.offering_id = self.offering_id;
        line.collection_month = self.collection_month.map(CollectionMonth::as_int);
        line.not_before = self.not_before.map(CollectionMonth::as_int);
    }
}

fn is_none(reasons: &HoldReasons) -> bool {
    reasons.is_empty()
}

/// The set of reasons as the database keeps it.
pub(super) fn reasons_of(bits: i32) -> Result<HoldReasons> {
    u16::try_from(bits)
        .ok()
        .and_then(HoldReasons::from_bits)
        .ok_or_else(|| LedgerError::Corrupt(format!("applications.reasons: {bits}")))
}

/// What a person writes differently on the line; nothing where it stays.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Correction<'a> {
    pub(super) order_number: Option<&'a str>,
    pub(super) units: Option<i64>,
    pub(super) amount: Option<i64>,
    pub(super) member_number: Option<&'a str>,
}

impl Correction<'_> {
    /// The line with the corrections in it. Units or an amount alone leave the other to be worked
    /// out from it. Refuses what no order sheet could say.
    pub(super) fn apply(&self, line: &Application) -> Result<Application> {
        let mut corrected = line.clone();
        if let Some(number) = self.member_number {
            let number: MemberNumber = number.parse().map_err(|e: domain::CodeError| {
                LedgerError::field("member_number_unreadable", "member_number", e.to_string())
            })?;
            corrected.member_number = number.into_string();
        }
        if let Some(number) = self.order_number {
            let number: OrderNumber = number.parse().map_err(|e: domain::CodeError| {
                LedgerError::field("order_number_unreadable", "order_number", e.to_string())
            })?;
            corrected.order_number = Some(number.to_string());
        }
        if let Some(units) = self.units {
            Units::new(units)
                .map_err(|e| LedgerError::field("units_out_of_range", "units", e.to_string()))?;
        }
        if self.amount.is_some_and(|amount| amount <= 0) {
            return Err(LedgerError::field(
                "amount_out_of_range",
                "amount",
                "金額は 1 円以上で書いてください",
            ));
        }
        if self.units.is_some() || self.amount.is_some() {
            corrected.units = self.units;
            corrected.amount = self.amount;
        }
        Ok(corrected)
    }
}
