//! Whatever an office does, in whatever order, comes to what it comes to on paper: pledges, charges,
//! outcomes and balances, after every step (R3–R16), on both databases.
//!
//! The steps are drawn by a seed; a failure prints it with every step up to there.

mod billing_steps;
mod books;
mod catalogue;
mod compare;
mod members_steps;
mod model;
mod money_steps;
mod results_steps;

use chrono::{Days, NaiveDate};
use store::{OpenMode, Store};
use testkit::TestDatabase;
use testkit::chance::Chance;
use testkit::world::told;

use crate::office::Office;
use model::Model;

const STEPS: usize = 160;
/// After so many steps everything is verified.
const VERIFIED_EVERY: usize = 20;
const MEMBERS: usize = 6;
/// Where the walk begins, with the weeks of August and September behind it.
const FIRST_DAY: &str = "2025-08-10";
/// No day after this: the last week's orders are collected in its month.
const LAST_DAY: &str = "2026-08-20";

/// An office, its paper, and what was done so far.
struct Walk {
    store: Store,
    office: Office,
    model: Model,
    chance: Chance,
    seed: u64,
    steps: Vec<String>,
    /// The files of results that were sent.
    sent: Vec<String>,
    refused: usize,
}

impl Drop for Walk {
    #[allow(
        clippy::print_stderr,
        reason = "a failed walk is told with its seed and its steps"
    )]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}:\n{}", self.seed, self.steps.join("\n"));
        }
    }
}

impl Walk {
    fn new(database: TestDatabase, seed: u64) -> Self {
        let office = Office::from(database);
        catalogue::load(&office);
        let numbers: Vec<String> = (0..MEMBERS).map(member_number).collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        office.members(&numbers);
        office.set_today(FIRST_DAY);
        let store = Store::open(office.database.url(), OpenMode::MustExist).expect("open it");
        let model = Model {
            left: vec![None; MEMBERS],
            ..Model::default()
        };
        Self {
            store,
            office,
            model,
            chance: Chance::new(seed),
            seed,
            steps: Vec::new(),
            sent: Vec::new(),
            refused: 0,
        }
    }

    fn go(mut self) {
        for number in 1..=STEPS {
            self.step();
            self.compare();
            if number % VERIFIED_EVERY == 0 {
                self.office.assert_all_is_well();
            }
        }
        let (charges, refused) = (self.model.charges.len(), self.refused);
        assert!(
            charges > 10 && refused > 3,
            "{charges} charges and {refused} refusals: too few to say anything"
        );
    }

    fn step(&mut self) {
        match self.chance.below(100) {
            0..18 => self.apply(),
            18..26 => self.command(),
            26..28 => self.leave(),
            28..31 => self.void_application(),
            31..42 => self.close(),
            42..46 => self.void_batch(),
            46..54 => self.export(),
            54..68 => self.import_results(),
            68..70 => self.send_again(),
            70..75 => self.decide_held(),
            75..79 => self.reverse_result(),
            79..82 => self.refund(),
            82..86 => self.remit(),
            86..90 => self.pay_out(),
            90..92 => self.post_by_hand(),
            92..95 => self.reverse_entry(),
            95..97 => self.close_books(),
            _ => self.days_pass(),
        }
    }

    fn days_pass(&mut self) {
        let days = 1 + self.chance.below(12);
        self.set_today(self.today() + Days::new(days as u64));
    }

    /// It is that day now, if not later already.
    fn set_today(&mut self, day: NaiveDate) {
        let last: NaiveDate = LAST_DAY.parse().expect("a day");
        let day = day.max(self.today()).min(last);
        self.say(format!("it is {day}"));
        self.office.set_today(&day.to_string());
    }

    fn today(&self) -> NaiveDate {
        self.office.ledger.today()
    }

    fn say(&mut self, step: String) {
        self.steps.push(step);
    }

    /// The office did what the paper says it may do, and nothing else. Gives what came of it.
    fn agree<T>(&mut self, may: bool, did: ledger::Result<T>) -> Option<T> {
        let last = self.steps.last_mut().expect("a step");
        match did {
            Ok(done) => {
                assert!(may, "{last}: should be refused");
                Some(done)
            }
            Err(error) => {
                assert!(!may, "{last}: {}", told(&error));
                self.refused += 1;
                *last += &format!(" — refused: {}", error.code());
                None
            }
        }
    }

    fn pick<T: Copy>(&mut self, among: &[T]) -> Option<T> {
        if among.is_empty() {
            return None;
        }
        Some(among[self.chance.below(among.len())])
    }
}

/// The number of the member of a place.
fn member_number(place: usize) -> String {
    format!("{:07}", place + 1)
}

/// A few units, mostly.
fn units(chance: &mut Chance) -> i64 {
    i64::try_from(1 + chance.below(5)).expect("a few")
}

/// Every walk on a database of its own.
fn walk(seeds: std::ops::Range<u64>, database: impl Fn() -> Option<TestDatabase>) {
    for seed in seeds {
        if let Some(database) = database() {
            Walk::new(database, seed).go();
        }
    }
}

#[test]
fn what_an_office_does_in_any_order_is_what_the_paper_says_1() {
    walk(0..5, || Some(TestDatabase::sqlite()));
}

#[test]
fn what_an_office_does_in_any_order_is_what_the_paper_says_2() {
    walk(5..10, || Some(TestDatabase::sqlite()));
}

#[test]
fn what_an_office_does_in_any_order_is_what_the_paper_says_on_postgres() {
    walk(10..12, TestDatabase::postgres);
}

/// For a long search by hand: `HITOKUCHI_SEEDS=100..200 cargo test -- --ignored`.
#[test]
#[ignore = "takes as long as it is told to"]
fn what_an_office_does_in_any_order_with_seeds_as_told() {
    let told = std::env::var("HITOKUCHI_SEEDS").expect("HITOKUCHI_SEEDS as from..to");
    let (from, to) = told.split_once("..").expect("from..to");
    let seed = |text: &str| text.parse().expect("a number");
    walk(seed(from)..seed(to), || Some(TestDatabase::sqlite()));
}
