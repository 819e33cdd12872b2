//! What the screen of a held application says, and that it is what then happens.

use domain::{HoldReason, Way};
use ledger::PageRequest;
use ledger::review::{
    HoldCase, HoldCorrection, HoldFilter, Resolution, ResolveMany, VoidApplication,
};
use ledger::trace::WeighedMonth;
use testkit::{World, on_both};

use crate::desk::{
    CAMPAIGN_NOVEMBER, JULY, NOVEMBER, SPOT_JULY, SUPPORTER_JULY, SUPPORTER_NOVEMBER, a_supporter,
    because, has_event, history, line, month, resolve, resolve_so, small_office, take, take_held,
    undo,
};
use crate::months::close_month;

on_both!(
    a_supporter_who_applies_again_is_shown_what_each_way_makes_of_the_charge,
    what_is_weighed_is_what_happens,
    a_number_of_another_week_is_weighed_in_the_weeks_it_is_of,
    a_correction_is_weighed_before_it_is_made,
    a_closed_month_is_weighed_as_a_further_batch,
    what_is_held_is_a_queue,
    what_is_held_is_counted,
    many_are_weighed_before_they_are_decided,
    what_was_decided_lately_is_listed,
    voiding_is_weighed_before_it_is_done,
);

fn look(world: &World, id: i64) -> HoldCase {
    look_so(world, id, &HoldCorrection::default())
}

fn look_so(world: &World, id: i64, correction: &HoldCorrection) -> HoldCase {
    world
        .ledger
        .look_into_hold(&world.office(), id, correction, &HoldFilter::default())
        .expect("look into the hold")
}

/// Month, yen now and yen then of a way.
fn months(case: &HoldCase, way: Way) -> Vec<(String, i64, i64)> {
    let open = case.open.as_ref().expect("it is held");
    let found = open.weighed.ways.iter().find(|one| one.way == way);
    shown(&found.unwrap_or_else(|| panic!("{way}: {open:?}")).months)
}

fn shown(months: &[WeighedMonth]) -> Vec<(String, i64, i64)> {
    months
        .iter()
        .map(|one| (one.month.to_string(), one.amount_now, one.amount_then))
        .collect()
}

/// What a member of co-op 01 pays in a month, by "why this amount?".
fn pays(world: &World, member: &str, of: &str) -> i64 {
    let coop = "01".parse().expect("a co-op");
    let member = member.parse().expect("a number");
    let explained = world
        .ledger
        .explain_amount(&world.office(), &coop, &member, month(of))
        .expect("explain");
    explained.amount.get() + explained.planned_amount.get()
}

fn a_supporter_who_applies_again_is_shown_what_each_way_makes_of_the_charge(world: World) {
    a_supporter(&world, 2);
    let id = take_held(
        &world,
        line("0000001", SUPPORTER_NOVEMBER, 2, NOVEMBER),
        HoldReason::AlreadySupporter,
    );

    let case = look(&world, id);

    let row = |then: [i64; 2]| {
        vec![
            ("2025-12".to_owned(), 600, then[0]),
            ("2026-01".to_owned(), 600, then[1]),
        ]
    };
    assert_eq!(months(&case, Way::Add), row([1200, 1200]), "doubled");
    assert_eq!(months(&case, Way::Replace), row([600, 600]));
    assert_eq!(months(&case, Way::Mistake), row([600, 600]));
    assert_eq!(months(&case, Way::Spot), row([1200, 600]));
    let open = case.open.expect("it is held");
    assert_eq!(open.line.amount, Some(600));
    let member = open.member.expect("a member");
    assert_eq!(member.pledges[0].units, 2);
    assert_eq!(open.others, []);
    assert!(has_event(&world, "look_into_hold"));
}

fn what_is_weighed_is_what_happens(world: World) {
    a_supporter(&world, 2);
    take(&world, line("0000001", CAMPAIGN_NOVEMBER, 1, NOVEMBER));
    let again = line("0000001", SUPPORTER_NOVEMBER, 3, NOVEMBER);
    let id = take_held(&world, again, HoldReason::AlreadySupporter);
    for way in [
        Way::Add,
        Way::Replace,
        Way::Mistake,
        Way::Spot,
        Way::NextMonth,
    ] {
        let weighed = months(&look(&world, id), way);
        resolve(&world, id, way);
        for (of, _, then) in &weighed {
            assert_eq!(pays(&world, "0000001", of), *then, "{way} in {of}");
        }
        undo(&world, id);
        for (of, now, _) in &weighed {
            assert_eq!(pays(&world, "0000001", of), *now, "{way} undone in {of}");
        }
    }
}

fn a_number_of_another_week_is_weighed_in_the_weeks_it_is_of(world: World) {
    small_office(&world);
    let late = line("0000002", SUPPORTER_JULY, 2, NOVEMBER);
    let id = take_held(&world, late, HoldReason::OutsideWindow);

    let open = look(&world, id).open.expect("it is held");

    let named: Vec<_> = open
        .weighed
        .ways
        .iter()
        .map(|one| (one.way, one.cycle.as_deref(), one.refused_code.as_deref()))
        .collect();
    assert_eq!(
        named,
        [
            (Way::Accept, None, Some("outside_window")),
            (Way::Mistake, None, None),
            (Way::NextMonth, None, None),
            (Way::Accept, Some("2025年7月4回"), None),
        ]
    );
    let last = open.weighed.ways.last().expect("a way");
    assert_eq!(last.month, Some(month("2025-08")));
    let resolution = Resolution {
        cycle: last.cycle.clone(),
        ..because(Way::Accept)
    };
    resolve_so(&world, id, &resolution);
    assert_eq!(pays(&world, "0000002", "2025-08"), 600);
}

fn a_correction_is_weighed_before_it_is_made(world: World) {
    small_office(&world);
    let wrong = line("0000009", CAMPAIGN_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, wrong, HoldReason::UnknownMember);
    assert!(look(&world, id).open.expect("held").member.is_none());

    let correction = HoldCorrection {
        member_number: Some("0000004".to_owned()),
        units: Some(2),
        ..HoldCorrection::default()
    };
    let case = look_so(&world, id, &correction);

    assert_eq!(
        months(&case, Way::Accept)[0],
        ("2025-12".to_owned(), 0, 1000)
    );
    let open = case.open.expect("it is held");
    assert!(open.weighed.fresh_reasons.is_empty());
    assert_eq!(open.line.member_number, "0000004");
    assert_eq!(case.application.member_number, "0000009", "nothing is done");
    let resolution = Resolution {
        member_number: correction.member_number,
        units: correction.units,
        ..because(Way::Accept)
    };
    resolve_so(&world, id, &resolution);
    assert_eq!(pays(&world, "0000004", "2025-12"), 1000);
    assert!(look(&world, id).open.is_none(), "it is decided");
}

fn a_closed_month_is_weighed_as_a_further_batch(world: World) {
    a_supporter(&world, 2);
    world.set_today("2025-12-01");
    for of in ["2025-08", "2025-09", "2025-10", "2025-11", "2025-12"] {
        close_month(&world, "01", of);
    }
    let late = line("0000001", CAMPAIGN_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, late, HoldReason::MonthAlreadyClosed);

    let case = look(&world, id);

    assert_eq!(
        months(&case, Way::Accept),
        [
            ("2025-12".to_owned(), 600, 1100),
            ("2026-01".to_owned(), 600, 600),
            ("2026-02".to_owned(), 600, 600)
        ]
    );
    assert_eq!(
        months(&case, Way::NextMonth)[1],
        ("2026-01".to_owned(), 600, 1100)
    );
    let open = case.open.expect("it is held");
    assert!(open.weighed.ways[0].months[0].is_closed);
    assert!(!open.weighed.ways[0].months[1].is_closed);
}

fn what_is_held_is_a_queue(world: World) {
    small_office(&world);
    let unknown = |number: &str| {
        let line = line(number, CAMPAIGN_NOVEMBER, 1, NOVEMBER);
        take_held(&world, line, HoldReason::UnknownMember)
    };
    let (first, middle, last) = (unknown("0000011"), unknown("0000012"), unknown("0000013"));
    let other = line("0000001", "999999", 1, NOVEMBER);
    let other = take_held(&world, other, HoldReason::UnknownOrderNumber);

    let place = look(&world, middle).place;
    assert_eq!((place.previous, place.next), (Some(first), Some(last)));
    assert_eq!((place.before, place.total), (1, 4));
    assert_eq!(look(&world, other).place.next, None);

    let only = HoldFilter {
        reason: Some(HoldReason::UnknownMember),
        coop: Some("01".to_owned()),
        month: Some(month("2025-12")),
        ..HoldFilter::default()
    };
    let call = world.office();
    let correction = HoldCorrection::default();
    let case = world.ledger.look_into_hold(&call, last, &correction, &only);
    let place = case.expect("a case").place;
    assert_eq!((place.previous, place.next), (Some(middle), None));
    assert_eq!((place.before, place.total), (2, 3));
    let start = world.ledger.next_hold(&call, &only, 0).expect("a queue");
    assert_eq!(start, Some(first));
    resolve(&world, middle, Way::Mistake);
    let place = look(&world, middle).place;
    assert_eq!((place.previous, place.next), (Some(first), Some(last)));
    assert_eq!(place.total, 3);
}

fn what_is_held_is_counted(world: World) {
    small_office(&world);
    let duplicates = "coop,member_number,order_number,units,received_on\n\
        01,0000001,133540,1,2025-11-12\n01,0000001,133540,1,2025-11-12\n\
        01,0000001,133540,1,2025-11-12\n01,0000009,133540,1,2025-11-12\n\
        01,0000001,999999,1,2025-11-12\n";
    let taken = world.take_applications(duplicates, Default::default());

    let counted = world.ledger.count_holds(&world.office()).expect("counts");

    let counts: Vec<_> = counted
        .counts
        .iter()
        .map(|one| {
            let month = one.month.map(|month| month.to_string());
            (one.coop.as_str(), month, one.reason, one.holds)
        })
        .collect();
    let december = || Some("2025-12".to_owned());
    assert_eq!(
        counts,
        [
            ("01", None, HoldReason::UnknownOrderNumber, 1),
            ("01", december(), HoldReason::UnknownMember, 1),
            ("01", december(), HoldReason::DuplicateApplication, 2),
        ]
    );
    let [together] = counted.together.as_slice() else {
        panic!("one group: {:?}", counted.together);
    };
    assert_eq!(Some(together.import_id), taken.import_id);
    assert_eq!(together.reason, HoldReason::DuplicateApplication);
    assert_eq!(together.holds, 2);
}

fn many_are_weighed_before_they_are_decided(world: World) {
    small_office(&world);
    let duplicates = "coop,member_number,order_number,units,received_on\n\
        01,0000001,133540,1,2025-11-12\n01,0000001,133540,1,2025-11-12\n\
        01,0000001,133540,1,2025-11-12\n";
    let taken = world.take_applications(duplicates, Default::default());
    let request = ResolveMany {
        import_id: taken.import_id.expect("an import"),
        only: HoldReason::DuplicateApplication,
        way: Way::Mistake,
        reason: "二重に取り込んだ".to_owned(),
    };

    let weighed = world.ledger.weigh_holds(&world.office(), &request);
    let weighed = weighed.expect("weigh them");

    assert_eq!((weighed.resolved, weighed.skipped.len()), (2, 0));
    let held = world.ledger.count_holds(&world.office()).expect("counts");
    assert_eq!(held.counts[0].holds, 2, "nothing is done");
    let done = world.ledger.resolve_holds(&world.office(), &request);
    assert_eq!(done.expect("decide them"), weighed);
}

fn what_was_decided_lately_is_listed(world: World) {
    small_office(&world);
    let wrong = line("0000009", CAMPAIGN_NOVEMBER, 1, NOVEMBER);
    let first = take_held(&world, wrong, HoldReason::UnknownMember);
    let gift = || line("0000001", SPOT_JULY, 1, JULY);
    take(&world, gift());
    let second = take_held(&world, gift(), HoldReason::DuplicateApplication);
    resolve(&world, first, Way::NextMonth);
    resolve(&world, first, Way::Mistake);
    resolve(&world, second, Way::Mistake);
    undo(&world, second);

    let page = PageRequest {
        cursor: None,
        limit: Some(2),
    };
    let list = |page: &PageRequest| {
        let listed = world.ledger.list_decisions(&world.office(), page);
        listed.expect("the decisions")
    };
    let newest = list(&page);
    let rest = list(&PageRequest {
        cursor: newest.next_cursor.clone(),
        limit: None,
    });

    let told: Vec<_> = newest
        .items
        .iter()
        .chain(&rest.items)
        .map(|one| {
            (
                one.id,
                one.way.as_str(),
                one.undone_at.is_some(),
                one.is_newest,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (second, "mistake", true, false),
            (first, "mistake", false, true),
            (first, "next-month", false, false),
        ]
    );
}

fn voiding_is_weighed_before_it_is_done(world: World) {
    a_supporter(&world, 2);
    let id = take(&world, line("0000001", CAMPAIGN_NOVEMBER, 2, NOVEMBER));
    let request = VoidApplication {
        reason: "本人の取り下げ".to_owned(),
    };

    let weighed = world.ledger.weigh_void(&world.office(), id, &request);

    assert_eq!(
        shown(&weighed.expect("weigh it")),
        [
            ("2025-12".to_owned(), 1600, 600),
            ("2026-01".to_owned(), 600, 600)
        ]
    );
    assert_eq!(pays(&world, "0000001", "2025-12"), 1600, "nothing is done");
    world
        .ledger
        .void_application(&world.office(), id, &request)
        .expect("void it");
    assert_eq!(pays(&world, "0000001", "2025-12"), 600);
    assert_eq!(history(&world, "0000001").pledge.plan.len(), 1);
}
