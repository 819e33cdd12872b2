//! R3–R5: the classifier, which looks at many lines at once, against a person who goes through them
//! one by one with a card for each member.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use ledger::ReferenceTable::Members;
use ledger::intake::{ImportApplications, NewApplication};
use ledger::review::HoldFilter;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use testkit::{World, on_both};

on_both!(r3_many_lines_at_once_are_held_for_the_same_reasons_as_one_by_one);

const CASES: u32 = 40;

/// Order numbers and the days on which they hold.
const SUPPORTER_JULY: &str = "164151";
const SUPPORTER_NOVEMBER: &str = "108413";
const SPOT_JULY: &str = "164160";
const CAMPAIGN_NOVEMBER: &str = "133540";
const NEVER: &str = "999999";
const JULY_DAY: &str = "2025-07-16";
const NOVEMBER_DAY: &str = "2025-11-12";

#[derive(Debug, Clone, Copy)]
struct Line {
    /// 0 and 1 stay, 2 left on 1 October 2025, 3 is nobody.
    member: usize,
    order_number: &'static str,
    received_on: &'static str,
    units: i64,
}

fn line() -> impl Strategy<Value = Line> {
    let number = prop_oneof![
        4 => Just(SUPPORTER_JULY),
        4 => Just(SUPPORTER_NOVEMBER),
        2 => Just(SPOT_JULY),
        2 => Just(CAMPAIGN_NOVEMBER),
        1 => Just(NEVER),
    ];
    let is_on_its_day = prop_oneof![8 => Just(true), 1 => Just(false)];
    let units = prop_oneof![5 => 1_i64..=3, 1 => Just(30)];
    (0..4_usize, number, is_on_its_day, units).prop_map(|(member, number, on_its_day, units)| {
        let is_july = [SUPPORTER_JULY, SPOT_JULY].contains(&number);
        Line {
            member,
            order_number: number,
            received_on: if is_july == on_its_day {
                JULY_DAY
            } else {
                NOVEMBER_DAY
            },
            units,
        }
    })
}

/// What is written on the members' cards so far.
#[derive(Default)]
struct Cards {
    applied: BTreeSet<(usize, &'static str)>,
    pledge: BTreeMap<usize, &'static str>,
}

impl Cards {
    /// Every reason to hold the next line, in the order of R3; a good one is entered.
    fn take(&mut self, line: Line) -> Vec<&'static str> {
        let is_july = [SUPPORTER_JULY, SPOT_JULY].contains(&line.order_number);
        let is_known_number = line.order_number != NEVER;
        let holds = is_known_number && is_july == (line.received_on == JULY_DAY);
        let is_member = line.member < 3;
        let is_late = line.received_on == NOVEMBER_DAY;
        let is_supporter = [SUPPORTER_JULY, SUPPORTER_NOVEMBER].contains(&line.order_number);
        let pledge = self.pledge.get(&line.member);
        let is_other = pledge.is_some_and(|opened_by| *opened_by != line.order_number);
        let was_applied = self.applied.contains(&(line.member, line.order_number));
        let reasons: Vec<_> = [
            (!is_member, "unknown_member"),
            (line.member == 2 && is_late, "withdrawn_member"),
            (!is_known_number, "unknown_order_number"),
            (is_known_number && !holds, "outside_window"),
            (line.units > 20, "implausible_units"),
            (is_member && holds && was_applied, "duplicate_application"),
            (
                is_member && holds && is_supporter && is_other,
                "already_supporter",
            ),
        ]
        .into_iter()
        .filter_map(|(applies, reason)| applies.then_some(reason))
        .collect();
        if is_member && holds {
            self.applied.insert((line.member, line.order_number));
            if reasons.is_empty() && is_supporter {
                self.pledge.insert(line.member, line.order_number);
            }
        }
        reasons
    }
}

fn number(case: u32, member: usize) -> String {
    format!("{case:04}-{member}")
}

fn file(case: u32, lines: &[Line]) -> String {
    let mut file = "coop,member_number,order_number,units,received_on,line_id\n".to_owned();
    for (place, line) in lines.iter().enumerate() {
        let number = number(case, line.member);
        let Line {
            order_number,
            units,
            received_on,
            ..
        } = line;
        file += &format!("01,{number},{order_number},{units},{received_on},{case}-{place}\n");
    }
    file
}

/// What was held of a file: its lines below the header and their reasons.
fn held(world: &World, import_id: i64) -> Vec<(usize, String)> {
    let filter = HoldFilter {
        import_id: Some(import_id),
        ..HoldFilter::default()
    };
    let mut held = Vec::new();
    let each = |hold: ledger::review::Hold| {
        let line = usize::try_from(hold.line).expect("a line") - 2;
        held.push((line, hold.reasons.to_string()));
        Ok(())
    };
    world
        .ledger
        .all_holds(&world.office(), &filter, each)
        .expect("the holds");
    held.sort();
    held
}

fn one_by_one(world: &World, case: u32, line: Line) -> String {
    let recorded = world
        .ledger
        .record_application(
            &world.office(),
            NewApplication {
                coop: "01".to_owned(),
                member_number: number(case, line.member),
                order_number: Some(line.order_number.to_owned()),
                units: Some(line.units),
                received_on: Some(line.received_on.to_owned()),
                ..NewApplication::default()
            },
        )
        .expect("a line that can be read");
    let reasons: Vec<_> = recorded
        .reasons
        .iter()
        .map(|explained| explained.reason.as_str())
        .collect();
    reasons.join(",")
}

fn r3_many_lines_at_once_are_held_for_the_same_reasons_as_one_by_one(world: World) {
    world.load_newsletters();
    let cases = Cell::new(0);
    let lines = || prop::collection::vec(line(), 1..=14);
    TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    })
    .run(&(lines(), lines()), |(first, second)| {
        // Three members of their own in each case, twice: for the files and for the requests.
        let case = cases.get() + 1;
        cases.set(case + 1);
        let mut members = "coop,member_number,left_on\n".to_owned();
        for case in [case, case + 1] {
            for (member, left_on) in [(0, ""), (1, ""), (2, "2025-10-01")] {
                members += &format!("01,{},{left_on}\n", number(case, member));
            }
        }
        world.import(Members, &members);
        let mut cards = Cards::default();
        for lines in [&first, &second] {
            let taken = world.take_applications(file(case, lines), ImportApplications::default());
            let expected: Vec<String> = lines.iter().map(|l| cards.take(*l).join(",")).collect();
            let expected_held: Vec<(usize, String)> = expected
                .iter()
                .enumerate()
                .filter(|(_, reasons)| !reasons.is_empty())
                .map(|(place, reasons)| (place, reasons.clone()))
                .collect();
            let Some(import_id) = taken.import_id else {
                return Err(TestCaseError::fail("an import has a number"));
            };
            if !taken.already_imported {
                prop_assert_eq!(held(&world, import_id), expected_held);
            }
            let single: Vec<String> = lines
                .iter()
                .map(|line| one_by_one(&world, case + 1, *line))
                .collect();
            prop_assert_eq!(single, expected);
        }
        Ok(())
    })
    .unwrap_or_else(|failure| panic!("{failure}"));
}
