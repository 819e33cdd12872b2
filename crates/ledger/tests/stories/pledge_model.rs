//! R8 against a model that anybody can follow: an array of months.
//!
//! Random sequences of commands must come to the same units, month by month, in the model, in the
//! terms read back as a timeline, and in the SQL that finds the term in force.

use std::cell::Cell;

use domain::{CollectionMonth, Term, TermUnits, Timeline, Yen};
use ledger::LedgerError;
use ledger::ReferenceTable::{Members, Pledges};
use ledger::pledges::{ChangePledge, EndPledge, PausePledge, PledgeView};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::tables::{cooperatives, funds, members, pledge_terms, pledges};
use store::{DbConnection, OpenMode, Store, StoreError};
use testkit::{TestDatabase, World};

/// The model looks at two years; its last month stands for all that follow.
pub const MONTHS: usize = 24;
const FIRST_MONTH: &str = "2025-08";
const CASES: u32 = 60;

#[derive(Debug, Clone, Copy)]
pub enum Command {
    Change { from: usize, units: i64 },
    Pause { from: usize, until: usize },
    End { from: usize },
}

pub fn command() -> impl Strategy<Value = Command> {
    let month = 0..MONTHS;
    prop_oneof![
        4 => (month.clone(), 1_i64..=9).prop_map(|(from, units)| Command::Change { from, units }),
        4 => (month.clone(), month.clone()).prop_map(|(from, until)| Command::Pause { from, until }),
        1 => month.prop_map(|from| Command::End { from }),
    ]
}

/// Units month by month, and the first month anything was ever said about.
#[derive(Debug, Clone)]
pub struct Model {
    pub units: [i64; MONTHS],
    pub first: usize,
}

impl Model {
    pub fn new(from: usize, units: i64) -> Self {
        let mut model = Model {
            units: [0; MONTHS],
            first: from,
        };
        model.units[from..].fill(units);
        model
    }

    pub fn is_open(&self, from: usize) -> bool {
        self.units[from..].iter().any(|units| *units > 0)
    }

    /// The first month at or after `from` that is above 0.
    fn running(&self, from: usize) -> Option<usize> {
        (from..MONTHS).find(|month| self.units[*month] > 0)
    }

    /// Does what an office worker would do on paper. Gives whether it may be done.
    pub fn obey(&mut self, command: Command) -> bool {
        match command {
            Command::Change { from, units } => {
                let Some(running) = self.running(from).filter(|_| from >= self.first) else {
                    return false;
                };
                self.units[from..running].fill(units);
                for month in &mut self.units[running..] {
                    if *month > 0 {
                        *month = units;
                    }
                }
            }
            Command::Pause { from, until } => {
                let may = until > from && from >= self.first;
                let Some(resumed) = self.running(until).filter(|_| may) else {
                    return false;
                };
                let units = self.units[resumed];
                self.units[from..until].fill(0);
                self.units[until..resumed].fill(units);
            }
            Command::End { from } => {
                if !self.is_open(from) {
                    return false;
                }
                self.units[from..].fill(0);
                self.first = self.first.min(from);
            }
        }
        true
    }
}

pub struct Office {
    pub world: World,
    pub store: Store,
    members: Cell<u32>,
}

impl Office {
    pub fn new() -> Self {
        let world = World::from(TestDatabase::sqlite());
        world.load_newsletters();
        let store = Store::open(world.database.url(), OpenMode::MustExist).expect("open it");
        Self {
            world,
            store,
            members: Cell::new(0),
        }
    }

    /// A member of their own for each case, with a pledge.
    pub fn new_supporter(&self, from: usize, units: i64) -> String {
        self.members.set(self.members.get() + 1);
        let number = format!("{:07}", self.members.get());
        self.world
            .import(Members, &format!("単協コード,組合員番号\n04,{number}\n"));
        let from = month(from);
        self.world.import(
            Pledges,
            &format!(
                "単協コード,組合員番号,基金コード,口数,単価,開始月\n04,{number},inclufund,{units},300,{from}\n"
            ),
        );
        number
    }

    pub fn obey(&self, member: &str, command: Command) -> Result<PledgeView, LedgerError> {
        let office = self.world.office();
        let (coop, fund) = ("04".to_owned(), "inclufund".to_owned());
        let (member_number, reason) = (member.to_owned(), "試し".to_owned());
        match command {
            Command::Change { from, units } => self.world.ledger.change_pledge(
                &office,
                &ChangePledge {
                    coop,
                    member_number,
                    fund,
                    from: month(from),
                    units,
                    reason,
                },
            ),
            Command::Pause { from, until } => self.world.ledger.pause_pledge(
                &office,
                &PausePledge {
                    coop,
                    member_number,
                    fund,
                    from: month(from),
                    until: month(until),
                    reason,
                },
            ),
            Command::End { from } => self.world.ledger.end_pledge(
                &office,
                &EndPledge {
                    coop,
                    member_number,
                    fund,
                    from: month(from),
                    reason,
                },
            ),
        }
    }

    /// What the database says of every month: by its own search for the term in force, by the
    /// terms read back, and whether the pledge is open then.
    fn months_of(&self, member: &str) -> Vec<(i64, i64, bool)> {
        self.store
            .read(|connection| read_months(connection, member))
            .expect("read the months")
    }
}

fn read_months(
    connection: &mut DbConnection,
    member: &str,
) -> Result<Vec<(i64, i64, bool)>, StoreError> {
    let coop = cooperatives::find_by_code(connection, "04")?.expect("the co-op");
    let member = members::find(connection, coop.id, member)?.expect("the member");
    let fund = funds::find_by_code(connection, "inclufund")?.expect("the fund");
    let pledge = pledges::find_newest(connection, member.id, fund.id)?.expect("the pledge");
    let terms = pledge_terms::of_pledge(connection, pledge.id)?;
    let timeline = Timeline::from_terms(terms.iter().map(to_term).collect());
    (0..MONTHS)
        .map(|place| {
            let month = month(place);
            let found = pledge_terms::in_force(connection, pledge.id, month.as_int())?;
            let in_timeline = timeline.in_month(month).map_or(0, |term| term.units.get());
            let open = pledges::find_open(connection, member.id, fund.id, month.as_int())?;
            Ok((
                found.map_or(0, |term| term.units),
                in_timeline,
                open.is_some(),
            ))
        })
        .collect()
}

fn to_term(row: &pledge_terms::PledgeTerm) -> Term {
    Term {
        revision: row.revision.into(),
        from_month: CollectionMonth::from_int(row.from_month).expect("a month"),
        units: TermUnits::new(row.units).expect("units"),
        unit_price: Yen::new(row.unit_price),
    }
}

pub fn month(place: usize) -> CollectionMonth {
    let first: CollectionMonth = FIRST_MONTH.parse().expect("a month");
    let ahead = i32::try_from(place).expect("a few months");
    first.plus_months(ahead).expect("a month of this century")
}

#[test]
fn r8_the_plan_is_what_an_array_of_months_says() {
    let office = Office::new();
    let sequences = (
        0..MONTHS / 2,
        1_i64..=9,
        proptest::collection::vec(command(), 1..8),
    );
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let counts = Cell::new((0_u32, 0_u32));
    TestRunner::new(config)
        .run(&sequences, |(from, units, commands)| {
            let member = office.new_supporter(from, units);
            let mut model = Model::new(from, units);
            for command in commands {
                let may = model.obey(command);
                let did = office.obey(&member, command);
                prop_assert_eq!(may, did.is_ok(), "{:?}: {:?}", command, did);
                let (done, not) = counts.get();
                counts.set(if may {
                    (done + 1, not)
                } else {
                    (done, not + 1)
                });
                for (place, found) in office.months_of(&member).into_iter().enumerate() {
                    let units = model.units[place];
                    let expected = (units, units, model.is_open(place));
                    prop_assert_eq!(found, expected, "{} after {:?}", month(place), command);
                }
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let (obeyed, refused) = counts.get();
    assert!(
        obeyed > CASES && refused > CASES / 2,
        "{obeyed} obeyed and {refused} refused: too few to say anything"
    );
}
