//! Why an application is held (R3), and what can be done about it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kinds::Way;
use crate::text::{quoted, to_half_width};
use crate::wire::serde_as_text;
use crate::words::UnknownWord;

/// A reason to hold an application, in the order of R3: the first that applies is the main one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum HoldReason {
    /// The co-op has no member of that number.
    UnknownMember = 1,
    /// Received after the day the member left, or collected in a month after it.
    WithdrawnMember = 2,
    /// The order number is in no cycle at all.
    UnknownOrderNumber = 3,
    /// The order number is in some cycle, but not on that date.
    OutsideWindow = 4,
    /// A depot form of free text, proposed from its note.
    AmbiguousFreeText = 5,
    /// The amount is not 1 to 99 times the unit price, or disagrees with the units.
    AmountNotMultiple = 6,
    /// More units than the office takes for plausible.
    ImplausibleUnits = 7,
    /// The same member, order number and cycle came before (R5).
    DuplicateApplication = 8,
    /// The member already has an open pledge for the fund (R4).
    AlreadySupporter = 9,
    /// The co-op has closed the collection month.
    MonthAlreadyClosed = 10,
}

impl HoldReason {
    /// All there are, in the order of R3.
    pub const ALL: [HoldReason; 10] = [
        HoldReason::UnknownMember,
        HoldReason::WithdrawnMember,
        HoldReason::UnknownOrderNumber,
        HoldReason::OutsideWindow,
        HoldReason::AmbiguousFreeText,
        HoldReason::AmountNotMultiple,
        HoldReason::ImplausibleUnits,
        HoldReason::DuplicateApplication,
        HoldReason::AlreadySupporter,
        HoldReason::MonthAlreadyClosed,
    ];

    /// Its number in R3, 1 to 10.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Its bit in a set of reasons as the database keeps it: bit n-1 for reason n.
    pub const fn bit(self) -> u16 {
        1 << (self as u8 - 1)
    }

    /// Its name in R3, in files and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            HoldReason::UnknownMember => "unknown_member",
            HoldReason::WithdrawnMember => "withdrawn_member",
            HoldReason::UnknownOrderNumber => "unknown_order_number",
            HoldReason::OutsideWindow => "outside_window",
            HoldReason::AmbiguousFreeText => "ambiguous_free_text",
            HoldReason::AmountNotMultiple => "amount_not_multiple",
            HoldReason::ImplausibleUnits => "implausible_units",
            HoldReason::DuplicateApplication => "duplicate_application",
            HoldReason::AlreadySupporter => "already_supporter",
            HoldReason::MonthAlreadyClosed => "month_already_closed",
        }
    }

    /// What the desk reads.
    pub const fn label_ja(self) -> &'static str {
        match self {
            HoldReason::UnknownMember => "組合員番号が名簿にありません",
            HoldReason::WithdrawnMember => "脱退した組合員です",
            HoldReason::UnknownOrderNumber => "どの企画回にもない注文番号です",
            HoldReason::OutsideWindow => "受付日がこの注文番号の申込期間の外です",
            HoldReason::AmbiguousFreeText => "自由記入です。団体と金額を確かめてください",
            HoldReason::AmountNotMultiple => "金額が単価の倍数でないか、口数と合いません",
            HoldReason::ImplausibleUnits => {
                "口数が多すぎます。書き間違いではないか確かめてください"
            }
            HoldReason::DuplicateApplication => "同じ企画回に同じ申込がすでにあります",
            HoldReason::AlreadySupporter => "すでにサポーター登録があります",
            HoldReason::MonthAlreadyClosed => "集金月がすでに締められています",
        }
    }

    /// The ways to decide about a hold of which this is the main reason (R4, R5). Whether a way
    /// is open at this moment may depend on more: `accept` is refused while the member is
    /// unknown or the number names nothing.
    pub const fn ways(self) -> &'static [Way] {
        match self {
            HoldReason::UnknownMember => &[Way::Mistake, Way::NextMonth],
            HoldReason::AlreadySupporter => &[
                Way::Add,
                Way::Replace,
                Way::Mistake,
                Way::Spot,
                Way::NextMonth,
            ],
            HoldReason::WithdrawnMember
            | HoldReason::UnknownOrderNumber
            | HoldReason::OutsideWindow
            | HoldReason::AmbiguousFreeText
            | HoldReason::AmountNotMultiple
            | HoldReason::ImplausibleUnits
            | HoldReason::DuplicateApplication
            | HoldReason::MonthAlreadyClosed => ways_without_reason(),
        }
    }

    /// Whether this is a way to decide about a hold of which this is the main reason.
    pub fn allows(self, way: Way) -> bool {
        self.ways().contains(&way)
    }
}

/// The ways to decide about a line that has no reason left, because it was corrected.
pub const fn ways_without_reason() -> &'static [Way] {
    &[Way::Accept, Way::Mistake, Way::NextMonth]
}

impl fmt::Display for HoldReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for HoldReason {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let word = to_half_width(text);
        let found = HoldReason::ALL
            .into_iter()
            .find(|reason| reason.as_str() == word);
        found.ok_or_else(|| UnknownWord {
            what: "要確認の理由",
            text: quoted(&word),
            allowed: HoldReason::ALL.map(HoldReason::as_str).join("、"),
        })
    }
}

serde_as_text!(HoldReason);

/// Every reason that applies to one application. In JSON a list of their names, in the order of
/// R3; in the database an integer with bit n-1 set for reason n.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldReasons(u16);

impl HoldReasons {
    /// No reason: the line is good.
    pub const NONE: HoldReasons = HoldReasons(0);

    const ALL_BITS: u16 = (1 << HoldReason::ALL.len()) - 1;

    /// The set with these bits; none when a bit stands for no reason.
    pub const fn from_bits(bits: u16) -> Option<Self> {
        if bits & !Self::ALL_BITS == 0 {
            Some(HoldReasons(bits))
        } else {
            None
        }
    }

    /// The bits, as the database keeps them.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Whether there is no reason.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many reasons there are.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The main reason: the first of R3 that applies.
    pub fn main(self) -> Option<HoldReason> {
        self.iter().next()
    }

    /// Whether a reason applies.
    pub const fn contains(self, reason: HoldReason) -> bool {
        self.0 & reason.bit() != 0
    }

    /// Adds a reason.
    pub const fn insert(&mut self, reason: HoldReason) {
        self.0 |= reason.bit();
    }

    /// Takes a reason away.
    pub const fn remove(&mut self, reason: HoldReason) {
        self.0 &= !reason.bit();
    }

    /// The reasons of either set.
    #[must_use]
    pub const fn union(self, other: HoldReasons) -> HoldReasons {
        HoldReasons(self.0 | other.0)
    }

    /// The reasons that apply, in the order of R3.
    pub fn iter(self) -> impl Iterator<Item = HoldReason> {
        HoldReason::ALL
            .into_iter()
            .filter(move |reason| self.contains(*reason))
    }

    /// The ways to decide, given by the main reason, or [`ways_without_reason`].
    pub fn ways(self) -> &'static [Way] {
        self.main().map_or(ways_without_reason(), HoldReason::ways)
    }
}

impl From<HoldReason> for HoldReasons {
    fn from(reason: HoldReason) -> Self {
        HoldReasons(reason.bit())
    }
}

impl FromIterator<HoldReason> for HoldReasons {
    fn from_iter<I: IntoIterator<Item = HoldReason>>(reasons: I) -> Self {
        let mut set = HoldReasons::NONE;
        reasons.into_iter().for_each(|reason| set.insert(reason));
        set
    }
}

impl fmt::Display for HoldReasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, reason) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            f.write_str(reason.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for HoldReasons {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for HoldReasons {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<HoldReason>::deserialize(deserializer).map(HoldReasons::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn r3_the_main_reason_is_the_first_that_applies() {
        let reasons: HoldReasons = [
            HoldReason::MonthAlreadyClosed,
            HoldReason::OutsideWindow,
            HoldReason::AlreadySupporter,
        ]
        .into_iter()
        .collect();
        assert_eq!(reasons.main(), Some(HoldReason::OutsideWindow));
        assert_eq!(
            reasons.to_string(),
            "outside_window,already_supporter,month_already_closed"
        );
        assert_eq!(HoldReasons::NONE.main(), None);
    }

    #[test]
    fn r3_the_reasons_are_the_ten_in_order() {
        let numbers: Vec<_> = HoldReason::ALL
            .iter()
            .map(|reason| reason.number())
            .collect();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
        assert_eq!(HoldReason::UnknownMember.bit(), 1);
        assert_eq!(HoldReason::MonthAlreadyClosed.bit(), 512);
        for reason in HoldReason::ALL {
            assert_eq!(reason.as_str().parse(), Ok(reason));
            assert!(!reason.label_ja().is_empty());
        }
    }

    #[test]
    fn r4_a_supporter_who_applies_again_leaves_four_ways_and_the_next_month() {
        assert_eq!(
            HoldReason::AlreadySupporter.ways(),
            [
                Way::Add,
                Way::Replace,
                Way::Mistake,
                Way::Spot,
                Way::NextMonth
            ]
        );
        assert!(!HoldReason::AlreadySupporter.allows(Way::Accept));
    }

    #[test]
    fn r5_a_duplicate_is_a_mistake_or_accepted_but_never_replaces_anything() {
        let duplicate = HoldReason::DuplicateApplication;
        assert!(duplicate.allows(Way::Mistake) && duplicate.allows(Way::Accept));
        assert!(!duplicate.allows(Way::Replace) && !duplicate.allows(Way::Add));
    }

    #[test]
    fn an_unknown_member_can_never_be_accepted() {
        assert!(!HoldReason::UnknownMember.allows(Way::Accept));
    }

    proptest! {
        #[test]
        fn a_set_reads_back_from_its_bits(bits in 0_u16..1024) {
            let reasons = HoldReasons::from_bits(bits).unwrap();
            prop_assert_eq!(reasons.bits(), bits);
            prop_assert_eq!(reasons.iter().collect::<HoldReasons>(), reasons);
            prop_assert_eq!(reasons.main().map(HoldReason::bit), (bits != 0).then(|| bits & bits.wrapping_neg()));
        }

        #[test]
        fn bits_of_no_reason_are_refused(bits in 1024_u16..) {
            prop_assert_eq!(HoldReasons::from_bits(bits), None);
        }
    }
}
