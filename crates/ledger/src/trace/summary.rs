//! One Japanese line for each charge: what, how much, and since when by whose hand.

use domain::{CollectionMonth, OfferingKind, Yen};
use store::DbConnection;
use store::tables::donations::Donation;
use store::tables::intakes;
use store::tables::pledges::Pledge;

use super::explain_amount::PlannedCharge;
use super::search_charges::ChargeView;
use crate::Result;
use crate::pledges::{PledgeHistory, PledgeRevision};
use crate::review::ApplicationView;

/// What the lines tell of.
pub(super) struct Facts {
    /// Each pledge, and the file that brought it, where one did.
    pub(super) pledges: Vec<(PledgeHistory, Option<String>)>,
    pub(super) gifts: Vec<Donation>,
    pub(super) applications: Vec<ApplicationView>,
}

/// The figures of a charge, made or planned.
struct Figures<'a> {
    kind: OfferingKind,
    units: i64,
    unit_price: Yen,
    amount: Yen,
    pledge_id: Option<i64>,
    donation_id: Option<i64>,
    month: CollectionMonth,
    /// Of the pledge's plan; the newest where none is given.
    revision: Option<i32>,
    prefix: &'a str,
    suffix: String,
}

impl Facts {
    /// The applications behind a pledge or a gift.
    pub(super) fn application_ids(
        &self,
        pledge_id: Option<i64>,
        donation_id: Option<i64>,
    ) -> Vec<i64> {
        let of_pledge = self
            .pledges
            .iter()
            .filter(|(history, _)| Some(history.pledge.pledge_id) == pledge_id)
            .flat_map(|(history, _)| applications_of(history));
        let of_gift = self
            .gifts
            .iter()
            .filter(|gift| Some(gift.id) == donation_id)
            .map(|gift| gift.application_id);
        of_pledge.chain(of_gift).collect()
    }

    pub(super) fn of_charge(&self, charge: &ChargeView, revision: Option<i32>) -> String {
        self.line(&Figures {
            kind: charge.kind,
            units: charge.units,
            unit_price: charge.unit_price,
            amount: charge.amount,
            pledge_id: charge.pledge_id,
            donation_id: charge.donation_id,
            month: charge.gift_month,
            revision,
            prefix: if charge.is_voided {
                "取消済み: "
            } else {
                ""
            },
            suffix: suffix(charge),
        })
    }

    pub(super) fn of_planned(&self, planned: &PlannedCharge) -> String {
        self.line(&Figures {
            kind: planned.kind,
            units: planned.units,
            unit_price: planned.unit_price,
            amount: planned.amount,
            pledge_id: planned.pledge_id,
            donation_id: planned.donation_id,
            month: planned.gift_month,
            revision: None,
            prefix: "予定: ",
            suffix: tried_again(planned.gift_month, planned.attempt),
        })
    }

    fn line(&self, figures: &Figures<'_>) -> String {
        let story = match (figures.pledge_id, figures.donation_id) {
            (Some(id), _) => self.story_of_pledge(id, figures),
            (None, Some(id)) => self.story_of_gift(id),
            (None, None) => String::new(),
        };
        format!(
            "{}{} {}口 × {}円 = {}円（{story}）{}",
            figures.prefix,
            figures.kind.label_ja(),
            figures.units,
            figures.unit_price.grouped(),
            figures.amount.grouped(),
            figures.suffix,
        )
    }

    fn story_of_gift(&self, donation_id: i64) -> String {
        let gift = self.gifts.iter().find(|gift| gift.id == donation_id);
        let origin = gift.and_then(|gift| self.origin(gift.application_id));
        format!("{}、今回限り", origin.unwrap_or_default())
    }

    fn story_of_pledge(&self, pledge_id: i64, figures: &Figures<'_>) -> String {
        let found = self
            .pledges
            .iter()
            .find(|(history, _)| history.pledge.pledge_id == pledge_id);
        let Some((history, imported_from)) = found else {
            return String::new();
        };
        let opened = history.pledge.application_id;
        let origin = opened
            .and_then(|id| self.origin(id))
            .or_else(|| imported_from.clone())
            .unwrap_or_else(|| "引き継いだ登録".to_owned());
        let mut story = vec![origin];
        for revision in &history.revisions {
            let is_later = figures
                .revision
                .is_some_and(|frozen| revision.revision > frozen);
            // What a later month's revision says does not touch this one.
            let touches =
                |r: &PledgeRevision| r.terms.iter().any(|t| t.from_month <= figures.month);
            if !is_later && touches(revision) {
                story.push(self.change(revision));
            }
        }
        story.join("、")
    }

    /// `2025年12月から3口（追加、理由: 本人に確認、cli:office）`.
    fn change(&self, revision: &PledgeRevision) -> String {
        let plan: Vec<String> = revision
            .terms
            .iter()
            .map(|term| match term.units {
                0 => format!("{}から休止・終了", term.from_month.label_ja()),
                units => format!("{}から{units}口", term.from_month.label_ja()),
            })
            .collect();
        let mut why = vec![revision.cause_ja().to_owned()];
        let is_later = revision.revision > 1;
        let by = revision.application_id.filter(|_| is_later);
        why.extend(by.and_then(|id| self.origin(id)));
        why.extend(
            revision
                .reason
                .as_ref()
                .map(|reason| format!("理由: {reason}")),
        );
        why.extend(revision.actor.clone());
        format!("{}（{}）", plan.join("・"), why.join("、"))
    }

    /// `2025年7月4回に注文用紙で申込（july.csv の12行目、申込 12）`.
    fn origin(&self, application_id: i64) -> Option<String> {
        let one = self
            .applications
            .iter()
            .find(|one| one.id == application_id)?;
        let cycle = match &one.offering {
            Some(offering) => format!("{}に", offering.cycle),
            None => format!("{} に", one.received_on),
        };
        let channel = domain::Channel::from_stored(&one.channel).map_or_else(
            |_| one.channel.clone(),
            |channel| channel.label_ja().to_owned(),
        );
        let place = match (one.import_kind.as_str(), &one.import_name) {
            (_, Some(name)) => format!("{name} の{}行目", one.line),
            ("sheet", None) => format!("入力束の{}行目", one.line),
            _ => format!("{} が登録", one.recorded_by),
        };
        Some(format!(
            "{cycle}{channel}で申込（{place}、申込 {application_id}）"
        ))
    }
}

/// `、2025年8月分の2回目の請求` where it is not the first, else nothing.
fn tried_again(gift_month: CollectionMonth, attempt: i32) -> String {
    if attempt > 1 {
        format!("、{}分の{attempt}回目の請求", gift_month.label_ja())
    } else {
        String::new()
    }
}

/// What a charge repeats, what became of it, and what was put right.
fn suffix(charge: &ChargeView) -> String {
    let mut words = tried_again(charge.gift_month, charge.attempt);
    if let Some(result) = &charge.result {
        words.push_str(&format!("、結果: {}", result.result_code.label_ja()));
        if let Some(on) = result.collected_on {
            words.push_str(&format!("（{on}）"));
        }
        if let Some(month) = result.carry_month {
            words.push_str(&format!("、{}分で繰り越して請求", month.label_ja()));
        }
    }
    for correction in &charge.corrections {
        words.push_str(&format!(
            "、{}（{}、理由: {}、{}）",
            correction.kind.label_ja(),
            correction.corrected_on,
            correction.reason,
            correction.corrected_by
        ));
    }
    words
}

/// The applications that a pledge's plan goes back to, each once.
pub(super) fn applications_of(history: &PledgeHistory) -> Vec<i64> {
    let opened = history.pledge.application_id;
    let changed = history
        .revisions
        .iter()
        .filter_map(|one| one.application_id);
    let mut ids: Vec<i64> = opened.into_iter().chain(changed).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// `登録の引き継ぎ（pledges.csv の3行目）`, where a file brought the pledge.
pub(super) fn imported_from(
    connection: &mut DbConnection,
    pledge: &Pledge,
) -> Result<Option<String>> {
    let Some(intake_id) = pledge.intake_id else {
        return Ok(None);
    };
    let intake = intakes::find(connection, intake_id)?;
    let name = intake.and_then(|intake| intake.name).unwrap_or_default();
    let line = pledge.intake_line.unwrap_or_default();
    Ok(Some(format!("登録の引き継ぎ（{name} の{line}行目）")))
}
