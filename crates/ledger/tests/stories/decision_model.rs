//! Decisions and their undoing against the array of months: whatever is decided, changed by
//! command and undone in between, what the member is charged month by month is what the array says.

use std::cell::Cell;

use domain::Way;
use ledger::ReferenceTable::{Cycles, Offerings};
use ledger::intake::NewApplication;
use ledger::review::{Resolution, UndoDecision};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::tables::{cooperatives, donations, members, pledge_terms, pledges};
use store::{DbConnection, StoreError};

use crate::pledge_model::{Command, MONTHS, Model, Office, command, month};

const CASES: u32 = 60;
/// Weeks with an order number of their own: day, number, place of the month of collection.
const WEEKS: [(&str, &str, usize); 4] = [
    ("2026-01-05", "200001", 6),
    ("2026-02-02", "200002", 7),
    ("2026-03-02", "200003", 8),
    ("2026-06-01", "200004", 11),
];

#[derive(Debug, Clone, Copy)]
enum Step {
    /// The supporter applies again in a week, and somebody decides.
    Apply { week: usize, units: i64, way: Way },
    /// The office changes the pledge.
    Command(Command),
    /// The newest decision that stands is undone.
    Undo,
}

fn step() -> impl Strategy<Value = Step> {
    let way = prop_oneof![
        3 => Just(Way::Add),
        2 => Just(Way::Replace),
        1 => Just(Way::Spot),
        1 => Just(Way::Mistake),
    ];
    prop_oneof![
        4 => (0..WEEKS.len(), 1_i64..=9, way)
            .prop_map(|(week, units, way)| Step::Apply { week, units, way }),
        2 => command().prop_map(Step::Command),
        3 => Just(Step::Undo),
    ]
}

/// What the office has done, and what it comes to.
struct Paper {
    pledge: Model,
    gifts: [i64; MONTHS],
    done: Vec<Done>,
    weeks_used: Vec<usize>,
}

/// One thing done, with the pledge before it.
enum Done {
    Decision {
        application: i64,
        way: Way,
        before: Box<Model>,
        gift: (usize, i64),
    },
    Command,
}

impl Paper {
    fn decide(&mut self, application: i64, way: Way, at: usize, units: i64) {
        let before = Box::new(self.pledge.clone());
        let mut gift = (at, 0);
        match way {
            Way::Add => {
                let later = self.pledge.units[at..].iter_mut();
                later
                    .filter(|month| **month > 0)
                    .for_each(|month| *month += units);
            }
            Way::Replace => self.pledge.units[at..].fill(units),
            Way::Spot => gift = (at, units),
            _ => {}
        }
        self.gifts[at] += gift.1;
        self.done.push(Done::Decision {
            application,
            way,
            before,
            gift,
        });
    }

    /// The newest decision that stands, and whether it may be undone: a change of the pledge only
    /// while nothing was built on it.
    fn newest(&self) -> Option<(usize, i64, bool)> {
        let place = self
            .done
            .iter()
            .rposition(|one| matches!(one, Done::Decision { .. }))?;
        let Done::Decision {
            application, way, ..
        } = &self.done[place]
        else {
            return None;
        };
        let is_last = place + 1 == self.done.len();
        let may = is_last || !matches!(way, Way::Add | Way::Replace);
        Some((place, *application, may))
    }

    fn undo(&mut self, place: usize) {
        if let Done::Decision {
            way, before, gift, ..
        } = self.done.remove(place)
        {
            self.gifts[gift.0] -= gift.1;
            if matches!(way, Way::Add | Way::Replace) {
                self.pledge = *before;
            }
        }
    }
}

fn load_weeks(office: &Office) {
    let mut cycles = "企画回,ISO週,申込開始,申込終了,集金月\n".to_owned();
    let mut offerings = "企画回,注文番号,種別,単価,基金コード,募集コード,名称\n".to_owned();
    for (place, (day, number, collected)) in WEEKS.iter().enumerate() {
        let opens = domain::parse_date(day).expect("a day");
        let week = opens.format("%G-W%V");
        let closes = opens + chrono::Days::new(4);
        let label = format!("2026年{}月1回", place + 1);
        cycles += &format!("{label},{week},{opens},{closes},{}\n", month(*collected));
        offerings += &format!("{label},{number},supporter,300,inclufund,,見本の登録\n");
    }
    office.world.import(Cycles, &cycles);
    office.world.import(Offerings, &offerings);
}

/// Does a step in the office and on paper. Gives whether the office refused it.
fn take(
    office: &Office,
    member: &str,
    paper: &mut Paper,
    step: Step,
) -> Result<bool, TestCaseError> {
    let (ledger, caller) = (&office.world.ledger, office.world.office());
    match step {
        Step::Apply { week, units, way } => {
            let (day, number, at) = WEEKS[week];
            if paper.weeks_used.contains(&week) || !paper.pledge.is_open(at) {
                return Ok(false);
            }
            paper.weeks_used.push(week);
            let application = NewApplication {
                coop: "04".to_owned(),
                member_number: member.to_owned(),
                order_number: Some(number.to_owned()),
                units: Some(units),
                received_on: Some(day.to_owned()),
                ..NewApplication::default()
            };
            let taken = ledger.record_application(&caller, application);
            let taken = taken.expect("take the application");
            let decided = ledger.resolve_hold(&caller, taken.id, &Resolution::new(way, "試し"));
            prop_assert!(decided.is_ok(), "{:?}: {:?}", step, decided);
            paper.decide(taken.id, way, at, units);
            Ok(false)
        }
        Step::Command(command) => {
            let may = paper.pledge.obey(command);
            let did = office.obey(member, command);
            prop_assert_eq!(may, did.is_ok(), "{:?}: {:?}", command, did);
            if may {
                paper.done.push(Done::Command);
            }
            Ok(!may)
        }
        Step::Undo => {
            let Some((place, application, may)) = paper.newest() else {
                return Ok(false);
            };
            let request = UndoDecision {
                reason: "試し".to_owned(),
            };
            let undone = ledger.undo_decision(&caller, application, &request);
            prop_assert_eq!(may, undone.is_ok(), "{:?}", undone);
            if may {
                paper.undo(place);
            }
            Ok(!may)
        }
    }
}

/// Units month by month: of the member's pledges, and of the gifts.
fn read_months(connection: &mut DbConnection, member: &str) -> Result<Vec<(i64, i64)>, StoreError> {
    let coop = cooperatives::find_by_code(connection, "04")?.expect("the co-op");
    let member = members::find(connection, coop.id, member)?.expect("the member");
    let pledges = pledges::of_member(connection, member.id)?;
    (0..MONTHS)
        .map(|place| {
            let month = month(place).as_int();
            let mut units = 0;
            for pledge in &pledges {
                let term = pledge_terms::in_force(connection, pledge.id, month)?;
                units += term.map_or(0, |term| term.units);
            }
            let gifts = donations::live_of_member(connection, coop.id, month, member.id)?;
            Ok((units, gifts.iter().map(|gift| gift.units).sum()))
        })
        .collect()
}

#[test]
fn r8_what_is_decided_and_undone_is_what_an_array_of_months_says() {
    let office = Office::new();
    load_weeks(&office);
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let steps = proptest::collection::vec(step(), 1..10);
    let counts = Cell::new((0_u32, 0_u32));
    TestRunner::new(config)
        .run(&(1_i64..=9, steps), |(units, steps)| {
            let member = office.new_supporter(0, units);
            let mut paper = Paper {
                pledge: Model::new(0, units),
                gifts: [0; MONTHS],
                done: Vec::new(),
                weeks_used: Vec::new(),
            };
            for step in steps {
                let refused = take(&office, &member, &mut paper, step)?;
                let (all, not) = counts.get();
                counts.set((all + 1, not + u32::from(refused)));
                let months = office
                    .store
                    .read(|connection| read_months(connection, &member))
                    .expect("read the months");
                for (place, found) in months.into_iter().enumerate() {
                    let expected = (paper.pledge.units[place], paper.gifts[place]);
                    prop_assert_eq!(found, expected, "{} after {:?}", month(place), step);
                }
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let (all, refused) = counts.get();
    assert!(
        all > 3 * CASES && refused > 10,
        "{all} steps, {refused} of them refused: too few to say anything"
    );
    let verification = office
        .world
        .ledger
        .verify(&office.world.office())
        .expect("verify");
    assert!(verification.ok, "{:?}", verification.checks);
}
