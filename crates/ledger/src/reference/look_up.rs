//! What an order number means on a day: the look-up of the entry screen (R1).

use chrono::NaiveDate;
use domain::{Catalogue, Channel, HoldReason, OrderNumber, Resolution};
use serde::{Deserialize, Serialize};

use super::OfferingView;
use super::catalogue;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// What a number comes to on a day, or why it comes to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OrderNumberAnswer {
    /// The number asked for.
    #[schema(value_type = String, example = "108413")]
    pub order_number: OrderNumber,
    /// The day asked about.
    pub received_on: NaiveDate,
    /// The way in asked about: web orders may run a day longer.
    #[schema(value_type = String, example = "paper")]
    pub channel: Channel,
    /// Whether the number means something then.
    pub found: bool,
    /// Why not: `unknown_order_number` or `outside_window`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "outside_window")]
    pub reason: Option<HoldReason>,
    /// What it means then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offering: Option<OfferingView>,
    /// The answer in a sentence, in Japanese; for a miss with what would have been right.
    pub message: String,
    /// For a miss: what the number means in other cycles, the nearest first.
    pub candidates: Vec<OfferingView>,
    /// For a miss: what would have been right on that day.
    pub todays: Vec<OfferingView>,
}

impl Ledger {
    /// Tells what an order number means for what a channel receives on a day; today where none is
    /// given. A miss explains itself (R1).
    ///
    /// Refuses what is not six digits.
    pub fn look_up_order_number(
        &self,
        call: &Call,
        number: &str,
        on: Option<NaiveDate>,
        channel: Channel,
    ) -> Result<OrderNumberAnswer> {
        let order_number: OrderNumber = number.parse().map_err(|e: domain::CodeError| {
            LedgerError::field("order_number_unreadable", "order_number", e.to_string())
        })?;
        let received_on = on.unwrap_or_else(|| self.today());
        let catalogue = self.read(call, Operation::LookUpOrderNumber, |connection| {
            catalogue::load_around(connection, &order_number, received_on)
        })?;
        Ok(answer(&catalogue, order_number, received_on, channel))
    }
}

/// What a number comes to on a day, as `catalogue` has it.
pub(crate) fn answer(
    catalogue: &Catalogue,
    order_number: OrderNumber,
    received_on: NaiveDate,
    channel: Channel,
) -> OrderNumberAnswer {
    let mut answer = OrderNumberAnswer {
        order_number,
        received_on,
        channel,
        found: false,
        reason: None,
        offering: None,
        message: String::new(),
        candidates: Vec::new(),
        todays: Vec::new(),
    };
    let (reason, miss) = match catalogue.resolve(&order_number, received_on, channel) {
        Resolution::Found(offering) => {
            answer.found = true;
            answer.message = format!(
                "{order_number} は {}の{}（1口 {}円、集金月 {}）です",
                offering.cycle_label,
                offering.title,
                offering.unit_price.grouped(),
                offering.collection_month
            );
            answer.offering = Some(offering.into());
            return answer;
        }
        Resolution::Outside(miss) => (HoldReason::OutsideWindow, miss),
        Resolution::Unknown(miss) => (HoldReason::UnknownOrderNumber, miss),
    };
    answer.reason = Some(reason);
    answer.message = miss.explain();
    answer.candidates = miss.candidates().into_iter().map(Into::into).collect();
    answer.todays = miss.todays().into_iter().map(Into::into).collect();
    answer
}
