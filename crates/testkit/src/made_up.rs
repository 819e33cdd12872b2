//! Members and applications in any number, made up, and the same for the same seed: for measuring and
//! for stories that need enough lines to be interrupted in the middle.

use std::io::{self, Write};

use crate::chance::Chance;

/// The days of 2025年7月4回, in which every application is received.
const DAYS: [&str; 5] = [
    "2025-07-14",
    "2025-07-15",
    "2025-07-16",
    "2025-07-17",
    "2025-07-18",
];
const SUPPORTER: &str = "164151";
const SPOT: &str = "164160";

/// A co-op or several, their members, and one application of each member in 2025年7月4回, to be collected
/// in August 2025. Stands on the facts of `fixtures/newsletter/`.
#[derive(Debug, Clone)]
pub struct MadeUp<'a> {
    /// Codes of the co-ops over which the members are spread evenly.
    pub coops: &'a [&'a str],
    /// How many members there are, and how many applications; at most 9,000,000.
    pub members: u32,
    /// How many applications in a thousand are held, with the reasons taking turns: an unknown member,
    /// an unknown order number, 30 units.
    pub doubtful_per_thousand: u32,
    /// Another seed, other units, days and order.
    pub seed: u64,
}

impl MadeUp<'_> {
    /// Writes the members as `hitokuchi import members` takes them. The names say that they are 見本.
    pub fn write_members(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "単協コード,組合員番号,氏名,区分")?;
        for index in 0..self.members as usize {
            let (coop, number) = self.member(index);
            writeln!(out, "{coop},{number},見本 {index},individual")?;
        }
        out.flush()
    }

    /// Writes one application of each member, in an order of chance, as `hitokuchi import applications`
    /// takes them. About three in five open a pledge, the others are spot gifts.
    pub fn write_applications(&self, mut out: impl Write) -> io::Result<()> {
        let mut chance = Chance::new(self.seed);
        writeln!(out, "単協コード,組合員番号,注文番号,口数,受付日,受付経路")?;
        for index in chance.shuffled(self.members as usize) {
            let (coop, mut number) = self.member(index);
            let mut order_number = if chance.below(5) < 3 { SUPPORTER } else { SPOT };
            let mut units = 1 + chance.below(3);
            let day = DAYS[chance.below(5)];
            let channel = ["paper", "paper", "paper", "web", "phone"][chance.below(5)];
            if chance.below(1000) < self.doubtful_per_thousand as usize {
                match chance.below(3) {
                    0 => number = format!("9{number}"),
                    1 => order_number = "999999",
                    _ => units = 30,
                }
            }
            writeln!(
                out,
                "{coop},{number},{order_number},{units},{day},{channel}"
            )?;
        }
        out.flush()
    }

    fn member(&self, index: usize) -> (&str, String) {
        let coop = self.coops[index % self.coops.len()];
        (coop, format!("{:08}", 1_000_000 + index))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SAMPLE: MadeUp<'_> = MadeUp {
        coops: &["01", "02"],
        members: 2000,
        doubtful_per_thousand: 100,
        seed: 1,
    };

    fn applications(made_up: &MadeUp<'_>) -> String {
        let mut out = Vec::new();
        made_up
            .write_applications(&mut out)
            .expect("write into memory");
        String::from_utf8(out).expect("applications in UTF-8")
    }

    fn members(made_up: &MadeUp<'_>) -> BTreeSet<String> {
        let mut out = Vec::new();
        made_up.write_members(&mut out).expect("write into memory");
        let members = String::from_utf8(out).expect("members in UTF-8");
        members.lines().skip(1).map(member_of).collect()
    }

    fn member_of(line: &str) -> String {
        line.split(',').take(2).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn the_same_seed_makes_the_same_applications_and_another_makes_others() {
        assert_eq!(applications(&SAMPLE), applications(&SAMPLE));
        assert_ne!(
            applications(&SAMPLE),
            applications(&MadeUp { seed: 2, ..SAMPLE })
        );
    }

    #[test]
    fn every_member_applies_once() {
        let certain = MadeUp {
            doubtful_per_thousand: 0,
            ..SAMPLE
        };
        let applications = applications(&certain);
        let who: BTreeSet<String> = applications.lines().skip(1).map(member_of).collect();
        assert_eq!(who, members(&certain));
        assert_eq!(applications.lines().count(), 1 + who.len());
    }

    #[test]
    fn about_as_many_lines_as_asked_for_are_doubtful() {
        let known = members(&SAMPLE);
        let applications = applications(&SAMPLE);
        let doubtful = applications
            .lines()
            .skip(1)
            .filter(|line| {
                line.contains(",999999,")
                    || line.contains(",30,")
                    || !known.contains(&member_of(line))
            })
            .count();
        assert!(
            (150..250).contains(&doubtful),
            "{doubtful} of 2000 lines are doubtful"
        );
    }
}
