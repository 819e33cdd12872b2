//! `record_remittance`: money that a co-op handed over, matched against what is due.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{AccountCode, CoopCode, EntrySource, NewPosting, Yen};
use serde::{Deserialize, Serialize};
use store::lock;
use store::reports::{self, BatchReceivable, PostingFilter};
use store::tables::cooperatives::Cooperative;
use store::tables::remittances::{self, Allocation, NewRemittance};
use utoipa::ToSchema;

use super::matching::{self, Share};
use super::post_journal_entry::{refuse_future, refuse_too_large};
use super::remittances::{RemittanceView, remittance_view};
use super::{NewEntry, post_entry};
use crate::call::given_note;
use crate::error::stored;
use crate::reference::find_cooperative;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// What of a remittance is for a batch, where the co-op said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemittanceShare {
    /// Number of the batch.
    pub batch_id: i64,
    /// Yen for it.
    #[schema(value_type = i64)]
    pub amount: Yen,
}

/// Money that a co-op handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordRemittance {
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The day it was on the account; today where none is given.
    #[serde(default)]
    #[schema(example = "2025-09-10")]
    pub received_on: Option<NaiveDate>,
    /// Yen on the account.
    #[schema(value_type = i64, example = 9_670)]
    pub amount: Yen,
    /// Yen that the bank took off on the way, borne by the fund.
    #[serde(default)]
    #[schema(value_type = i64, example = 330)]
    pub fee: Yen,
    /// For which batches; the oldest first where none are given.
    #[serde(default)]
    pub shares: Vec<RemittanceShare>,
    /// What is worth noting.
    #[serde(default)]
    pub note: Option<String>,
}

impl Ledger {
    /// Records a remittance: Dr 普通預金 and 支払手数料, Cr 未収金 of the batches it is for, the
    /// oldest first or as said. What is more than due is put aside (仮受金) and taken with the next
    /// one; the answer shows what was due, what came and the difference.
    ///
    /// # Errors
    /// Refuses an amount below 0, nothing at all, shares of another co-op's batch or of more than the
    /// batch's due, shares that pass what came, and a day after today.
    pub fn record_remittance(
        &self,
        call: &Call,
        request: &RecordRemittance,
    ) -> Result<RemittanceView> {
        self.write(call, Operation::RecordRemittance, request, |tx| {
            record(tx, request)
        })
    }
}

fn record(tx: &mut Tx<'_>, request: &RecordRemittance) -> Result<RemittanceView> {
    let coop = find_cooperative(tx.connection, &request.coop)?;
    let day = request.received_on.unwrap_or(tx.today);
    refuse_future(tx, "received_on", day)?;
    let note = given_note(request.note.as_deref())?;
    lock::coop_exclusive(tx.connection, coop.id)?;
    lock::journal_exclusive(tx.connection)?;
    let dues = reports::receivables(tx.connection, None, Some(coop.id))?;
    let put_aside = put_aside(tx, coop.id)?;
    let came = came(request, put_aside)?;
    let shares = if request.shares.is_empty() {
        matching::oldest_first(&dues, came)
    } else {
        as_said(&dues, request, came)?
    };
    if shares.is_empty() && request.amount == Yen::ZERO && request.fee == Yen::ZERO {
        return Err(LedgerError::refused(
            "nothing_due",
            "仮受金を充てる未収金がありません。送金額を書くか、集金結果を先に取り込んでください",
        ));
    }
    let allocated = stored("amount", Yen::sum(shares.iter().map(|share| share.amount)))?;
    // What came anew is put aside where it is too much, and taken from there where it is too little.
    let suspense = came
        .checked_sub(allocated)
        .and_then(|rest| rest.checked_sub(put_aside))
        .ok_or_else(too_large)?;
    let remittance = NewRemittance {
        coop_id: coop.id,
        received_on: day,
        due: dues.iter().map(matching::due).sum(),
        amount: request.amount.get(),
        fee: request.fee.get(),
        suspense: suspense.get(),
        note,
        actor: tx.actor.as_str(),
        recorded_at: tx.recorded_at(),
    };
    let id = remittances::insert(tx.connection, &remittance)?;
    let allocations: Vec<Allocation> = shares.iter().map(|share| allocation(id, share)).collect();
    remittances::allocate(tx.connection, &allocations)?;
    let postings = postings(tx, &coop, request, &shares, suspense)?;
    let entry = NewEntry {
        date: day,
        source: EntrySource::Remittance,
        source_id: Some(id),
        description: format!("{}からの送金", coop.name),
        reason: note,
        reverses: None,
        postings,
    };
    post_entry(tx, &entry)?;
    let view = remittance_view(tx.connection, id)?;
    let event = Event {
        action: "record_remittance",
        coop_id: Some(coop.id),
        subject: format!("remittance:{id}"),
        reason: note,
    };
    tx.audit(&event, None::<&()>, Some(&view))?;
    Ok(view)
}

/// What the co-op handed over beyond what was due, before this.
fn put_aside(tx: &mut Tx<'_>, coop_id: i64) -> Result<Yen> {
    let filter = PostingFilter {
        account: Some(AccountCode::SUSPENSE.as_int()),
        coop_id: Some(coop_id),
        ..PostingFilter::default()
    };
    let balance = reports::balance(tx.connection, &filter)?;
    Ok(Yen::new(balance.checked_neg().unwrap_or(0).max(0)))
}

/// What there is to hand out to batches: amount, fee and what was put aside before.
fn came(request: &RecordRemittance, put_aside: Yen) -> Result<Yen> {
    if request.amount < Yen::ZERO || request.fee < Yen::ZERO {
        return Err(LedgerError::field(
            "amount_out_of_range",
            "amount",
            "送金額と手数料は0円以上で書いてください",
        ));
    }
    refuse_too_large("amount", request.amount)?;
    refuse_too_large("fee", request.fee)?;
    let came = request
        .amount
        .checked_add(request.fee)
        .and_then(|sum| sum.checked_add(put_aside))
        .ok_or_else(too_large)?;
    if came == Yen::ZERO {
        return Err(LedgerError::field(
            "amount_out_of_range",
            "amount",
            "送金額が0円です。充てられる仮受金もありません",
        ));
    }
    Ok(came)
}

fn too_large() -> LedgerError {
    LedgerError::field(
        "amount_out_of_range",
        "amount",
        "金額が大きすぎます。桁数を確かめてください",
    )
}

fn as_said(dues: &[BatchReceivable], request: &RecordRemittance, came: Yen) -> Result<Vec<Share>> {
    let said: Vec<(i64, Yen)> = request
        .shares
        .iter()
        .map(|share| (share.batch_id, share.amount))
        .collect();
    matching::as_said(dues, &said, came)
        .map_err(|why| LedgerError::field("shares_do_not_fit", "shares", why.to_string()))
}

fn allocation(remittance_id: i64, share: &Share) -> Allocation {
    Allocation {
        remittance_id,
        batch_id: share.batch_id,
        due: share.due,
        amount: share.amount.get(),
    }
}

/// Dr 普通預金 / Cr 未収金 by fund and campaign; fee and what is put aside belong to no fund.
fn postings(
    tx: &mut Tx<'_>,
    coop: &Cooperative,
    request: &RecordRemittance,
    shares: &[Share],
    suspense: Yen,
) -> Result<Vec<NewPosting>> {
    let negative = |yen: Yen| yen.checked_neg().ok_or_else(too_large);
    let with_coop = |account, amount| NewPosting {
        coop_id: Some(coop.id),
        ..NewPosting::new(account, amount)
    };
    let mut banked: BTreeMap<(Option<i64>, Option<i64>), i64> = BTreeMap::new();
    let mut settled = Vec::new();
    for share in shares {
        let dues = reports::due_of_batch(tx.connection, coop.id, share.batch_id)?;
        let yen: Vec<i64> = dues.iter().map(|due| due.due).collect();
        let amounts = matching::hand_out(&yen, share.amount.get());
        for (due, amount) in dues.iter().zip(amounts) {
            *banked.entry((due.fund_id, due.campaign_id)).or_default() += amount;
            settled.push(NewPosting {
                fund_id: due.fund_id,
                campaign_id: due.campaign_id,
                batch_id: Some(share.batch_id),
                ..with_coop(AccountCode::DUE_FROM_COOPS, negative(Yen::new(amount))?)
            });
        }
    }
    let mut postings: Vec<NewPosting> = banked
        .into_iter()
        .map(|((fund_id, campaign_id), amount)| NewPosting {
            fund_id,
            campaign_id,
            ..with_coop(AccountCode::BANK, Yen::new(amount))
        })
        .collect();
    postings.push(with_coop(AccountCode::FEES, request.fee));
    postings.push(with_coop(AccountCode::BANK, negative(request.fee)?));
    postings.push(with_coop(AccountCode::BANK, suspense));
    postings.push(with_coop(AccountCode::SUSPENSE, negative(suspense)?));
    postings.extend(settled);
    postings.retain(|posting| posting.amount != Yen::ZERO);
    Ok(postings)
}
