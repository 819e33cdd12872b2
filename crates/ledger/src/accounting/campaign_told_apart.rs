//! A campaign's progress day by day, by channel and by co-op: the figures of `campaign_progress`, told
//! apart (R16). Everything is a sum over one query, so the parts come to the whole.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{Channel, Yen, japan_date};
use serde::{Deserialize, Serialize};
use store::campaign_progress::{self, AlikeGifts};

use super::books::Books;
use super::campaign_progress::{CampaignProgress, progress_of};
use crate::error::stored;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// So many gifts, their units and yen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiftSum {
    /// How many gifts.
    pub gifts: i64,
    /// Units (口).
    pub units: i64,
    /// Yen.
    pub amount: Yen,
}

impl GiftSum {
    fn add(&mut self, alike: &AlikeGifts) -> Result<()> {
        let overflow = || LedgerError::Corrupt("donations: the sum".to_owned());
        let amount = self.amount.checked_add(Yen::new(alike.amount));
        self.gifts += alike.gifts;
        self.units += alike.units;
        self.amount = amount.ok_or_else(overflow)?;
        Ok(())
    }
}

/// What happened in a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignDay {
    /// The day, in Japan.
    pub day: NaiveDate,
    /// Received in it (受付日).
    pub applied: GiftSum,
    /// In batches closed in it.
    pub billed: GiftSum,
    /// Collected in it (集金日).
    pub collected: GiftSum,
    /// Yen passed on in it, less what came back.
    pub paid_out: Yen,
}

/// What came by one channel, or from one co-op.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignShare<K> {
    /// The channel, or the co-op's code and name.
    pub of: K,
    /// Applied for.
    pub applied: GiftSum,
    /// Of that, billed.
    pub billed: GiftSum,
    /// Of that, collected, and not given back.
    pub collected: GiftSum,
}

/// A campaign's progress, told apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignToldApart {
    /// The whole.
    pub progress: CampaignProgress,
    /// The first day of the campaign.
    pub opens_on: NaiveDate,
    /// The last day.
    pub closes_on: NaiveDate,
    /// Whether it has a public page.
    pub is_public: bool,
    /// The days on which something happened, in their order.
    pub days: Vec<CampaignDay>,
    /// By channel, in the order of the list of channels.
    pub channels: Vec<CampaignShare<Channel>>,
    /// By co-op, in the order of their numbers.
    pub cooperatives: Vec<CampaignShare<(String, String)>>,
}

impl Ledger {
    /// How far a campaign is, day by day, by channel and by co-op.
    ///
    /// # Errors
    /// Refuses a campaign that there is not.
    pub fn show_campaign_progress(&self, call: &Call, campaign: &str) -> Result<CampaignToldApart> {
        self.read(call, Operation::ShowCampaignProgress, |connection| {
            let books = Books::load(connection)?;
            let id = books.campaign(campaign)?.id;
            let progress = progress_of(connection, &books, Some(id))?
                .into_iter()
                .next();
            let gone = || LedgerError::Corrupt(format!("campaigns.id: {id}"));
            let found = store::tables::campaigns::find(connection, id)?.ok_or_else(gone)?;
            let alike = campaign_progress::gifts_told_apart(connection, id)?;
            let mut days = days(&alike)?;
            for paid in campaign_progress::paid_by_day(connection, id)? {
                day(&mut days, paid.paid_on).paid_out = Yen::new(paid.amount);
            }
            let by_channel = shares(&alike, |gifts| {
                stored("applications.channel", Channel::from_stored(&gifts.channel))
            })?;
            let by_coop = shares(&alike, |gifts| Ok(gifts.coop_id))?;
            let cooperatives = by_coop.into_iter().map(|share| {
                let coop = books.cooperative_of(share.of)?;
                Ok(share.with((coop.code.clone(), coop.name.clone())))
            });
            Ok(CampaignToldApart {
                progress: progress.ok_or_else(gone)?,
                opens_on: found.values.opens_on,
                closes_on: found.values.closes_on,
                is_public: found.is_public != 0,
                days: days.into_values().collect(),
                channels: by_channel,
                cooperatives: cooperatives.collect::<Result<_>>()?,
            })
        })
    }
}

impl<K> CampaignShare<K> {
    fn none(of: K) -> Self {
        Self {
            of,
            applied: GiftSum::default(),
            billed: GiftSum::default(),
            collected: GiftSum::default(),
        }
    }

    fn with<L>(self, of: L) -> CampaignShare<L> {
        CampaignShare {
            of,
            applied: self.applied,
            billed: self.billed,
            collected: self.collected,
        }
    }
}

fn days(alike: &[AlikeGifts]) -> Result<BTreeMap<NaiveDate, CampaignDay>> {
    let mut days = BTreeMap::new();
    for gifts in alike {
        day(&mut days, gifts.received_on).applied.add(gifts)?;
        if let Some(billed_at) = gifts.billed_at {
            let billed_on = japan_date(billed_at.and_utc());
            day(&mut days, billed_on).billed.add(gifts)?;
        }
        if let Some(collected_on) = gifts.collected_on {
            day(&mut days, collected_on).collected.add(gifts)?;
        }
    }
    Ok(days)
}

fn day(days: &mut BTreeMap<NaiveDate, CampaignDay>, day: NaiveDate) -> &mut CampaignDay {
    days.entry(day).or_insert_with(|| CampaignDay {
        day,
        applied: GiftSum::default(),
        billed: GiftSum::default(),
        collected: GiftSum::default(),
        paid_out: Yen::ZERO,
    })
}

/// The gifts by what `of` says of them, in its order.
fn shares<K: Ord + Copy>(
    alike: &[AlikeGifts],
    of: impl Fn(&AlikeGifts) -> Result<K>,
) -> Result<Vec<CampaignShare<K>>> {
    let mut shares = BTreeMap::new();
    for gifts in alike {
        let of = of(gifts)?;
        let share = shares.entry(of).or_insert_with(|| CampaignShare::none(of));
        share.applied.add(gifts)?;
        if gifts.billed_at.is_some() {
            share.billed.add(gifts)?;
        }
        if gifts.collected_on.is_some() {
            share.collected.add(gifts)?;
        }
    }
    Ok(shares.into_values().collect())
}
