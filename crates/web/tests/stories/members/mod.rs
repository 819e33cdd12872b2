//! A member at the pages: found by number, changed after seeing what it does, and explained.

use ledger::ReferenceTable::Members;
use testkit::{TestApp, on_both};

use crate::review::{held, office, pays};

on_both![
    a_member_is_found_by_number_and_by_kana,
    a_member_is_shown_with_everything,
    a_pledge_is_changed_after_seeing_what_it_does,
    a_change_that_cannot_be_is_told_beside_its_field,
    an_application_is_voided_after_seeing_what_it_does,
    an_amount_is_explained_on_one_sheet,
    what_is_held_about_a_member_is_printed,
    who_may_not_look_does_not_see,
];

const MEMBER: &str = "/members/01/0000001";

fn a_member_is_found_by_number_and_by_kana(app: TestApp) {
    office(&app);
    app.world.import(
        Members,
        "coop,member_number,name,kana\n02,0000001,見本 八,ミホン ハチ\n01,0000044,見本 九,ミホン キュウ\n",
    );
    let clerk = app.seat("aoki", "clerk");

    let one = clerk.get("/members?coop=01&number=0000001");
    assert_eq!(one.header("location"), MEMBER);
    let wide = clerk
        .get("/members?number=%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%94%EF%BC%94");
    assert_eq!(wide.header("location"), "/members/01/0000044");
    let both = clerk.get("/members?number=0000001").text().to_owned();
    assert!(both.contains("見つかった組合員（2人）"));
    let kana = clerk
        .get("/members?number=%E3%81%BF%E3%81%BB%E3%82%93")
        .text()
        .to_owned();
    assert!(kana.contains("見つかった組合員（2人）"), "{kana}");
    let nobody = clerk.get("/members?number=zzz").text().to_owned();
    assert!(nobody.contains("見つかりません"));
}

fn a_member_is_shown_with_everything(app: TestApp) {
    office(&app);
    held(
        &app,
        "01,0000001,133540,2,2025-11-12\n01,0000001,108413,1,2025-11-12\n",
    );
    let clerk = app.seat("aoki", "clerk");

    let page = clerk.get(MEMBER).text().to_owned();

    assert!(page.contains("<svg"), "the timeline");
    assert!(page.contains("¥1,600"), "December");
    assert!(page.contains("要確認") && page.contains("受付済"));
    assert!(page.contains("/members/01/0000001/pledges/inclufund/pause"));
    assert!(page.contains("/why/2025-12") || page.contains("value=\"2025-12\""));
    let auditor = app.seat("kansa", "auditor").get(MEMBER).text().to_owned();
    assert!(!auditor.contains("/pledges/inclufund/pause"));
    assert_eq!(clerk.get("/members/01/7777777").status, 404);
}

fn a_pledge_is_changed_after_seeing_what_it_does(app: TestApp) {
    office(&app);
    let clerk = app.seat("aoki", "clerk");
    let form = clerk
        .get("/members/01/0000001/pledges/inclufund/change")
        .text()
        .to_owned();
    assert!(form.contains("value=\"2025-11\""), "the first open month");

    let asked = "from=2025-12&units=5&reason=%E9%9B%BB%E8%A9%B1";
    let page = clerk
        .get(&format!(
            "/members/01/0000001/pledges/inclufund/change?{asked}"
        ))
        .text()
        .to_owned();
    assert!(page.contains("まだ変えていません"));
    assert!(page.contains("2025年12月から5口"));
    assert!(page.contains("¥600") && page.contains("¥1,500"));
    assert_eq!(pays(&app, "2025-12"), 600);

    let fields = [("from", "2025-12"), ("units", "5"), ("reason", "電話")];
    for _ in 0..2 {
        let path = "/members/01/0000001/pledges/inclufund/change";
        let done = clerk.submit_under("one-click", path, &fields);
        assert_eq!(done.header("location"), MEMBER);
    }
    assert_eq!(pays(&app, "2025-12"), 1_500);
    let paused = [
        ("from", "2026-01"),
        ("until", "2026-03"),
        ("reason", "留守"),
    ];
    let done = clerk.submit("/members/01/0000001/pledges/inclufund/pause", &paused);
    assert_eq!(done.status, 303);
    assert_eq!((pays(&app, "2026-01"), pays(&app, "2026-03")), (0, 1_500));
    let ended = [("from", "2026-04"), ("reason", "退会")];
    let done = clerk.submit("/members/01/0000001/pledges/inclufund/end", &ended);
    assert_eq!(done.status, 303);
    assert_eq!(pays(&app, "2026-04"), 0);
}

fn a_change_that_cannot_be_is_told_beside_its_field(app: TestApp) {
    office(&app);
    let clerk = app.seat("aoki", "clerk");
    let path = "/members/01/0000001/pledges/inclufund/change";

    let page = clerk.get(&format!("{path}?from=2025-12&units=1000&reason=x"));
    assert_eq!(page.status, 422);
    assert!(page.text().contains("id=\"units-wrong\""));
    let page = clerk.get(&format!("{path}?from=2025-12&units=3"));
    assert_eq!(page.status, 422);
    assert!(page.text().contains("id=\"reason-wrong\""));
    assert_eq!(
        clerk
            .get("/members/01/0000001/pledges/inclufund/else")
            .status,
        404
    );
}

fn an_application_is_voided_after_seeing_what_it_does(app: TestApp) {
    office(&app);
    held(&app, "01,0000001,133540,2,2025-11-12\n");
    let clerk = app.seat("aoki", "clerk");
    let page = clerk.get(MEMBER).text().to_owned();
    let from = page.find("/applications/").expect("a link");
    let link = &page[from..];
    let link = format!("{MEMBER}{}", &link[..link.find('"').expect("an end")]);

    let page = clerk.get(&format!("{link}?reason=x")).text().to_owned();
    assert!(page.contains("¥1,600") && page.contains("¥600"), "{page}");
    assert_eq!(pays(&app, "2025-12"), 1_600);
    let done = clerk.submit(&link, &[("reason", "本人の取り下げ")]);
    assert_eq!(done.status, 303);
    assert_eq!(pays(&app, "2025-12"), 600);
}

fn an_amount_is_explained_on_one_sheet(app: TestApp) {
    office(&app);
    let id = held(&app, "01,0000001,108413,1,2025-11-12\n")[0];
    let clerk = app.seat("aoki", "clerk");
    let why = [("decision", "add"), ("reason", "本人に電話で確認")];
    clerk.submit(&format!("/review/{id}"), &why);

    let chosen = clerk.get("/members/01/0000001/why?month=2025-12");
    assert_eq!(chosen.header("location"), "/members/01/0000001/why/2025-12");
    let page = clerk
        .get("/members/01/0000001/why/2025-12")
        .text()
        .to_owned();

    assert!(page.contains("請求の予定 ¥900"));
    assert!(page.contains("applications.csv"));
    assert!(page.contains("本人に電話で確認"));
    assert!(page.contains("口数を足す"));
}

fn what_is_held_about_a_member_is_printed(app: TestApp) {
    office(&app);
    held(&app, "01,0000001,133540,2,2025-11-12\n");
    let page = app
        .seat("aoki", "clerk")
        .get("/members/01/0000001/data")
        .text()
        .to_owned();
    assert!(page.contains("見本 一"));
    assert!(page.contains("133540"));
}

fn who_may_not_look_does_not_see(app: TestApp) {
    office(&app);
    let admin = app.seat("kanri", "admin");
    for path in ["/members", MEMBER, "/members/01/0000001/why/2025-12"] {
        let status = admin.get(path).status;
        assert!(
            status == 403 || (path == "/members" && status == 200),
            "{path}: {status}"
        );
    }
    let auditor = app.seat("kansa", "auditor");
    let fields = [("from", "2025-12"), ("units", "5"), ("reason", "x")];
    let path = "/members/01/0000001/pledges/inclufund/change";
    assert_eq!(auditor.submit(path, &fields).status, 403);
    assert_eq!(pays(&app, "2025-12"), 600);
}
