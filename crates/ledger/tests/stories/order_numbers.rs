//! R1: an order number means something only inside its cycle.

use domain::{Channel, HoldReason};
use ledger::ReferenceTable::{Cycles, Offerings};
use ledger::reference::OrderNumberAnswer;
use testkit::world::told;
use testkit::{World, on_both};

on_both!(
    r1_a_number_resolves_by_the_day_it_was_received,
    r1_a_number_of_last_season_says_what_it_was_and_what_is_right_today,
    r1_a_number_of_no_cycle_says_what_is_open,
    r1_web_orders_may_come_a_day_later_than_paper,
    r1_the_same_number_means_another_thing_in_another_cycle,
    r1_windows_of_one_number_never_overlap,
    r1_windows_may_not_be_moved_over_one_another,
    r1_two_weeks_may_change_places_in_one_file,
    r1_what_is_no_order_number_says_how_to_write_one,
);

fn look_up(world: &World, number: &str, day: &str, channel: Channel) -> OrderNumberAnswer {
    let day = domain::parse_date(day).expect("a day");
    world
        .ledger
        .look_up_order_number(&world.office(), number, Some(day), channel)
        .expect("look a number up")
}

fn r1_a_number_resolves_by_the_day_it_was_received(world: World) {
    world.load_newsletters();

    let july = look_up(&world, "164151", "2025-07-14", Channel::Paper);
    let november = look_up(&world, "１０８４１３", "2025-11-14", Channel::Phone);

    assert!(july.found, "{}", july.message);
    let july = july.offering.expect("an offering");
    assert_eq!(july.cycle, "2025年7月4回");
    assert_eq!(july.collection_month.to_string(), "2025-08");
    assert_eq!(
        july.fund.map(|code| code.to_string()).as_deref(),
        Some("inclufund")
    );
    assert_eq!(november.order_number.as_str(), "108413");
    assert_eq!(
        november.message,
        "108413 は 2025年11月3回のインクルファンド・サポーター登録寄付（1口 300円、集金月 2025-12）です"
    );
}

fn r1_a_number_of_last_season_says_what_it_was_and_what_is_right_today(world: World) {
    world.load_newsletters();

    let answer = look_up(&world, "164151", "2025-11-12", Channel::Paper);

    assert!(!answer.found);
    assert_eq!(answer.reason, Some(HoldReason::OutsideWindow));
    assert_eq!(
        answer.message,
        "164151 は 2025年7月4回（7/14〜7/18）のサポーター登録の番号でした。11/12 のサポーター登録は 108413（2025年11月3回）です"
    );
    assert_eq!(answer.candidates.len(), 1);
    assert_eq!(
        answer.todays.first().map(|one| one.order_number.as_str()),
        Some("108413")
    );
}

fn r1_a_number_of_no_cycle_says_what_is_open(world: World) {
    world.load_newsletters();
    world.set_today("2025-07-16");

    let answer = world
        .ledger
        .look_up_order_number(&world.office(), "999999", None, Channel::Paper)
        .expect("look a number up");

    assert_eq!(answer.reason, Some(HoldReason::UnknownOrderNumber));
    assert_eq!(answer.received_on.to_string(), "2025-07-16");
    assert_eq!(
        answer.message,
        "999999 はどの企画回にもない番号です。7/16 の番号は 164151 サポーター登録、164160 スポット寄付です"
    );
}

fn r1_web_orders_may_come_a_day_later_than_paper(world: World) {
    world.load_newsletters();
    world.import(
        Cycles,
        "cycle,iso_week,opens_on,closes_on,web_closes_on,collection_month\n\
         2025年11月3回,2025-W46,2025-11-10,2025-11-14,2025-11-15,2025-12\n",
    );

    assert!(look_up(&world, "108413", "2025-11-15", Channel::Web).found);
    let paper = look_up(&world, "108413", "2025-11-15", Channel::Paper);
    assert!(!paper.found);
    assert!(paper.message.contains("11/14 まで"), "{}", paper.message);
}

fn r1_the_same_number_means_another_thing_in_another_cycle(world: World) {
    world.load_newsletters();

    let imported = world.import(
        Offerings,
        "cycle,order_number,kind,unit_price,fund,campaign,title\n\
         2025年11月3回,164151,spot,500,machizukuri,,まちづくり積立金へのスポット寄付\n",
    );

    assert_eq!(imported.added, 1);
    let july = look_up(&world, "164151", "2025-07-18", Channel::Paper).offering;
    let november = look_up(&world, "164151", "2025-11-10", Channel::Paper).offering;
    assert_eq!(july.map(|one| one.unit_price.get()), Some(300));
    assert_eq!(november.map(|one| one.unit_price.get()), Some(500));
}

fn r1_windows_of_one_number_never_overlap(world: World) {
    world.load_newsletters();
    // The web order of the week before runs into this one's Monday.
    world.import(
        Cycles,
        "cycle,iso_week,opens_on,closes_on,web_closes_on,collection_month\n\
         2025年11月2回,2025-W45,2025-11-03,2025-11-07,2025-11-10,2025-12\n",
    );

    let refused = world
        .try_import(
            Offerings,
            "cycle,order_number,kind,unit_price,fund,campaign,title\n\
             2025年11月2回,500001,supporter,300,inclufund,,サポーター登録\n\
             2025年11月2回,108413,supporter,300,inclufund,,サポーター登録\n",
        )
        .expect_err("an overlap is refused");

    let told = told(&refused);
    assert!(
        told.contains("3:注文番号: 注文番号 108413 の受付期間が"),
        "{told}"
    );
    assert!(
        told.contains("2025年11月3回（2025-11-10〜2025-11-14）"),
        "{told}"
    );
    // All or nothing: the good line above is not there either.
    let good = look_up(&world, "500001", "2025-11-05", Channel::Paper);
    assert_eq!(good.reason, Some(HoldReason::UnknownOrderNumber));
}

const TWO_WEEKS: &str = "cycle,iso_week,opens_on,closes_on,collection_month\n\
     甲,2025-W45,2025-11-03,2025-11-07,2025-12\n\
     乙,2025-W47,2025-11-17,2025-11-21,2025-12\n";
const SAME_NUMBER_IN_BOTH: &str = "cycle,order_number,kind,unit_price,fund,campaign,title\n\
     甲,500001,supporter,300,inclufund,,サポーター登録\n\
     乙,500001,supporter,300,inclufund,,サポーター登録\n";

fn r1_windows_may_not_be_moved_over_one_another(world: World) {
    world.load_newsletters();
    world.import(Cycles, TWO_WEEKS);
    world.import(Offerings, SAME_NUMBER_IN_BOTH);

    let refused = world
        .try_import(
            Cycles,
            "cycle,iso_week,opens_on,closes_on,collection_month\n\
             2025年12月1回,2025-W48,2025-11-24,2025-11-28,2026-01\n\
             甲,2025-W45,2025-11-03,2025-11-17,2025-12\n",
        )
        .expect_err("an overlap is refused");

    let told = told(&refused);
    assert!(
        told.contains("3:申込開始: 注文番号 500001 の受付期間が"),
        "{told}"
    );
}

fn r1_two_weeks_may_change_places_in_one_file(world: World) {
    world.load_newsletters();
    world.import(Cycles, TWO_WEEKS);
    world.import(Offerings, SAME_NUMBER_IN_BOTH);

    let imported = world.import(
        Cycles,
        "cycle,iso_week,opens_on,closes_on,collection_month\n\
         甲,2025-W47,2025-11-17,2025-11-21,2025-12\n\
         乙,2025-W45,2025-11-03,2025-11-07,2025-12\n",
    );

    assert_eq!(imported.changed, 2);
    let found = look_up(&world, "500001", "2025-11-04", Channel::Paper).offering;
    assert_eq!(found.map(|one| one.cycle).as_deref(), Some("乙"));
}

fn r1_what_is_no_order_number_says_how_to_write_one(world: World) {
    let refused = world
        .ledger
        .look_up_order_number(&world.office(), "16415", None, Channel::Paper)
        .expect_err("five digits are no order number");

    assert_eq!(refused.code(), "order_number_unreadable");
    assert!(refused.to_string().contains("6 桁"), "{refused}");
}
