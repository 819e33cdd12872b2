//! What moves money is booked: collected charges, results taken back, gifts given back. An
//! application is not income, nor is a charge: a collected one is (R14).

use chrono::NaiveDate;
use domain::{AccountCode, Accounting, EntrySource, NewPosting, OfferingKind, Yen};
use store::results::{self, CollectedGroup};
use store::tables::campaigns;

use crate::accounting::{NewEntry, post_entry};
use crate::error::stored;
use crate::tx::Tx;
use crate::{LedgerError, Result};

/// Books what a file of results collected: one entry per batch, fund or campaign, and day. Says
/// which entry is whose to [`results::insert_settlements`].
pub(super) fn book_settlements(
    tx: &mut Tx<'_>,
    result_file_id: i64,
    file: &str,
    groups: &[CollectedGroup],
) -> Result<()> {
    let is_one_entry = |a: &CollectedGroup, b: &CollectedGroup| entry_key(a) == entry_key(b);
    for kinds in groups.chunk_by(is_one_entry) {
        let Some(first) = kinds.first() else {
            continue;
        };
        let what = Collected {
            result_file_id,
            file,
            batch_id: first.batch_id,
            coop_id: first.coop_id,
            collected_on: first.collected_on,
        };
        let mut gifts = Vec::with_capacity(kinds.len());
        for kind in kinds {
            gifts.push(Gift {
                kind: stored("charges.kind", OfferingKind::from_stored(&kind.kind))?,
                fund_id: some(kind.fund_id),
                campaign_id: some(kind.campaign_id),
                amount: Yen::new(kind.amount),
            });
        }
        let entry_id = book_collected(tx, &what, &gifts)?;
        results::set_entry(tx.connection, first, entry_id)?;
    }
    Ok(())
}

fn entry_key(group: &CollectedGroup) -> (i64, i64, i64, NaiveDate) {
    (
        group.batch_id,
        group.fund_id,
        group.campaign_id,
        group.collected_on,
    )
}

fn some(id: i64) -> Option<i64> {
    (id != 0).then_some(id)
}

/// What was collected together, and where it is said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Collected<'a> {
    pub(super) result_file_id: i64,
    pub(super) file: &'a str,
    pub(super) batch_id: i64,
    pub(super) coop_id: i64,
    pub(super) collected_on: NaiveDate,
}

/// So much for a fund or a campaign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gift {
    pub(super) kind: OfferingKind,
    pub(super) fund_id: Option<i64>,
    pub(super) campaign_id: Option<i64>,
    pub(super) amount: Yen,
}

/// Dr 1131 / Cr what the gifts are: income, or held for the organisation.
pub(super) fn book_collected(tx: &mut Tx<'_>, what: &Collected<'_>, gifts: &[Gift]) -> Result<i64> {
    let mut postings = Vec::with_capacity(gifts.len() + 1);
    let mut sum = Yen::ZERO;
    for gift in gifts {
        let account = account_of(tx, gift)?;
        let credit = opposite(gift.amount)?;
        postings.push(posting(account, credit, gift, what.coop_id, what.batch_id));
        sum = sum.checked_add(gift.amount).ok_or_else(too_large)?;
    }
    if let Some(gift) = gifts.first() {
        let due = posting(
            AccountCode::DUE_FROM_COOPS,
            sum,
            gift,
            what.coop_id,
            what.batch_id,
        );
        postings.insert(0, due);
    }
    let entry = NewEntry {
        date: what.collected_on,
        source: EntrySource::Settlement,
        source_id: Some(what.result_file_id),
        description: format!("集金結果 {}（請求データ {}）", what.file, what.batch_id),
        reason: None,
        reverses: None,
        postings,
    };
    post_entry(tx, &entry)
}

/// A correction that moves money.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corrected<'a> {
    pub(super) correction_id: i64,
    pub(super) on: NaiveDate,
    pub(super) coop_id: i64,
    pub(super) batch_id: i64,
    pub(super) charge_key: &'a str,
    pub(super) reason: &'a str,
}

/// A wrong "collected" taken back: Dr what the gift was / Cr 1131.
pub(super) fn book_reversal(tx: &mut Tx<'_>, what: &Corrected<'_>, gift: &Gift) -> Result<i64> {
    let entry = Opposite {
        source: EntrySource::Reversal,
        account: AccountCode::DUE_FROM_COOPS,
        description: format!("集金結果の取消（請求キー {}）", what.charge_key),
    };
    book_opposite(tx, what, gift, entry)
}

/// A gift given back: Dr what the gift was / Cr where the money comes from.
pub(super) fn book_refund(
    tx: &mut Tx<'_>,
    what: &Corrected<'_>,
    gift: &Gift,
    account: AccountCode,
) -> Result<i64> {
    let entry = Opposite {
        source: EntrySource::Refund,
        account,
        description: format!("組合員への返金（請求キー {}）", what.charge_key),
    };
    book_opposite(tx, what, gift, entry)
}

struct Opposite {
    source: EntrySource,
    account: AccountCode,
    description: String,
}

fn book_opposite(
    tx: &mut Tx<'_>,
    what: &Corrected<'_>,
    gift: &Gift,
    entry: Opposite,
) -> Result<i64> {
    let income = account_of(tx, gift)?;
    let credit = opposite(gift.amount)?;
    let entry = NewEntry {
        date: what.on,
        source: entry.source,
        source_id: Some(what.correction_id),
        description: entry.description,
        reason: Some(what.reason),
        reverses: None,
        postings: vec![
            posting(income, gift.amount, gift, what.coop_id, what.batch_id),
            posting(entry.account, credit, gift, what.coop_id, what.batch_id),
        ],
    };
    post_entry(tx, &entry)
}

/// Where a gift is booked: income of the fund, or held for the organisation.
fn account_of(tx: &mut Tx<'_>, gift: &Gift) -> Result<AccountCode> {
    let Some(campaign_id) = gift.campaign_id else {
        return Ok(match gift.kind {
            OfferingKind::Supporter => AccountCode::GIFTS_OF_SUPPORTERS,
            OfferingKind::Spot | OfferingKind::Campaign => AccountCode::SPOT_GIFTS,
        });
    };
    let campaign = campaigns::find(tx.connection, campaign_id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("campaigns.id: {campaign_id}")))?;
    let accounting = Accounting::from_stored(&campaign.values.accounting);
    Ok(match stored("campaigns.accounting", accounting)? {
        Accounting::Agency => AccountCode::HELD_FOR_ORGANIZATIONS,
        Accounting::Principal => AccountCode::RESTRICTED_GIFTS,
    })
}

fn posting(
    account: AccountCode,
    amount: Yen,
    gift: &Gift,
    coop_id: i64,
    batch_id: i64,
) -> NewPosting {
    NewPosting {
        account,
        amount,
        fund_id: gift.fund_id,
        coop_id: Some(coop_id),
        campaign_id: gift.campaign_id,
        batch_id: Some(batch_id),
    }
}

fn opposite(amount: Yen) -> Result<Yen> {
    amount.checked_neg().ok_or_else(too_large)
}

fn too_large() -> LedgerError {
    LedgerError::refused(
        "amount_overflow",
        "金額の合計が大きすぎて計算できません。ファイルを分けて取り込んでください",
    )
}
