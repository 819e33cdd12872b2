//! A member on one screen, how one is found, and what a change would do.

use ledger::intake::sheets::{OpenSheet, PutSheetLine, SheetTotals};
use ledger::pledges::{ChangePledge, EndPledge, PausePledge, PledgeChange};
use ledger::trace::MemberShown;
use ledger::{PageRequest, ReferenceTable};
use testkit::{World, on_both};

use crate::desk::{
    CAMPAIGN_NOVEMBER, NOVEMBER, SUPPORTER_NOVEMBER, a_supporter, has_event, line, month, plan,
    small_office, take, void,
};
use crate::months::close_month;
use crate::office::{Office, close};

on_both!(
    a_member_is_shown_with_everything,
    charges_come_a_page_at_a_time_newest_first,
    who_moved_is_shown_under_the_new_number_with_what_was_before,
    a_member_is_found_by_how_number_name_and_kana_begin,
    a_change_of_a_pledge_is_weighed_before_it_is_made,
    a_keyed_line_says_who_keyed_it,
);

fn show(world: &World, number: &str, charges: &PageRequest) -> MemberShown {
    let coop = "01".parse().expect("a co-op");
    let number = number.parse().expect("a number");
    let applications = PageRequest::default();
    world
        .ledger
        .show_member(&world.office(), (&coop, &number), &applications, charges)
        .expect("show the member")
}

fn a_member_is_shown_with_everything(world: World) {
    a_supporter(&world, 2);
    let gift = take(&world, line("0000001", CAMPAIGN_NOVEMBER, 2, NOVEMBER));
    let voided = take(&world, line("0000001", "133540", 1, "2025-11-13"));
    let held = take(&world, line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER));
    void(&world, voided);

    let shown = show(&world, "0000001", &PageRequest::default());

    assert!(shown.coop_name.starts_with("23区南"), "{}", shown.coop_name);
    assert_eq!(shown.pledges.len(), 1);
    assert_eq!(shown.pledges[0].history.pledge.plan[0].units, 2);
    assert!(!shown.pledges[0].fund_name.is_empty());
    let gifts: Vec<_> = shown
        .gifts
        .iter()
        .map(|one| (one.application_id, one.amount.get(), one.is_cancelled))
        .collect();
    assert_eq!(gifts, [(gift, 1000, false)]);
    let states: Vec<_> = shown
        .applications
        .items
        .iter()
        .map(|one| (one.id, one.state.as_str()))
        .collect();
    assert_eq!(
        states,
        [(held, "held"), (voided, "voided"), (gift, "posted")]
    );
    let ahead: Vec<_> = shown
        .ahead
        .iter()
        .map(|one| (one.month.to_string(), one.charged, one.due))
        .collect();
    assert_eq!(
        ahead,
        [
            ("2025-11".to_owned(), 0, 600),
            ("2025-12".to_owned(), 0, 1600)
        ]
    );
    assert!(has_event(&world, "show_member"));
}

fn charges_come_a_page_at_a_time_newest_first(world: World) {
    a_supporter(&world, 2);
    world.set_today("2025-12-01");
    for of in ["2025-08", "2025-09", "2025-10"] {
        close_month(&world, "01", of);
    }
    let two = |cursor| PageRequest {
        cursor,
        limit: Some(2),
    };

    let first = show(&world, "0000001", &two(None)).charges;
    let second = show(&world, "0000001", &two(first.next_cursor.clone())).charges;

    let months: Vec<String> = first
        .items
        .iter()
        .chain(&second.items)
        .map(|one| one.month.to_string())
        .collect();
    assert_eq!(months, ["2025-10", "2025-09", "2025-08"]);
    assert_eq!(second.next_cursor, None);
}

fn who_moved_is_shown_under_the_new_number_with_what_was_before(world: World) {
    a_supporter(&world, 2);
    let gift = take(&world, line("0000001", CAMPAIGN_NOVEMBER, 2, NOVEMBER));
    world.import(
        ReferenceTable::MemberChanges,
        "coop,member_number,new_coop,new_member_number,moved_on\n01,0000001,01,0000077,2025-11-14\n",
    );

    let shown = show(&world, "0000077", &PageRequest::default());

    assert_eq!(shown.moved_from[0].member_number.as_str(), "0000001");
    assert_eq!(shown.applications.items[0].id, gift);
    assert_eq!(shown.gifts.len(), 1, "a gift follows its giver");
    assert_eq!(shown.ahead[1].due, 1600);
    let before = show(&world, "0000001", &PageRequest::default());
    assert_eq!(before.gifts, []);
    assert!(before.member.moved_to.is_some());
}

fn a_member_is_found_by_how_number_name_and_kana_begin(world: World) {
    small_office(&world);
    world.import(
        ReferenceTable::Members,
        "coop,member_number,name,kana\n01,0000101,生活 花子,セイカツ ハナコ\n02,0000102,生活 太郎,セイカツ タロウ\n01,0000103,青木 一,アオキ ハジメ\n",
    );
    let find = |coop: Option<&str>, letters: &str| -> Vec<String> {
        let coop = coop.map(|coop| coop.parse().expect("a co-op"));
        let found = world
            .ledger
            .search_members(&world.office(), coop.as_ref(), letters);
        found
            .expect("a search")
            .iter()
            .map(|one| one.member_number.to_string())
            .collect()
    };

    assert_eq!(find(None, "せいかつ"), ["0000102", "0000101"]);
    assert_eq!(find(Some("01"), "セイカツ"), ["0000101"]);
    assert_eq!(find(None, "青木"), ["0000103"]);
    assert_eq!(find(Some("01"), "００００10"), ["0000101", "0000103"]);
    assert!(find(None, " ").is_empty());
    assert!(find(None, "アアア").is_empty());
}

fn a_change_of_a_pledge_is_weighed_before_it_is_made(world: World) {
    a_supporter(&world, 2);
    let name = || {
        (
            "01".to_owned(),
            "0000001".to_owned(),
            "inclufund".to_owned(),
        )
    };
    let (coop, member_number, fund) = name();
    let change = ChangePledge {
        coop,
        member_number,
        fund,
        from: month("2025-12"),
        units: 5,
        reason: "電話で".to_owned(),
    };
    let (coop, member_number, fund) = name();
    let pause = PausePledge {
        coop,
        member_number,
        fund,
        from: month("2025-12"),
        until: month("2026-03"),
        reason: "電話で".to_owned(),
    };
    let (coop, member_number, fund) = name();
    let end = EndPledge {
        coop,
        member_number,
        fund,
        from: month("2026-01"),
        reason: "電話で".to_owned(),
    };
    let weigh = |change: PledgeChange| -> Vec<String> {
        let weighed = world.ledger.weigh_pledge_change(&world.office(), &change);
        let months = weighed.expect("weigh it").months;
        months
            .iter()
            .map(|one| format!("{}: {} → {}", one.month, one.amount_now, one.amount_then))
            .collect()
    };

    assert_eq!(
        weigh(PledgeChange::Change(change.clone())),
        ["2025-12: 600 → 1500", "2026-01: 600 → 1500"]
    );
    assert_eq!(
        weigh(PledgeChange::Pause(pause)),
        ["2025-12: 600 → 0", "2026-01: 600 → 0", "2026-03: 600 → 600"]
    );
    assert_eq!(
        weigh(PledgeChange::End(end)),
        ["2026-01: 600 → 0", "2026-02: 600 → 0"]
    );
    assert_eq!(plan(&world, "0000001"), ["2025-08: 2"], "nothing is done");
    let too_many = PledgeChange::Change(ChangePledge { units: 0, ..change });
    let refused = world
        .ledger
        .weigh_pledge_change(&world.office(), &too_many)
        .expect_err("no units");
    assert_eq!(refused.code(), "no_units");
}

fn a_keyed_line_says_who_keyed_it(office: Office) {
    office.members(&["0000101"]);
    office.set_today("2025-07-16");
    let by = |name| ledger::Call::of_operator(name);
    let request = OpenSheet {
        coop: "01".parse().expect("a co-op"),
        channel: None,
        received_on: "2025-07-16".parse().ok(),
        control: SheetTotals {
            lines: Some(1),
            units: Some(2),
            amount: Some(600),
            member_sum: Some("101".to_owned()),
        },
    };
    let sheet = office.ledger.open_sheet(&by("aoki"), request);
    let sheet = sheet.expect("a sheet").id;
    let line = PutSheetLine {
        member_number: "0000101".to_owned(),
        order_number: Some("164151".to_owned()),
        units: Some(2),
        ..PutSheetLine::default()
    };
    let keyed = office.ledger.put_sheet_line(&by("baba"), sheet, line);
    keyed.expect("a line");
    office
        .ledger
        .post_sheet(&by("chiba"), sheet, Default::default())
        .expect("post it");
    office.set_today("2025-12-01");
    close(&office, "2025-08");
    office.export("2025-08");

    let coop = "01".parse().expect("a co-op");
    let number = "0000101".parse().expect("a number");
    let explained = office
        .ledger
        .explain_amount(&office.office(), &coop, &number, month("2025-08"))
        .expect("explain");

    let keyed = explained.applications[0].keyed.as_ref().expect("a sheet");
    assert_eq!(keyed.sheet_id, sheet);
    assert_eq!(keyed.keyings.len(), 1);
    assert_eq!(keyed.keyings[0].keyed_by, "cli:baba");
    assert_eq!(explained.batches.len(), 1);
    assert_eq!(explained.batches[0].files.len(), 1);
    assert!(explained.batches[0].approved_by.is_some());
    assert_eq!(explained.entries, [], "closing posts nothing");
}
