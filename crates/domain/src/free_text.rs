//! Depot forms of free text: "こすもすに1,000円" (R3, `ambiguous_free_text`).
//!
//! What is read here is only ever proposed. A person confirms it.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::catalogue::{Catalogue, OfferingInCycle};
use crate::kinds::Channel;
use crate::text::{
    is_comma, is_kanji_numeral, is_minus_like, normalize_name, parse_amount_i64, parse_digits_i64,
};
use crate::units::Units;
use crate::yen::Yen;

/// How much of a note is read. Characters.
const NOTE_CHARS_MAX: usize = 200;

/// A part of a name shorter than this says too little. Characters.
const PART_CHARS_MIN: usize = 3;

/// A number without 円 or 口 is taken for an amount from here on. Yen.
const BARE_AMOUNT_MIN: i64 = 100;

/// What many organisations have in their names, and what tells none of them from another.
const LEGAL_FORMS: [&str; 9] = [
    "認定特定非営利活動法人",
    "特定非営利活動法人",
    "認定npo法人",
    "npo法人",
    "社会福祉法人",
    "一般社団法人",
    "合同会社",
    "株式会社",
    "(株)",
];

/// The names by which people call the campaigns: their titles and their organisations'.
#[derive(Debug, Clone, Default)]
pub struct CampaignNames {
    names: Vec<(i64, Vec<char>)>,
}

impl CampaignNames {
    /// The names of campaigns, each with the campaign's id; a campaign may have several.
    pub fn new<'a>(names: impl IntoIterator<Item = (i64, &'a str)>) -> Self {
        let names = names
            .into_iter()
            .map(|(campaign_id, name)| (campaign_id, comparable(name)))
            .filter(|(_, name)| !name.is_empty())
            .collect();
        CampaignNames { names }
    }

    /// How well a note names a campaign: the characters its longest part has in common with one
    /// of the campaign's names, or nothing when that says too little.
    fn likeness(&self, campaign_id: i64, note: &[char]) -> Option<usize> {
        self.names
            .iter()
            .filter(|(id, _)| *id == campaign_id)
            .filter_map(|(_, name)| {
                let common = longest_common_part(name, note);
                let is_telling = common >= PART_CHARS_MIN || common == name.len();
                is_telling.then_some(common)
            })
            .max()
    }
}

/// What a depot form's note seems to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal<'a> {
    /// The campaign's offering, when the note names one better than any other.
    pub offering: Option<&'a OfferingInCycle>,
    /// The amount, when the note has one and only one.
    pub amount: Option<Yen>,
    /// The units, when the note has one number of them and only one.
    pub units: Option<Units>,
    /// Every offering the note may mean, the likeliest first. When none that it names was open
    /// on the date, those it names of other cycles; then nothing is proposed.
    pub candidates: Vec<&'a OfferingInCycle>,
}

/// Reads the note of a depot form received on a day; `cycle_label`, when somebody has named a
/// cycle, overrides the day.
///
/// Names match in any width and case, with or without spaces, ＆ like &, also by a part of three
/// characters or more. Kanji numerals and negative numbers propose no amount.
pub fn propose<'a>(
    note: &str,
    names: &CampaignNames,
    catalogue: &'a Catalogue,
    received_on: NaiveDate,
    cycle_label: Option<&str>,
) -> Proposal<'a> {
    let note: String = note.nfkc().take(NOTE_CHARS_MAX).collect();
    let said = comparable(&note);
    let mut named: Vec<(usize, &OfferingInCycle)> = catalogue
        .offerings()
        .iter()
        .filter_map(|one| Some((names.likeness(one.campaign_id?, &said)?, one)))
        .collect();
    let is_open = |one: &OfferingInCycle| match cycle_label {
        Some(label) => normalize_name(&one.cycle_label) == normalize_name(label),
        None => one.window().contains(received_on, Channel::Depot),
    };
    let is_any_open = named.iter().any(|(_, one)| is_open(one));
    if is_any_open {
        named.retain(|(_, one)| is_open(one));
    }
    named.sort_by_key(|(likeness, one)| {
        let days_off = one.window().days_off(received_on, Channel::Depot);
        (std::cmp::Reverse(*likeness), days_off, one.order_number)
    });
    let offering = match named.as_slice() {
        _ if !is_any_open => None,
        [(best, one), (second, _), ..] => (best > second).then_some(*one),
        [(_, one)] => Some(*one),
        [] => None,
    };
    let (amount, units) = read_numbers(&note);
    let candidates = named.into_iter().map(|(_, one)| one).collect();
    Proposal {
        offering,
        amount,
        units,
        candidates,
    }
}

fn comparable(name: &str) -> Vec<char> {
    let mut name = normalize_name(name);
    for form in LEGAL_FORMS {
        name = name.replace(form, "");
    }
    name.chars().take(NOTE_CHARS_MAX).collect()
}

fn longest_common_part(a: &[char], b: &[char]) -> usize {
    let mut longest = 0;
    let mut row = vec![0_usize; b.len()];
    for x in a {
        let mut diagonal = 0;
        for (y, cell) in b.iter().zip(row.iter_mut()) {
            let above = *cell;
            *cell = if x == y { diagonal + 1 } else { 0 };
            longest = longest.max(*cell);
            diagonal = above;
        }
    }
    longest
}

/// The amount and the units of a note, each only when it is said once.
fn read_numbers(note: &str) -> (Option<Yen>, Option<Units>) {
    let mut amounts = Vec::new();
    let mut units = Vec::new();
    let mut bare = Vec::new();
    let text: Vec<char> = note.chars().filter(|c| !c.is_whitespace()).collect();
    let belongs = |c: &char| c.is_ascii_digit() || is_comma(*c);
    let mut place = 0;
    while let Some(found) = text
        .get(place..)
        .and_then(|rest| rest.iter().position(belongs))
    {
        let start = place + found;
        let length = text[start..].iter().take_while(|c| belongs(c)).count();
        let before = start
            .checked_sub(1)
            .and_then(|before| text.get(before))
            .copied();
        let digits: String = text[start..start + length].iter().collect();
        place = start + length;
        let after = text.get(place).copied();
        let is_whole = |c: Option<char>| {
            !c.is_some_and(|c| c == '.' || c == '-' || is_kanji_numeral(c) || is_minus_like(c))
        };
        if !is_whole(before) && before != Some('ー') || !is_whole(after) {
            continue;
        }
        match (before, after) {
            (Some('¥'), _) | (_, Some('円')) => amounts.push(parse_amount_i64(&digits).ok()),
            (_, Some('口')) => units.push(parse_digits_i64(&digits).ok()),
            _ => bare.push(
                parse_amount_i64(&digits)
                    .ok()
                    .filter(|n| *n >= BARE_AMOUNT_MIN),
            ),
        }
    }
    if amounts.is_empty() && units.is_empty() {
        amounts = bare;
    }
    let amount = only(&amounts).filter(|yen| *yen > 0).map(Yen::new);
    (
        amount,
        only(&units).and_then(|number| Units::new(number).ok()),
    )
}

fn only(numbers: &[Option<i64>]) -> Option<i64> {
    match numbers {
        [first, rest @ ..] if rest.iter().all(|number| number == first) => *first,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample::{catalogue, day};

    fn names() -> CampaignNames {
        CampaignNames::new([
            (7, "タブレットでお店の日々を発信したい"),
            (7, "パン＆カフェ こすもす"),
            (8, "NPO法人 見本の家 ひまわり"),
        ])
    }

    fn read(note: &str) -> (Option<i64>, Option<i64>, Option<i64>) {
        let catalogue = catalogue();
        let proposal = propose(note, &names(), &catalogue, day(2025, 11, 12), None);
        (
            proposal.offering.and_then(|one| one.campaign_id),
            proposal.amount.map(Yen::get),
            proposal.units.map(Units::get),
        )
    }

    #[test]
    fn r3_organisation_and_amount_are_proposed_from_the_note() {
        for (note, read_as) in [
            ("こすもすに1,000円", (Some(7), Some(1_000), None)),
            ("パン＆カフェこすもす ２口", (Some(7), None, Some(2))),
            (
                "ﾊﾟﾝ&ｶﾌｪ こすもす　１，０００円",
                (Some(7), Some(1_000), None),
            ),
            (
                "パン & カフェ こすもす 2口 1000円",
                (Some(7), Some(1_000), Some(2)),
            ),
            ("ひまわりへ ￥1500", (Some(8), Some(1_500), None)),
            ("こすもす 1000", (Some(7), Some(1_000), None)),
            ("こすもすー1000円", (Some(7), Some(1_000), None)),
            ("こすもすさんに", (Some(7), None, None)),
            ("500円お願いします", (None, Some(500), None)),
            ("", (None, None, None)),
        ] {
            assert_eq!(read(note), read_as, "{note}");
        }
    }

    #[test]
    fn what_is_not_certain_is_not_proposed() {
        for note in [
            "こすもすに500円、1000円",
            "こすもすに千円",
            "こすもすに1万円",
            "こすもすに二千500円",
            "こすもすに-500円",
            "こすもすに▲500円",
            "こすもすに1.5口",
            "こすもすに10,00円",
            "こすもすに0円",
            "こすもす 100口",
            "こすもす 2",
            "こすもすに99999999999999999999円",
        ] {
            assert_eq!(read(note), (Some(7), None, None), "{note}");
        }
    }

    #[test]
    fn a_form_that_names_two_organisations_proposes_none_and_lists_both() {
        let catalogue = catalogue();
        let names = CampaignNames::new([(7, "カフェ こすもす"), (8, "カフェ ひまわり")]);
        let proposal = propose("カフェに500円", &names, &catalogue, day(2025, 11, 12), None);
        assert_eq!(proposal.offering, None);
        assert_eq!(proposal.candidates.len(), 2);
    }

    #[test]
    fn the_legal_form_of_an_organisation_does_not_name_it() {
        assert_eq!(read("NPO法人 すずらん 500円"), (None, Some(500), None));
    }

    #[test]
    fn a_campaign_of_another_cycle_is_listed_and_not_proposed_until_its_cycle_is_named() {
        let catalogue = catalogue();
        let received_on = day(2025, 12, 1);
        let late = |cycle| propose("こすもすに500円", &names(), &catalogue, received_on, cycle);
        assert_eq!(late(None).offering, None);
        assert_eq!(late(None).candidates.len(), 1);
        let number = late(Some("２０２５年11月3回"))
            .offering
            .map(|one| one.order_number.to_string());
        assert_eq!(number.as_deref(), Some("133540"));
    }

    proptest! {
        #[test]
        fn no_note_makes_the_reader_fall_over(note in ".{0,300}") {
            let catalogue = catalogue();
            let proposal = propose(&note, &names(), &catalogue, day(2025, 11, 12), None);
            prop_assert!(proposal.amount.is_none_or(|yen| yen > Yen::ZERO));
        }

        #[test]
        fn an_amount_written_after_a_name_is_read(yen in 1_i64..10_000_000) {
            let amount = Yen::new(yen);
            prop_assert_eq!(read(&format!("こすもすに{}円", amount.grouped())), (Some(7), Some(yen), None));
        }
    }
}
