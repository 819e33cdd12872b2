//! What has happened to campaigns since somebody last looked: for who keeps what the public is shown.
//!
//! Every change leaves an event in the audit log, in its own transaction. So the ends of the log's
//! chains tell, for a look-up each, whether anything was changed by whatever process; and the actions
//! tell what it may have moved. Whoever signs in, or keys a supporter, moves no campaign.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use store::campaign_steps::Stage;
use store::tables::audit_events;

use crate::rights::{Area, Reach};
use crate::{Ledger, Operation, Result};

/// What may have moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CampaignNews {
    /// What was applied for.
    applied: bool,
    /// What was billed.
    billed: bool,
    /// What was collected.
    collected: bool,
    /// What else is shown: the campaign's words, its target, what was passed on.
    told: bool,
}

impl CampaignNews {
    /// Anything: for who has not looked before.
    pub const ALL: Self = Self {
        applied: true,
        billed: true,
        collected: true,
        told: true,
    };
    const NONE: Self = Self {
        applied: false,
        billed: false,
        collected: false,
        told: false,
    };
    const APPLIED: Self = Self {
        applied: true,
        ..Self::NONE
    };
    const BILLED: Self = Self {
        billed: true,
        ..Self::NONE
    };
    const COLLECTED: Self = Self {
        collected: true,
        ..Self::NONE
    };
    const TOLD: Self = Self {
        told: true,
        ..Self::NONE
    };

    /// Whether nothing has moved.
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// The stages to which givers may have come.
    pub(super) fn stages(self) -> Vec<Stage> {
        let [applied, billed, collected] = [self.applied, self.billed, self.collected];
        Stage::ALL
            .into_iter()
            .zip([applied, billed, collected])
            .filter_map(|(stage, may)| may.then_some(stage))
            .collect()
    }

    /// What an action of the audit log may move.
    fn of(action: &str) -> Self {
        let Some(operation) = Operation::named(action) else {
            return match action {
                "link_refused"
                | "password_refused"
                | "second_factor_awaited"
                | "second_factor_refused"
                | "sign_in_refused"
                | "submit_pending_action" => Self::NONE,
                // What has no operation of its name: an import, or what nobody thought of here.
                _ => Self::ALL,
            };
        };
        if operation.reach() == Reach::Read {
            return Self::NONE;
        }
        match operation.area() {
            Area::Service | Area::Account | Area::People | Area::Pledges | Area::Proof => {
                Self::NONE
            }
            Area::Intake | Area::Review => Self::APPLIED,
            Area::Billing => Self::BILLED,
            Area::Settlement => Self::COLLECTED,
            Area::Accounting => Self::TOLD,
            // A member who moves to another number is one giver with the old one.
            Area::Reference | Area::Members | Area::Campaigns => Self::ALL,
        }
    }
}

/// How much of each kind has happened, as far as a watch has seen. Equal readings: nothing in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The day: what is shown moves with it too, where a cycle or a month ends.
    today: NaiveDate,
    counts: Counts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts {
    applied: u64,
    billed: u64,
    collected: u64,
    told: u64,
}

impl Reading {
    /// Whether it was taken on this day.
    pub fn is_of(&self, day: NaiveDate) -> bool {
        self.today == day
    }

    /// What may have moved since an earlier reading of the same watch.
    pub fn news_since(&self, earlier: &Self) -> CampaignNews {
        if self.today != earlier.today {
            return CampaignNews::ALL;
        }
        CampaignNews {
            applied: self.counts.applied != earlier.counts.applied,
            billed: self.counts.billed != earlier.counts.billed,
            collected: self.counts.collected != earlier.counts.collected,
            told: self.counts.told != earlier.counts.told,
        }
    }
}

/// Who watches for news of campaigns: how far it has read in each chain of the audit log.
#[derive(Debug, Default)]
pub struct CampaignWatch {
    /// By chain, the place of the last event seen.
    seen: BTreeMap<i64, i64>,
    counts: Counts,
}

/// So many events are looked through one by one; of more, anything may be among them.
const EVENTS_MAX: i64 = 10_000;

impl Ledger {
    /// Reads on in the audit log, to its end. Costs a look-up a chain where nothing has happened.
    ///
    /// # Errors
    /// None of its own.
    pub fn read_campaign_news(&self, watch: &mut CampaignWatch) -> Result<Reading> {
        let today = self.today();
        let (seen, actions) = self.store().read(|connection| {
            let mut seen = BTreeMap::new();
            let mut actions = Vec::new();
            for end in audit_events::ends(connection)? {
                let before = watch.seen.get(&end.chain).copied().unwrap_or_default();
                seen.insert(end.chain, end.seq);
                if end.seq == before {
                    continue;
                }
                // Also where the chain is shorter than it was: another database was put in place.
                if !(0..=EVENTS_MAX).contains(&(end.seq - before)) {
                    actions.push(String::new());
                    continue;
                }
                actions.extend(audit_events::actions_after(connection, end.chain, before)?);
            }
            Ok::<_, crate::LedgerError>((seen, actions))
        })?;
        watch.seen = seen;
        for action in &actions {
            let news = CampaignNews::of(action);
            watch.counts.applied += u64::from(news.applied);
            watch.counts.billed += u64::from(news.billed);
            watch.counts.collected += u64::from(news.collected);
            watch.counts.told += u64::from(news.told);
        }
        Ok(Reading {
            today,
            counts: watch.counts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_moves_gifts_or_money_is_news() {
        for (action, news) in [
            ("record_application", CampaignNews::APPLIED),
            ("import_applications", CampaignNews::APPLIED),
            ("post_sheet", CampaignNews::APPLIED),
            ("resolve_hold", CampaignNews::APPLIED),
            ("resolve_holds", CampaignNews::APPLIED),
            ("void_application", CampaignNews::APPLIED),
            ("undo_decision", CampaignNews::APPLIED),
            ("close_batch", CampaignNews::BILLED),
            ("void_batch", CampaignNews::BILLED),
            ("import_results", CampaignNews::COLLECTED),
            ("take_held_result", CampaignNews::COLLECTED),
            ("reverse_settlement", CampaignNews::COLLECTED),
            ("refund_charge", CampaignNews::COLLECTED),
            ("record_payout", CampaignNews::TOLD),
            ("reverse_journal_entry", CampaignNews::TOLD),
            ("import_campaigns", CampaignNews::ALL),
            ("import_member_changes", CampaignNews::ALL),
            ("something_new", CampaignNews::ALL),
        ] {
            assert_eq!(CampaignNews::of(action), news, "{action}");
        }
    }

    #[test]
    fn who_looks_or_signs_in_moves_nothing() {
        for action in [
            "sign_in",
            "sign_in_refused",
            "explain_amount",
            "change_pledge",
            "submit_pending_action",
        ] {
            assert!(CampaignNews::of(action).is_none(), "{action}");
        }
    }
}
