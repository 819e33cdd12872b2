//! `add_offering`: what an order number means in a cycle.

use domain::OrderNumber;
use formats::table::Problems;
use formats::tables::OfferingRow;
use store::tables::cycles::Cycle;

use super::super::lists::find_cycle;
use super::super::offerings::{self, Known, ORDER_NUMBER};
use super::super::rows::there_already;
use super::get_cycle::find_detail;
use super::typed::{check, read_one};
use super::{OfferingDetail, TypedOffering};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, Operation, Result};

impl Ledger {
    /// Adds an order number to a cycle.
    ///
    /// # Errors
    /// Refuses, by the names of the fields, what a file would be refused for, a number whose window would
    /// overlap another of the same number (R1), and one that the cycle has already.
    pub fn add_offering(&self, call: &Call, request: &TypedOffering) -> Result<OfferingDetail> {
        self.write(call, Operation::AddOffering, request, |tx| {
            store::lock::reference_exclusive(tx.connection)?;
            let (line, row) = read_one(request)?;
            let cycle = find_cycle(tx.connection, &row.cycle)?;
            add(tx, &cycle, &[(line, row)], None, "add_offering")?
                .pop()
                .ok_or_else(|| crate::LedgerError::Corrupt("add_offering".to_owned()))
        })
    }
}

/// Adds rows of one cycle, with an event each. `list` is their list in the request.
pub(super) fn add(
    tx: &mut Tx<'_>,
    cycle: &Cycle,
    rows: &[(u64, OfferingRow)],
    list: Option<&str>,
    action: &str,
) -> Result<Vec<OfferingDetail>> {
    let known = Known::load(tx)?;
    let mut there = Problems::new();
    for (line, row) in rows {
        let number = row.order_number.as_str();
        if known.find(cycle.id, number).is_some() {
            there.push(there_already(*line, ORDER_NUMBER, number, "注文番号"));
        }
    }
    check::<OfferingRow>(list, &there)?;
    offerings::take(tx, rows, &known, &|problems: &Problems| {
        check::<OfferingRow>(list, problems)
    })?;
    let numbers: Vec<OrderNumber> = rows.iter().map(|(_, row)| row.order_number).collect();
    numbers
        .iter()
        .map(|number| {
            let added = find_detail(tx.connection, cycle, number)?;
            let event = Event {
                action,
                coop_id: None,
                subject: subject(cycle, number),
                reason: None,
            };
            tx.audit(&event, None::<&()>, Some(&added))?;
            Ok(added)
        })
        .collect()
}

/// What the audit log calls an offering.
pub(super) fn subject(cycle: &Cycle, order_number: &OrderNumber) -> String {
    format!("offering:{}/{order_number}", cycle.values.label)
}
