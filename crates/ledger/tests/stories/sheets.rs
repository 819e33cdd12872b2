//! R7: bundles of order sheets are keyed under the control totals of their covers.

use ledger::domain::Channel;
use ledger::intake::sheets::{
    DiscardSheet, OpenSheet, PostSheet, PutSheetLine, SheetFilter, SheetState, SheetTotals,
    SheetView,
};
use ledger::{Call, LedgerError, PageRequest};
use testkit::{World, on_both};

on_both!(
    r7_a_sheet_whose_totals_agree_is_posted_once,
    r7_a_sheet_that_disagrees_waits_until_it_is_mended_or_finance_overrides,
    r7_a_cover_without_totals_posts_nothing,
    r7_two_people_key_a_sheet_blind_and_see_where_they_differ,
    r7_member_numbers_with_letters_have_no_sum,
    r7_a_draft_line_may_be_doubtful_but_not_unreadable,
    r7_a_discarded_sheet_comes_to_nothing,
);

fn by(name: &str) -> Call {
    Call::of_operator(name)
}

/// A sheet of co-op 01 in the July week, opened by Aoki.
fn open(world: &World, control: SheetTotals) -> SheetView {
    world.load_newsletters();
    world.import(
        ledger::ReferenceTable::Members,
        "coop,member_number,name\n01,0000101,見本 一\n01,0000102,見本 二\n01,A-103,見本 三\n",
    );
    world
        .ledger
        .open_sheet(
            &by("aoki"),
            OpenSheet {
                coop: "01".parse().expect("a code"),
                channel: None,
                received_on: "2025-07-16".parse().ok(),
                control,
            },
        )
        .expect("a sheet")
}

fn totals(lines: i64, units: i64, amount: i64, member_sum: &str) -> SheetTotals {
    SheetTotals {
        lines: Some(lines),
        units: Some(units),
        amount: Some(amount),
        member_sum: Some(member_sum.to_owned()),
    }
}

fn line(member_number: &str, order_number: &str, units: i64) -> PutSheetLine {
    PutSheetLine {
        member_number: member_number.to_owned(),
        order_number: Some(order_number.to_owned()),
        units: Some(units),
        ..PutSheetLine::default()
    }
}

fn key(world: &World, sheet: &SheetView, line: PutSheetLine) -> i64 {
    let keyed = world.ledger.put_sheet_line(&by("aoki"), sheet.id, line);
    keyed.expect("a line").line.line_no
}

fn key_again(world: &World, sheet: &SheetView, line: PutSheetLine) {
    world
        .ledger
        .key_second_time(&by("baba"), sheet.id, line)
        .expect("a line of the second keying");
}

fn post(world: &World, sheet: &SheetView, reason: Option<&str>) -> Result<(u64, u64), LedgerError> {
    let request = PostSheet {
        override_reason: reason.map(str::to_owned),
    };
    let posted = world.ledger.post_sheet(&by("chiba"), sheet.id, request)?;
    Ok((posted.accepted, posted.held))
}

fn r7_a_sheet_whose_totals_agree_is_posted_once(world: World) {
    let sheet = open(&world, totals(3, 6, 2_000, "304"));
    key(&world, &sheet, line("0000101", "164151", 2));
    key(&world, &sheet, line("０００0102", "164160", 1));
    key(&world, &sheet, line("0000101", "164151", 3));

    let shown = world
        .ledger
        .get_sheet(&by("aoki"), sheet.id)
        .expect("the sheet");
    assert_eq!(shown.keyed, Some(totals(3, 6, 2_000, "304")));
    assert_eq!(shown.differing, []);
    assert_eq!(post(&world, &sheet, None).expect("it agrees"), (2, 1));

    let again = post(&world, &sheet, None).expect_err("posted already");
    assert_eq!(again.code(), "sheet_already_posted");
    let late = world
        .ledger
        .put_sheet_line(&by("aoki"), sheet.id, line("0000102", "164151", 1))
        .expect_err("posted already");
    assert_eq!(late.code(), "sheet_already_posted");
    let shown = world
        .ledger
        .get_sheet(&by("aoki"), sheet.id)
        .expect("the sheet");
    assert_eq!(shown.state, SheetState::Posted);
    assert_eq!(shown.posted_by.as_deref(), Some("cli:chiba"));
    assert!(shown.import_id.is_some() && shown.override_reason.is_none());
}

fn r7_a_sheet_that_disagrees_waits_until_it_is_mended_or_finance_overrides(world: World) {
    let sheet = open(&world, totals(2, 4, 1_200, "203"));
    key(&world, &sheet, line("0000101", "164151", 2));
    let second = key(&world, &sheet, line("0000101", "164151", 3));

    let refused = post(&world, &sheet, None).expect_err("units, yen and members differ");
    assert_eq!(refused.code(), "sheet_disagrees");
    let told = refused.to_string();
    assert!(told.contains("口数の合計は表紙が 4、入力が 5"), "{told}");
    assert!(
        told.contains("組合員番号の合計は表紙が 203、入力が 202"),
        "{told}"
    );

    let mended = PutSheetLine {
        line_no: Some(second),
        ..line("0000102", "164151", 3)
    };
    key(&world, &sheet, mended);
    let still = post(&world, &sheet, None).expect_err("a unit too many");
    assert!(!still.to_string().contains("組合員番号"), "{still}");

    assert_eq!(
        post(&world, &sheet, Some("  "))
            .expect_err("no reason")
            .code(),
        "reason_missing"
    );
    assert_eq!(
        post(&world, &sheet, Some("表紙の口数が誤り。支部に確認済み")).expect("overridden"),
        (2, 0)
    );
    let shown = world
        .ledger
        .get_sheet(&by("aoki"), sheet.id)
        .expect("the sheet");
    assert_eq!(
        shown.override_reason.as_deref(),
        Some("表紙の口数が誤り。支部に確認済み")
    );
}

fn r7_a_cover_without_totals_posts_nothing(world: World) {
    let sheet = open(&world, SheetTotals::default());
    assert_eq!(
        post(&world, &sheet, Some("急ぎ"))
            .expect_err("no lines")
            .code(),
        "sheet_empty"
    );
    key(&world, &sheet, line("0000101", "164151", 2));
    let refused = post(&world, &sheet, None).expect_err("nothing on the cover");
    assert!(
        refused.to_string().contains("行数が表紙にありません"),
        "{refused}"
    );

    world
        .ledger
        .set_control_totals(&by("aoki"), sheet.id, totals(1, 2, 600, "101"))
        .expect("what the cover says");

    assert_eq!(post(&world, &sheet, None).expect("it agrees"), (1, 0));
}

fn r7_two_people_key_a_sheet_blind_and_see_where_they_differ(world: World) {
    let sheet = open(&world, totals(2, 3, 900, "203"));
    key(&world, &sheet, line("0000101", "164151", 1));
    key(&world, &sheet, line("0000102", "164151", 2));

    let own = world
        .ledger
        .key_second_time(&by("aoki"), sheet.id, line("0000101", "164151", 1))
        .expect_err("one's own keying is not blind");
    assert_eq!(own.code(), "first_keyer");
    key_again(&world, &sheet, line("0000101", "164151", 1));
    let early = world
        .ledger
        .compare_keyings(&by("baba"), sheet.id)
        .expect_err("one line of two");
    assert_eq!(early.code(), "second_keying_unfinished");
    let seen = world
        .ledger
        .get_sheet(&by("baba"), sheet.id)
        .expect("the sheet");
    assert_eq!((seen.lines.len(), seen.second_lines.len()), (0, 1));
    assert_eq!(seen.keyed, None);
    let seen = world
        .ledger
        .get_sheet(&by("aoki"), sheet.id)
        .expect("the sheet");
    assert_eq!((seen.lines.len(), seen.second_lines.len()), (2, 0));
    key_again(&world, &sheet, line("0000102", "164151", 3));

    let refused = post(&world, &sheet, None).expect_err("the second line differs");
    assert!(refused.to_string().contains("2行目"), "{refused}");
    let compared = world
        .ledger
        .compare_keyings(&by("baba"), sheet.id)
        .expect("both are finished");
    let [differing] = compared.differing.as_slice() else {
        panic!("one line differs: {compared:?}");
    };
    let units = |line: &Option<_>| {
        let line: &Option<ledger::intake::sheets::SheetLineView> = line;
        line.as_ref().and_then(|line| line.units)
    };
    assert_eq!(differing.line_no, 2);
    assert_eq!(
        (units(&differing.first), units(&differing.second)),
        (Some(2), Some(3))
    );

    // The paper says 2: the second keying is mended, by whoever looks.
    let mended = PutSheetLine {
        line_no: Some(2),
        ..line("0000102", "164151", 2)
    };
    world
        .ledger
        .key_second_time(&by("aoki"), sheet.id, mended)
        .expect("both see both now");
    assert!(
        world
            .ledger
            .compare_keyings(&by("aoki"), sheet.id)
            .expect("compared again")
            .agree
    );
    assert_eq!(post(&world, &sheet, None).expect("all agree"), (2, 0));
}

fn r7_member_numbers_with_letters_have_no_sum(world: World) {
    let sheet = open(&world, totals(2, 2, 600, "9999"));
    key(&world, &sheet, line("0000101", "164151", 1));
    key(&world, &sheet, line("A-103", "164151", 1));

    assert_eq!(
        post(&world, &sheet, None).expect("no sum to compare"),
        (2, 0)
    );
}

fn r7_a_draft_line_may_be_doubtful_but_not_unreadable(world: World) {
    let sheet = open(&world, totals(1, 5, 0, "999"));
    let unreadable = world
        .ledger
        .put_sheet_line(&by("aoki"), sheet.id, line("0000101", "164151", 0))
        .expect_err("0 units");
    assert_eq!(unreadable.code(), "application_unreadable");
    // Nobody has this number, and no week has that one.
    key(&world, &sheet, line("0000999", "999999", 5));

    assert_eq!(post(&world, &sheet, None).expect("a doubtful line"), (0, 1));
}

fn r7_a_discarded_sheet_comes_to_nothing(world: World) {
    let sheet = open(&world, totals(1, 2, 600, "101"));
    let line_no = key(&world, &sheet, line("0000101", "164151", 2));
    key(&world, &sheet, line("0000102", "164151", 2));
    let left = world
        .ledger
        .remove_sheet_line(&by("aoki"), sheet.id, 1, line_no, None)
        .expect("a line less");
    assert_eq!(left, 1);

    let discarded = world
        .ledger
        .discard_sheet(
            &by("aoki"),
            sheet.id,
            DiscardSheet {
                reason: "同じ束を二度開いた".to_owned(),
            },
        )
        .expect("discarded");

    assert_eq!(discarded.state, SheetState::Discarded);
    assert_eq!(discarded.lines.len(), 1);
    assert_eq!(discarded.channel, Channel::Paper);
    assert_eq!(
        post(&world, &sheet, None).expect_err("discarded").code(),
        "sheet_discarded"
    );
    let open_ones = world
        .ledger
        .list_sheets(
            &by("aoki"),
            &SheetFilter {
                state: Some(SheetState::Open),
                ..SheetFilter::default()
            },
            &PageRequest::default(),
        )
        .expect("a list");
    assert_eq!(open_ones.items, []);
}
