//! What is held for an organisation, and what it owes back.
//!
//! Both are never there at once: where gifts are taken back after they were passed on, what is
//! missing is owed back by the organisation (1141), and gifts collected after that pay it off first.
//! Every entry that moves a campaign is followed by the transfer that keeps it so.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{AccountCode, Accounting, EntrySource, NewPosting, Yen};
use store::reports::{self, CampaignSums};

use super::books::{BookedCampaign, Books};
use super::post_entry::{NewEntry, append};
use crate::Result;
use crate::error::stored;
use crate::tx::Tx;

/// What the journal says about one campaign, yen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CampaignBalance {
    /// Collected and not passed on: what may be paid out. 0 where the organisation owes something.
    pub(crate) payable: Yen,
    /// What the organisation owes back.
    pub(crate) owed_back: Yen,
    /// What it ought to owe back: where it differs, a transfer is missing.
    pub(crate) missing: Yen,
}

impl CampaignBalance {
    /// Of a campaign that the journal does not name.
    pub(crate) const NOTHING: Self = Self {
        payable: Yen::ZERO,
        owed_back: Yen::ZERO,
        missing: Yen::ZERO,
    };

    /// Reads the sums of a campaign as its kind of accounting has them.
    pub(crate) fn of(accounting: Accounting, sums: &CampaignSums) -> Result<Self> {
        let in_hand = match accounting {
            Accounting::Agency => sums.held,
            Accounting::Principal => difference(sums.income, sums.passed_on)?,
        };
        let net = difference(in_hand, sums.owed_back)?;
        Ok(Self {
            payable: Yen::new(net.max(0)),
            owed_back: Yen::new(sums.owed_back),
            missing: Yen::new((-net).max(0)),
        })
    }

    /// Of one campaign, up to now.
    pub(crate) fn load(tx: &mut Tx<'_>, campaign: &BookedCampaign) -> Result<Self> {
        let sums = reports::campaign_sums(tx.connection, None, Some(campaign.id))?;
        match sums.first() {
            Some(sums) => Self::of(campaign.accounting, sums),
            None => Ok(Self::NOTHING),
        }
    }
}

fn difference(a: i64, b: i64) -> Result<i64> {
    stored(
        "journal_postings.amount",
        a.checked_sub(b).ok_or("金額が大きすぎます"),
    )
}

/// Posts the transfers that an entry makes necessary.
pub(crate) fn transfer(tx: &mut Tx<'_>, cause: i64, entry: &NewEntry<'_>) -> Result<()> {
    let campaigns: BTreeSet<i64> = entry
        .postings
        .iter()
        .filter(|posting| MOVED.contains(&posting.account))
        .filter_map(|posting| posting.campaign_id)
        .collect();
    if campaigns.is_empty() || entry.source == EntrySource::YearClose {
        return Ok(());
    }
    let books = Books::load(tx.connection)?;
    for id in campaigns {
        let campaign = books.campaign_of(id)?;
        let balance = CampaignBalance::load(tx, campaign)?;
        let more = difference(balance.missing.get(), balance.owed_back.get())?;
        if more != 0 {
            append(tx, &entry_for(campaign, cause, entry.date, Yen::new(more))?)?;
        }
    }
    Ok(())
}

/// The accounts that a campaign moves.
const MOVED: [AccountCode; 4] = [
    AccountCode::HELD_FOR_ORGANIZATIONS,
    AccountCode::DUE_FROM_ORGANIZATIONS,
    AccountCode::RESTRICTED_GIFTS,
    AccountCode::GIFTS_PASSED_ON,
];

fn entry_for(
    campaign: &BookedCampaign,
    cause: i64,
    date: NaiveDate,
    more: Yen,
) -> Result<NewEntry<'static>> {
    let account = match campaign.accounting {
        Accounting::Agency => AccountCode::HELD_FOR_ORGANIZATIONS,
        Accounting::Principal => AccountCode::GIFTS_PASSED_ON,
    };
    let owed = NewPosting {
        campaign_id: Some(campaign.id),
        ..NewPosting::new(AccountCode::DUE_FROM_ORGANIZATIONS, more)
    };
    let less = NewPosting {
        account,
        ..stored(
            "journal_postings.amount",
            owed.opposite().ok_or("金額が大きすぎます"),
        )?
    };
    let words = if more > Yen::ZERO {
        "送金後に取り消された寄付（団体から返してもらう額）"
    } else {
        "団体から返してもらう額に、その後の集金・返還・送金の取り消しを充当"
    };
    Ok(NewEntry {
        date,
        source: EntrySource::Transfer,
        source_id: Some(cause),
        description: format!("{}: {words}", campaign.organization.name),
        reason: None,
        reverses: None,
        postings: vec![owed, less],
    })
}
