//! Reference data may be mended, but not so that what happened becomes something else.

use domain::HoldReason;
use ledger::PageRequest;
use ledger::ReferenceTable::{self, Pledges};
use ledger::ReferenceTable::{Campaigns, Cycles, MemberChanges, Members, Offerings, Organizations};
use ledger::billing::CloseBatch;
use ledger::intake::{ApplicationRecorded, NewApplication};
use testkit::world::told;
use testkit::{World, on_both};

use crate::months::close_month;

on_both!(
    an_offering_that_was_applied_for_keeps_what_it_was,
    an_offering_that_only_a_held_line_names_keeps_what_it_was_too,
    an_offering_nobody_applied_for_may_be_mended,
    a_cycle_keeps_its_month_once_that_is_closed,
    a_cycle_of_an_open_month_may_move_and_what_was_taken_stays,
    a_cycle_may_get_another_window_after_applications,
    a_campaign_with_gifts_keeps_its_organization_and_accounting,
    r4_a_supporter_of_old_who_applies_again_is_held_whatever_the_number,
    r8_a_gift_not_yet_charged_follows_who_moves,
    r8_a_leave_date_stops_a_gift_and_says_so,
);

fn office(world: &World) {
    world.load_newsletters();
    world.import(Members, "coop,member_number\n01,1\n01,2\n02,9\n");
}

fn apply(world: &World, member: &str, number: &str, units: i64, day: &str) -> ApplicationRecorded {
    let application = NewApplication {
        coop: "01".to_owned(),
        member_number: member.to_owned(),
        order_number: Some(number.to_owned()),
        units: Some(units),
        received_on: Some(day.to_owned()),
        ..NewApplication::default()
    };
    world
        .ledger
        .record_application(&world.office(), application)
        .unwrap_or_else(|error| panic!("apply: {}", told(&error)))
}

fn refusal(world: &World, table: ReferenceTable, content: &str) -> String {
    told(
        &world
            .try_import(table, content)
            .expect_err("history is not rewritten"),
    )
}

fn offering(row: &str) -> String {
    format!("cycle,order_number,kind,unit_price,fund,campaign,title\n{row}\n")
}

fn cycle(row: &str) -> String {
    format!("cycle,iso_week,opens_on,closes_on,collection_month\n{row}\n")
}

fn an_offering_that_was_applied_for_keeps_what_it_was(world: World) {
    office(&world);
    apply(&world, "1", "164151", 1, "2025-07-14");

    let price = refusal(
        &world,
        Offerings,
        &offering("2025年7月4回,164151,supporter,500,inclufund,,題"),
    );
    let kind = refusal(
        &world,
        Offerings,
        &offering("2025年7月4回,164151,spot,300,inclufund,,題"),
    );
    let fund = refusal(
        &world,
        Offerings,
        &offering("2025年7月4回,164151,supporter,300,machizukuri,,題"),
    );
    let title = world.import(
        Offerings,
        &offering("2025年7月4回,164151,supporter,300,inclufund,,新しい題"),
    );

    assert!(
        price.contains("2:単価: 2025年7月4回の注文番号 164151 にはすでに申込があるため"),
        "{price}"
    );
    assert!(price.contains("登録済み: 300円"), "{price}");
    assert!(kind.contains("2:種別: "), "{kind}");
    assert!(fund.contains("2:基金コード: "), "{fund}");
    assert_eq!(title.changed, 1);
}

fn an_offering_that_only_a_held_line_names_keeps_what_it_was_too(world: World) {
    office(&world);
    assert_eq!(apply(&world, "1", "164160", 30, "2025-07-14").state, "held");

    let price = refusal(
        &world,
        Offerings,
        &offering("2025年7月4回,164160,spot,1000,inclufund,,題"),
    );

    assert!(price.contains("2:単価: "), "{price}");
}

fn an_offering_nobody_applied_for_may_be_mended(world: World) {
    office(&world);
    apply(&world, "1", "164151", 1, "2025-07-14");

    let mended = world.import(
        Offerings,
        &offering("2025年7月4回,164160,spot,1000,machizukuri,,題"),
    );

    assert_eq!(mended.changed, 1);
    let gift = apply(&world, "1", "164160", 2, "2025-07-14");
    assert_eq!(gift.amount, Some(2_000));
}

fn a_cycle_keeps_its_month_once_that_is_closed(world: World) {
    office(&world);
    apply(&world, "1", "164151", 1, "2025-07-14");
    // Another co-op's close is enough: its batch knows the cycle by that month.
    close_month(&world, "02", "2025-08");

    let july = refusal(
        &world,
        Cycles,
        &cycle("2025年7月4回,2025-W29,2025-07-14,2025-07-18,2025-09"),
    );
    let november = world.import(
        Cycles,
        &cycle("2025年11月3回,2025-W46,2025-11-10,2025-11-14,2026-01"),
    );

    assert!(
        july.contains(
            "2:集金月: 2025年7月4回には申込があり、その集金月 2025-08 はすでに締められている"
        ),
        "{july}"
    );
    assert_eq!((november.changed, november.notes.len()), (1, 0));
}

fn a_cycle_of_an_open_month_may_move_and_what_was_taken_stays(world: World) {
    office(&world);
    let before = apply(&world, "1", "164151", 1, "2025-07-14");

    let moved = world.import(
        Cycles,
        &cycle("2025年7月4回,2025-W29,2025-07-14,2025-07-18,2025-09"),
    );

    assert_eq!(moved.changed, 1);
    assert!(
        moved.notes[0].contains("すでに受け付けた申込は 2025-08 のままです"),
        "{:?}",
        moved.notes
    );
    let after = apply(&world, "2", "164151", 1, "2025-07-14");
    let month = |one: ApplicationRecorded| one.collection_month.map(|month| month.to_string());
    assert_eq!(month(before).as_deref(), Some("2025-08"));
    assert_eq!(month(after).as_deref(), Some("2025-09"));
}

fn a_cycle_may_get_another_window_after_applications(world: World) {
    office(&world);
    apply(&world, "1", "164151", 1, "2025-07-14");
    close_month(&world, "01", "2025-08");

    let moved = world.import(
        Cycles,
        &cycle("2025年7月4回,2025-W29,2025-07-15,2025-07-19,2025-08"),
    );

    assert_eq!((moved.changed, moved.notes.len()), (1, 0));
    let late = apply(&world, "2", "164151", 1, "2025-07-14");
    assert_eq!(late.reason, Some(HoldReason::OutsideWindow));
}

fn a_campaign_with_gifts_keeps_its_organization_and_accounting(world: World) {
    office(&world);
    world.import(Organizations, "organization,name\nother,別の団体\n");
    let campaign = |organization: &str, target: &str, accounting: &str| {
        format!(
            "campaign,organization,title,target,opens_on,closes_on,accounting\n\
             kosumosu-2025,{organization},題,{target},2025-11-10,2025-11-14,{accounting}\n"
        )
    };
    apply(&world, "1", "133540", 2, "2025-11-10");

    let organization = refusal(&world, Campaigns, &campaign("other", "100000", "agency"));
    let accounting = refusal(
        &world,
        Campaigns,
        &campaign("kosumosu", "100000", "principal"),
    );
    let target = world.import(Campaigns, &campaign("kosumosu", "150000", "agency"));

    assert!(organization.contains("2:団体コード: "), "{organization}");
    assert!(accounting.contains("2:会計区分: "), "{accounting}");
    assert_eq!(target.changed, 1);
}

fn r4_a_supporter_of_old_who_applies_again_is_held_whatever_the_number(world: World) {
    office(&world);
    // The very number of the July week: it still is another application.
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month,order_number\n\
         01,1,inclufund,1,300,2025-08,164151\n02,9,inclufund,1,300,2025-08,164151\n",
    );
    world.import(
        MemberChanges,
        "coop,member_number,new_coop,new_member_number,moved_on\n02,9,01,99,2025-07-14\n",
    );

    for member in ["1", "99"] {
        let again = apply(&world, member, "164151", 1, "2025-07-15");
        assert_eq!(again.reason, Some(HoldReason::AlreadySupporter), "{member}");
    }
}

fn r8_a_gift_not_yet_charged_follows_who_moves(world: World) {
    office(&world);
    apply(&world, "1", "164160", 2, "2025-07-14");
    apply(&world, "2", "164160", 1, "2025-07-14");
    apply(&world, "1", "133540", 1, "2025-11-10");
    assert_eq!(apply(&world, "1", "164160", 1, "2025-07-14").state, "held");
    // Co-op 02 is ahead: it has closed August.
    close_month(&world, "02", "2025-08");

    let moved = world.import(
        MemberChanges,
        "coop,member_number,new_coop,new_member_number,moved_on\n01,1,02,9,2025-07-20\n",
    );

    let said = moved.notes.join("\n");
    assert!(
        said.contains(
            "（注文番号 164160、1,000円、集金月 2025-08）は、単協 02 の組合員 9として請求します"
        ),
        "{said}"
    );
    assert!(
        said.contains(
            "（注文番号 133540、500円、集金月 2025-12）は、単協 02 の組合員 9として請求します"
        ),
        "{said}"
    );
    assert!(said.contains("要確認の申込が1件"), "{said}");
    world.set_today("2025-09-01");
    let close = |coop: &str, month: &str| {
        let request = CloseBatch {
            coop: coop.parse().expect("a code"),
            month: month.parse().expect("a month"),
            reason: None,
        };
        let closed = world.ledger.close_batch(&world.office(), request);
        let closed =
            closed.unwrap_or_else(|error| panic!("close {coop} {month}: {}", told(&error)));
        (closed.sequence, closed.amount.get())
    };
    // August is closed there already: the gift is not lost, the delta takes it.
    assert_eq!(close("02", "2025-08"), (Some(1), 1_000));
    let holds = world.ledger.list_holds(
        &world.office(),
        &Default::default(),
        &PageRequest::default(),
    );
    assert_eq!(holds.expect("list the holds").items.len(), 1);
    let verification = world.ledger.verify(&world.office()).expect("verify");
    assert!(verification.ok, "{:?}", verification.checks);
}

fn r8_a_leave_date_stops_a_gift_and_says_so(world: World) {
    office(&world);
    apply(&world, "1", "133540", 3, "2025-11-10");
    let leave = |day: &str| {
        world
            .import(
                Members,
                &format!("coop,member_number,left_on\n01,1,{day}\n"),
            )
            .notes
    };

    // December still counts when the member leaves in December.
    assert_eq!(leave("2025-12-01"), Vec::<String>::new());
    let earlier = leave("2025-11-30");
    let back = leave("");

    assert_eq!(
        earlier,
        [
            "2行目: 単協 01 の組合員 1（脱退日 2025-11-30）: 寄付（注文番号 133540、1,500円、集金月 2025-12）は請求しません"
        ]
    );
    assert_eq!(
        back,
        [
            "2行目: 単協 01 の組合員 1（脱退日なし）: 寄付（注文番号 133540、1,500円、集金月 2025-12）を再び請求します"
        ]
    );
}
