//! `copy_offerings`: a cycle asks for the same as an earlier one, under new order numbers.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use store::tables::cycles::Cycle;
use store::tables::offerings as table;

use super::super::lists::find_cycle;
use super::add_offering::add;
use super::typed::read_all;
use super::{OfferingDetail, TypedOffering};
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// What the list is called in refusals: `offerings/0/order_number`.
const LIST: &str = "offerings";

/// Which offerings to copy, and under which numbers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopyOfferings {
    /// The label of the cycle that they are copied from.
    pub from: String,
    /// The label of the cycle that they are copied into.
    pub cycle: String,
    /// Which.
    pub offerings: Vec<CopiedNumber>,
}

/// An offering to copy.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopiedNumber {
    /// Its number in the cycle that it is copied from.
    pub copied: String,
    /// Its number in the new cycle, as it was typed; blank where it is not to be copied.
    pub order_number: String,
}

/// The offerings that were added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferingsCopied {
    /// In the order of the request.
    pub offerings: Vec<OfferingDetail>,
}

impl Ledger {
    /// Copies offerings of one cycle into another, each under the number typed for it: kind, price, fund
    /// or campaign, title and what follows a failed collection stay. All of them or none.
    ///
    /// # Errors
    /// Refuses cycles that there are not, a request without any number, and by the names of the fields
    /// (`offerings/0/order_number`) what adding them one by one would be refused for (R1).
    pub fn copy_offerings(&self, call: &Call, request: &CopyOfferings) -> Result<OfferingsCopied> {
        self.write(call, Operation::CopyOfferings, request, |tx| {
            store::lock::reference_exclusive(tx.connection)?;
            let from = find_cycle(tx.connection, &request.from)?;
            let into = find_cycle(tx.connection, &request.cycle)?;
            let typed = typed(tx, &from, &into, request)?;
            let is_numbered = |one: &TypedOffering| !one.order_number.trim().is_empty();
            if !typed.iter().any(is_numbered) {
                return Err(LedgerError::field(
                    "order_numbers_missing",
                    LIST,
                    "引き継ぐものに、新しい注文番号を書いてください",
                ));
            }
            let numbered = typed.iter().enumerate();
            let numbered = numbered.filter(|(_, one)| is_numbered(one));
            let rows = read_all(LIST, numbered)?;
            let offerings = add(tx, &into, &rows, Some(LIST), "copy_offerings")?;
            Ok(OfferingsCopied { offerings })
        })
    }
}

/// What somebody would type for the new cycle, in the order of the request.
fn typed(
    tx: &mut Tx<'_>,
    from: &Cycle,
    into: &Cycle,
    request: &CopyOfferings,
) -> Result<Vec<TypedOffering>> {
    let there = table::page(tx.connection, Some(from.id), 0, i64::MAX)?;
    let there: HashMap<_, _> = there
        .into_iter()
        .map(|one| (one.values.order_number.clone(), one))
        .collect();
    let copied = request.offerings.iter().map(|wanted| {
        let one = there.get(wanted.copied.as_str()).ok_or_else(|| {
            LedgerError::not_found(
                "offering_not_found",
                format!(
                    "{}に注文番号 {} はありません。番号を確かめてください",
                    from.values.label, wanted.copied
                ),
            )
        })?;
        Ok(TypedOffering {
            cycle: into.values.label.clone(),
            order_number: wanted.order_number.clone(),
            ..TypedOffering::of(one.clone())
        })
    });
    copied.collect()
}
