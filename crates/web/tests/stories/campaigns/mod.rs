//! 募集 at the desk: how far campaigns are, what they say, what was passed on, the public page.

use ledger::ReferenceTable::Members;
use testkit::{TestApp, World, on_both};

on_both!(
    finance_follows_a_campaign_and_its_parts,
    an_admin_keeps_campaigns_and_sees_no_money,
    a_campaign_is_registered_by_a_form_once,
    what_is_wrong_stands_beside_its_field,
    a_payout_waits_for_a_second_person,
    the_public_page_is_switched_on_and_off,
);

const CAMPAIGN: &str = "/campaigns/kosumosu-2025";

/// The newsletters' campaign with six gifts.
struct Desk(TestApp);

impl From<testkit::TestDatabase> for Desk {
    fn from(database: testkit::TestDatabase) -> Self {
        let world = World::from(database);
        world.load_newsletters();
        let numbers: String = (1..=6).map(|member| format!("01,{member:07}\n")).collect();
        world.import(Members, &format!("coop,member_number\n{numbers}"));
        world.set_today("2025-11-12");
        let rows: String = (1..=6)
            .map(|member| format!("01,{member:07},133540,2,2025-11-12,web\n"))
            .collect();
        let header = "coop,member_number,order_number,units,received_on,channel\n";
        world.take_applications(
            format!("{header}{rows}"),
            ledger::intake::ImportApplications::default(),
        );
        Self(TestApp::over(world, TestApp::unhurried()))
    }
}

const TYPED: [(&str, &str); 7] = [
    ("campaign", "aozora-2026"),
    ("title", "あおぞらの窯"),
    ("target", "250,000"),
    ("opens_on", "2026-01-05"),
    ("closes_on", "2026-03-27"),
    ("organization", "kosumosu"),
    ("accounting", "agency"),
];

fn finance_follows_a_campaign_and_its_parts(desk: Desk) {
    for (name, roles) in [("aoki", "finance"), ("baba", "clerk"), ("chiba", "auditor")] {
        let seat = desk.0.seat(name, roles);
        let list = seat.get("/campaigns");
        assert_eq!(list.status, 200, "{}", list.text());
        assert!(list.text().contains("¥6,000") && list.text().contains("6.0%"));
        let detail = seat.get(CAMPAIGN);
        assert_eq!(detail.status, 200, "{}", detail.text());
        for words in ["¥6,000", "インターネット", "role=\"img\"", "2025年11月12日"] {
            assert!(detail.text().contains(words), "{roles}: {words}");
        }
        let english = seat.in_english().get(CAMPAIGN);
        assert!(english.text().contains("Day by day"));
        assert_eq!(seat.get("/campaigns/nobody").status, 404);
    }
}

fn an_admin_keeps_campaigns_and_sees_no_money(desk: Desk) {
    let admin = desk.0.seat("dan", "admin");
    for path in ["/campaigns", CAMPAIGN] {
        let page = admin.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains("¥6,000"), "{path}");
    }
    assert_eq!(admin.get("/campaigns/kosumosu-2025/edit").status, 200);
    assert_eq!(admin.get("/campaigns/kosumosu-2025/payout").status, 403);
    let clerk = desk.0.seat("baba", "clerk");
    for path in ["/campaigns/new", "/campaigns/kosumosu-2025/edit"] {
        assert_eq!(clerk.get(path).status, 403, "{path}");
    }
    assert_eq!(clerk.submit("/campaigns", &TYPED).status, 403);
    assert_eq!(admin.get("/campaigns/aozora-2026").status, 404);
}

fn a_campaign_is_registered_by_a_form_once(desk: Desk) {
    let finance = desk.0.seat("aoki", "finance");
    let blank = finance.get("/campaigns/new");
    assert!(blank.text().contains("パン＆カフェ こすもす（kosumosu）"));
    let first = finance.submit_under("once", "/campaigns", &TYPED);
    assert_eq!(first.status, 303, "{}", first.text());
    assert_eq!(first.header("location"), "/campaigns/aozora-2026");
    let again = finance.submit_under("once", "/campaigns", &TYPED);
    assert_eq!(again.status, 303, "a double click");

    let mut corrected = TYPED;
    corrected[1].1 = "あおぞらの大きな窯";
    let answer = finance.submit("/campaigns/aozora-2026/edit", &corrected);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let detail = finance.get("/campaigns/aozora-2026");
    assert!(detail.text().contains("あおぞらの大きな窯"));
    assert!(detail.text().contains("¥250,000"));
}

fn what_is_wrong_stands_beside_its_field(desk: Desk) {
    let finance = desk.0.seat("aoki", "finance");
    let mut wrong = TYPED;
    wrong[2].1 = "0";
    wrong[4].1 = "2025-12-01";
    let answer = finance.submit("/campaigns", &wrong);
    assert_eq!(answer.status, 422);
    for words in [
        "id=\"target-wrong\"",
        "id=\"closes_on-wrong\"",
        "value=\"あおぞらの窯\"",
    ] {
        assert!(answer.text().contains(words), "{words}: {}", answer.text());
    }
    // What is settled is not even asked for.
    let edit = finance.get("/campaigns/kosumosu-2025/edit");
    assert!(!edit.text().contains("name=\"organization\""));
    assert!(edit.text().contains("すでに寄付があるため"));
}

fn a_payout_waits_for_a_second_person(desk: Desk) {
    let finance = desk.0.seat("aoki", "finance");
    let path = "/campaigns/kosumosu-2025/payout";
    assert_eq!(finance.get(path).status, 200);
    let too_much = finance.submit(path, &[("kind", "payout"), ("amount", "500")]);
    assert_eq!(too_much.status, 409, "nothing was collected yet");
    assert!(
        too_much.text().contains("集金済み・未送金の額は 0円"),
        "{}",
        too_much.text()
    );
    let unreadable = finance.submit(path, &[("kind", "payout"), ("amount", "たくさん")]);
    assert_eq!(unreadable.status, 422);
    assert!(unreadable.text().contains("id=\"amount-wrong\""));
}

fn the_public_page_is_switched_on_and_off(desk: Desk) {
    let finance = desk.0.seat("aoki", "finance");
    let preview = finance.get("/campaigns/kosumosu-2025/preview");
    assert_eq!(preview.status, 200, "seen before it is there");
    assert_eq!(finance.get("/c/kosumosu-2025").status, 404);
    let switch = "/campaigns/kosumosu-2025/public-page";
    assert_eq!(finance.submit(switch, &[("is_public", "1")]).status, 303);
    let public = finance.get("/c/kosumosu-2025");
    assert_eq!(public.status, 200);
    assert!(public.text().contains("¥6,000"), "six givers have come");
    let detail = finance.get(CAMPAIGN);
    assert!(
        detail
            .text()
            .contains("/c/kosumosu-2025/badge.svg&#34; width="),
        "{}",
        detail.text()
    );
    assert_eq!(finance.submit(switch, &[("is_public", "0")]).status, 303);
    assert_eq!(finance.get("/c/kosumosu-2025").status, 404);
}
