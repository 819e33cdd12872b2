//! The review at the pages: what a page says a decision would do is what it then does, nothing is done
//! twice, and many lines are cleared without the mouse.

mod by_keyboard;

use ledger::ReferenceTable::{Members, Pledges};
use ledger::intake::ImportApplications;
use ledger::review::HoldFilter;
use ledger::{Call, PageRequest};
use testkit::{TestApp, on_both};

on_both![
    a_supporter_who_applies_twice_is_shown_the_doubled_charge_and_each_way,
    what_the_page_says_of_a_decision_is_what_it_does,
    a_form_sent_twice_decides_once,
    a_decision_without_a_way_or_a_reason_is_refused_beside_the_field,
    a_correction_is_shown_before_anything_is_changed,
    a_number_of_another_week_is_taken_in_its_week,
    many_are_decided_on_a_page_that_counts_them,
    a_decision_is_undone_from_the_next_page,
    an_auditor_sees_everything_and_decides_nothing,
    a_thousand_holds_come_a_page_at_a_time,
];

/// A supporter of 2 units since August, and others; the day is in 2025年11月3回.
pub fn office(app: &TestApp) {
    let world = &app.world;
    world.load_newsletters();
    world.import(
        Members,
        "coop,member_number,name\n01,0000001,見本 一\n01,0000002,見本 二\n01,0000003,見本 三\n",
    );
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n01,0000001,inclufund,2,300,2025-08\n",
    );
    world.set_today("2025-11-12");
}

/// Takes lines of a file; gives the numbers of those held, oldest first.
pub fn held(app: &TestApp, rows: &str) -> Vec<i64> {
    let text = format!("coop,member_number,order_number,units,received_on\n{rows}");
    app.world
        .take_applications(text, ImportApplications::default());
    still_held(app)
}

/// The numbers of all that is held, oldest first.
pub fn still_held(app: &TestApp) -> Vec<i64> {
    let page = PageRequest {
        cursor: None,
        limit: Some(500),
    };
    let call = Call::of_operator("office");
    let holds = app
        .world
        .ledger
        .list_holds(&call, &HoldFilter::default(), &page);
    let holds = holds.expect("the holds").items;
    holds.iter().map(|hold| hold.id).collect()
}

/// What member 0000001 of co-op 01 pays in a month.
pub fn pays(app: &TestApp, month: &str) -> i64 {
    let call = Call::of_operator("office");
    let coop = "01".parse().expect("a co-op");
    let number = "0000001".parse().expect("a number");
    let month = month.parse().expect("a month");
    let explained = app
        .world
        .ledger
        .explain_amount(&call, &coop, &number, month);
    let explained = explained.expect("explain");
    explained.amount.get() + explained.planned_amount.get()
}

/// The row of a way in the table of ways, without its tags.
fn row(page: &str, decision: &str) -> String {
    let from = page.find(&format!("value=\"{decision}\"")).expect(decision);
    let row = &page[from..];
    let row = &row[..row.find("</tr>").expect("the end of a row")];
    let mut words = String::new();
    let mut is_tag = true;
    for letter in row.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => is_tag = false,
            other if !is_tag => words.push(other),
            _ => {}
        }
    }
    words
}

const WHY: (&str, &str) = ("reason", "本人に電話で確かめた");

fn a_supporter_who_applies_twice_is_shown_the_doubled_charge_and_each_way(app: TestApp) {
    office(&app);
    let id = held(&app, "01,0000001,108413,2,2025-11-12\n")[0];
    let clerk = app.seat("aoki", "clerk");

    let page = clerk.get(&format!("/review/{id}")).text().to_owned();

    assert!(page.contains("すでにサポーター"));
    assert!(page.contains("毎月2口 × ¥300"));
    let add = row(&page, "add");
    assert!(add.contains("¥600 → 決めた後¥1,200"), "{add}");
    let replace = row(&page, "replace");
    assert!(
        replace.contains("¥600") && !replace.contains('→'),
        "{replace}"
    );
    let spot = row(&page, "spot");
    assert_eq!(spot.matches("¥1,200").count(), 1, "{spot}");
    let english = clerk
        .in_english()
        .get(&format!("/review/{id}"))
        .text()
        .to_owned();
    assert!(english.contains("Supporter already"));
}

fn what_the_page_says_of_a_decision_is_what_it_does(app: TestApp) {
    office(&app);
    let id = held(&app, "01,0000001,108413,3,2025-11-12\n")[0];
    let clerk = app.seat("aoki", "clerk");
    for way in ["add", "replace", "spot", "mistake", "next-month"] {
        let page = clerk.get(&format!("/review/{id}")).text().to_owned();
        let said = row(&page, way);
        let answer = clerk.submit(&format!("/review/{id}"), &[("decision", way), WHY]);
        assert_eq!(answer.status, 303, "{way}");
        for month in ["2025-12", "2026-01"] {
            let yen = domain::Yen::new(pays(&app, month)).grouped();
            assert!(
                said.contains(&format!("¥{yen}")),
                "{way} {month} {yen}: {said}"
            );
        }
        let undone = clerk.submit(&format!("/review/{id}/undo"), &[("reason", "見本")]);
        assert_eq!(undone.status, 303, "{way}");
        assert_eq!(pays(&app, "2025-12"), 600, "{way} is undone");
    }
}

fn a_form_sent_twice_decides_once(app: TestApp) {
    office(&app);
    let id = held(&app, "01,0000001,108413,1,2025-11-12\n")[0];
    let clerk = app.seat("aoki", "clerk");
    let to = format!("/review/{id}");

    for _ in 0..2 {
        let answer = clerk.submit_under("one-click", &to, &[("decision", "add"), WHY]);
        assert_eq!(answer.status, 303);
    }
    assert_eq!(pays(&app, "2025-12"), 900);
    let other_way = clerk.submit_under("one-click", &to, &[("decision", "spot"), WHY]);
    assert_eq!(other_way.status, 422);
    let again = clerk.submit(&to, &[("decision", "add"), WHY]);
    assert_eq!(again.status, 409);
    assert!(again.text().contains("要確認ではありません"));
    assert_eq!(pays(&app, "2025-12"), 900);
}

fn a_decision_without_a_way_or_a_reason_is_refused_beside_the_field(app: TestApp) {
    office(&app);
    let id = held(&app, "01,0000001,108413,1,2025-11-12\n")[0];
    let clerk = app.seat("aoki", "clerk");
    let to = format!("/review/{id}");

    let none = clerk.submit(&to, &[("decision", ""), WHY]);
    assert_eq!(none.status, 422);
    assert!(none.text().contains("決め方のボタンを押すか"));
    assert!(
        none.text().contains("value=\"本人に電話で確かめた\""),
        "kept"
    );
    let wordless = clerk.submit(&to, &[("decision", "add"), ("reason", " ")]);
    assert_eq!(wordless.status, 422);
    assert!(wordless.text().contains("id=\"reason-wrong\""));
    assert_eq!(pays(&app, "2025-12"), 600);
}

fn a_correction_is_shown_before_anything_is_changed(app: TestApp) {
    office(&app);
    let id = held(&app, "01,0000009,133540,1,2025-11-12\n")[0];
    let clerk = app.seat("aoki", "clerk");

    let query = "try=1&member_number=0000001&units=2";
    let page = clerk
        .get(&format!("/review/{id}?{query}"))
        .text()
        .to_owned();
    assert!(page.contains("まだ何も変えていません"));
    let accept = row(&page, "accept");
    assert!(accept.contains("¥600 → 決めた後¥1,600"), "{accept}");
    assert_eq!(pays(&app, "2025-12"), 600);

    let unreadable = clerk.get(&format!("/review/{id}?try=1&units=100"));
    assert_eq!(unreadable.status, 422);
    assert!(unreadable.text().contains("id=\"units-wrong\""));

    let corrected = [
        ("member_number", "0000001"),
        ("units", "2"),
        WHY,
        ("decision", "accept"),
    ];
    assert_eq!(
        clerk.submit(&format!("/review/{id}"), &corrected).status,
        303
    );
    assert_eq!(pays(&app, "2025-12"), 1_600);
}

fn a_number_of_another_week_is_taken_in_its_week(app: TestApp) {
    office(&app);
    let id = held(&app, "01,0000001,164160,1,2025-11-12\n")[0];
    let clerk = app.seat("aoki", "clerk");

    let page = clerk.get(&format!("/review/{id}")).text().to_owned();
    let accept = row(&page, "accept:2025年7月4回");
    assert!(accept.contains("¥600 → 決めた後¥1,100"), "{accept}");
    let chosen = [("decision", "accept:2025年7月4回"), WHY];
    assert_eq!(clerk.submit(&format!("/review/{id}"), &chosen).status, 303);
    assert_eq!(pays(&app, "2025-08"), 1_100);
}

fn many_are_decided_on_a_page_that_counts_them(app: TestApp) {
    office(&app);
    let twice = "01,0000002,133540,1,2025-11-12\n";
    assert_eq!(held(&app, &twice.repeat(4)).len(), 3);
    let clerk = app.seat("aoki", "clerk");
    let list = clerk.get("/review").text().to_owned();
    let from = list.find("/review/together?").expect("a group");
    let to = &list[from..];
    let to = to[..to.find('"').expect("an end")].replace("&amp;", "&");

    let page = clerk
        .get(&format!("{to}&way=mistake&reason=%E4%BA%8C%E9%87%8D"))
        .text()
        .to_owned();
    assert!(
        page.contains("3件を「書き間違いとする」と決めます"),
        "{page}"
    );
    assert_eq!(
        clerk
            .get("/review")
            .text()
            .matches("<th scope=\"row\" class=\"num\">")
            .count(),
        3
    );
    let import = to.split("import_id=").nth(1).expect("an import");
    let import = import.split('&').next().expect("a number");
    let fields = [
        ("import_id", import),
        ("only", "duplicate_application"),
        ("way", "mistake"),
        ("reason", "二重"),
    ];
    let done = clerk.submit("/review/together", &fields);
    assert_eq!(done.status, 303);
    assert!(
        clerk
            .get("/review")
            .text()
            .contains("要確認の申込はありません")
    );
}

fn a_decision_is_undone_from_the_next_page(app: TestApp) {
    office(&app);
    let ids = held(
        &app,
        "01,0000001,108413,1,2025-11-12\n01,0000009,133540,1,2025-11-12\n",
    );
    let clerk = app.seat("aoki", "clerk");
    let decided = clerk.submit(&format!("/review/{}", ids[0]), &[("decision", "add"), WHY]);
    let next = decided.header("location").to_owned();
    assert_eq!(next, format!("/review/{}?last={}", ids[1], ids[0]));
    let page = clerk.get(&next).text().to_owned();
    assert!(page.contains(&format!("action=\"/review/{}/undo\"", ids[0])));

    let undone = clerk.submit(
        &format!("/review/{}/undo", ids[0]),
        &[("reason", "決め間違い")],
    );
    assert_eq!(undone.header("location"), format!("/review/{}", ids[0]));
    assert_eq!(pays(&app, "2025-12"), 600);
    let decided = clerk.get("/review/decided").text().to_owned();
    assert!(decided.contains("取り消し"));
}

fn an_auditor_sees_everything_and_decides_nothing(app: TestApp) {
    office(&app);
    let id = held(&app, "01,0000001,108413,1,2025-11-12\n")[0];
    let auditor = app.seat("kansa", "auditor");

    let page = auditor.get(&format!("/review/{id}"));
    assert_eq!(page.status, 200);
    assert!(page.text().contains("¥900"));
    assert!(!page.text().contains("name=\"decision\""));
    let refused = auditor.submit(&format!("/review/{id}"), &[("decision", "add"), WHY]);
    assert_eq!(refused.status, 403);
    assert_eq!(pays(&app, "2025-12"), 600);
    assert_eq!(app.seat("kanri", "admin").get("/review").status, 403);
}

fn a_thousand_holds_come_a_page_at_a_time(app: TestApp) {
    office(&app);
    let rows: String = (0..1_000)
        .map(|number| format!("01,9{number:06},133540,1,2025-11-12\n"))
        .collect();
    held(&app, &rows);
    let clerk = app.seat("aoki", "clerk");

    let page = clerk.get("/review?only=unknown_member").text().to_owned();

    assert!(page.contains("1,000件を順に決める"));
    assert_eq!(
        page.matches("<th scope=\"row\" class=\"num\">").count(),
        100
    );
    assert!(page.contains("cursor="));
}
