//! R2–R6, sentence by sentence, where no longer story tells of it.

use domain::{ApplicationState, HoldReason, Way};
use ledger::ReferenceTable::Pledges;
use ledger::intake::NewApplication;
use ledger::pledges::EndPledge;
use ledger::{Call, IdempotencyKey, LedgerError};
use testkit::world::told;
use testkit::{World, on_both};

use crate::desk::*;

on_both!(
    r2_units_are_1_to_99_and_each_costs_the_unit_price,
    r2_an_amount_stands_for_its_units_or_is_held,
    r2_an_amount_past_all_counting_is_refused,
    r3_the_day_of_leaving_still_counts_and_todays_date_plays_no_part,
    r3_over_twenty_units_are_held,
    r4_only_an_open_pledge_for_the_same_fund_is_in_the_way,
    r4_a_pledge_yet_to_begin_is_in_the_way,
    r5_again_in_another_channel_after_a_mistake_is_held,
    r6_a_key_is_one_callers_for_one_operation_and_never_expires,
);

fn try_take(world: &World, application: NewApplication) -> Result<i64, LedgerError> {
    let recorded = world
        .ledger
        .record_application(&world.office(), application);
    recorded.map(|recorded| recorded.id)
}

fn depot(amount: i64) -> NewApplication {
    NewApplication {
        units: None,
        amount: Some(amount),
        channel: Some("depot".to_owned()),
        ..line("0000001", CAMPAIGN_NOVEMBER, 1, NOVEMBER)
    }
}

fn reasons(world: &World, id: i64) -> Vec<HoldReason> {
    view(world, id).reasons.iter().collect()
}

fn r2_units_are_1_to_99_and_each_costs_the_unit_price(world: World) {
    small_office(&world);

    for units in [0, 100, -1, i64::MAX, i64::MIN] {
        let refused = try_take(&world, line("0000001", CAMPAIGN_NOVEMBER, units, NOVEMBER));
        let words = told(&refused.expect_err("no number of units"));
        assert!(words.contains("1 から 99 まで"), "{units}: {words}");
    }
    for (member, units, amount) in [("0000001", 1, 500), ("0000002", 99, 49_500)] {
        let id = take(&world, line(member, CAMPAIGN_NOVEMBER, units, NOVEMBER));
        let taken = view(&world, id);
        assert_eq!(taken.units, Some(units));
        assert_eq!(taken.amount, Some(amount));
    }
    assert_all_is_well(&world);
}

fn r2_an_amount_stands_for_its_units_or_is_held(world: World) {
    small_office(&world);

    let held = take(&world, depot(1_200));
    let taken = take(
        &world,
        NewApplication {
            member_number: "0000002".to_owned(),
            ..depot(1_500)
        },
    );

    assert_eq!(reasons(&world, held), [HoldReason::AmountNotMultiple]);
    assert_eq!(view(&world, taken).units, Some(3));
    assert_eq!(view(&world, taken).state, ApplicationState::Posted);
}

fn r2_an_amount_past_all_counting_is_refused(world: World) {
    small_office(&world);

    for amount in [0, -500, 500 * 100, i64::MAX] {
        match try_take(&world, depot(amount)) {
            Err(refused) => assert!(!told(&refused).is_empty()),
            Ok(id) => assert_eq!(
                view(&world, id).state,
                ApplicationState::Held,
                "{amount} yen were posted"
            ),
        }
    }
    assert_all_is_well(&world);
}

fn r3_the_day_of_leaving_still_counts_and_todays_date_plays_no_part(world: World) {
    small_office(&world);
    // A year later, when everybody has forgotten. 0000003 left on 15 November.
    world.set_today("2026-11-12");
    world.import(
        ledger::ReferenceTable::Members,
        "coop,member_number,left_on\n01,0000003,2025-12-01\n01,0000004,2025-11-30\n01,0000002,2025-11-12\n",
    );

    let in_december = take(&world, line("0000003", CAMPAIGN_NOVEMBER, 1, NOVEMBER));
    let before_december = take(&world, line("0000004", CAMPAIGN_NOVEMBER, 1, NOVEMBER));
    let after_the_day = take(&world, line("0000002", CAMPAIGN_NOVEMBER, 1, "2025-11-13"));
    world.import(
        ledger::ReferenceTable::Members,
        "coop,member_number,left_on\n01,0000001,2025-07-16\n",
    );
    let on_the_day = take(&world, line("0000001", SPOT_JULY, 1, JULY));

    assert_eq!(reasons(&world, in_december), []);
    assert_eq!(
        reasons(&world, before_december),
        [HoldReason::WithdrawnMember]
    );
    assert_eq!(
        reasons(&world, after_the_day),
        [HoldReason::WithdrawnMember]
    );
    // Received on the day, but collected in August: after the month of leaving.
    assert_eq!(reasons(&world, on_the_day), [HoldReason::WithdrawnMember]);
}

fn r3_over_twenty_units_are_held(world: World) {
    small_office(&world);

    let twenty = take(&world, line("0000001", CAMPAIGN_NOVEMBER, 20, NOVEMBER));
    let more = take(&world, line("0000002", CAMPAIGN_NOVEMBER, 21, NOVEMBER));

    assert_eq!(view(&world, twenty).state, ApplicationState::Posted);
    assert_eq!(reasons(&world, more), [HoldReason::ImplausibleUnits]);
}

fn r4_only_an_open_pledge_for_the_same_fund_is_in_the_way(world: World) {
    a_supporter(&world, 2);
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n01,0000002,machizukuri,1,300,2025-08\n",
    );

    let of_another_fund = take(&world, line("0000002", SUPPORTER_NOVEMBER, 1, NOVEMBER));
    let end = EndPledge {
        coop: "01".to_owned(),
        member_number: "0000001".to_owned(),
        fund: "inclufund".to_owned(),
        from: month("2025-12"),
        reason: "本人から終了の連絡".to_owned(),
    };
    let office = world.office();
    world.ledger.end_pledge(&office, &end).expect("end it");
    let after_the_end = take(&world, line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER));

    assert_eq!(
        view(&world, of_another_fund).state,
        ApplicationState::Posted
    );
    assert_eq!(view(&world, after_the_end).state, ApplicationState::Posted);
    assert_all_is_well(&world);
}

fn r4_a_pledge_yet_to_begin_is_in_the_way(world: World) {
    small_office(&world);
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n01,0000001,inclufund,1,300,2026-04\n",
    );

    let again = take(&world, line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER));

    assert_eq!(reasons(&world, again), [HoldReason::AlreadySupporter]);
}

fn r5_again_in_another_channel_after_a_mistake_is_held(world: World) {
    small_office(&world);
    let wrong = line("0000001", CAMPAIGN_NOVEMBER, 30, NOVEMBER);
    let first = take_held(&world, wrong, HoldReason::ImplausibleUnits);
    resolve(&world, first, Way::Mistake);

    for channel in ["web", "phone", "depot", "paper"] {
        let again = NewApplication {
            channel: Some(channel.to_owned()),
            ..line("0000001", CAMPAIGN_NOVEMBER, 1, "2025-11-13")
        };
        let id = take(&world, again);
        assert_eq!(reasons(&world, id), [HoldReason::DuplicateApplication]);
        resolve(&world, id, Way::Mistake);
    }
}

fn r6_a_key_is_one_callers_for_one_operation_and_never_expires(world: World) {
    small_office(&world);
    let key = || IdempotencyKey::new("key-1").expect("a key");
    let asked = |call: &Call, member| {
        let gift = line(member, CAMPAIGN_NOVEMBER, 1, NOVEMBER);
        world.ledger.record_application(call, gift)
    };
    let office = world.office().under(key());
    let first = asked(&office, "0000001").expect("a gift");

    world.set_today("2045-11-12");
    let years_later = asked(&office, "0000001").expect("the answer kept");
    let other_caller = Call::of_operator("another").under(key());
    let of_another = asked(&other_caller, "0000002").expect("a key of its own");
    let other_operation = world.ledger.void_application(
        &office,
        of_another.id,
        &ledger::review::VoidApplication {
            reason: "本人の取り下げ".to_owned(),
        },
    );

    assert_eq!(first, years_later);
    assert_ne!(first.id, of_another.id);
    other_operation.expect("the key means nothing there");
    let refused = asked(&office, "0000004").expect_err("another body");
    assert!(matches!(refused, LedgerError::KeyReused));
    assert_all_is_well(&world);
}
