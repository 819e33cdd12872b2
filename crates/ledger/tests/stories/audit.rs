//! What somebody who means ill, or is merely late, might try: to have a member charged twice, or a
//! gift charged never.

use domain::{HoldReason, Way};
use ledger::LedgerError;
use ledger::ReferenceTable::{MemberChanges, Members};
use ledger::billing::{CloseBatch, VoidBatch};
use ledger::pledges::{ChangePledge, EndPledge};
use testkit::{World, on_both};

use crate::desk::*;
use crate::months::close_month;

on_both!(
    r8_two_pledges_one_after_the_other_are_never_charged_in_one_month,
    r8_a_change_of_two_pledges_names_the_month_from_which_there_is_one,
    r11_the_first_close_leaves_no_gift_behind,
    r11_a_gift_of_a_month_before_the_first_close_is_moved_on,
    r8_a_batch_is_not_voided_once_its_members_have_moved_away,
    r4_who_moved_is_a_supporter_still_whatever_the_old_number_says,
    r8_a_gift_follows_its_giver_past_months_that_were_never_billed,
);

fn charged(world: &World, month: &str) -> (i64, i64) {
    let closed = close_month(world, "01", month);
    assert_all_is_well(world);
    (closed.amount.get(), closed.charges)
}

fn end_from(world: &World, from: &str) -> Result<(), LedgerError> {
    let request = EndPledge {
        coop: "01".to_owned(),
        member_number: "0000001".to_owned(),
        fund: "inclufund".to_owned(),
        from: month(from),
        reason: "本人の希望".to_owned(),
    };
    let ended = world.ledger.end_pledge(&world.office(), &request);
    ended.map(|_| assert_all_is_well(world))
}

/// Member 0000001 gives two units until November, and one unit from December on: the second
/// application came when the end of the first pledge was planned.
fn two_pledges(world: &World) {
    a_supporter(world, 2);
    end_from(world, "2025-12").expect("the end is planned");
    let again = take(world, line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER));
    assert_eq!(view(world, again).reason, None);
}

fn r8_two_pledges_one_after_the_other_are_never_charged_in_one_month(world: World) {
    two_pledges(&world);
    // A sheet of July turns up.
    let late = line("0000001", SUPPORTER_JULY, 5, JULY);
    let id = take_held(&world, late, HoldReason::AlreadySupporter);

    for way in [Way::Add, Way::Replace] {
        assert_eq!(refusal(&world, id, &because(way)).code(), "two_pledges");
    }
    // September, October, November, December: there only the second pledge is left.
    for _ in 0..4 {
        resolve(&world, id, Way::NextMonth);
    }
    resolve(&world, id, Way::Replace);

    for month in ["2025-08", "2025-09", "2025-10", "2025-11"] {
        assert_eq!(charged(&world, month), (600, 1), "{month}");
    }
    assert_eq!(charged(&world, "2025-12"), (1500, 1));
}

fn r8_a_change_of_two_pledges_names_the_month_from_which_there_is_one(world: World) {
    two_pledges(&world);
    let change = |from: &str| {
        let request = ChangePledge {
            coop: "01".to_owned(),
            member_number: "0000001".to_owned(),
            fund: "inclufund".to_owned(),
            from: month(from),
            units: 4,
            reason: "本人の希望".to_owned(),
        };
        world.ledger.change_pledge(&world.office(), &request)
    };

    // The member wants to stop in October: to end only one of the two would not do.
    let refused = end_from(&world, "2025-10").expect_err("there are two");
    assert_eq!(refused.code(), "two_pledges");
    assert!(refused.to_string().contains("2025-12"), "{refused}");
    let refused = change("2025-10").expect_err("there are two");
    assert_eq!(refused.code(), "two_pledges");
    change("2025-12").expect("there is one");

    end_from(&world, "2025-12").expect("the second");
    end_from(&world, "2025-10").expect("the first");
    for month in ["2025-08", "2025-09"] {
        assert_eq!(charged(&world, month), (600, 1), "{month}");
    }
    assert_eq!(charged(&world, "2025-10"), (0, 0));
    assert_eq!(charged(&world, "2025-11"), (0, 0));
    assert_eq!(charged(&world, "2025-12"), (0, 0));
}

fn close(world: &World, of: &str) -> Result<ledger::billing::BatchClosed, LedgerError> {
    let request = CloseBatch {
        coop: "01".parse().expect("a code"),
        month: month(of),
        reason: None,
    };
    world.ledger.close_batch(&world.office(), request)
}

fn r11_the_first_close_leaves_no_gift_behind(world: World) {
    small_office(&world);
    let gift = take(&world, line("0000002", SPOT_JULY, 1, JULY));

    // Nothing was closed yet, so any month may be the first; but August could never follow.
    let refused = close(&world, "2025-09").expect_err("August has a gift");
    assert_eq!(refused.code(), "gifts_before_first");
    assert!(refused.to_string().contains("2025-08"), "{refused}");
    assert_eq!(charged(&world, "2025-08"), (500, 1));

    // A voided first close does not free the way past the gift either.
    let void_request = VoidBatch {
        coop: "01".parse().expect("a code"),
        month: month("2025-08"),
        sequence: None,
        reason: "口数の誤り".to_owned(),
    };
    let voided = world.ledger.void_batch(&world.office(), void_request);
    assert!(voided.expect("not exported yet").reopened);
    let refused = close(&world, "2025-09").expect_err("August is open again");
    assert_eq!(refused.code(), "month_out_of_order");
    void(&world, gift);
    assert_eq!(charged(&world, "2025-08"), (0, 0));
    assert_eq!(charged(&world, "2025-09"), (0, 0));
}

fn r11_a_gift_of_a_month_before_the_first_close_is_moved_on(world: World) {
    small_office(&world);
    assert_eq!(charged(&world, "2025-11"), (0, 0));
    let gift = line("0000002", SPOT_JULY, 2, JULY);
    let id = take_held(&world, gift, HoldReason::MonthAlreadyClosed);

    // August closes no more, so a delta of it will never be.
    let refused = refusal(&world, id, &because(Way::Accept));
    assert_eq!(refused.code(), "month_before_first");
    assert!(refused.to_string().contains("翌月に回す"), "{refused}");
    resolve(&world, id, Way::NextMonth);

    assert_eq!(charged(&world, "2025-12"), (1000, 1));
}

fn r8_a_batch_is_not_voided_once_its_members_have_moved_away(world: World) {
    a_supporter(&world, 2);
    assert_eq!(charged(&world, "2025-08"), (600, 1));
    assert_eq!(charged(&world, "2025-09"), (600, 1));
    // Told late: September is charged already, so the new number begins in October.
    world.import(
        MemberChanges,
        "coop,member_number,new_coop,new_member_number,moved_on\n01,0000001,01,0000009,2025-08-20\n",
    );
    let request = VoidBatch {
        coop: "01".parse().expect("a code"),
        month: month("2025-09"),
        sequence: None,
        reason: "口数の誤り".to_owned(),
    };

    let refused = world.ledger.void_batch(&world.office(), request);

    let refused = refused.expect_err("September would be charged nowhere");
    assert_eq!(refused.code(), "members_moved_since");
    assert!(refused.to_string().contains("0000001"), "{refused}");
    assert_eq!(charged(&world, "2025-10"), (600, 1));
}

/// Member 0000001, a supporter of two units in co-op 01, has moved to co-op 02 within August.
fn one_who_moved(world: &World) {
    a_supporter(world, 2);
    world.import(
        MemberChanges,
        "coop,member_number,new_coop,new_member_number,moved_on\n01,0000001,02,0000009,2025-08-20\n",
    );
}

fn r4_who_moved_is_a_supporter_still_whatever_the_old_number_says(world: World) {
    one_who_moved(&world);
    // The old co-op's list knows nothing of it and takes the day of leaving away again.
    world.import(Members, "coop,member_number,left_on\n01,0000001,\n");

    let again = line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER);
    let id = take_held(&world, again, HoldReason::WithdrawnMember);

    let refused = refusal(&world, id, &because(Way::Accept));
    assert_eq!(refused.code(), "member_moved");
    assert!(
        refused.to_string().contains("異動先の番号に訂正して"),
        "{refused}"
    );
    resolve(&world, id, Way::Mistake);
    for month in ["2025-08", "2025-09", "2025-10", "2025-11", "2025-12"] {
        assert_eq!(charged(&world, month), (0, 0), "{month}");
        assert_eq!(close_month(&world, "02", month).amount.get(), 600);
    }
    assert_all_is_well(&world);
}

fn r8_a_gift_follows_its_giver_past_months_that_were_never_billed(world: World) {
    small_office(&world);
    take(&world, line("0000002", SPOT_JULY, 1, JULY));
    // Co-op 02 began in October.
    assert_eq!(close_month(&world, "02", "2025-10").charges, 0);
    world.import(
        MemberChanges,
        "coop,member_number,new_coop,new_member_number,moved_on\n01,0000002,02,0000009,2025-07-31\n",
    );

    assert_eq!(charged(&world, "2025-08"), (0, 0));
    let delta = close_month(&world, "02", "2025-10");
    assert_eq!((delta.sequence, delta.amount.get()), (Some(1), 500));
    assert_all_is_well(&world);
}
