//! The same without JavaScript: a form that adds a line at a time.

use testkit::{TestApp, on_both};

use super::{kept, line, lines, prepare};

on_both!(
    a_sheet_is_keyed_and_posted_by_forms_alone,
    only_finance_posts_a_sheet_that_disagrees,
    a_form_sent_twice_keys_one_line,
    the_pages_of_a_sheet_say_the_same_in_english,
);

/// The number of the sheet in an address.
fn opened(answer: &testkit::http::Answer) -> i64 {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let location = answer.header("location");
    let number = location.split('/').nth(2).and_then(|n| n.parse().ok());
    number.expect("a sheet's number")
}

const COVER: [(&str, &str); 7] = [
    ("coop", "01"),
    ("channel", "paper"),
    ("received_on", "2025-07-16"),
    ("lines", "２"),
    ("units", "3"),
    ("amount", "1,500"),
    ("member_sum", ""),
];

fn a_sheet_is_keyed_and_posted_by_forms_alone(app: TestApp) {
    prepare(&app);
    let clerk = app.seat("aoki", "clerk");
    assert_eq!(clerk.get("/sheets/new").status, 200);
    let sheet = opened(&clerk.submit("/sheets/new", &COVER));
    let at = |rest: &str| format!("/sheets/{sheet}{rest}");

    let line_of = |member, units| {
        [
            ("member_number", member),
            ("order_number", "164160"),
            ("units", units),
        ]
    };
    let looked = clerk.submit(
        &at("/first"),
        &[&line_of("0010106", "1")[..], &[("do", "look")]].concat(),
    );
    assert_eq!(looked.status, 200);
    assert!(
        looked.text().contains("サポーター登録 1口"),
        "{}",
        looked.text()
    );
    assert_eq!(lines(&app, sheet), []);

    let keyed = clerk.submit(&at("/first"), &line_of("００１０１０６", "1"));
    assert_eq!(keyed.status, 303);
    assert_eq!(keyed.header("location"), at("/first?order=164160"));
    assert!(
        clerk
            .get(&at("/first?order=164160"))
            .text()
            .contains("value=\"164160\"")
    );
    let refused = clerk.submit(&at("/first"), &line_of("0010231", "100"));
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("units-wrong"), "{}", refused.text());
    assert!(refused.text().contains("value=\"0010231\""));
    clerk.submit(&at("/first"), &line_of("0010231", "1"));
    clerk.submit(&at("/first"), &line_of("0010321", "1"));
    assert_eq!(clerk.get(&at("/first/2")).status, 200);
    let was = [
        ("was_member_number", "0010231"),
        ("was_order_number", "164160"),
        ("was_units", "1"),
    ];
    let corrected = clerk.submit(
        &at("/first/2"),
        &[&line_of("0010231", "2")[..], &was].concat(),
    );
    assert_eq!(corrected.status, 303);
    let late = clerk.submit(
        &at("/first/2"),
        &[&line_of("0010231", "4")[..], &was].concat(),
    );
    assert_eq!(late.status, 409, "another came first");
    let was = [
        ("was_member_number", "0010321"),
        ("was_order_number", "164160"),
        ("was_units", "1"),
    ];
    assert_eq!(clerk.submit(&at("/first/3/remove"), &was).status, 303);
    assert_eq!(lines(&app, sheet), [line("0010106", 1), line("0010231", 2)]);

    let preview = clerk.get(&at("/posting")).text().to_owned();
    assert!(preview.contains("2行を登録する"), "{preview}");
    assert_eq!(clerk.submit(&at("/posting"), &[]).status, 303);
    assert!(kept(&app, sheet).import_id.is_some());
    let back = clerk.get(&at("/first"));
    assert_eq!(
        (back.status, back.header("location").to_owned()),
        (303, at(""))
    );
    let again = clerk.submit(&at("/posting"), &[]);
    assert_eq!(again.status, 409);
    let list = clerk.get("/sheets?state=posted&mine=1").text().to_owned();
    assert!(list.contains(&at("")), "{list}");
}

fn only_finance_posts_a_sheet_that_disagrees(app: TestApp) {
    prepare(&app);
    let sheet = super::sheet(&app);
    super::put(&app, "aoki", sheet, "0010106", 1);
    let path = format!("/sheets/{sheet}/posting");
    let reason = [("override_reason", "表紙が誤り。支部に確認済み")];

    let clerk = app.seat("aoki", "clerk");
    let preview = clerk.get(&path).text().to_owned();
    assert!(preview.contains("二重の請求"), "{preview}");
    assert!(preview.contains("経理に頼んでください"));
    assert!(!preview.contains("override_reason"));
    assert_eq!(clerk.submit(&path, &reason).status, 403);
    let finance = app.seat("minami", "finance");
    assert!(finance.get(&path).text().contains("override_reason"));
    assert_eq!(finance.submit(&path, &reason).status, 303);
    let shown = finance.get(&format!("/sheets/{sheet}")).text().to_owned();
    assert!(shown.contains("支部に確認済み"));
}

fn a_form_sent_twice_keys_one_line(app: TestApp) {
    prepare(&app);
    let clerk = app.seat("aoki", "clerk");
    let sheet = opened(&clerk.submit("/sheets/new", &COVER));
    let fields = [
        ("member_number", "0010106"),
        ("order_number", "164160"),
        ("units", "1"),
    ];
    for _ in 0..2 {
        let sent = clerk.submit_under("double", &format!("/sheets/{sheet}/first"), &fields);
        assert_eq!(sent.status, 303);
    }
    assert_eq!(lines(&app, sheet), [line("0010106", 1)]);
}

fn the_pages_of_a_sheet_say_the_same_in_english(app: TestApp) {
    prepare(&app);
    let clerk = app.seat("aoki", "clerk").in_english();
    let sheet = super::sheet(&app);
    super::put(&app, "aoki", sheet, "0010106", 1);
    for rest in [
        "",
        "/first",
        "/second",
        "/cover",
        "/comparison",
        "/posting",
        "/discard",
        "/first/1",
    ] {
        let page = clerk.get(&format!("/sheets/{sheet}{rest}"));
        assert_eq!(page.status, 200, "{rest}");
        assert!(
            !page.text().contains("sheets-"),
            "{rest}: a message is missing"
        );
    }
    let auditor = app.seat("kansa", "auditor");
    assert_eq!(auditor.get(&format!("/sheets/{sheet}")).status, 200);
    assert_eq!(auditor.get(&format!("/sheets/{sheet}/first")).status, 403);
}
