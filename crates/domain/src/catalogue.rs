//! What an order number means, and when (R1).

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::codes::{Code, OrderNumber};
use crate::kinds::{Channel, OfferingKind};
use crate::miss::Miss;
use crate::month::CollectionMonth;
use crate::text::normalize_name;
use crate::yen::Yen;

/// An offering (募集) with what its cycle (企画回) says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferingInCycle {
    /// The offering's id in the database.
    pub offering_id: i64,
    /// The cycle's id in the database.
    pub cycle_id: i64,
    /// The cycle's label, such as `2025年7月4回`.
    pub cycle_label: String,
    /// The number members write.
    pub order_number: OrderNumber,
    /// What it asks for.
    pub kind: OfferingKind,
    /// The price of one unit.
    pub unit_price: Yen,
    /// The fund the money belongs to; none for a campaign held for its organization.
    pub fund_id: Option<i64>,
    /// The fund's code.
    pub fund_code: Option<Code>,
    /// The campaign, for a gift to one.
    pub campaign_id: Option<i64>,
    /// The campaign's code.
    pub campaign_code: Option<Code>,
    /// What the order sheet calls it.
    pub title: String,
    /// The first day of the application window.
    pub opens_on: NaiveDate,
    /// The last day for paper, depots and the telephone.
    pub closes_on: NaiveDate,
    /// The last day for web orders, where there is another.
    pub web_closes_on: Option<NaiveDate>,
    /// The month in which it is collected (for a pledge: first collected).
    pub collection_month: CollectionMonth,
}

impl OfferingInCycle {
    /// The days on which its order number holds.
    pub fn window(&self) -> Window {
        Window {
            opens_on: self.opens_on,
            closes_on: self.closes_on,
            web_closes_on: self.web_closes_on,
        }
    }

    /// Whether both ask for the same thing: kind, fund and campaign.
    pub fn is_for_the_same_as(&self, other: &OfferingInCycle) -> bool {
        (self.kind, self.fund_id, self.campaign_id)
            == (other.kind, other.fund_id, other.campaign_id)
    }
}

/// The days on which an order number holds, both ends included (R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub opens_on: NaiveDate,
    /// The last day for paper, depots and the telephone.
    pub closes_on: NaiveDate,
    /// The last day for web orders, where there is another.
    pub web_closes_on: Option<NaiveDate>,
}

impl Window {
    /// The last day for a channel: for web orders the later of the two, else `closes_on` (R1).
    pub fn last_day(&self, channel: Channel) -> NaiveDate {
        match (channel, self.web_closes_on) {
            (Channel::Web, Some(web)) => web.max(self.closes_on),
            _ => self.closes_on,
        }
    }

    /// Whether what a channel receives on a day is in the window (R1).
    pub fn contains(&self, received_on: NaiveDate, channel: Channel) -> bool {
        self.opens_on <= received_on && received_on <= self.last_day(channel)
    }

    /// How many days a day lies before or after the window; 0 inside it.
    pub fn days_off(&self, received_on: NaiveDate, channel: Channel) -> i64 {
        let before = (self.opens_on - received_on).num_days();
        let after = (received_on - self.last_day(channel)).num_days();
        before.max(after).max(0)
    }

    /// Whether two windows share a day for any channel. Those of one number must not (R1).
    pub fn overlaps(&self, other: &Window) -> bool {
        self.opens_on <= other.last_day(Channel::Web)
            && other.opens_on <= self.last_day(Channel::Web)
    }
}

/// Every offering of every cycle, found by its order number.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    offerings: Vec<OfferingInCycle>,
    places_by_number: HashMap<OrderNumber, Vec<usize>>,
    places_by_id: HashMap<i64, usize>,
}

/// What a number and a date of receipt come to (R1).
#[derive(Debug, Clone, Copy)]
pub enum Resolution<'a> {
    /// The offering of that number on that day.
    Found(&'a OfferingInCycle),
    /// The number is in some cycle, but not on that date (`outside_window`).
    Outside(Miss<'a>),
    /// The number is in no cycle at all (`unknown_order_number`).
    Unknown(Miss<'a>),
}

impl<'a> Resolution<'a> {
    /// The offering, when there is one.
    pub fn found(self) -> Option<&'a OfferingInCycle> {
        match self {
            Resolution::Found(offering) => Some(offering),
            Resolution::Outside(_) | Resolution::Unknown(_) => None,
        }
    }
}

impl Catalogue {
    /// A catalogue of these offerings, in any order.
    pub fn new(mut offerings: Vec<OfferingInCycle>) -> Self {
        offerings.sort_by_key(|offering| {
            (
                offering.opens_on,
                offering.order_number,
                offering.offering_id,
            )
        });
        let mut places_by_number: HashMap<_, Vec<_>> = HashMap::new();
        let mut places_by_id = HashMap::with_capacity(offerings.len());
        for (place, offering) in offerings.iter().enumerate() {
            places_by_number
                .entry(offering.order_number)
                .or_default()
                .push(place);
            places_by_id.insert(offering.offering_id, place);
        }
        Catalogue {
            offerings,
            places_by_number,
            places_by_id,
        }
    }

    /// What a number meant for what a channel received on a day (R1). Does not allocate.
    pub fn resolve(
        &self,
        number: &OrderNumber,
        received_on: NaiveDate,
        channel: Channel,
    ) -> Resolution<'_> {
        let miss = Miss::new(self, *number, received_on, channel);
        let mut candidates = self.with_number(number).peekable();
        if candidates.peek().is_none() {
            return Resolution::Unknown(miss);
        }
        candidates
            .find(|offering| offering.window().contains(received_on, channel))
            .map_or(Resolution::Outside(miss), Resolution::Found)
    }

    /// The offering of a number in a cycle, whatever the date (R1: there is at most one). Width,
    /// case and spaces make no difference in the cycle's label.
    pub fn in_cycle(&self, number: &OrderNumber, cycle_label: &str) -> Option<&OfferingInCycle> {
        self.with_number(number)
            .find(|offering| is_label(offering, cycle_label))
    }

    /// The offerings of a cycle.
    pub fn of_cycle<'a>(
        &'a self,
        cycle_label: &'a str,
    ) -> impl Iterator<Item = &'a OfferingInCycle> + 'a {
        self.offerings
            .iter()
            .filter(move |offering| is_label(offering, cycle_label))
    }

    /// The offerings of a number in any cycle, earliest first.
    pub fn with_number(&self, number: &OrderNumber) -> impl Iterator<Item = &OfferingInCycle> {
        let places = self
            .places_by_number
            .get(number)
            .map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|&place| self.offerings.get(place))
    }

    /// The offerings that a channel can receive on a day.
    pub fn open_on(
        &self,
        received_on: NaiveDate,
        channel: Channel,
    ) -> impl Iterator<Item = &OfferingInCycle> {
        self.offerings
            .iter()
            .filter(move |one| one.window().contains(received_on, channel))
    }

    /// The offering of an id.
    pub fn by_id(&self, offering_id: i64) -> Option<&OfferingInCycle> {
        self.places_by_id
            .get(&offering_id)
            .and_then(|&place| self.offerings.get(place))
    }

    /// Every offering, earliest window first.
    pub fn offerings(&self) -> &[OfferingInCycle] {
        &self.offerings
    }
}

fn is_label(offering: &OfferingInCycle, cycle_label: &str) -> bool {
    offering.cycle_label == cycle_label
        || normalize_name(&offering.cycle_label) == normalize_name(cycle_label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{catalogue, day};

    fn number(text: &str) -> OrderNumber {
        text.parse().unwrap()
    }

    #[test]
    fn r1_a_number_means_what_it_meant_on_the_day_of_receipt() {
        let catalogue = catalogue();
        for (text, date, title) in [
            (
                "164151",
                day(2025, 7, 14),
                "インクルファンド・サポーター登録",
            ),
            (
                "164151",
                day(2025, 7, 18),
                "インクルファンド・サポーター登録",
            ),
            (
                "108413",
                day(2025, 11, 12),
                "インクルファンド・サポーター登録",
            ),
            ("133540", day(2025, 11, 14), "パン＆カフェ こすもす"),
        ] {
            let found = catalogue
                .resolve(&number(text), date, Channel::Paper)
                .found();
            assert_eq!(found.map(|offering| offering.title.as_str()), Some(title));
        }
        let reused = |date| {
            let found = catalogue
                .resolve(&number("164160"), date, Channel::Paper)
                .found();
            found.map(|offering| offering.kind)
        };
        assert_eq!(reused(day(2025, 7, 16)), Some(OfferingKind::Spot));
        assert_eq!(reused(day(2025, 11, 12)), Some(OfferingKind::Campaign));
    }

    #[test]
    fn r1_the_web_order_of_saturday_is_in_time_and_the_paper_is_not() {
        let catalogue = catalogue();
        let saturday = day(2025, 11, 15);
        let resolve = |date, channel| catalogue.resolve(&number("108413"), date, channel);
        assert!(resolve(saturday, Channel::Web).found().is_some());
        for channel in [Channel::Paper, Channel::Depot, Channel::Phone] {
            assert!(
                matches!(resolve(saturday, channel), Resolution::Outside(_)),
                "{channel}"
            );
        }
        let sunday = day(2025, 11, 16);
        assert!(matches!(
            resolve(sunday, Channel::Web),
            Resolution::Outside(_)
        ));
        assert!(matches!(
            resolve(day(2025, 11, 9), Channel::Web),
            Resolution::Outside(_)
        ));
    }

    #[test]
    fn a_web_deadline_before_the_paper_one_shortens_nothing() {
        let window = Window {
            opens_on: day(2025, 7, 14),
            closes_on: day(2025, 7, 18),
            web_closes_on: Some(day(2025, 7, 17)),
        };
        assert!(window.contains(day(2025, 7, 18), Channel::Web));
    }

    #[test]
    fn r1_a_number_of_no_cycle_is_unknown() {
        let catalogue = catalogue();
        let resolution = catalogue.resolve(&number("999999"), day(2025, 7, 14), Channel::Paper);
        assert!(matches!(resolution, Resolution::Unknown(_)));
    }

    #[test]
    fn a_cycle_can_be_named_whatever_the_date() {
        let catalogue = catalogue();
        for label in ["2025年7月4回", "２０２５年７月４回", "2025年7月 4回"] {
            let found = catalogue.in_cycle(&number("164151"), label);
            assert_eq!(found.map(|offering| offering.cycle_id), Some(1), "{label}");
        }
        assert_eq!(catalogue.in_cycle(&number("108413"), "2025年7月4回"), None);
        assert_eq!(catalogue.of_cycle("2025年11月3回").count(), 3);
    }

    #[test]
    fn r1_windows_that_share_a_day_overlap_the_web_day_included() {
        let window = |opens, closes, web: Option<u32>| Window {
            opens_on: day(2025, 11, opens),
            closes_on: day(2025, 11, closes),
            web_closes_on: web.map(|web| day(2025, 11, web)),
        };
        for (a, b, overlap) in [
            (window(10, 14, None), window(17, 21, None), false),
            (window(10, 14, None), window(14, 21, None), true),
            (window(10, 14, Some(15)), window(15, 21, None), true),
            (window(10, 14, Some(15)), window(16, 21, None), false),
            (window(3, 28, None), window(10, 14, None), true),
        ] {
            assert_eq!(a.overlaps(&b), overlap, "{a:?} {b:?}");
            assert_eq!(b.overlaps(&a), overlap, "{b:?} {a:?}");
        }
    }
}
