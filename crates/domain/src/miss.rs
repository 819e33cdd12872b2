//! An order number that named nothing on its date, and what would have been right (R1).

use chrono::{Datelike, NaiveDate};

use crate::catalogue::{Catalogue, OfferingInCycle};
use crate::codes::OrderNumber;
use crate::kinds::{Channel, OfferingKind};

/// How many offerings a message lists.
const LISTED_MAX: usize = 3;

/// A number that named nothing for what a channel received on a day. It explains itself.
#[derive(Debug, Clone, Copy)]
pub struct Miss<'a> {
    catalogue: &'a Catalogue,
    number: OrderNumber,
    received_on: NaiveDate,
    channel: Channel,
}

impl<'a> Miss<'a> {
    pub(crate) fn new(
        catalogue: &'a Catalogue,
        number: OrderNumber,
        received_on: NaiveDate,
        channel: Channel,
    ) -> Self {
        Miss {
            catalogue,
            number,
            received_on,
            channel,
        }
    }

    /// What the number meant in other windows, the nearest to the date first.
    pub fn candidates(&self) -> Vec<&'a OfferingInCycle> {
        let mut candidates: Vec<_> = self.catalogue.with_number(&self.number).collect();
        candidates.sort_by_key(|one| one.window().days_off(self.received_on, self.channel));
        candidates
    }

    /// What would have been right on that date: the offerings of the same kind, fund and campaign
    /// as the nearest candidate; for a number of no cycle, everything open on that date.
    pub fn todays(&self) -> Vec<&'a OfferingInCycle> {
        let open = self.catalogue.open_on(self.received_on, self.channel);
        match self.candidates().first() {
            Some(nearest) => open.filter(|one| one.is_for_the_same_as(nearest)).collect(),
            None => open.collect(),
        }
    }

    /// The whole explanation, for the desk.
    pub fn explain(&self) -> String {
        let candidates = self.candidates();
        let Some(nearest) = candidates.first() else {
            return self.explain_unknown();
        };
        let mut said = String::new();
        for (place, one) in candidates.iter().take(LISTED_MAX).enumerate() {
            let subject = if place == 0 {
                format!("{} は ", self.number)
            } else {
                String::new()
            };
            let tense = if one.opens_on > self.received_on {
                "です"
            } else {
                "でした"
            };
            let (cycle, window, name) = (&one.cycle_label, self.window_ja(one), name_ja(one));
            said += &format!("{subject}{cycle}（{window}）の{name}の番号{tense}。");
        }
        if nearest.window().contains(self.received_on, Channel::Web) {
            let (last, channel) = (short(nearest.closes_on), self.channel.label_ja());
            said += &format!("{channel}の申込は {last} までです。");
        }
        said + &self.explain_todays(&name_ja(nearest))
    }

    fn explain_todays(&self, name: &str) -> String {
        let day = short(self.received_on);
        match self.todays().first() {
            Some(right) => format!(
                "{day} の{name}は {}（{}）です",
                right.order_number, right.cycle_label
            ),
            None => format!(
                "{day} に受け付けている{name}はありません。受付日か企画回を確かめてください"
            ),
        }
    }

    fn explain_unknown(&self) -> String {
        let (number, day) = (self.number, short(self.received_on));
        let open = self.todays();
        if open.is_empty() {
            return format!(
                "{number} はどの企画回にもない番号です。{day} に受け付けている募集はありません。\
                 番号と受付日を確かめてください"
            );
        }
        let listed: Vec<_> = open
            .iter()
            .take(LISTED_MAX)
            .map(|one| format!("{} {}", one.order_number, name_ja(one)))
            .collect();
        let rest = if open.len() > LISTED_MAX {
            " など"
        } else {
            ""
        };
        let listed = listed.join("、");
        format!("{number} はどの企画回にもない番号です。{day} の番号は {listed}{rest}です")
    }

    fn window_ja(&self, offering: &OfferingInCycle) -> String {
        let last = offering.window().last_day(self.channel);
        format!("{}〜{}", short(offering.opens_on), short(last))
    }
}

fn short(date: NaiveDate) -> String {
    format!("{}/{}", date.month(), date.day())
}

fn name_ja(offering: &OfferingInCycle) -> String {
    match offering.kind {
        OfferingKind::Supporter => "サポーター登録".to_owned(),
        OfferingKind::Spot => "スポット寄付".to_owned(),
        OfferingKind::Campaign => format!("団体寄付「{}」", offering.title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Resolution;
    use crate::sample::{catalogue, day};

    fn explain(number: &str, received_on: NaiveDate, channel: Channel) -> String {
        let catalogue = catalogue();
        match catalogue.resolve(&number.parse().unwrap(), received_on, channel) {
            Resolution::Outside(miss) | Resolution::Unknown(miss) => miss.explain(),
            Resolution::Found(offering) => panic!("{} was found", offering.order_number),
        }
    }

    #[test]
    fn r1_the_july_number_written_in_november_is_told_the_november_one() {
        assert_eq!(
            explain("164151", day(2025, 11, 12), Channel::Paper),
            "164151 は 2025年7月4回（7/14〜7/18）のサポーター登録の番号でした。\
             11/12 のサポーター登録は 108413（2025年11月3回）です"
        );
    }

    #[test]
    fn r1_a_number_that_comes_too_early_or_between_cycles_says_when_it_holds() {
        assert_eq!(
            explain("108413", day(2025, 9, 1), Channel::Paper),
            "108413 は 2025年11月3回（11/10〜11/14）のサポーター登録の番号です。\
             9/1 に受け付けているサポーター登録はありません。受付日か企画回を確かめてください"
        );
    }

    #[test]
    fn r1_paper_that_comes_on_the_extra_day_of_the_web_is_told_so() {
        let said = explain("108413", day(2025, 11, 15), Channel::Paper);
        assert!(said.contains("注文用紙の申込は 11/14 までです"), "{said}");
    }

    #[test]
    fn r1_a_number_used_twice_names_both_the_nearer_first() {
        let said = explain("164160", day(2025, 11, 20), Channel::Paper);
        let (near, far) = (
            said.find("2025年11月3回").unwrap(),
            said.find("2025年7月4回").unwrap(),
        );
        assert!(near < far, "{said}");
    }

    #[test]
    fn r1_a_number_of_no_cycle_is_told_what_there_is() {
        let said = explain("999999", day(2025, 11, 12), Channel::Paper);
        assert!(
            said.contains("どの企画回にもない") && said.contains("108413 サポーター登録"),
            "{said}"
        );
        let said = explain("999999", day(2025, 9, 1), Channel::Paper);
        assert!(said.contains("受け付けている募集はありません"), "{said}");
    }
}
