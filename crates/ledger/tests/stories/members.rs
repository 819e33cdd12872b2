//! Members: as many as a co-op has, named by number, of whom little need be known.

use domain::{CoopCode, MemberNumber};
use ledger::PageRequest;
use ledger::ReferenceTable::Members;
use ledger::reference::{MemberState, MemberView};
use testkit::world::told;
use testkit::{World, on_both};

on_both!(
    a_missing_column_leaves_what_is_known_and_a_blank_clears_it,
    the_same_members_again_change_nothing,
    a_bad_line_far_down_keeps_every_member_out,
    a_member_may_come_once_in_a_file,
    a_member_of_an_unknown_cooperative_is_refused,
    one_number_is_two_people_in_two_cooperatives,
    who_left_is_told_from_who_is_there,
    members_come_page_by_page,
);

pub fn member(world: &World, coop: &str, number: &str) -> MemberView {
    world
        .ledger
        .find_member(&world.office(), &coop_code(coop), &member_number(number))
        .expect("find a member")
}

fn coop_code(code: &str) -> CoopCode {
    code.parse().expect("a code")
}

fn member_number(number: &str) -> MemberNumber {
    number.parse().expect("a number")
}

fn a_missing_column_leaves_what_is_known_and_a_blank_clears_it(world: World) {
    world.load_newsletters();
    world.import(
        Members,
        "単協コード,組合員番号,氏名,氏名カナ,区分,脱退日\n\
         01,0000123,見本 一郎,ミホン イチロウ,han,\n\
         01,0000124,見本 二郎,ミホン ジロウ,個別,2025-10-31\n",
    );

    let imported = world.import(
        Members,
        "member_number,coop,kana,left_on\n0000124,01,ミホン ジロー,\n0000123,01,ミホン イチロウ,\n",
    );

    assert_eq!(
        (imported.added, imported.changed, imported.unchanged),
        (0, 1, 1)
    );
    let second = member(&world, "01", "0000124");
    assert_eq!(second.name.as_deref(), Some("見本 二郎"));
    assert_eq!(second.kana.as_deref(), Some("ミホン ジロー"));
    assert_eq!(second.delivery, Some(domain::Delivery::Individual));
    assert_eq!(second.left_on, None);
}

fn the_same_members_again_change_nothing(world: World) {
    world.load_newsletters();
    let mut file = "coop,member_number,name\n".to_owned();
    for number in (1..=5_000).rev() {
        file += &format!("02,{number:07},見本 {number}\n");
    }
    assert_eq!(world.import(Members, &file).added, 5_000);

    let again = world.import(Members, &file);
    let keys_only = world.import(Members, "coop,member_number\n02,0000001\n02,0005001\n");

    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 5_000));
    assert_eq!((keys_only.added, keys_only.unchanged), (1, 1));
}

fn a_bad_line_far_down_keeps_every_member_out(world: World) {
    world.load_newsletters();
    let mut file = "coop,member_number\n".to_owned();
    for number in 1..=6_000 {
        file += &format!("02,{number:07}\n");
    }
    file += "02,-77\n";

    let told = told(
        &world
            .try_import(Members, &file)
            .expect_err("-77 is no number"),
    );

    assert!(told.contains("6002:組合員番号: "), "{told}");
    let missing =
        world
            .ledger
            .find_member(&world.office(), &coop_code("02"), &member_number("0000001"));
    assert_eq!(
        missing.expect_err("nobody was taken").code(),
        "member_not_found"
    );
}

fn a_member_may_come_once_in_a_file(world: World) {
    world.load_newsletters();

    let refused = world.try_import(
        Members,
        "coop,member_number\n01,A-1\n01,0002\n02,A-1\n01,Ａ-１\n01,0002\n",
    );

    let told = told(&refused.expect_err("two members come twice"));
    assert!(told.contains("5:組合員番号: 「A-1」: 2行目にも"), "{told}");
    assert!(told.contains("6:組合員番号: 「0002」: 3行目にも"), "{told}");
    assert!(told.contains("2件の誤り"), "{told}");
}

fn a_member_of_an_unknown_cooperative_is_refused(world: World) {
    world.load_newsletters();

    let refused = world.try_import(Members, "coop,member_number\n01,1\n99,1\n");

    let told = told(&refused.expect_err("there is no co-op 99"));
    assert!(
        told.contains("3:単協コード: 「99」: この単協は登録されていません"),
        "{told}"
    );
}

fn one_number_is_two_people_in_two_cooperatives(world: World) {
    world.load_newsletters();
    world.import(
        Members,
        "coop,member_number,name\n01,0000123,見本 一郎\n02,0000123,見本 花子\n01,123,見本 三郎\n",
    );

    assert_eq!(
        member(&world, "01", "0000123").name.as_deref(),
        Some("見本 一郎")
    );
    assert_eq!(
        member(&world, "02", "0000123").name.as_deref(),
        Some("見本 花子")
    );
    // A leading zero makes another number.
    assert_eq!(
        member(&world, "01", "123").name.as_deref(),
        Some("見本 三郎")
    );
}

fn who_left_is_told_from_who_is_there(world: World) {
    world.load_newsletters();
    world.import(
        Members,
        "coop,member_number,left_on\n01,1,2025-10-31\n01,2,2025-11-01\n01,3,\n",
    );
    world.set_today("2025-11-01");

    // The day itself still counts.
    assert_eq!(member(&world, "01", "1").state, MemberState::Left);
    assert_eq!(member(&world, "01", "2").state, MemberState::Member);
    assert_eq!(member(&world, "01", "3").state, MemberState::Member);
}

fn members_come_page_by_page(world: World) {
    world.load_newsletters();
    world.import(Members, "coop,member_number\n01,1\n02,1\n01,2\n01,3\n");

    let mut page = PageRequest {
        cursor: None,
        limit: Some(2),
    };
    let coop = coop_code("01");
    let first = world
        .ledger
        .list_members(&world.office(), Some(&coop), &page)
        .expect("a page");
    page.cursor.clone_from(&first.next_cursor);
    let second = world
        .ledger
        .list_members(&world.office(), Some(&coop), &page)
        .expect("a page");

    let numbers: Vec<_> = first
        .items
        .iter()
        .chain(&second.items)
        .map(|one| one.member_number.as_str())
        .collect();
    assert_eq!(numbers, ["1", "2", "3"]);
    assert_eq!(second.next_cursor, None);
}
