//! `correct_offering`: an order number that was saved otherwise than it is.

use domain::OrderNumber;
use formats::table::Problems;
use formats::tables::OfferingRow;

use super::super::lists::find_cycle;
use super::super::offerings::{self, CYCLE, Known, ORDER_NUMBER};
use super::super::rows::there_already;
use super::add_offering::subject;
use super::get_cycle::find_detail;
use super::typed::{check, read_one, refuse_field};
use super::{OfferingDetail, TypedOffering};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, Operation, Result};

impl Ledger {
    /// Makes an offering of a cycle say what was typed, its number included.
    ///
    /// # Errors
    /// Refuses a cycle or a number that there is not, and by the names of the fields what a file would be
    /// refused for: another number, kind, price, fund or campaign once somebody applied, a number whose
    /// window would overlap another of the same number (R1).
    pub fn correct_offering(
        &self,
        call: &Call,
        cycle: &str,
        order_number: &OrderNumber,
        request: &TypedOffering,
    ) -> Result<OfferingDetail> {
        let operation = Operation::CorrectOffering;
        self.write(call, operation, &(cycle, order_number, request), |tx| {
            store::lock::reference_exclusive(tx.connection)?;
            correct(tx, cycle, order_number, request)
        })
    }
}

fn correct(
    tx: &mut Tx<'_>,
    cycle: &str,
    order_number: &OrderNumber,
    request: &TypedOffering,
) -> Result<OfferingDetail> {
    let cycle = find_cycle(tx.connection, cycle)?;
    let before = find_detail(tx.connection, &cycle, order_number)?;
    let row = read_one(request)?;
    if row.1.cycle != cycle.values.label {
        let reason = format!(
            "企画回は {} のままにしてください。別の企画回には、新しい注文番号として登録します",
            cycle.values.label
        );
        return Err(refuse_field::<OfferingRow>(CYCLE, reason));
    }
    let number = row.1.order_number;
    let mut known = Known::load(tx)?;
    if number != *order_number && known.find(cycle.id, number.as_str()).is_some() {
        let there = there_already(1, ORDER_NUMBER, number.as_str(), "注文番号");
        check::<OfferingRow>(None, &Problems::from(there))?;
    }
    known.renumber(cycle.id, order_number.as_str(), number.as_str());
    offerings::take(tx, std::slice::from_ref(&row), &known, &|problems| {
        check::<OfferingRow>(None, problems)
    })?;
    let after = find_detail(tx.connection, &cycle, &number)?;
    if after != before {
        let event = Event {
            action: "correct_offering",
            coop_id: None,
            subject: subject(&cycle, order_number),
            reason: None,
        };
        tx.audit(&event, Some(&before), Some(&after))?;
    }
    Ok(after)
}
