//! R16 at random: what an organisation is shown of what was applied for, against a paper on which
//! each gift is a line, and of every two looks that no end of a cycle or month lies between, that
//! they differ by nothing or by at least five givers.

use std::cell::Cell;
use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};
use ledger::ReferenceTable::{Campaigns, Cycles, Members, Offerings, Organizations};
use ledger::accounting::{CampaignNews, CampaignWatch, PublicCampaign, Reading};
use ledger::domain::Way;
use ledger::intake::NewApplication;
use ledger::reference::SwitchPublicPage;
use ledger::review::{Resolution, VoidApplication};
use ledger::{Call, Caller};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use testkit::{TestDatabase, World};

const CASES: u32 = 30;
const MEMBERS: usize = 14;
const UNIT_PRICE: i64 = 500;
/// Weeks in which the campaign is offered: two that follow one another, one after a gap, one that
/// overlaps it.
const WEEKS: [(&str, &str, &str); 4] = [
    ("2025-11-10", "2025-11-14", "200001"),
    ("2025-11-17", "2025-11-21", "200002"),
    ("2025-12-08", "2025-12-12", "200003"),
    ("2025-12-11", "2025-12-16", "200004"),
];
const FIRST_DAY: &str = "2025-11-10";

#[derive(Debug, Clone, Copy)]
enum Step {
    /// A member gives, in one of the cycles open today.
    Give {
        member: usize,
        units: i64,
        last: bool,
    },
    /// One of the gifts is taken back.
    TakeBack { gift: usize },
    /// Days pass.
    Wait { days: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0..MEMBERS, 1_i64..=9, any::<bool>())
            .prop_map(|(member, units, last)| Step::Give { member, units, last }),
        2 => (0_usize..40).prop_map(|gift| Step::TakeBack { gift }),
        1 => (1_u64..=9).prop_map(|days| Step::Wait { days }),
    ]
}

/// A gift as the paper has it.
#[derive(Debug)]
struct Gift {
    application: i64,
    member: usize,
    yen: i64,
    week: usize,
    is_live: bool,
    is_shown: bool,
}

#[derive(Debug)]
struct Paper {
    today: NaiveDate,
    trued_on: Option<NaiveDate>,
    gifts: Vec<Gift>,
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

impl Paper {
    fn is_over(&self, week: usize) -> bool {
        day(WEEKS[week].1) < self.today
    }

    fn is_open(&self, week: usize) -> bool {
        day(WEEKS[week].0) <= self.today && !self.is_over(week)
    }

    fn open_weeks(&self) -> impl DoubleEndedIterator<Item = usize> {
        (0..WEEKS.len()).filter(|week| self.is_open(*week))
    }

    /// Whether an end lies behind that nobody has looked since.
    fn has_an_end_passed(&self) -> bool {
        let Some(trued_on) = self.trued_on else {
            return true;
        };
        let closed = |week: &usize| self.is_over(*week) && day(WEEKS[*week].1) >= trued_on;
        (0..WEEKS.len()).any(|week| closed(&week))
            || (trued_on < self.today.with_day(1).expect("a day")
                && self.open_weeks().next().is_none())
    }

    /// What a look sees; gives the yen, and whether an end has passed.
    fn look(&mut self) -> (i64, bool) {
        let has_ended = self.has_an_end_passed();
        if has_ended {
            for place in 0..self.gifts.len() {
                let is_over = self.is_over(self.gifts[place].week);
                let gift = &mut self.gifts[place];
                gift.is_shown = gift.is_live && (is_over || gift.is_shown);
            }
            self.trued_on = Some(self.today);
        }
        let has_come = |gift: &Gift| gift.is_live && !gift.is_shown;
        let givers: BTreeSet<usize> = self
            .gifts
            .iter()
            .filter(|gift| has_come(gift))
            .map(|gift| gift.member)
            .collect();
        if givers.len() >= 5 {
            for gift in self.gifts.iter_mut().filter(|gift| has_come(gift)) {
                gift.is_shown = true;
            }
        }
        let shown = self.gifts.iter().filter(|gift| gift.is_shown);
        (shown.map(|gift| gift.yen).sum(), has_ended)
    }
}

/// An office with a campaign of its own.
fn office() -> World {
    let world = World::from(TestDatabase::sqlite());
    world.load_newsletters();
    let numbers: String = (0..MEMBERS)
        .map(|member| format!("02,{}\n", number(member)))
        .collect();
    world.import(Members, &format!("coop,member_number\n{numbers}"));
    world.import(Organizations, "organization,name\nsample,見本の団体\n");
    world.import(
        Campaigns,
        "campaign,organization,title,target,opens_on,closes_on,accounting\n\
         appeal,sample,見本の募集,100000,2025-11-10,2025-12-19,agency\n",
    );
    let mut cycles = "cycle,iso_week,opens_on,closes_on,collection_month\n".to_owned();
    let mut offerings = "cycle,order_number,kind,unit_price,fund,campaign,title\n".to_owned();
    for (place, (opens, closes, order_number)) in WEEKS.iter().enumerate() {
        let week = day(opens).format("%G-W%V");
        let label = format!("2026年{}月1回", place + 1);
        cycles += &format!("{label},{week},{opens},{closes},2026-03\n");
        offerings += &format!("{label},{order_number},campaign,{UNIT_PRICE},,appeal,見本の募集\n");
    }
    world.import(Cycles, &cycles);
    world.import(Offerings, &offerings);
    let page = SwitchPublicPage {
        campaign: "appeal".to_owned(),
        is_public: true,
    };
    world
        .ledger
        .switch_public_page(&world.office(), &page)
        .expect("switch the public page on");
    world.set_today(FIRST_DAY);
    world
}

fn number(member: usize) -> String {
    format!("{member:07}")
}

/// Does a step in the office and on paper.
fn take(world: &World, paper: &mut Paper, step: Step) {
    match step {
        Step::Give {
            member,
            units,
            last,
        } => {
            let week = match last {
                true => paper.open_weeks().next_back(),
                false => paper.open_weeks().next(),
            };
            if let Some(week) = week {
                give(world, paper, member, units, week);
            }
        }
        Step::TakeBack { gift } => {
            let gifts = paper.gifts.len();
            if let Some(gift) = paper.gifts.get_mut(gift % gifts.max(1))
                && gift.is_live
            {
                let request = VoidApplication {
                    reason: "試し".to_owned(),
                };
                let voided =
                    world
                        .ledger
                        .void_application(&world.office(), gift.application, &request);
                voided.expect("void the application");
                gift.is_live = false;
            }
        }
        Step::Wait { days } => {
            paper.today = paper.today + Days::new(days);
            world.set_today(&paper.today.to_string());
        }
    }
}

fn give(world: &World, paper: &mut Paper, member: usize, units: i64, week: usize) {
    let application = NewApplication {
        coop: "02".to_owned(),
        member_number: number(member),
        order_number: Some(WEEKS[week].2.to_owned()),
        units: Some(units),
        received_on: Some(paper.today.to_string()),
        ..NewApplication::default()
    };
    let caller = world.office();
    let taken = world.ledger.record_application(&caller, application);
    let taken = taken.expect("take the application");
    if taken.state == "held" {
        let resolution = Resolution::new(Way::Accept, "試し");
        let decided = world.ledger.resolve_hold(&caller, taken.id, &resolution);
        decided.expect("accept the application");
    }
    paper.gifts.push(Gift {
        application: taken.id,
        member,
        yen: units * UNIT_PRICE,
        week,
        is_live: true,
        is_shown: false,
    });
}

/// What somebody keeps who looks at the public page again and again, and only at what is news.
#[derive(Default)]
struct Kept {
    watch: CampaignWatch,
    last: Option<(Reading, PublicCampaign)>,
}

impl Kept {
    /// What the public page shows as applied for, in yen.
    fn look(&mut self, world: &World) -> i64 {
        let reading = world.ledger.read_campaign_news(&mut self.watch);
        let reading = reading.expect("read the news");
        let news = match &self.last {
            Some((earlier, _)) => reading.news_since(earlier),
            None => CampaignNews::ALL,
        };
        if !news.is_none() {
            let nobody = Call::by(Caller::Nobody);
            let shown = world.ledger.show_public_campaign(&nobody, "appeal", news);
            self.last = Some((reading, shown.expect("a look at the public page")));
        }
        self.last
            .as_ref()
            .map(|(_, shown)| shown.applied.amount.get())
            .unwrap_or_default()
    }
}

/// What the organisation is shown as applied for, and what it really is, in yen.
fn look(world: &World, who: &Call) -> (i64, i64) {
    let shown = world.ledger.list_own_campaigns(who).expect("look");
    let truth = world
        .ledger
        .campaign_progress(&world.office(), Some("appeal"));
    (
        shown[0].applied.amount.get(),
        truth.expect("how far it is")[0].applied.amount.get(),
    )
}

#[test]
fn r16_no_two_looks_differ_by_fewer_than_five_givers() {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let counts = Cell::new((0_u32, 0_u32));
    TestRunner::new(config)
        .run(&proptest::collection::vec(step(), 10..60), |steps| {
            let world = office();
            let who = world.of_organization("baker", "sample");
            let mut paper = Paper {
                today: day(FIRST_DAY),
                trued_on: None,
                gifts: Vec::new(),
            };
            let mut kept = Kept::default();
            let mut seen = 0;
            for step in steps {
                take(&world, &mut paper, step);
                let before: Vec<bool> = paper.gifts.iter().map(|gift| gift.is_shown).collect();
                let (expected, has_ended) = paper.look();
                let public = kept.look(&world);
                prop_assert_eq!(
                    public,
                    expected,
                    "in public after {:?} on {}",
                    step,
                    paper.today
                );
                let (shown, truth) = look(&world, &who);
                prop_assert_eq!(shown, expected, "after {:?} on {}", step, paper.today);
                if has_ended && paper.open_weeks().next().is_none() {
                    prop_assert_eq!(shown, truth, "on {}", paper.today);
                }
                let (moves, ends) = counts.get();
                counts.set((
                    moves + u32::from(shown != seen && !has_ended),
                    ends + u32::from(shown != seen && has_ended),
                ));
                if !has_ended && shown != seen {
                    let changed = paper.gifts.iter().zip(&before);
                    let givers: BTreeSet<usize> = changed
                        .filter(|(gift, before)| gift.is_shown != **before)
                        .map(|(gift, _)| gift.member)
                        .collect();
                    prop_assert!(givers.len() >= 5 && shown > seen, "after {:?}", step);
                }
                seen = shown;
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let (moves, ends) = counts.get();
    assert!(
        moves > CASES && ends > CASES / 2,
        "{moves} moves by givers, {ends} at an end: too few to say anything"
    );
}
