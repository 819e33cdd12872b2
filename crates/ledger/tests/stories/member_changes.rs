//! R8: a member who moves to another co-op or number is carried over.

use domain::{HoldReason, Way};
use ledger::PageRequest;
use ledger::ReferenceTable::{MemberChanges, Members, Pledges};
use ledger::billing::CloseBatch;
use ledger::reference::MemberState;
use ledger::review::{Hold, HoldFilter, Resolution};
use testkit::world::told;
use testkit::{World, on_both};

use crate::members::member;
use crate::months::close_month;

on_both!(
    r8_pledges_follow_a_member_to_another_cooperative,
    r8_a_member_change_again_changes_nothing,
    r8_two_open_pledges_that_meet_are_held,
    r8_pledges_that_met_are_added_and_charged_once,
    r8_a_paused_pledge_that_meets_another_waits_for_the_month_it_resumes,
    r8_a_move_starts_in_the_first_month_open_for_both_cooperatives,
    r8_a_mover_is_charged_in_one_of_the_two_cooperatives,
    r8_a_known_member_keeps_name_and_gets_the_pledge,
    r8_a_pledge_yet_to_begin_begins_under_the_new_number,
    r8_who_moves_on_in_a_later_file_is_followed,
    r8_a_pledge_of_old_belongs_to_the_new_number,
    r8_chains_and_swaps_in_one_file_are_refused,
    r8_a_move_that_cannot_be_is_refused_with_every_bad_line,
    r8_who_left_long_ago_does_not_come_back_by_moving,
);

const HEADER: &str = "単協コード,組合員番号,新単協コード,新組合員番号,異動日";

fn office(world: &World) {
    world.load_newsletters();
    world.import(
        Members,
        "coop,member_number,name,kana,delivery\n\
         01,0000001,見本 一郎,ミホン イチロウ,han\n\
         01,0000002,見本 花子,ミホン ハナコ,depot\n\
         02,0009999,見本 いちろう,,individual\n",
    );
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month,order_number\n\
         01,0000001,inclufund,2,300,2024-04,164151\n\
         01,0000001,machizukuri,1,100,2025-12,\n\
         01,0000002,inclufund,1,300,2024-04,\n",
    );
    world.set_today("2025-08-20");
}

fn move_one(world: &World, row: &str) -> ledger::ReferenceImported {
    world.import(MemberChanges, &format!("{HEADER}\n{row}\n"))
}

fn r8_pledges_follow_a_member_to_another_cooperative(world: World) {
    office(&world);

    let moved = move_one(&world, "01,0000002,03,0033333,2025-08-20");

    assert_eq!((moved.lines, moved.added, moved.unchanged), (1, 1, 0));
    assert_eq!(
        moved.notes,
        [
            "2行目: 単協 01 の組合員 0000002の地域たすけあい福祉基金（インクルファンド）のサポーター登録（1口）は、2025-08 から単協 03 の組合員 0033333として請求します"
        ]
    );
    let old = member(&world, "01", "0000002");
    assert_eq!(old.state, MemberState::Moved);
    assert_eq!(
        old.left_on.map(|day| day.to_string()).as_deref(),
        Some("2025-08-20")
    );
    assert_eq!(old.pledges, []);
    let new = member(&world, "03", "0033333");
    assert_eq!(
        old.moved_to.map(|key| key.member_number),
        Some(new.member_number)
    );
    assert_eq!(new.name.as_deref(), Some("見本 花子"));
    assert_eq!(new.delivery, Some(domain::Delivery::Depot));
    let pledge = &new.pledges[0];
    assert_eq!(
        (pledge.units, pledge.from_month.to_string()),
        (1, "2025-08".to_owned())
    );
    // History stays where it was: the pledge is a new one, from the month of the move.
    assert_eq!(pledge.ends_from, None);
}

fn r8_a_member_change_again_changes_nothing(world: World) {
    office(&world);
    let file =
        format!("{HEADER}\n01,0000002,03,0033333,2025-08-20\n01,0000001,01,0000003,2025-08-01\n");
    assert_eq!(world.import(MemberChanges, &file).added, 2);
    let before = member(&world, "03", "0033333");

    let again = world.import(MemberChanges, &file);

    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 2));
    assert_eq!(again.notes, Vec::<String>::new());
    assert_eq!(member(&world, "03", "0033333"), before);
    assert_eq!(member(&world, "01", "0000003").pledges.len(), 2);
}

fn r8_two_open_pledges_that_meet_are_held(world: World) {
    office(&world);
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n02,0009999,inclufund,5,300,2025-01\n",
    );

    let moved = move_one(&world, "01,0000001,02,0009999,2025-08-20");

    let said = moved.notes.join("\n");
    assert!(
        said.contains("インクルファンド）のサポーター登録（2口）は、異動先の"),
        "{said}"
    );
    assert!(said.contains("要確認にしました"), "{said}");
    assert_eq!(member(&world, "01", "0000001").pledges, []);
    let pledges = member(&world, "02", "0009999").pledges;
    let seen: Vec<_> = pledges
        .iter()
        .map(|one| (one.fund.as_str(), one.units, one.from_month.to_string()))
        .collect();
    // The pledge that was there stands as it stood; the other fund's came over.
    assert_eq!(
        seen,
        [
            ("inclufund", 5, "2025-01".to_owned()),
            ("machizukuri", 0, "2025-12".to_owned())
        ]
    );
}

fn r8_a_known_member_keeps_name_and_gets_the_pledge(world: World) {
    office(&world);

    move_one(&world, "01,0000001,02,0009999,2025-08-20");

    let new = member(&world, "02", "0009999");
    assert_eq!(new.name.as_deref(), Some("見本 いちろう"));
    assert_eq!(new.kana, None);
    assert_eq!(new.pledges.len(), 2);
    assert_eq!(
        new.pledges[0]
            .order_number
            .map(|n| n.to_string())
            .as_deref(),
        Some("164151")
    );
}

fn r8_a_pledge_yet_to_begin_begins_under_the_new_number(world: World) {
    office(&world);

    move_one(&world, "01,0000001,01,0000077,2025-08-20");

    world.set_today("2025-12-01");
    let pledges = member(&world, "01", "0000077").pledges;
    let seen: Vec<_> = pledges
        .iter()
        .map(|one| (one.fund.as_str(), one.units, one.from_month.to_string()))
        .collect();
    assert_eq!(
        seen,
        [
            ("inclufund", 2, "2025-08".to_owned()),
            ("machizukuri", 1, "2025-12".to_owned())
        ]
    );
    assert_eq!(member(&world, "01", "0000001").pledges, []);
}

fn r8_who_moves_on_in_a_later_file_is_followed(world: World) {
    office(&world);
    move_one(&world, "01,0000001,02,0020000,2025-08-20");

    move_one(&world, "02,0020000,03,0030000,2025-10-05");

    assert_eq!(member(&world, "02", "0020000").state, MemberState::Moved);
    let there = member(&world, "03", "0030000");
    assert_eq!(there.pledges[0].from_month.to_string(), "2025-10");
    // What moved once cannot move from there again.
    let refused = world.try_import(
        MemberChanges,
        &format!("{HEADER}\n01,0000001,04,0040000,2025-10-06\n"),
    );
    let told = told(&refused.expect_err("moved already"));
    assert!(
        told.contains("すでに単協 02 の組合員 0020000 へ異動しています"),
        "{told}"
    );
}

fn r8_chains_and_swaps_in_one_file_are_refused(world: World) {
    office(&world);

    let chain = world.try_import(
        MemberChanges,
        &format!("{HEADER}\n01,0000001,02,0020000,2025-08-20\n02,0020000,03,0030000,2025-08-21\n"),
    );
    let swap = world.try_import(
        MemberChanges,
        &format!("{HEADER}\n01,0000001,01,0000002,2025-08-20\n01,0000002,01,0000001,2025-08-20\n"),
    );
    let twice = world.try_import(
        MemberChanges,
        &format!("{HEADER}\n01,0000001,02,0020000,2025-08-20\n01,0000002,02,0020000,2025-08-20\n"),
    );

    let told_of_chain = told(&chain.expect_err("a chain"));
    assert!(
        told_of_chain.contains("2:新組合員番号: 「0020000」: 異動先が3行目でさらに異動しています"),
        "{told_of_chain}"
    );
    let told_of_swap = told(&swap.expect_err("a swap"));
    assert!(
        told_of_swap.contains("2:新組合員番号: 「0000002」: 3行目と番号を入れ替えています"),
        "{told_of_swap}"
    );
    assert!(told_of_swap.contains("2件の誤り"), "{told_of_swap}");
    let told_of_two = told(&twice.expect_err("two into one"));
    assert!(
        told_of_two.contains("3:新組合員番号: 「0020000」: 2行目にも同じ"),
        "{told_of_two}"
    );
    assert_eq!(member(&world, "01", "0000001").state, MemberState::Member);
}

fn r8_a_move_that_cannot_be_is_refused_with_every_bad_line(world: World) {
    office(&world);
    world.import(
        Members,
        "coop,member_number,left_on\n03,0030000,2025-01-31\n",
    );

    let refused = world.try_import(
        MemberChanges,
        &format!(
            "{HEADER}\n01,0000001,02,0020000,2025-08-20\n01,0000009,02,0020001,2025-08-20\n01,0000002,03,0030000,2025-08-20\n"
        ),
    );

    let told = told(&refused.expect_err("two bad lines"));
    assert!(told.contains("2件の誤り"), "{told}");
    assert!(
        told.contains("3:組合員番号: 「0000009」: 単協 01 に"),
        "{told}"
    );
    assert!(
        told.contains("4:新組合員番号: 異動先の組合員 0030000 は 2025-01-31 に脱退"),
        "{told}"
    );
    assert_eq!(member(&world, "01", "0000001").state, MemberState::Member);
}

fn r8_who_left_long_ago_does_not_come_back_by_moving(world: World) {
    office(&world);
    world.import(
        Members,
        "coop,member_number,left_on\n01,0000001,2025-03-31\n01,0000002,2025-07-31\n",
    );

    let refused = world.try_import(
        MemberChanges,
        &format!("{HEADER}\n01,0000001,02,0020000,2025-08-20\n"),
    );
    // The old membership often ends on the last day of the month before.
    let next_day = move_one(&world, "01,0000002,02,0020001,2025-08-01");

    let told = told(&refused.expect_err("left in March"));
    assert!(
        told.contains("2:異動日: この組合員は 2025-03-31 に脱退しています"),
        "{told}"
    );
    assert_eq!(next_day.added, 1);
    let old = member(&world, "01", "0000002");
    assert_eq!(
        old.left_on.map(|day| day.to_string()).as_deref(),
        Some("2025-07-31")
    );
    assert_eq!(member(&world, "02", "0020001").pledges.len(), 1);
}

fn holds(world: &World) -> Vec<Hold> {
    let all = world.ledger.list_holds(
        &world.office(),
        &HoldFilter::default(),
        &PageRequest::default(),
    );
    all.expect("list the holds").items
}

fn assert_all_is_well(world: &World) {
    let verification = world.ledger.verify(&world.office()).expect("verify");
    assert!(verification.ok, "{:?}", verification.checks);
}

/// Closes a month and gives what it charges: yen and lines.
fn close(world: &World, coop: &str, month: &str) -> (i64, i64) {
    let request = CloseBatch {
        coop: coop.parse().expect("a code"),
        month: month.parse().expect("a month"),
        reason: None,
    };
    let closed = world
        .ledger
        .close_batch(&world.office(), request)
        .unwrap_or_else(|error| panic!("close {coop} {month}: {}", told(&error)));
    assert_all_is_well(world);
    (closed.amount.get(), closed.charges)
}

fn r8_pledges_that_met_are_added_and_charged_once(world: World) {
    office(&world);
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n02,0009999,inclufund,5,300,2025-01\n",
    );
    move_one(&world, "01,0000001,02,0009999,2025-08-20");

    let held = holds(&world);
    assert_eq!(held.len(), 1, "{held:?}");
    let held = &held[0];
    assert_eq!(
        (held.coop.as_str(), held.member_number.as_str()),
        ("02", "0009999")
    );
    assert_eq!(held.reason, HoldReason::AlreadySupporter);
    assert_eq!((held.units, held.amount), (Some(2), Some(600)));
    assert_eq!(held.channel, "member_change");
    assert_eq!(
        held.collection_month.map(|m| m.to_string()).as_deref(),
        Some("2025-08")
    );
    let note = held.note.as_deref().unwrap_or_default();
    assert!(
        note.contains("単協 01 の組合員 0000001からの異動（2025-08 から 2口）"),
        "{note}"
    );
    assert_all_is_well(&world);

    let resolution = Resolution::new(Way::Add, "本人に確認。合算を希望");
    world
        .ledger
        .resolve_hold(&world.office(), held.id, &resolution)
        .unwrap_or_else(|error| panic!("add: {}", told(&error)));

    assert_eq!(holds(&world), []);
    assert_eq!(member(&world, "02", "0009999").pledges[0].units, 7);
    assert_eq!(close(&world, "02", "2025-08"), (2_100, 1));
    // Who stayed is charged where they were; who moved is not charged there.
    assert_eq!(close(&world, "01", "2025-08"), (300, 1));
}

fn r8_a_paused_pledge_that_meets_another_waits_for_the_month_it_resumes(world: World) {
    office(&world);
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n02,0009999,machizukuri,5,100,2025-01\n",
    );

    // The pledge to machizukuri of 0000001 begins in December only.
    move_one(&world, "01,0000001,02,0009999,2025-08-20");

    let held = holds(&world);
    assert_eq!(held.len(), 1, "{held:?}");
    assert_eq!(held[0].units, Some(1));
    assert_eq!(
        held[0].collection_month.map(|m| m.to_string()).as_deref(),
        Some("2025-12")
    );
    // So it stands in the way of December, not of August.
    assert_eq!(close(&world, "02", "2025-08"), (500 + 600, 2));
}

fn r8_a_move_starts_in_the_first_month_open_for_both_cooperatives(world: World) {
    office(&world);
    close_month(&world, "01", "2025-08");
    close_month(&world, "02", "2025-10");

    let to_02 = move_one(&world, "01,0000001,02,0020000,2025-08-20");
    let within_01 = move_one(&world, "01,0000002,01,0000005,2025-08-20");

    world.set_today("2025-11-01");
    let first_month = |coop: &str, number: &str| member(&world, coop, number).pledges[0].from_month;
    assert_eq!(first_month("02", "0020000").to_string(), "2025-11");
    assert_eq!(first_month("01", "0000005").to_string(), "2025-09");
    let said = to_02.notes.join("\n");
    assert!(
        said.contains("2025-09 から 2025-10 までは請求しません"),
        "{said}"
    );
    assert!(
        !within_01.notes.join("\n").contains("請求しません"),
        "{:?}",
        within_01.notes
    );
}

fn r8_a_mover_is_charged_in_one_of_the_two_cooperatives(world: World) {
    office(&world);
    assert_eq!(close(&world, "01", "2025-08"), (900, 2));
    assert_eq!(close(&world, "02", "2025-08"), (0, 0));
    world.set_today("2025-09-10");

    move_one(&world, "01,0000001,02,0009999,2025-09-10");

    assert_eq!(close(&world, "01", "2025-09"), (300, 1));
    assert_eq!(close(&world, "02", "2025-09"), (600, 1));
    world.set_today("2025-12-01");
    for month in ["2025-10", "2025-11"] {
        assert_eq!(close(&world, "01", month), (300, 1));
        assert_eq!(close(&world, "02", month), (600, 1));
    }
    // In December the second pledge begins, under the new number only.
    assert_eq!(close(&world, "01", "2025-12"), (300, 1));
    assert_eq!(close(&world, "02", "2025-12"), (700, 2));
}

fn r8_a_pledge_of_old_belongs_to_the_new_number(world: World) {
    office(&world);
    move_one(&world, "01,0000002,03,0033333,2025-08-20");
    let pledge = |coop: &str, number: &str| {
        format!(
            "coop,member_number,fund,units,unit_price,from_month\n{coop},{number},machizukuri,1,100,2025-08\n"
        )
    };

    let told = told(
        &world
            .try_import(Pledges, &pledge("01", "0000002"))
            .expect_err("moved away"),
    );

    assert!(
        told.contains("単協 03 の組合員 0033333 へ異動しています"),
        "{told}"
    );
    assert_eq!(world.import(Pledges, &pledge("03", "0033333")).added, 1);
}
