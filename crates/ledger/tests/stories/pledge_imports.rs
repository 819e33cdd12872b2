//! R8: the supporters from before this system come in by `import pledges`.

use ledger::ReferenceTable::{Members, Pledges};
use ledger::reference::MemberPledgeView;
use testkit::world::told;
use testkit::{World, on_both};

use crate::members::member;
use crate::months::close_month;

on_both!(
    r8_import_pledges_takes_over_the_supporters_of_old,
    r8_import_pledges_again_changes_nothing,
    r8_import_pledges_refuses_other_values_and_names_pledge_change,
    r8_import_pledges_lists_every_member_nobody_knows,
    r8_import_pledges_takes_one_row_for_a_member_and_fund,
    r8_import_pledges_of_two_funds_stand_side_by_side,
    r8_import_pledges_after_leaving_is_refused,
    r8_import_pledges_into_a_closed_month_is_refused,
    r8_a_leave_date_tells_what_it_stops_and_what_its_removal_restarts,
    the_sample_of_the_newsletters_is_whole,
);

const ONE_MEMBER: &str = "coop,member_number,name\n01,0000123,見本 一郎\n02,0000123,見本 花子\n";
const ONE_PLEDGE: &str = "単協コード,組合員番号,基金コード,口数,単価,開始月,注文番号\n\
     01,0000123,inclufund,2,300,2024-04,164151\n";

fn only_pledge(world: &World, coop: &str, number: &str) -> MemberPledgeView {
    let mut pledges = member(world, coop, number).pledges;
    assert_eq!(pledges.len(), 1, "{pledges:?}");
    pledges.remove(0)
}

fn r8_import_pledges_takes_over_the_supporters_of_old(world: World) {
    world.load_newsletters();
    world.import(Members, ONE_MEMBER);

    let imported = world.import(Pledges, ONE_PLEDGE);

    assert_eq!((imported.lines, imported.added), (1, 1));
    let pledge = only_pledge(&world, "01", "0000123");
    assert_eq!(pledge.units, 2);
    assert_eq!(pledge.unit_price.get(), 300);
    assert_eq!(pledge.from_month.to_string(), "2024-04");
    assert_eq!(pledge.ends_from, None);
    assert_eq!(
        pledge.order_number.map(|n| n.to_string()).as_deref(),
        Some("164151")
    );
    // The number belongs to the member of co-op 01, not to the one of co-op 02.
    assert_eq!(member(&world, "02", "0000123").pledges, []);
}

fn r8_import_pledges_again_changes_nothing(world: World) {
    world.load_newsletters();
    world.import(Members, ONE_MEMBER);
    world.import(Pledges, ONE_PLEDGE);
    let before = only_pledge(&world, "01", "0000123");

    let again = world.import(Pledges, ONE_PLEDGE);
    let one_more = world.import(
        Pledges,
        &format!("{ONE_PLEDGE}02,0000123,inclufund,1,300,2025-01,\n"),
    );

    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 1));
    assert_eq!((one_more.added, one_more.unchanged), (1, 1));
    assert_eq!(only_pledge(&world, "01", "0000123"), before);
}

fn r8_import_pledges_refuses_other_values_and_names_pledge_change(world: World) {
    world.load_newsletters();
    world.import(Members, ONE_MEMBER);
    world.import(Pledges, ONE_PLEDGE);

    let refused = world.try_import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n\
         02,0000123,inclufund,1,300,2025-08\n\
         01,0000123,inclufund,3,300,2025-08\n",
    );

    let told = told(&refused.expect_err("another pledge of the same member and fund"));
    assert!(told.contains("3:組合員番号: "), "{told}");
    assert!(told.contains("2024-04 から 2口"), "{told}");
    assert!(
        told.contains("取り込まずに、その登録を変更してください"),
        "{told}"
    );
    assert_eq!(member(&world, "02", "0000123").pledges, []);
}

fn r8_import_pledges_lists_every_member_nobody_knows(world: World) {
    world.load_newsletters();
    world.import(Members, ONE_MEMBER);

    let refused = world.try_import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n\
         01,123,inclufund,1,300,2025-08\n\
         01,0000123,inclufund,1,300,2025-08\n\
         03,0000123,inclufund,1,300,2025-08\n\
         01,0000123,nofund,1,300,2025-08\n",
    );
    let told_of_code = told(&refused.expect_err("an unknown fund"));
    assert!(told_of_code.contains("5:基金コード: "), "{told_of_code}");
    assert!(
        told_of_code.contains("先に基金を登録するか、基金のファイルを取り込んで"),
        "{told_of_code}"
    );

    let refused = world.try_import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n\
         01,123,inclufund,1,300,2025-08\n\
         01,0000123,inclufund,1,300,2025-08\n\
         03,0000123,inclufund,1,300,2025-08\n",
    );
    let told_of_members = told(&refused.expect_err("unknown members"));
    assert!(told_of_members.contains("2件の誤り"), "{told_of_members}");
    assert!(
        told_of_members.contains("2:組合員番号: 「123」: 単協 01 に"),
        "{told_of_members}"
    );
    assert!(
        told_of_members.contains("4:組合員番号: 「0000123」: 単協 03 に"),
        "{told_of_members}"
    );
    assert!(
        told_of_members.contains("先に組合員のファイルを取り込んで"),
        "{told_of_members}"
    );
}

fn r8_import_pledges_takes_one_row_for_a_member_and_fund(world: World) {
    world.load_newsletters();
    world.import(Members, ONE_MEMBER);

    let refused = world.try_import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n\
         01,0000123,inclufund,1,300,2025-08\n\
         01,0000123,inclufund,2,300,2025-09\n",
    );

    let told = told(&refused.expect_err("the member and fund come twice"));
    assert!(told.contains("3:"), "{told}");
    assert!(told.contains("2行目にも"), "{told}");
}

fn r8_import_pledges_of_two_funds_stand_side_by_side(world: World) {
    world.load_newsletters();
    world.import(Members, ONE_MEMBER);

    let imported = world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n\
         01,0000123,inclufund,1,300,2025-08\n\
         01,0000123,machizukuri,2,100,2025-09\n",
    );

    assert_eq!(imported.added, 2);
    let pledges = member(&world, "01", "0000123").pledges;
    // In July neither has begun: no units yet, but the price is known.
    let seen: Vec<_> = pledges
        .iter()
        .map(|one| (one.fund.as_str(), one.units, one.unit_price.get()))
        .collect();
    assert_eq!(seen, [("inclufund", 0, 300), ("machizukuri", 0, 100)]);
    world.set_today("2025-09-30");
    let pledges = member(&world, "01", "0000123").pledges;
    assert_eq!(
        pledges.iter().map(|one| one.units).collect::<Vec<_>>(),
        [1, 2]
    );
}

fn r8_import_pledges_after_leaving_is_refused(world: World) {
    world.load_newsletters();
    world.import(
        Members,
        "coop,member_number,left_on\n01,1,2025-07-31\n01,2,2025-08-01\n",
    );
    let pledges = "coop,member_number,fund,units,unit_price,from_month\n\
         01,1,inclufund,1,300,2025-08\n01,2,inclufund,1,300,2025-08\n";

    let told = told(
        &world
            .try_import(Pledges, pledges)
            .expect_err("1 left in July"),
    );

    assert!(told.contains("1件の誤り"), "{told}");
    assert!(
        told.contains("2:開始月: 「2025-08」: 組合員 1 は 2025-07-31 に脱退"),
        "{told}"
    );
}

fn r8_a_leave_date_tells_what_it_stops_and_what_its_removal_restarts(world: World) {
    world.load_newsletters();
    world.import(Members, ONE_MEMBER);
    world.import(Pledges, ONE_PLEDGE);

    let leaves = world.import(
        Members,
        "coop,member_number,left_on\n02,0000123,2025-11-20\n01,0000123,2025-11-20\n",
    );
    let same_month = world.import(
        Members,
        "coop,member_number,left_on\n01,0000123,2025-11-30\n",
    );
    let comes_back = world.import(Members, "coop,member_number,left_on\n01,0000123,\n");

    assert_eq!(leaves.changed, 2);
    assert_eq!(
        leaves.notes,
        [
            "3行目: 単協 01 の組合員 0000123（脱退日 2025-11-20）: 地域たすけあい福祉基金（インクルファンド）のサポーター登録（2口）は 2025-12 から請求しません"
        ]
    );
    assert_eq!((same_month.changed, same_month.notes.len()), (1, 0));
    assert_eq!(
        comes_back.notes,
        [
            "2行目: 単協 01 の組合員 0000123（脱退日なし）: 地域たすけあい福祉基金（インクルファンド）のサポーター登録（2口）は 2025-12 から請求を再開します"
        ]
    );
}

fn the_sample_of_the_newsletters_is_whole(world: World) {
    world.load_sample();
    world.set_today("2025-08-01");

    let first = only_pledge(&world, "01", "0010106");

    assert_eq!((first.units, first.unit_price.get()), (1, 300));
    assert_eq!(first.order_number, None);
}

fn r8_import_pledges_into_a_closed_month_is_refused(world: World) {
    world.load_newsletters();
    world.import(Members, ONE_MEMBER);
    world.import(Pledges, ONE_PLEDGE);
    close_month(&world, "01", "2025-08");
    world.import(Members, "coop,member_number\n01,0000124\n");

    let refused = world.try_import(
        Pledges,
        &format!(
            "{ONE_PLEDGE}01,0000124,inclufund,1,300,2025-08,\n02,0000123,inclufund,1,300,2025-08,\n"
        ),
    );
    let next_month = world.import(
        Pledges,
        &format!(
            "{ONE_PLEDGE}01,0000124,inclufund,1,300,2025-09,\n02,0000123,inclufund,1,300,2025-08,\n"
        ),
    );

    // What came in before the close is known, and no problem; co-op 02 has closed nothing.
    let told = told(&refused.expect_err("August is closed for co-op 01"));
    assert!(told.contains("1件の誤り"), "{told}");
    assert!(
        told.contains("3:開始月: 単協 01 では 2025-08 まで締められています。2025-09 以降"),
        "{told}"
    );
    assert_eq!((next_month.added, next_month.unchanged), (2, 1));
}
