//! One line of an application, looked at by the rules that need no other line (R1–R3).

use chrono::NaiveDate;

use crate::catalogue::{Catalogue, OfferingInCycle, Resolution};
use crate::codes::OrderNumber;
use crate::free_text::{CampaignNames, Proposal, propose};
use crate::kinds::Channel;
use crate::month::CollectionMonth;
use crate::reasons::{HoldReason, HoldReasons};
use crate::units::Units;
use crate::yen::Yen;

/// A line as it was written, and what has been decided about it since.
#[derive(Debug, Clone, Copy)]
pub struct LineIn<'a> {
    /// The order number; only a depot form may lack it.
    pub order_number: Option<OrderNumber>,
    /// The units, where they were written.
    pub units: Option<Units>,
    /// The amount, where it was written.
    pub amount: Option<Yen>,
    /// The date of receipt.
    pub received_on: NaiveDate,
    /// The way it came in.
    pub channel: Channel,
    /// What else was written.
    pub note: Option<&'a str>,
    /// The label of a cycle a person has named: the number is looked up there, whatever the date.
    pub cycle: Option<&'a str>,
    /// The first month it may be collected in, when a person has moved it to the next month.
    pub not_before: Option<CollectionMonth>,
}

/// What the lines of one import are looked at with.
#[derive(Debug, Clone, Copy)]
pub struct LineRules<'c> {
    /// What order numbers mean.
    pub catalogue: &'c Catalogue,
    /// What campaigns are called.
    pub campaign_names: &'c CampaignNames,
    /// More units than this are held as implausible.
    pub implausible_units_over: i64,
}

/// What a line comes to, as far as the line alone can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineLook<'c> {
    /// What is applied for; none when the number names nothing.
    pub offering: Option<&'c OfferingInCycle>,
    /// The units: as written, or as the amount comes to.
    pub units: Option<Units>,
    /// The amount: as written, or as the units come to.
    pub amount: Option<Yen>,
    /// The month of collection; none while nothing says which.
    pub collection_month: Option<CollectionMonth>,
    /// The reasons to hold it that the line itself gives: numbers 3 to 7 and 10 of R3.
    pub reasons: HoldReasons,
    /// What was read from the note of a depot form without order number.
    pub proposal: Option<Box<Proposal<'c>>>,
}

/// A line that cannot be read at all: it refuses its whole file (R3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableLine {
    /// No order number, and not from a depot.
    #[error("注文番号が空です。注文番号を書いてください（省けるのはデポーの申込だけです）")]
    OrderNumberMissing,
    /// A depot form with neither order number nor note.
    #[error("注文番号も備考も空です。どちらかを書いてください")]
    NoteMissing,
    /// An order number with neither units nor amount.
    #[error("口数も金額も空です。どちらかを書いてください")]
    UnitsMissing,
}

impl UnreadableLine {
    /// What a line lacks, if anything, to be read at all: a depot form may say in its note what
    /// it asks for, any other line gives an order number, and units or an amount with it.
    /// `has_quantity` says whether it gives either.
    pub fn find(
        channel: Channel,
        has_order_number: bool,
        has_quantity: bool,
        has_note: bool,
    ) -> Option<Self> {
        match (has_order_number, channel) {
            (true, _) if !has_quantity => Some(UnreadableLine::UnitsMissing),
            (true, _) => None,
            (false, Channel::Depot) if has_note => None,
            (false, Channel::Depot) => Some(UnreadableLine::NoteMissing),
            (false, _) => Some(UnreadableLine::OrderNumberMissing),
        }
    }
}

/// Looks at one line: what it applies for, how much, when, and why it should be held.
///
/// `is_closed` says whether the member's co-op has closed a month; it must be true as well of
/// months before the last closed one, for nothing can be collected in them any more (R11).
/// Refuses a line that lacks what its channel demands. A line with an order number is looked at
/// without allocating.
pub fn look_at_line<'c>(
    line: &LineIn<'_>,
    rules: &LineRules<'c>,
    is_closed: impl Fn(CollectionMonth) -> bool,
) -> Result<LineLook<'c>, UnreadableLine> {
    let note = line.note.filter(|note| !note.trim().is_empty());
    let has_quantity = line.units.is_some() || line.amount.is_some();
    if let Some(lack) = UnreadableLine::find(
        line.channel,
        line.order_number.is_some(),
        has_quantity,
        note.is_some(),
    ) {
        return Err(lack);
    }
    let mut reasons = HoldReasons::NONE;
    let mut proposal = None;
    let (mut units, mut amount) = (line.units, line.amount);
    let offering = match line.order_number {
        Some(number) => find_offering(line, &number, rules.catalogue, &mut reasons),
        None => {
            let proposed = propose(
                note.unwrap_or_default(),
                rules.campaign_names,
                rules.catalogue,
                line.received_on,
                line.cycle,
            );
            reasons.insert(HoldReason::AmbiguousFreeText);
            if units.is_none() && amount.is_none() {
                (units, amount) = (proposed.units, proposed.amount);
            }
            proposal.insert(Box::new(proposed)).offering
        }
    };
    if let Some(offering) = offering {
        reconcile(&mut units, &mut amount, offering.unit_price, &mut reasons);
    }
    if units.is_some_and(|units| units.get() > rules.implausible_units_over) {
        reasons.insert(HoldReason::ImplausibleUnits);
    }
    let collection_month = offering
        .map(|one| one.collection_month)
        .max(line.not_before);
    if collection_month.is_some_and(is_closed) {
        reasons.insert(HoldReason::MonthAlreadyClosed);
    }
    Ok(LineLook {
        offering,
        units,
        amount,
        collection_month,
        reasons,
        proposal,
    })
}

fn find_offering<'c>(
    line: &LineIn<'_>,
    number: &OrderNumber,
    catalogue: &'c Catalogue,
    reasons: &mut HoldReasons,
) -> Option<&'c OfferingInCycle> {
    let resolution = catalogue.resolve(number, line.received_on, line.channel);
    let in_cycle = line.cycle.map(|label| catalogue.in_cycle(number, label));
    match (in_cycle, resolution) {
        (Some(Some(offering)), _) | (None, Resolution::Found(offering)) => Some(offering),
        (_, Resolution::Unknown(_)) => {
            reasons.insert(HoldReason::UnknownOrderNumber);
            None
        }
        (_, Resolution::Outside(_)) | (Some(None), Resolution::Found(_)) => {
            reasons.insert(HoldReason::OutsideWindow);
            None
        }
    }
}

/// Fills in the units or the amount from the other (R2), and holds the line when they cannot be
/// brought together.
fn reconcile(
    units: &mut Option<Units>,
    amount: &mut Option<Yen>,
    unit_price: Yen,
    reasons: &mut HoldReasons,
) {
    let agree = match (*units, *amount) {
        (Some(n), given) => {
            let computed = n.amount(unit_price).ok();
            *amount = given.or(computed);
            computed.is_some() && *amount == computed
        }
        (None, Some(given)) => {
            *units = Units::from_amount(given, unit_price).ok();
            units.is_some()
        }
        (None, None) => true,
    };
    if !agree {
        reasons.insert(HoldReason::AmountNotMultiple);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{catalogue, day, month};
    use crate::settings::IMPLAUSIBLE_UNITS_OVER_DEFAULT;

    const SHEET: LineIn<'static> = LineIn {
        order_number: None,
        units: None,
        amount: None,
        received_on: NaiveDate::MIN,
        channel: Channel::Paper,
        note: None,
        cycle: None,
        not_before: None,
    };

    /// A line of the order sheet of 12 November 2025.
    fn sheet(number: &str, units: i64) -> LineIn<'static> {
        LineIn {
            order_number: Some(number.parse().unwrap()),
            units: Some(Units::new(units).unwrap()),
            received_on: day(2025, 11, 12),
            ..SHEET
        }
    }

    /// The outcome as (offering id, units, yen, month, reasons), with December 2025 open and
    /// everything before it closed.
    fn look(
        line: LineIn<'_>,
    ) -> (
        Option<i64>,
        Option<i64>,
        Option<i64>,
        Option<String>,
        String,
    ) {
        let catalogue = catalogue();
        let names = CampaignNames::new([(7, "パン＆カフェ こすもす"), (8, "見本の家 ひまわり")]);
        let rules = LineRules {
            catalogue: &catalogue,
            campaign_names: &names,
            implausible_units_over: IMPLAUSIBLE_UNITS_OVER_DEFAULT,
        };
        let seen = look_at_line(&line, &rules, |one| one < month("2025-12")).unwrap();
        (
            seen.offering.map(|one| one.offering_id),
            seen.units.map(Units::get),
            seen.amount.map(Yen::get),
            seen.collection_month.map(|one| one.to_string()),
            seen.reasons.to_string(),
        )
    }

    fn december() -> Option<String> {
        Some("2025-12".to_owned())
    }

    #[test]
    fn r2_a_good_line_is_three_units_of_300_yen_in_december() {
        let good = look(sheet("108413", 3));
        assert_eq!(
            good,
            (Some(3), Some(3), Some(900), december(), String::new())
        );
    }

    #[test]
    fn r3_a_number_of_another_time_and_one_of_no_time_are_told_apart() {
        let late = look(sheet("164151", 3));
        assert_eq!(
            late,
            (None, Some(3), None, None, "outside_window".to_owned())
        );
        let never = look(sheet("999999", 3));
        assert_eq!(
            never,
            (None, Some(3), None, None, "unknown_order_number".to_owned())
        );
    }

    #[test]
    fn a_person_who_names_the_cycle_overrides_the_date() {
        let named = |cycle| {
            look(LineIn {
                cycle: Some(cycle),
                ..sheet("164151", 3)
            })
        };
        let july = named("2025年7月4回");
        let august = Some("2025-08".to_owned());
        assert_eq!(
            july,
            (
                Some(1),
                Some(3),
                Some(900),
                august,
                "month_already_closed".to_owned()
            )
        );
        assert_eq!(named("2025年11月3回").4, "outside_window");
        let wrong = LineIn {
            cycle: Some("2025年7月4回"),
            ..sheet("108413", 3)
        };
        assert_eq!(look(wrong).4, "outside_window");
    }

    #[test]
    fn r2_an_amount_stands_for_its_units_or_the_line_is_held() {
        let amount = |units: Option<i64>, yen| {
            let line = LineIn {
                units: units.map(|units| Units::new(units).unwrap()),
                amount: Some(Yen::new(yen)),
                ..sheet("133540", 1)
            };
            let (_, units, yen, _, reasons) = look(line);
            (units, yen, reasons)
        };
        let held = || "amount_not_multiple".to_owned();
        assert_eq!(amount(None, 1_500), (Some(3), Some(1_500), String::new()));
        assert_eq!(
            amount(Some(3), 1_500),
            (Some(3), Some(1_500), String::new())
        );
        assert_eq!(amount(None, 1_200), (None, Some(1_200), held()));
        assert_eq!(amount(None, 0), (None, Some(0), held()));
        assert_eq!(amount(None, 50_000), (None, Some(50_000), held()));
        assert_eq!(amount(Some(2), 1_500), (Some(2), Some(1_500), held()));
    }

    #[test]
    fn an_amount_for_a_number_that_names_nothing_has_no_units() {
        let line = LineIn {
            units: None,
            amount: Some(Yen::new(900)),
            ..sheet("999999", 1)
        };
        assert_eq!(
            look(line),
            (
                None,
                None,
                Some(900),
                None,
                "unknown_order_number".to_owned()
            )
        );
    }

    #[test]
    fn r3_over_twenty_units_are_held_and_every_reason_is_named() {
        assert_eq!(look(sheet("108413", 20)).4, "");
        assert_eq!(look(sheet("108413", 21)).4, "implausible_units");
        assert_eq!(
            look(sheet("999999", 33)).4,
            "unknown_order_number,implausible_units"
        );
    }

    #[test]
    fn a_line_moved_to_the_next_month_is_collected_there_even_with_no_month_of_its_own() {
        let moved = |number, to: &str| {
            look(LineIn {
                not_before: Some(month(to)),
                ..sheet(number, 3)
            })
            .3
        };
        assert_eq!(moved("108413", "2026-01").as_deref(), Some("2026-01"));
        assert_eq!(moved("108413", "2025-09").as_deref(), Some("2025-12"));
        assert_eq!(moved("999999", "2026-01").as_deref(), Some("2026-01"));
    }

    #[test]
    fn r3_a_depot_form_of_free_text_is_read_and_always_held() {
        let form = LineIn {
            channel: Channel::Depot,
            note: Some("こすもすに1,000円"),
            received_on: day(2025, 11, 12),
            ..SHEET
        };
        let held = "ambiguous_free_text".to_owned();
        assert_eq!(
            look(form),
            (Some(4), Some(2), Some(1_000), december(), held)
        );
        let odd = LineIn {
            note: Some("こすもすに1,200円"),
            ..form
        };
        assert_eq!(look(odd).4, "ambiguous_free_text,amount_not_multiple");
        let with_units = LineIn {
            units: Some(Units::new(3).unwrap()),
            ..form
        };
        assert_eq!(look(with_units).2, Some(1_500));
        let unclear = LineIn {
            note: Some("よろしく"),
            ..form
        };
        assert_eq!(
            look(unclear),
            (None, None, None, None, "ambiguous_free_text".to_owned())
        );
    }

    #[test]
    fn r3_a_line_that_lacks_what_its_channel_demands_cannot_be_read() {
        let catalogue = catalogue();
        let names = CampaignNames::default();
        let rules = LineRules {
            catalogue: &catalogue,
            campaign_names: &names,
            implausible_units_over: IMPLAUSIBLE_UNITS_OVER_DEFAULT,
        };
        let refused = |line| look_at_line(&line, &rules, |_| false).unwrap_err();
        for channel in [Channel::Paper, Channel::Web, Channel::Phone] {
            let line = LineIn {
                channel,
                note: Some("こすもすに500円"),
                ..SHEET
            };
            assert_eq!(refused(line), UnreadableLine::OrderNumberMissing);
        }
        let blank = LineIn {
            channel: Channel::Depot,
            note: Some("　"),
            ..SHEET
        };
        assert_eq!(refused(blank), UnreadableLine::NoteMissing);
        let no_units = LineIn {
            units: None,
            ..sheet("108413", 1)
        };
        assert_eq!(refused(no_units), UnreadableLine::UnitsMissing);
    }
}
