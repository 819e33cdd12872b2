//! R3–R5: what people decide about what is held.

use domain::{ApplicationState, Channel, HoldReason, Way};
use ledger::ReferenceTable::{MemberChanges, Pledges};
use ledger::intake::ImportApplications;
use ledger::pledges::{EndPledge, PausePledge};
use ledger::review::{CorrectHold, HoldFilter, Resolution, ResolveMany};
use ledger::{IdempotencyKey, PageRequest};
use testkit::{World, fixtures, on_both, on_every_database};

use crate::desk::*;
use crate::months::close_month;

on_both!(
    r4_a_registered_supporter_applies_again_and_the_units_are_added,
    r4_the_units_are_replaced_and_later_plans_fall_away,
    r4_the_gift_is_taken_as_a_spot_gift,
    r4_a_mistake_changes_nothing,
    r4_a_paused_supporter_is_a_supporter_and_stays_paused,
    r4_units_of_another_price_are_not_added_but_replaced,
    r4_the_ways_that_there_are_not_are_refused_with_those_that_there_are,
    r5_a_second_gift_is_accepted,
    r5_a_second_pledge_adds_its_units,
    r3_an_unknown_member_is_corrected_first,
    r3_a_number_of_last_season_is_taken_in_the_cycle_that_is_named,
    r3_naming_the_cycle_may_bring_up_a_supporter,
    r3_a_gift_of_a_cycle_long_closed_is_moved_to_an_open_month,
    r3_a_number_of_no_cycle_is_corrected,
    r3_a_reason_that_nobody_has_seen_is_not_overridden,
    r3_a_large_number_of_units_is_accepted_or_corrected,
    r3_an_amount_that_does_not_divide_is_corrected,
    r3_a_member_who_left_is_not_charged_after_the_month,
    r3_free_text_is_confirmed_by_a_person,
    r3_next_month_posts_what_nothing_speaks_against_any_more,
    r3_next_month_keeps_what_still_has_to_be_decided,
    r3_a_late_gift_is_accepted_into_its_closed_month,
    r3_a_correction_is_recorded_and_looked_at_afresh,
    r3_many_are_decided_at_once_each_in_its_own_right,
    r3_two_people_decide_the_same_hold_and_one_wins,
    r6_the_same_decision_under_the_same_key_counts_once,
    holds_are_listed_by_month_reason_and_import,
    r8_two_pledges_that_meet_are_decided_like_any_other,
    r5_the_first_of_two_is_no_duplicate_of_the_second,
);

on_every_database!(a_fresh_look_finds_what_the_import_found);

fn r4_a_registered_supporter_applies_again_and_the_units_are_added(world: World) {
    a_supporter(&world, 2);
    let again = line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, again, HoldReason::AlreadySupporter);

    let weighing = weigh(&world, id);
    let december = || Some("2025-12".to_owned());
    assert_eq!(weighed(&weighing, Way::Add), (december(), 600, 900));
    assert_eq!(weighed(&weighing, Way::Replace), (december(), 600, 300));
    assert_eq!(weighed(&weighing, Way::Spot), (december(), 600, 900));
    assert_eq!(weighed(&weighing, Way::Mistake), (None, 600, 600));
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2"], "nothing is done");

    let resolved = resolve(&world, id, Way::Add);

    assert_eq!(resolved.state, ApplicationState::Posted);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2025-12: 3"]);
    let application = view(&world, id);
    assert_eq!(application.pledge_id, resolved.pledge_id);
    assert_eq!(application.reason, None);
    let [decision] = application.decisions.as_slice() else {
        panic!("one decision: {:?}", application.decisions);
    };
    assert_eq!(decision.way, "add");
    assert_eq!(decision.reason, "本人に電話で確かめた");
    assert_eq!(decision.actor, "cli:office");
    assert_eq!(decision.decided_at.to_string(), "2025-11-12 03:00:00 UTC");
    assert_eq!(decision.reasons, HoldReason::AlreadySupporter.into());
    assert_eq!(decision.before.state, "held");
    assert_eq!(decision.after.state, "posted");
    let revisions = history(&world, "0000001").revisions;
    assert_eq!(revisions[1].application_id, Some(id));
    assert_eq!(revisions[1].decision_id, Some(resolved.decision_id));
    assert!(holds(&world, &HoldFilter::default()).is_empty());
}

/// Member 0000001 pauses from January to March 2026.
fn pause(world: &World) {
    let request = PausePledge {
        coop: "01".to_owned(),
        member_number: "0000001".to_owned(),
        fund: "inclufund".to_owned(),
        from: month("2025-11"),
        until: month("2026-03"),
        reason: "長期の留守".to_owned(),
    };
    world
        .ledger
        .pause_pledge(&world.office(), &request)
        .expect("pause");
}

fn r4_the_units_are_replaced_and_later_plans_fall_away(world: World) {
    a_supporter(&world, 2);
    pause(&world);
    let again = line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, again, HoldReason::AlreadySupporter);

    resolve(&world, id, Way::Replace);

    assert_eq!(
        plan(&world, "0000001"),
        ["2025-08: 2", "2025-11: 0", "2025-12: 1"]
    );
}

fn r4_the_gift_is_taken_as_a_spot_gift(world: World) {
    a_supporter(&world, 2);
    let again = line("0000001", SUPPORTER_NOVEMBER, 3, NOVEMBER);
    let id = take_held(&world, again, HoldReason::AlreadySupporter);

    let resolved = resolve(&world, id, Way::Spot);

    assert_eq!(resolved.collection_month, Some(month("2025-12")));
    assert!(resolved.donation_id.is_some());
    assert_eq!(view(&world, id).donation_id, resolved.donation_id);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2"]);
    // 2 × 300 a month and 3 × 300 once.
    let another = line("0000001", SUPPORTER_AT_500, 1, "2025-11-19");
    let another = take_held(&world, another, HoldReason::AlreadySupporter);
    let weighing = weigh(&world, another);
    assert_eq!(weighed(&weighing, Way::Mistake), (None, 1500, 1500));
}

fn r4_a_mistake_changes_nothing(world: World) {
    a_supporter(&world, 2);
    let again = line("0000001", SUPPORTER_NOVEMBER, 3, NOVEMBER);
    let id = take_held(&world, again, HoldReason::AlreadySupporter);

    let resolved = resolve(&world, id, Way::Mistake);

    assert_eq!(resolved.state, ApplicationState::Mistake);
    assert_eq!((resolved.pledge_id, resolved.donation_id), (None, None));
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2"]);
}

fn r4_a_paused_supporter_is_a_supporter_and_stays_paused(world: World) {
    a_supporter(&world, 2);
    pause(&world);
    let again = line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, again, HoldReason::AlreadySupporter);

    resolve(&world, id, Way::Add);

    assert_eq!(
        plan(&world, "0000001"),
        ["2025-08: 2", "2025-11: 0", "2026-03: 3"]
    );
}

fn r4_units_of_another_price_are_not_added_but_replaced(world: World) {
    a_supporter(&world, 2);
    let again = line("0000001", SUPPORTER_AT_500, 1, "2025-11-19");
    let id = take_held(&world, again, HoldReason::AlreadySupporter);

    let refused = refusal(&world, id, &because(Way::Add));

    assert_eq!(refused.code(), "other_unit_price");
    assert!(refused.to_string().contains("replace"), "{refused}");
    let weighing = weigh(&world, id);
    let add = weighing.ways.iter().find(|one| one.way == Way::Add);
    assert!(add.is_some_and(|one| one.refused.is_some()));
    resolve(&world, id, Way::Replace);
    let plan = history(&world, "0000001").pledge.plan;
    let last = plan.last().expect("a term");
    assert_eq!((last.units, last.unit_price, last.amount), (1, 500, 500));
}

fn r4_the_ways_that_there_are_not_are_refused_with_those_that_there_are(world: World) {
    a_supporter(&world, 2);
    let again = line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, again, HoldReason::AlreadySupporter);

    let refused = refusal(&world, id, &because(Way::Accept));

    assert_eq!(refused.code(), "way_not_available");
    for way in ["add", "replace", "mistake", "spot", "next-month"] {
        assert!(refused.to_string().contains(way), "{way}: {refused}");
    }
    assert_eq!(view(&world, id).state, ApplicationState::Held);
}

fn r5_a_second_gift_is_accepted(world: World) {
    small_office(&world);
    let gift = || line("0000001", CAMPAIGN_NOVEMBER, 2, NOVEMBER);
    take(&world, gift());
    let id = take_held(&world, gift(), HoldReason::DuplicateApplication);
    assert_eq!(
        weighed(&weigh(&world, id), Way::Accept),
        (Some("2025-12".to_owned()), 1000, 2000)
    );

    let resolved = resolve(&world, id, Way::Accept);

    assert!(resolved.donation_id.is_some());
    assert_eq!(resolved.from_month, Some(month("2025-12")));
}

fn r5_a_second_pledge_adds_its_units(world: World) {
    small_office(&world);
    let pledge = || line("0000002", SUPPORTER_NOVEMBER, 2, NOVEMBER);
    let first = take(&world, pledge());
    let id = take_held(&world, pledge(), HoldReason::DuplicateApplication);

    let resolved = resolve(&world, id, Way::Accept);

    assert_eq!(plan(&world, "0000002"), ["2025-12: 4"]);
    assert_eq!(resolved.pledge_id, view(&world, first).pledge_id);
}

fn r3_an_unknown_member_is_corrected_first(world: World) {
    small_office(&world);
    let wrong = line("0000009", CAMPAIGN_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, wrong, HoldReason::UnknownMember);

    let refused = refusal(&world, id, &because(Way::Accept));
    let still_wrong = Resolution {
        member_number: Some("0000008".to_owned()),
        ..because(Way::Accept)
    };
    let still_refused = refusal(&world, id, &still_wrong);
    let corrected = Resolution {
        member_number: Some("００００００1".to_owned()),
        ..because(Way::Accept)
    };
    let resolved = resolve_so(&world, id, &corrected);

    assert_eq!(refused.code(), "unknown_member");
    assert!(
        refused
            .to_string()
            .contains("番号を訂正するか、名簿を取り込むか"),
        "{refused}"
    );
    assert!(still_refused.to_string().contains("0000008"));
    assert!(resolved.donation_id.is_some());
    let application = view(&world, id);
    assert_eq!(application.member_number, "0000001");
    let decision = application.decisions.last().expect("a decision");
    assert_eq!(decision.before.member_number, "0000009");
    assert_eq!(decision.after.member_number, "0000001");
}

fn r3_a_number_of_last_season_is_taken_in_the_cycle_that_is_named(world: World) {
    small_office(&world);
    let late = line("0000001", SUPPORTER_JULY, 1, NOVEMBER);
    let id = take_held(&world, late, HoldReason::OutsideWindow);

    let unnamed = refusal(&world, id, &because(Way::Accept));
    let misnamed = Resolution {
        cycle: Some("2025年11月3回".to_owned()),
        ..because(Way::Accept)
    };
    let misnamed = refusal(&world, id, &misnamed);
    let named = Resolution {
        cycle: Some("２０２５年7月4回".to_owned()),
        ..because(Way::Accept)
    };
    let resolved = resolve_so(&world, id, &named);

    for refused in [unnamed, misnamed] {
        assert!(refused.to_string().contains("2025年7月4回"), "{refused}");
    }
    assert_eq!(resolved.collection_month, Some(month("2025-08")));
    assert_eq!(plan(&world, "0000001"), ["2025-08: 1"]);
}

fn r3_naming_the_cycle_may_bring_up_a_supporter(world: World) {
    a_supporter(&world, 2);
    let late = || line("0000001", SUPPORTER_JULY, 1, NOVEMBER);
    let accepted = take_held(&world, late(), HoldReason::OutsideWindow);
    let replaced = take_held(&world, late(), HoldReason::OutsideWindow);
    let named = |way| Resolution {
        cycle: Some("2025年7月4回".to_owned()),
        ..because(way)
    };

    resolve_so(&world, accepted, &named(Way::Accept));
    assert_eq!(plan(&world, "0000001"), ["2025-08: 3"], "added");
    let decision = view(&world, accepted).decisions.remove(0);
    assert_eq!(
        decision.after.overrode,
        HoldReason::AlreadySupporter.into(),
        "what naming the cycle brought up"
    );

    let again = refusal(&world, replaced, &named(Way::Replace));
    assert_eq!(again.code(), "way_not_available", "by now a duplicate");
    resolve_so(&world, replaced, &named(Way::Accept));
    assert_eq!(plan(&world, "0000001"), ["2025-08: 4"]);
}

fn r3_a_number_of_no_cycle_is_corrected(world: World) {
    small_office(&world);
    let wrong = line("0000001", "999999", 1, NOVEMBER);
    let id = take_held(&world, wrong, HoldReason::UnknownOrderNumber);

    let refused = refusal(&world, id, &because(Way::Accept));
    let corrected = Resolution {
        order_number: Some(CAMPAIGN_NOVEMBER.to_owned()),
        ..because(Way::Accept)
    };
    resolve_so(&world, id, &corrected);

    assert_eq!(refused.code(), "unknown_order_number");
    assert!(refused.to_string().contains(CAMPAIGN_NOVEMBER), "{refused}");
    let application = view(&world, id);
    assert_eq!(application.order_number.as_deref(), Some(CAMPAIGN_NOVEMBER));
    assert_eq!(application.amount, Some(500));
    let decision = application.decisions.last().expect("a decision");
    assert_eq!(decision.before.order_number.as_deref(), Some("999999"));
}

fn r3_a_reason_that_nobody_has_seen_is_not_overridden(world: World) {
    a_supporter(&world, 2);
    let wrong = line("0000001", "999999", 30, NOVEMBER);
    let id = take_held(&world, wrong, HoldReason::UnknownOrderNumber);
    let number = Some(SUPPORTER_NOVEMBER.to_owned());

    let overlooked = Resolution {
        order_number: number.clone(),
        ..because(Way::Accept)
    };
    let refused = refusal(&world, id, &overlooked);
    assert_eq!(refused.code(), "new_reason");
    assert!(
        refused.to_string().contains("already_supporter"),
        "{refused}"
    );

    let correction = CorrectHold {
        reason: "読み違い".to_owned(),
        order_number: number,
        ..CorrectHold::default()
    };
    let corrected = world
        .ledger
        .correct_hold(&world.office(), id, &correction)
        .expect("correct it");
    assert_eq!(corrected.reason, Some(HoldReason::ImplausibleUnits));
    resolve(&world, id, Way::Accept);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2025-12: 32"]);
}

fn r3_a_large_number_of_units_is_accepted_or_corrected(world: World) {
    small_office(&world);
    let large = |member| line(member, CAMPAIGN_NOVEMBER, 30, NOVEMBER);
    let meant = take_held(&world, large("0000001"), HoldReason::ImplausibleUnits);
    let misread = take_held(&world, large("0000002"), HoldReason::ImplausibleUnits);

    resolve(&world, meant, Way::Accept);
    let corrected = Resolution {
        units: Some(3),
        ..because(Way::Accept)
    };
    resolve_so(&world, misread, &corrected);

    assert_eq!(view(&world, meant).amount, Some(15_000));
    let misread = view(&world, misread);
    assert_eq!((misread.units, misread.amount), (Some(3), Some(1500)));
}

fn r3_an_amount_that_does_not_divide_is_corrected(world: World) {
    small_office(&world);
    let odd = ledger::intake::NewApplication {
        units: None,
        amount: Some(1200),
        ..line("0000001", CAMPAIGN_NOVEMBER, 1, NOVEMBER)
    };
    let id = take_held(&world, odd, HoldReason::AmountNotMultiple);

    let refused = refusal(&world, id, &because(Way::Accept));
    let corrected = Resolution {
        amount: Some(1000),
        ..because(Way::Accept)
    };
    resolve_so(&world, id, &corrected);

    assert_eq!(refused.code(), "units_unknown");
    assert!(refused.to_string().contains("500"), "{refused}");
    assert_eq!(view(&world, id).units, Some(2));
}

fn r3_a_member_who_left_is_not_charged_after_the_month(world: World) {
    small_office(&world);
    let late = line("0000003", CAMPAIGN_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, late, HoldReason::WithdrawnMember);

    let refused = refusal(&world, id, &because(Way::Accept));

    assert_eq!(refused.code(), "member_left");
    assert!(refused.to_string().contains("2025-11-15"), "{refused}");
    // It was another's, after all.
    let corrected = Resolution {
        member_number: Some("0000004".to_owned()),
        ..because(Way::Accept)
    };
    resolve_so(&world, id, &corrected);
    assert_eq!(view(&world, id).state, ApplicationState::Posted);
}

fn r3_free_text_is_confirmed_by_a_person(world: World) {
    small_office(&world);
    let ambiguous = HoldReason::AmbiguousFreeText;
    let clear = take_held(&world, form("0000001", "こすもすに1,000円"), ambiguous);
    let vague = take_held(&world, form("0000002", "どこでもよい"), ambiguous);
    let no_amount = take_held(&world, form("0000004", "こすもすへ"), ambiguous);

    let proposal = view(&world, clear).proposal.expect("a proposal");
    assert_eq!((proposal.units, proposal.amount), (None, Some(1000)));
    resolve(&world, clear, Way::Accept);
    let refused = refusal(&world, vague, &because(Way::Accept));
    let named = Resolution {
        order_number: Some(CAMPAIGN_NOVEMBER.to_owned()),
        units: Some(1),
        ..because(Way::Accept)
    };
    resolve_so(&world, vague, &named);
    let without_amount = refusal(&world, no_amount, &because(Way::Accept));
    let with_amount = Resolution {
        amount: Some(500),
        ..because(Way::Accept)
    };
    resolve_so(&world, no_amount, &with_amount);

    let taken = view(&world, clear);
    assert_eq!(taken.order_number.as_deref(), Some(CAMPAIGN_NOVEMBER));
    assert_eq!((taken.units, taken.amount), (Some(2), Some(1000)));
    assert_eq!(refused.code(), "free_text_unclear");
    assert_eq!(without_amount.code(), "units_unknown");
    assert_eq!(view(&world, no_amount).units, Some(1));
}

fn r3_next_month_posts_what_nothing_speaks_against_any_more(world: World) {
    small_office(&world);
    close_month(&world, "01", "2025-12");
    let late = line("0000001", CAMPAIGN_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, late, HoldReason::MonthAlreadyClosed);
    assert_eq!(
        weighed(&weigh(&world, id), Way::NextMonth),
        (Some("2026-01".to_owned()), 0, 500)
    );

    let resolved = resolve(&world, id, Way::NextMonth);

    assert_eq!(resolved.state, ApplicationState::Posted);
    assert_eq!(resolved.collection_month, Some(month("2026-01")));
    assert!(resolved.donation_id.is_some());
}

fn r3_next_month_keeps_what_still_has_to_be_decided(world: World) {
    a_supporter(&world, 2);
    let again = line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, again, HoldReason::AlreadySupporter);
    let unknown = line("0000001", "999999", 1, NOVEMBER);
    let unknown = take_held(&world, unknown, HoldReason::UnknownOrderNumber);

    let resolved = resolve(&world, id, Way::NextMonth);
    let moved = resolve(&world, unknown, Way::NextMonth);

    assert_eq!(resolved.state, ApplicationState::Held);
    assert_eq!(resolved.reason, Some(HoldReason::AlreadySupporter));
    assert_eq!(resolved.collection_month, Some(month("2026-01")));
    resolve(&world, id, Way::Add);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2026-01: 3"]);
    // Nothing was ever closed: its month is counted from the day of receipt.
    assert_eq!(moved.collection_month, Some(month("2025-12")));
    assert_eq!(moved.reason, Some(HoldReason::UnknownOrderNumber));
}

fn r3_a_late_gift_is_accepted_into_its_closed_month(world: World) {
    small_office(&world);
    close_month(&world, "01", "2025-12");
    let gift = line("0000001", CAMPAIGN_NOVEMBER, 1, NOVEMBER);
    let gift = take_held(&world, gift, HoldReason::MonthAlreadyClosed);
    let pledge = line("0000002", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let pledge = take_held(&world, pledge, HoldReason::MonthAlreadyClosed);

    let given = resolve(&world, gift, Way::Accept);
    resolve(&world, pledge, Way::Accept);

    assert_eq!(given.collection_month, Some(month("2025-12")));
    assert_eq!(plan(&world, "0000002"), ["2025-12: 1"]);
}

fn r3_a_correction_is_recorded_and_looked_at_afresh(world: World) {
    small_office(&world);
    let wrong = line("0000009", CAMPAIGN_NOVEMBER, 30, NOVEMBER);
    let id = take_held(&world, wrong, HoldReason::UnknownMember);
    let correct = |member: Option<&str>, units| {
        let request = CorrectHold {
            reason: "用紙を見直した".to_owned(),
            member_number: member.map(str::to_owned),
            units,
            ..CorrectHold::default()
        };
        let office = world.office();
        world.ledger.correct_hold(&office, id, &request)
    };

    let first = correct(Some("0000001"), None).expect("correct the member");
    let second = correct(None, Some(3)).expect("correct the units");

    assert_eq!(first.state, ApplicationState::Held);
    assert_eq!(first.reason, Some(HoldReason::ImplausibleUnits));
    assert_eq!(second.state, ApplicationState::Posted, "by itself");
    let decisions = view(&world, id).decisions;
    let ways: Vec<&str> = decisions.iter().map(|one| one.way.as_str()).collect();
    assert_eq!(ways, ["correct", "correct"]);
    assert_eq!(decisions[0].before.member_number, "0000009");
    assert_eq!(decisions[1].before.units, Some(30));
    let after = correct(None, None).expect_err("decided already");
    assert_eq!(after.code(), "not_held");
}

fn r3_many_are_decided_at_once_each_in_its_own_right(world: World) {
    small_office(&world);
    let file = "単協コード,組合員番号,注文番号,口数,受付日\n\
        01,0000001,133540,1,2025-11-12\n01,0000001,133540,2,2025-11-12\n\
        01,0000002,108413,1,2025-11-12\n01,0000002,108413,99,2025-11-12\n\
        01,0000004,133540,30,2025-11-12\n";
    let imported = world.take_applications(file, ImportApplications::default());
    let many = |only, way| {
        let request = ResolveMany {
            import_id: imported.import_id.expect("an import"),
            only,
            way,
            reason: "用紙どおり".to_owned(),
        };
        world.ledger.resolve_holds(&world.office(), &request)
    };

    let none = many(HoldReason::UnknownMember, Way::Mistake).expect_err("none held so");
    let no_way = many(HoldReason::DuplicateApplication, Way::Add).expect_err("no such way");
    let accepted = many(HoldReason::DuplicateApplication, Way::Accept).expect("decide them");

    assert_eq!(none.code(), "nothing_held");
    assert_eq!(no_way.code(), "way_not_available");
    assert_eq!((accepted.resolved, accepted.skipped.len()), (1, 0));
    let left = holds(&world, &HoldFilter::default());
    let reasons: Vec<HoldReason> = left.iter().map(|hold| hold.reason).collect();
    assert_eq!(
        reasons,
        [HoldReason::ImplausibleUnits, HoldReason::ImplausibleUnits]
    );
}

fn r3_two_people_decide_the_same_hold_and_one_wins(world: World) {
    a_supporter(&world, 2);
    let again = line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, again, HoldReason::AlreadySupporter);
    let other = world.opened_again();
    let office = world.office();

    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let decisions: Vec<_> = [&world.ledger, &other]
            .into_iter()
            .map(|ledger| {
                let office = &office;
                scope.spawn(move || ledger.resolve_hold(office, id, &because(Way::Add)))
            })
            .collect();
        let joined = decisions.into_iter();
        joined.map(|one| one.join().expect("no panic")).collect()
    });

    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|one| one.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 1, "{outcomes:?}");
    assert_eq!(refused[0].code(), "not_held");
    assert!(refused[0].to_string().contains("add"), "{}", refused[0]);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2025-12: 3"]);
}

fn r6_the_same_decision_under_the_same_key_counts_once(world: World) {
    a_supporter(&world, 2);
    let again = line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, again, HoldReason::AlreadySupporter);
    let key = IdempotencyKey::new("decide-1").expect("a key");
    let call = world.office().under(key);
    let decide = || world.ledger.resolve_hold(&call, id, &because(Way::Add));

    let first = decide().expect("decide");
    let again = decide().expect("the answer kept");

    assert_eq!(first, again);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2025-12: 3"]);
}

fn holds_are_listed_by_month_reason_and_import(world: World) {
    a_supporter(&world, 2);
    let december = take(&world, line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER));
    let no_month = take(&world, line("0000001", "999999", 1, NOVEMBER));
    let august = take(&world, line("0000001", SUPPORTER_JULY, 1, JULY));
    let ids = |filter: HoldFilter| -> Vec<i64> {
        holds(&world, &filter).iter().map(|hold| hold.id).collect()
    };
    let all = HoldFilter::default;

    assert_eq!(ids(all()), [december, no_month, august]);
    assert_eq!(
        ids(HoldFilter {
            month: Some(month("2025-12")),
            ..all()
        }),
        [december]
    );
    assert_eq!(
        ids(HoldFilter {
            reason: Some(HoldReason::UnknownOrderNumber),
            ..all()
        }),
        [no_month]
    );
    let import_id = Some(view(&world, august).import_id);
    assert_eq!(ids(HoldFilter { import_id, ..all() }), [august]);
    let coop = |coop: &str| HoldFilter {
        coop: Some(coop.to_owned()),
        ..all()
    };
    assert_eq!(ids(coop("01")), [december, no_month, august]);
    assert!(ids(coop("02")).is_empty());

    let page = |cursor| PageRequest {
        cursor,
        limit: Some(2),
    };
    let first = world
        .ledger
        .list_holds(&world.office(), &all(), &page(None))
        .expect("a page");
    let second = world
        .ledger
        .list_holds(&world.office(), &all(), &page(first.next_cursor))
        .expect("the next page");
    assert_eq!(first.items.len(), 2);
    assert_eq!(second.items.len(), 1);
    assert_eq!(second.next_cursor, None);
    let mut counted = 0;
    let count = |_| {
        counted += 1;
        Ok(())
    };
    world
        .ledger
        .all_holds(&world.office(), &all(), count)
        .expect("all of them");
    assert_eq!(counted, 3);
}

fn r5_the_first_of_two_is_no_duplicate_of_the_second(world: World) {
    small_office(&world);
    let large = || line("0000001", CAMPAIGN_NOVEMBER, 30, NOVEMBER);
    let first = take_held(&world, large(), HoldReason::ImplausibleUnits);
    let second = take_held(&world, large(), HoldReason::ImplausibleUnits);
    let fresh = |id| view(&world, id).fresh_reasons;

    assert!(!fresh(first).contains(HoldReason::DuplicateApplication));
    assert!(fresh(second).contains(HoldReason::DuplicateApplication));

    resolve(&world, second, Way::Accept);

    assert!(
        fresh(first).contains(HoldReason::DuplicateApplication),
        "once the second is taken, it is the first that comes twice"
    );
    let refused = refusal(&world, first, &because(Way::Accept));
    assert_eq!(refused.code(), "new_reason");
}

fn a_fresh_look_finds_what_the_import_found(world: World) {
    world.load_sample();
    for (file, channel) in [
        ("sample/applications-2025-07.csv", None),
        ("sample/applications-2025-11.csv", None),
        ("sample/applications-2025-11-web.csv", Some(Channel::Web)),
        (
            "sample/applications-2025-11-depot.csv",
            Some(Channel::Depot),
        ),
    ] {
        let defaults = ImportApplications {
            channel,
            received_on: None,
        };
        world.take_applications(fixtures::bytes(file), defaults);
    }

    let held = holds(&world, &HoldFilter::default());

    assert!(held.len() > 10, "only {} held", held.len());
    for hold in held {
        let application = view(&world, hold.id);
        assert_eq!(application.fresh_reasons, hold.reasons, "{hold:?}");
        assert_eq!(application.collection_month, hold.collection_month);
        assert_eq!(application.ways, hold.ways);
    }
}

fn r8_two_pledges_that_meet_are_decided_like_any_other(world: World) {
    a_supporter(&world, 2);
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n01,0000002,inclufund,1,300,2025-08\n",
    );
    world.import(
        MemberChanges,
        "coop,member_number,new_coop,new_member_number,moved_on\n01,0000002,01,0000001,2025-11-10\n",
    );
    let held = holds(&world, &HoldFilter::default());
    let id = held[0].id;
    assert_eq!(held[0].reason, HoldReason::AlreadySupporter);
    assert_eq!(view(&world, id).fresh_reasons, held[0].reasons);
    let november = || Some("2025-11".to_owned());

    let weighing = weigh(&world, id);
    assert_eq!(weighed(&weighing, Way::Add), (november(), 600, 900));
    assert_eq!(weighed(&weighing, Way::Replace), (november(), 600, 300));
    assert_eq!(weighed(&weighing, Way::Spot), (november(), 600, 900));
    for (way, plan_then) in [
        (Way::Add, &["2025-08: 2", "2025-11: 3"][..]),
        (Way::Replace, &["2025-08: 2", "2025-11: 1"]),
        (Way::Spot, &["2025-08: 2"]),
        (Way::Mistake, &["2025-08: 2"]),
        (Way::NextMonth, &["2025-08: 2"]),
    ] {
        resolve(&world, id, way);
        assert_eq!(plan(&world, "0000001"), plan_then, "{way}");
        undo(&world, id);
        assert_eq!(plan(&world, "0000001"), ["2025-08: 2"], "{way}");
    }

    // The one it met ends after all: then it is carried on.
    let end = EndPledge {
        coop: "01".to_owned(),
        member_number: "0000001".to_owned(),
        fund: "inclufund".to_owned(),
        from: month("2025-11"),
        reason: "一本にまとめる".to_owned(),
    };
    world
        .ledger
        .end_pledge(&world.office(), &end)
        .expect("end it");
    resolve(&world, id, Way::Accept);
    assert_eq!(plan(&world, "0000001"), ["2025-11: 1"]);
    assert!(history(&world, "0000001").pledge.predecessor_id.is_some());
}

fn r3_a_gift_of_a_cycle_long_closed_is_moved_to_an_open_month(world: World) {
    a_supporter(&world, 2);
    close_month(&world, "01", "2025-11");
    let gift = line("0000001", SPOT_JULY, 1, NOVEMBER);
    let gift = take_held(&world, gift, HoldReason::OutsideWindow);
    let pledge = line("0000001", SUPPORTER_JULY, 1, NOVEMBER);
    let pledge = take_held(&world, pledge, HoldReason::OutsideWindow);
    let next_month = Resolution {
        cycle: Some("2025年7月4回".to_owned()),
        ..because(Way::NextMonth)
    };

    let given = resolve_so(&world, gift, &next_month);
    let refused = refusal(&world, pledge, &next_month);

    assert_eq!(given.state, ApplicationState::Posted);
    assert_eq!(given.collection_month, Some(month("2025-12")));
    assert_eq!(refused.code(), "new_reason", "a supporter already");
    assert!(
        refused.to_string().contains("already_supporter"),
        "{refused}"
    );
}
