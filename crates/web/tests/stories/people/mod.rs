//! People: invited by a link that is shown once, given roles, stopped, and started anew (R17).

use testkit::browser::Browser;
use testkit::http::Answer;
use testkit::seat::Seat;
use testkit::{TestApp, on_both};

on_both!(
    r17_an_invitation_shows_its_link_once,
    r17_a_wrong_invitation_is_told_beside_its_fields,
    r17_roles_are_changed_and_the_table_of_rights_is_shown_in_words,
    r17_who_is_disabled_is_out_and_may_come_back,
    r17_who_starts_anew_gets_a_link_and_loses_the_password,
    r17_a_token_is_revoked_after_a_page_that_says_what_happens,
    r17_the_last_admin_is_told_why_nothing_happens,
    r17_an_auditor_looks_and_a_clerk_does_not,
    r17_an_invitation_leads_to_the_first_sign_in,
);

/// Long enough, and nobody else's.
const PASSWORD: &str = "あさがおの種を植えた日曜日の朝";

fn admin(app: &TestApp) -> Seat {
    app.world.load_newsletters();
    app.seat("aoki", "admin")
}

#[track_caller]
fn shown(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().to_owned()
}

#[track_caller]
fn leads_to(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

/// The link that a page shows.
fn link_in(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("id=\"link\"")?;
    let (_, value) = rest.split_once("value=\"")?;
    value.split('"').next().map(str::to_owned)
}

const CHIBA: [(&str, &str); 5] = [
    ("name", "chiba"),
    ("display_name", "見本 千葉"),
    ("roles", "clerk"),
    ("roles", "finance"),
    ("organization", ""),
];

fn r17_an_invitation_shows_its_link_once(app: TestApp) {
    let seat = admin(&app);

    let first = shown(&seat.submit_under("once", "/people/invite", &CHIBA));
    let again = shown(&seat.submit_under("once", "/people/invite", &CHIBA));

    let link = link_in(&first).expect("a link");
    assert!(link.contains("/invitation#hkl_"), "{link}");
    assert!(first.contains("見本 千葉さんに渡すリンク"), "{first}");
    assert!(
        first.contains("サインインの名前は「chiba」です"),
        "what to say: {first}"
    );
    assert_eq!(link_in(&again), None, "{again}");
    assert!(again.contains("リンクはもう出ました"), "{again}");
    let list = shown(&seat.get("/people"));
    assert!(
        list.contains("見本 千葉") && list.contains("事務局、経理"),
        "{list}"
    );
    let invited = shown(&seat.get("/people?state=invited"));
    assert!(invited.contains("/people/of/chiba") && !invited.contains("/people/of/aoki"));
    let nobody = shown(&seat.get("/people?role=organization"));
    assert!(nobody.contains("あてはまる人はいません"), "{nobody}");
    let person = shown(&seat.get("/people/of/chiba"));
    assert!(!person.contains("hkl_"), "no link any more");
}

fn r17_a_wrong_invitation_is_told_beside_its_fields(app: TestApp) {
    let seat = admin(&app);
    let wrong = |fields: &[(&str, &str)], field: &str| {
        let refused = seat.submit("/people/invite", fields);
        assert!((400..500).contains(&refused.status), "{}", refused.status);
        let text = refused.text();
        assert!(
            text.contains(&format!("id=\"{field}-wrong\"")),
            "{field}: {text}"
        );
        text.to_owned()
    };
    let text = wrong(&[("name", "千葉"), ("roles", "clerk")], "name");
    assert!(text.contains("value=\"千葉\""), "kept: {text}");
    wrong(&[("name", "chiba")], "roles");
    wrong(
        &[("name", "chiba"), ("roles", "organization")],
        "organization",
    );
    wrong(
        &[
            ("name", "chiba"),
            ("roles", "organization"),
            ("roles", "clerk"),
        ],
        "roles",
    );
    wrong(
        &[
            ("name", "chiba"),
            ("roles", "clerk"),
            ("expires_on", "2020-01-01"),
        ],
        "expires_on",
    );
    wrong(&[("name", "aoki"), ("roles", "clerk")], "name");
}

fn r17_roles_are_changed_and_the_table_of_rights_is_shown_in_words(app: TestApp) {
    let seat = admin(&app);
    app.seat("chiba", "clerk");
    let page = shown(&seat.get("/people/of/chiba/roles"));
    assert!(page.contains("value=\"clerk\" checked"), "{page}");
    assert!(
        page.contains("請求を締め、出力し"),
        "what a role may do: {page}"
    );

    let to = leads_to(&seat.submit(
        "/people/of/chiba/roles",
        &[("roles", "organization"), ("organization", "kosumosu")],
    ));

    let person = shown(&seat.get(&to));
    assert!(person.contains("自分の団体の募集の合計だけ"), "{person}");
    assert!(person.contains("kosumosu"), "{person}");
    let rights = shown(&seat.get("/people/roles"));
    let billing = rights
        .split("<th scope=\"row\">請求</th>")
        .nth(1)
        .expect("a row");
    let cells: Vec<&str> = billing.split("<td>").skip(1).take(5).collect();
    let cells: Vec<&str> = cells
        .iter()
        .map(|cell| cell.split('<').next().unwrap())
        .collect();
    assert_eq!(cells, ["見る", "見る・変える", "−", "見る", "−"]);
}

fn r17_who_is_disabled_is_out_and_may_come_back(app: TestApp) {
    let seat = admin(&app);
    let chiba = app.seat("chiba", "clerk");
    assert_eq!(chiba.get("/catalogue").status, 200);
    let asked = shown(&seat.get("/people/of/chiba/disable"));
    assert!(asked.contains("トークンも使えなくなります"), "{asked}");
    assert_eq!(
        chiba.get("/catalogue").status,
        200,
        "nothing has happened yet"
    );

    let to = leads_to(&seat.submit("/people/of/chiba/disable", &[]));

    assert_eq!(to, "/people/of/chiba");
    assert_eq!(chiba.get("/catalogue").status, 303, "to the sign-in");
    assert!(shown(&seat.get(&to)).contains("停止中"));
    let asked = shown(&seat.get("/people/of/chiba/disable"));
    assert!(asked.contains("利用を戻す"), "{asked}");
    leads_to(&seat.submit("/people/of/chiba/enable", &[]));
    assert!(!shown(&seat.get(&to)).contains("停止中"));
}

fn r17_who_starts_anew_gets_a_link_and_loses_the_password(app: TestApp) {
    let seat = admin(&app);
    let chiba = app.seat("chiba", "clerk");
    let token = app.world.ledger.list_tokens_of_person(
        &app.world.office(),
        "chiba",
        &ledger::PageRequest::default(),
    );
    assert!(token.is_ok());

    let page = shown(&seat.submit("/people/of/chiba/reset", &[("revoke_tokens", "1")]));

    assert!(link_in(&page).is_some(), "{page}");
    assert_eq!(chiba.get("/catalogue").status, 303);
    assert!(shown(&seat.get("/people/of/chiba")).contains("招待中"));
    let far = seat.submit("/people/of/chiba/reset", &[("expires_on", "2099-01-01")]);
    assert_eq!(far.status, 422);
    assert!(
        far.text().contains("id=\"expires_on-wrong\""),
        "{}",
        far.text()
    );
}

fn r17_a_token_is_revoked_after_a_page_that_says_what_happens(app: TestApp) {
    let seat = admin(&app);
    let person = app.person("script", "clerk");
    let page = shown(&seat.get("/people/of/script"));
    assert!(page.contains("/people/of/script/tokens/test"), "{page}");
    assert!(!page.contains("hkt_"), "no secret");
    let asked = shown(&seat.get("/people/of/script/tokens/test"));
    assert!(asked.contains("すぐに動かなくなります"), "{asked}");
    assert_eq!(person.get("/api/v1/cycles").status, 200);

    leads_to(&seat.submit("/people/of/script/tokens/test", &[]));

    assert_eq!(person.get("/api/v1/cycles").status, 401);
    let page = shown(&seat.get("/people/of/script"));
    assert!(page.contains("取消済み"), "{page}");
}

fn r17_the_last_admin_is_told_why_nothing_happens(app: TestApp) {
    let seat = admin(&app);

    let refused = seat.submit("/people/of/aoki/disable", &[]);

    assert_eq!(refused.status, 409);
    assert!(
        refused
            .text()
            .contains("サインインできる管理者が、ほかにいません"),
        "{}",
        refused.text()
    );
    assert_eq!(seat.get("/people").status, 200, "still there");
    assert_eq!(seat.get("/people/of/nobody").status, 404);
}

fn r17_an_auditor_looks_and_a_clerk_does_not(app: TestApp) {
    admin(&app);
    let auditor = app.seat("inoue", "auditor");
    let list = shown(&auditor.get("/people"));
    assert!(!list.contains("/people/invite"), "{list}");
    let person = shown(&auditor.get("/people/of/aoki"));
    for hidden in ["/roles\">", "/reset", "/disable"] {
        assert!(
            !person.contains(&format!("/people/of/aoki{hidden}")),
            "{person}"
        );
    }
    assert_eq!(auditor.get("/people/invite").status, 403);
    assert_eq!(auditor.submit("/people/of/aoki/disable", &[]).status, 403);
    let clerk = app.seat("endo", "clerk");
    assert_eq!(clerk.get("/people").status, 403);
    assert_eq!(clerk.get("/people/roles").status, 403);
}

fn r17_an_invitation_leads_to_the_first_sign_in(app: TestApp) {
    admin(&app);
    let Some(browser) = Browser::signed_in(&app, "aoki", "admin") else {
        return;
    };
    browser.go("/people/invite");
    browser.fill("#name", "chiba");
    browser.click("#roles-clerk");
    browser.click("form[action='/people/invite'] button.main");
    browser.wait_for("#link");
    let link = browser.value("#link");
    let secret = link.split('#').nth(1).expect("a secret").to_owned();

    let guest = Browser::start(&app).expect("Chromium is there");
    guest.go(&format!("/invitation#{secret}"));
    guest.wait_for("#password");
    guest.fill("#password", PASSWORD);
    guest.fill("#again", PASSWORD);
    guest.click("main button");
    guest.wait_for_text("[role=status]", "パスワードを決めました");
    guest.fill("#name", "chiba");
    guest.fill("#password", PASSWORD);
    guest.click("main button");
    guest.wait_for_path("/");
    guest.go("/catalogue");
    assert_eq!(guest.status(), 200);
}
