//! A decision can be undone while its month is open, an application voided until its month closes.

use domain::{ApplicationState, HoldReason, Way};
use ledger::pledges::ChangePledge;
use ledger::review::{CorrectHold, Resolution};
use testkit::{World, on_both};

use crate::desk::*;
use crate::months::close_month;

on_both!(
    an_undone_decision_leaves_the_pledge_as_it_was,
    an_undone_spot_gift_is_not_charged,
    an_undone_first_pledge_is_open_no_more,
    an_undone_mistake_is_held_again,
    an_undone_move_to_the_next_month_is_moved_back,
    an_undone_correction_brings_the_old_values_back,
    an_undone_decision_may_have_new_reasons,
    decisions_are_undone_newest_first,
    nothing_is_undone_once_its_month_is_closed,
    a_late_gift_can_be_taken_back_until_it_is_charged,
    a_pledge_that_was_changed_since_names_the_change,
    what_nobody_decided_cannot_be_undone,
    a_voided_gift_is_not_charged_and_not_a_first_one,
    a_voided_supporter_may_apply_again,
    a_held_application_is_voided_too,
    nothing_is_voided_once_its_month_is_closed,
    a_pledge_that_others_were_added_to_is_voided_last_first,
    an_undone_void_brings_back_what_was_voided,
    an_undone_void_does_not_charge_twice,
    r8_a_raise_of_a_charged_pledge_starts_with_the_next_open_month,
);

/// Member 0000001, a supporter of two units, applies for one more; decided in a way.
fn decided(world: &World, way: Way) -> i64 {
    a_supporter(world, 2);
    let again = line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let id = take_held(world, again, HoldReason::AlreadySupporter);
    resolve(world, id, way);
    id
}

fn charged(world: &World, month: &str) -> i64 {
    close_month(world, "01", month).amount.get()
}

fn an_undone_decision_leaves_the_pledge_as_it_was(world: World) {
    let id = decided(&world, Way::Add);

    let undone = undo(&world, id);

    assert_eq!(undone.way, "add");
    assert_eq!(undone.state, ApplicationState::Held);
    assert_eq!(undone.reason, Some(HoldReason::AlreadySupporter));
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2"]);
    let application = view(&world, id);
    assert_eq!(application.pledge_id, None);
    let decision = &application.decisions[0];
    assert_eq!(decision.undone_by.as_deref(), Some("cli:office"));
    assert_eq!(decision.undo_reason.as_deref(), Some("決め間違い"));
    // Decided anew, and that undone as well.
    resolve(&world, id, Way::Replace);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2025-12: 1"]);
    undo(&world, id);
    resolve(&world, id, Way::Add);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2025-12: 3"]);
    assert_eq!(view(&world, id).decisions.len(), 3);
    assert_eq!(history(&world, "0000001").revisions.len(), 6);
}

fn an_undone_spot_gift_is_not_charged(world: World) {
    let id = decided(&world, Way::Spot);

    undo(&world, id);
    assert_eq!(view(&world, id).donation_id, None);
    resolve(&world, id, Way::Mistake);

    assert_eq!(charged(&world, "2025-12"), 600);
}

fn an_undone_first_pledge_is_open_no_more(world: World) {
    small_office(&world);
    let pledge = || line("0000001", SUPPORTER_NOVEMBER, 30, NOVEMBER);
    let id = take_held(&world, pledge(), HoldReason::ImplausibleUnits);
    resolve(&world, id, Way::Accept);

    undo(&world, id);

    assert_eq!(plan(&world, "0000001"), ["2025-12: 0"]);
    let other = line("0000001", SUPPORTER_JULY, 1, "2025-07-15");
    let other = take(&world, other);
    assert_eq!(view(&world, other).state, ApplicationState::Posted);
}

fn an_undone_mistake_is_held_again(world: World) {
    let id = decided(&world, Way::Mistake);

    let undone = undo(&world, id);

    assert_eq!(undone.state, ApplicationState::Held);
    resolve(&world, id, Way::Add);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2025-12: 3"]);
}

fn an_undone_move_to_the_next_month_is_moved_back(world: World) {
    let id = decided(&world, Way::NextMonth);
    assert_eq!(view(&world, id).collection_month, Some(month("2026-01")));

    let undone = undo(&world, id);

    assert_eq!(undone.collection_month, Some(month("2025-12")));
    resolve(&world, id, Way::Add);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2025-12: 3"]);
}

fn an_undone_correction_brings_the_old_values_back(world: World) {
    small_office(&world);
    let wrong = line("0000009", CAMPAIGN_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, wrong, HoldReason::UnknownMember);
    let correction = CorrectHold {
        reason: "用紙を見直した".to_owned(),
        member_number: Some("0000001".to_owned()),
        ..CorrectHold::default()
    };
    let corrected = world
        .ledger
        .correct_hold(&world.office(), id, &correction)
        .expect("correct it");
    assert_eq!(corrected.state, ApplicationState::Posted);

    let undone = undo(&world, id);

    assert_eq!(undone.reason, Some(HoldReason::UnknownMember));
    let application = view(&world, id);
    assert_eq!(application.member_number, "0000009");
    assert_eq!(application.donation_id, None);
}

fn an_undone_decision_may_have_new_reasons(world: World) {
    small_office(&world);
    let large = line("0000001", SUPPORTER_JULY, 30, JULY);
    let large = take_held(&world, large, HoldReason::ImplausibleUnits);
    resolve(&world, large, Way::Mistake);
    take(&world, line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER));

    let undone = undo(&world, large);

    assert_eq!(
        undone.reasons,
        [HoldReason::ImplausibleUnits, HoldReason::AlreadySupporter]
            .into_iter()
            .collect()
    );
}

fn decisions_are_undone_newest_first(world: World) {
    let id = decided(&world, Way::NextMonth);
    resolve(&world, id, Way::Add);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2026-01: 3"]);

    assert_eq!(undo(&world, id).way, "add");
    assert_eq!(undo(&world, id).way, "next-month");

    let refused = try_undo(&world, id).expect_err("nothing left");
    assert_eq!(refused.code(), "nothing_to_undo");
}

fn nothing_is_undone_once_its_month_is_closed(world: World) {
    let id = decided(&world, Way::Add);
    let gift = line("0000002", CAMPAIGN_NOVEMBER, 30, NOVEMBER);
    let gift = take_held(&world, gift, HoldReason::ImplausibleUnits);
    resolve(&world, gift, Way::Accept);
    let mistake = line("0000004", CAMPAIGN_NOVEMBER, 30, NOVEMBER);
    let mistake = take_held(&world, mistake, HoldReason::ImplausibleUnits);
    resolve(&world, mistake, Way::Mistake);
    assert_eq!(charged(&world, "2025-12"), 900 + 15_000);

    for id in [id, gift, mistake] {
        let refused = try_undo(&world, id).expect_err("closed");
        assert_eq!(refused.code(), "month_closed");
        assert!(refused.to_string().contains("2025年12月"), "{refused}");
    }
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2025-12: 3"]);
}

fn a_late_gift_can_be_taken_back_until_it_is_charged(world: World) {
    a_supporter(&world, 1);
    charged(&world, "2025-12");
    let gift = line("0000002", CAMPAIGN_NOVEMBER, 1, NOVEMBER);
    let gift = take_held(&world, gift, HoldReason::MonthAlreadyClosed);

    resolve(&world, gift, Way::Accept);
    assert_eq!(undo(&world, gift).state, ApplicationState::Held);
    resolve(&world, gift, Way::Accept);
    assert_eq!(charged(&world, "2025-12"), 500, "the delta");

    let refused = try_undo(&world, gift).expect_err("charged");
    assert_eq!(refused.code(), "already_charged");
}

fn a_pledge_that_was_changed_since_names_the_change(world: World) {
    let id = decided(&world, Way::Add);
    let change = ChangePledge {
        coop: "01".to_owned(),
        member_number: "0000001".to_owned(),
        fund: "inclufund".to_owned(),
        from: month("2026-02"),
        units: 5,
        reason: "増口の電話".to_owned(),
    };
    world
        .ledger
        .change_pledge(&world.office(), &change)
        .expect("change");

    for refused in [
        try_undo(&world, id).expect_err("changed since"),
        try_void(&world, id).map(drop).expect_err("changed since"),
    ] {
        assert_eq!(refused.code(), "changed_since");
        assert!(refused.to_string().contains("増口の電話"), "{refused}");
    }
    assert_eq!(
        plan(&world, "0000001"),
        ["2025-08: 2", "2025-12: 3", "2026-02: 5"]
    );
}

fn what_nobody_decided_cannot_be_undone(world: World) {
    small_office(&world);
    let id = take(&world, line("0000001", SPOT_JULY, 1, JULY));

    let refused = try_undo(&world, id).expect_err("nothing to undo");

    assert_eq!(refused.code(), "nothing_to_undo");
    assert!(
        refused.to_string().contains("その申込を取り消して"),
        "{refused}"
    );
}

fn a_voided_gift_is_not_charged_and_not_a_first_one(world: World) {
    small_office(&world);
    let gift = || line("0000001", CAMPAIGN_NOVEMBER, 1, NOVEMBER);
    let id = take(&world, gift());

    void(&world, id);

    assert_eq!(view(&world, id).state, ApplicationState::Voided);
    assert_eq!(view(&world, id).decisions[0].way, "void");
    let again = take(&world, gift());
    assert_eq!(view(&world, again).state, ApplicationState::Posted);
    assert_eq!(charged(&world, "2025-12"), 500);
    let refused = try_void(&world, id).expect_err("once is enough");
    assert_eq!(refused.code(), "already_voided");
}

fn a_voided_supporter_may_apply_again(world: World) {
    small_office(&world);
    let id = take(&world, line("0000001", SUPPORTER_NOVEMBER, 2, NOVEMBER));

    void(&world, id);
    let other = take(&world, line("0000001", SUPPORTER_AT_500, 1, "2025-11-19"));

    assert_eq!(view(&world, other).state, ApplicationState::Posted);
    assert_eq!(charged(&world, "2025-12"), 500);
}

fn a_held_application_is_voided_too(world: World) {
    a_supporter(&world, 2);
    let again = line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, again, HoldReason::AlreadySupporter);

    void(&world, id);

    let refused = refusal(&world, id, &because(Way::Add));
    assert_eq!(refused.code(), "not_held");
    let undone = undo(&world, id);
    assert_eq!(undone.state, ApplicationState::Held);
    assert_eq!(undone.reason, Some(HoldReason::AlreadySupporter));
}

fn nothing_is_voided_once_its_month_is_closed(world: World) {
    small_office(&world);
    let gift = take(&world, line("0000001", CAMPAIGN_NOVEMBER, 1, NOVEMBER));
    let pledge = take(&world, line("0000002", SUPPORTER_NOVEMBER, 1, NOVEMBER));
    charged(&world, "2025-12");

    for id in [gift, pledge] {
        let refused = try_void(&world, id).expect_err("closed");
        assert_eq!(refused.code(), "month_closed");
        assert!(refused.to_string().contains("2025年12月"), "{refused}");
    }
}

fn a_pledge_that_others_were_added_to_is_voided_last_first(world: World) {
    small_office(&world);
    let pledge = || line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let first = take(&world, pledge());
    let second = take_held(&world, pledge(), HoldReason::DuplicateApplication);
    resolve(&world, second, Way::Accept);

    let refused = try_void(&world, first).expect_err("the second was built on it");
    assert_eq!(refused.code(), "changed_since");
    let named = format!("申込 {second}");
    assert!(refused.to_string().contains(&named), "{refused}");
    void(&world, second);
    assert_eq!(plan(&world, "0000001"), ["2025-12: 1"]);
    void(&world, first);
    assert_eq!(plan(&world, "0000001"), ["2025-12: 0"]);
}

fn an_undone_void_brings_back_what_was_voided(world: World) {
    let added = decided(&world, Way::Add);
    let gift = take(&world, line("0000002", CAMPAIGN_NOVEMBER, 1, NOVEMBER));
    for id in [added, gift] {
        void(&world, id);
        let undone = undo(&world, id);
        assert_eq!(undone.state, ApplicationState::Posted);
        assert_eq!(undone.way, "void");
    }

    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2025-12: 3"]);
    // What was brought back can be voided or undone as before.
    void(&world, gift);
    undo(&world, added);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2"]);
    resolve(&world, added, Way::Mistake);
    assert_eq!(charged(&world, "2025-12"), 600);
}

fn an_undone_void_does_not_charge_twice(world: World) {
    small_office(&world);
    let gift = || line("0000001", CAMPAIGN_NOVEMBER, 1, NOVEMBER);
    let first_gift = take(&world, gift());
    void(&world, first_gift);
    take(&world, gift());
    let first_pledge = take(&world, line("0000002", SUPPORTER_NOVEMBER, 1, NOVEMBER));
    void(&world, first_pledge);
    take(&world, line("0000002", SUPPORTER_AT_500, 1, "2025-11-19"));

    for (id, reason) in [
        (first_gift, "duplicate_application"),
        (first_pledge, "already_supporter"),
    ] {
        let refused = try_undo(&world, id).expect_err("applied for again meanwhile");
        assert_eq!(refused.code(), "new_reason");
        assert!(refused.to_string().contains(reason), "{refused}");
    }
    assert_eq!(charged(&world, "2025-12"), 1000);
}

fn r8_a_raise_of_a_charged_pledge_starts_with_the_next_open_month(world: World) {
    a_supporter(&world, 2);
    assert_eq!(charged(&world, "2025-12"), 600);
    let late = || line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let added = take_held(&world, late(), HoldReason::AlreadySupporter);
    let july = line("0000001", SUPPORTER_JULY, 1, NOVEMBER);
    let named = take_held(&world, july, HoldReason::OutsideWindow);
    assert_eq!(
        weighed(&weigh(&world, added), Way::Add),
        (Some("2026-01".to_owned()), 600, 900)
    );

    let resolved = resolve(&world, added, Way::Add);
    let accepted = Resolution {
        cycle: Some("2025年7月4回".to_owned()),
        ..because(Way::Accept)
    };
    let accepted = resolve_so(&world, named, &accepted);

    assert_eq!(resolved.collection_month, Some(month("2025-12")));
    assert_eq!(resolved.from_month, Some(month("2026-01")));
    assert_eq!(accepted.from_month, Some(month("2026-01")));
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2", "2026-01: 4"]);
    // Taken back while January is open.
    undo(&world, named);
    undo(&world, added);
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2"]);
}
