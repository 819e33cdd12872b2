//! The catalogue at the desk: the calendar, cycles proposed and corrected, order numbers, settings.

mod at_the_keys;

use testkit::http::Answer;
use testkit::seat::Seat;
use testkit::{TestApp, on_both};

on_both!(
    the_calendar_shows_saved_weeks_and_proposes_the_others,
    four_weeks_are_corrected_merged_and_saved_in_one_form,
    a_refusal_stands_at_the_row_that_was_sent,
    the_page_of_a_week_shows_its_numbers_as_the_newsletter_prints_them,
    r1_a_number_in_the_way_is_told_beside_its_field,
    the_numbers_of_the_last_week_are_taken_over_under_new_ones,
    a_form_sent_twice_adds_once,
    names_are_added_and_corrected_and_their_codes_stay,
    who_may_only_look_sees_no_button_and_is_refused,
    every_page_is_there_in_both_languages,
);

/// The address of 2025年11月3回.
const NOVEMBER: &str = "/catalogue/cycles/2025%E5%B9%B411%E6%9C%883%E5%9B%9E";

fn desk(app: &TestApp) -> Seat {
    app.world.load_newsletters();
    app.world.set_today("2025-11-12");
    app.seat("baba", "finance")
}

#[track_caller]
fn shown(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().to_owned()
}

/// Where a form that was taken leads to.
#[track_caller]
fn leads_to(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

fn the_calendar_shows_saved_weeks_and_proposes_the_others(app: TestApp) {
    let seat = desk(&app);

    let page = shown(&seat.get("/catalogue"));

    assert!(page.contains("2025年11月の企画回"), "{page}");
    assert!(
        page.contains("2025年11月3回</a>"),
        "saved: a link to its page"
    );
    assert!(page.contains(NOVEMBER));
    assert!(page.contains("2025年11月4回</a>"), "proposed");
    assert!(page.contains("/catalogue/cycles/new?from=2025-11-17&#38;weeks=1"));
    assert!(page.contains("class=\"is-today "), "today is marked");
    let july = shown(&seat.get("/catalogue?month=2025-07"));
    assert!(july.contains("2025年7月4回</a>"));
    assert!(!july.contains("class=\"mark proposed\""), "July is over");
    let odd = shown(&seat.get("/catalogue?month=nonsense"));
    assert!(odd.contains("2025年11月の企画回"), "this month instead");
}

/// The fields of the form that `path` shows, as a browser would send them.
fn fields_of(page: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for tag in page.split("<input ").skip(1) {
        let tag = tag.split('>').next().unwrap();
        let attribute = |name: &str| {
            let (_, rest) = tag.split_once(&format!("{name}=\""))?;
            Some(rest.split('"').next().unwrap().to_owned())
        };
        let (Some(name), Some(value)) = (
            attribute(" name").or_else(|| attribute("name")),
            attribute("value"),
        ) else {
            continue;
        };
        let is_unticked = tag.contains("type=\"checkbox\"") && !tag.contains(" checked");
        if name.starts_with("cycles/") && !is_unticked {
            fields.push((name, value));
        }
    }
    fields
}

fn sent<'a>(
    fields: &'a [(String, String)],
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let own = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    own.chain(more.iter().copied()).collect()
}

fn set(fields: &mut [(String, String)], name: &str, value: &str) {
    let field = fields.iter_mut().find(|(known, _)| known == name);
    field.unwrap_or_else(|| panic!("no field {name}")).1 = value.to_owned();
}

fn four_weeks_are_corrected_merged_and_saved_in_one_form(app: TestApp) {
    let seat = desk(&app);
    let page = shown(&seat.get("/catalogue/cycles/new?from=2025-12-15&weeks=4"));
    let mut fields = fields_of(&page);
    assert_eq!(fields.len(), 4 * 6, "{page}");
    set(&mut fields, "cycles/0/closes_on", "2025-12-18");

    let merged = shown(&seat.submit("/catalogue/cycles/new", &sent(&fields, &[("merge", "1")])));
    let mut fields = fields_of(&merged);
    assert_eq!(fields.len(), 3 * 6, "two weeks became one");
    let text = |name: &str| {
        let field = fields.iter().find(|(known, _)| known == name);
        field.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    assert_eq!(
        text("cycles/0/closes_on"),
        "2025-12-18",
        "what was typed stays"
    );
    assert_eq!(text("cycles/1/opens_on"), "2025-12-22");
    assert_eq!(text("cycles/1/closes_on"), "2026-01-02");
    fields.retain(|(name, _)| name != "cycles/2/save");

    let to = leads_to(&seat.submit("/catalogue/cycles/new", &sent(&fields, &[])));

    assert_eq!(to, "/catalogue?month=2025-12");
    let december = shown(&seat.get(&to));
    assert!(
        december.contains("2025年12月15日〜2025年12月18日"),
        "{december}"
    );
    assert!(
        december.contains("2025年12月22日〜2026年1月2日"),
        "{december}"
    );
    assert_eq!(
        december
            .matches("<span class=\"state care\">注文番号なし")
            .count(),
        2
    );
}

fn a_refusal_stands_at_the_row_that_was_sent(app: TestApp) {
    let seat = desk(&app);
    let page = shown(&seat.get("/catalogue/cycles/new?weeks=3"));
    let mut fields = fields_of(&page);
    fields.retain(|(name, _)| name != "cycles/0/save");
    set(&mut fields, "cycles/2/closes_on", "2025-11-01");

    let refused = seat.submit("/catalogue/cycles/new", &sent(&fields, &[]));

    assert_eq!(refused.status, 422);
    let text = refused.text();
    assert!(text.contains("id=\"cycles/2/closes_on-wrong\""), "{text}");
    assert!(!text.contains("id=\"cycles/1/closes_on-wrong\""), "{text}");
    assert!(text.contains("申込終了 2025-11-01 が申込開始"), "{text}");
    assert_eq!(fields_of(text), fields, "every value is kept");
    let none: Vec<_> = fields
        .into_iter()
        .filter(|(name, _)| !name.ends_with("/save"))
        .collect();
    let refused = seat.submit("/catalogue/cycles/new", &sent(&none, &[]));
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("1件から"), "{}", refused.text());
}

fn the_page_of_a_week_shows_its_numbers_as_the_newsletter_prints_them(app: TestApp) {
    let seat = desk(&app);

    let page = shown(&seat.get(NOVEMBER));

    for words in [
        "2025年11月10日〜2025年11月14日",
        "2025年12月",
        "108413",
        "インクルファンド・サポーター登録寄付",
        "サポーター（毎月）",
        "¥300",
        "133540",
        "団体寄付（1回）",
        "¥500",
        "繰り越さない",
        "前の企画回から引き継ぐ",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let today = shown(&seat.get("/catalogue/today"));
    assert!(
        today.contains("133540") && today.contains("2025年11月14日"),
        "{today}"
    );
    let unknown = seat.get("/catalogue/cycles/2025%E5%B9%B413%E6%9C%881%E5%9B%9E");
    assert_eq!(unknown.status, 404);
}

const SUPPORTER: [(&str, &str); 7] = [
    ("title", "サポーター登録"),
    ("kind", "supporter"),
    ("unit_price", "300"),
    ("fund", "inclufund"),
    ("campaign", ""),
    ("on_failure", "lapse"),
    ("failures_max", ""),
];

fn number(order_number: &str) -> Vec<(&str, &str)> {
    [
        [("order_number", order_number)].as_slice(),
        SUPPORTER.as_slice(),
    ]
    .concat()
}

fn r1_a_number_in_the_way_is_told_beside_its_field(app: TestApp) {
    let seat = desk(&app);
    let next = [
        ("cycles/0/cycle", "2025年11月4回"),
        ("cycles/0/opens_on", "2025-11-14"),
        ("cycles/0/closes_on", "2025-11-21"),
        ("cycles/0/web_closes_on", ""),
        ("cycles/0/collection_month", "2025-12"),
        ("cycles/0/save", "1"),
    ];
    leads_to(&seat.submit("/catalogue/cycles/new", &next));
    let path = "/catalogue/cycles/2025%E5%B9%B411%E6%9C%884%E5%9B%9E/new-number";

    let refused = seat.submit(path, &number("108413"));

    assert_eq!(refused.status, 422);
    let text = refused.text();
    let beside = text
        .split("id=\"order_number-wrong\"")
        .nth(1)
        .unwrap_or_default();
    let beside = beside.split("</p>").next().unwrap_or_default();
    assert!(
        beside.contains("2025年11月3回（2025-11-10〜2025-11-14）"),
        "{text}"
    );
    assert!(
        beside.contains("インクルファンド・サポーター登録寄付"),
        "{text}"
    );
    assert!(text.contains("value=\"108413\""), "what was typed stays");
    leads_to(&seat.submit(path, &number("１０８４９９")));
    let corrected = "/catalogue/cycles/2025%E5%B9%B411%E6%9C%884%E5%9B%9E/numbers/108499";
    let refused = seat.submit(corrected, &number("108413"));
    assert_eq!(refused.status, 422, "{}", refused.text());
    leads_to(&seat.submit(corrected, &number("108498")));
    assert_eq!(seat.get(corrected).status, 404, "it has another number now");
}

fn the_numbers_of_the_last_week_are_taken_over_under_new_ones(app: TestApp) {
    let seat = desk(&app);
    let page = shown(&seat.get("/catalogue/cycles/new?from=2025-11-17&weeks=1"));
    leads_to(&seat.submit("/catalogue/cycles/new", &sent(&fields_of(&page), &[])));
    let week = "/catalogue/cycles/2025%E5%B9%B411%E6%9C%884%E5%9B%9E";
    let copy = format!("{week}/copy");
    let page = shown(&seat.get(&copy));
    assert!(page.contains("2025年11月3回の注文番号"), "{page}");
    let form = |supporter, campaign| {
        vec![
            ("from", "2025年11月3回"),
            ("copied", "108413"),
            ("offerings/0/order_number", supporter),
            ("copied", "133540"),
            ("offerings/1/order_number", campaign),
        ]
    };

    let refused = seat.submit(&copy, &form("120001", "12"));
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .text()
            .contains("id=\"offerings/1/order_number-wrong\"")
    );
    assert!(refused.text().contains("value=\"120001\""), "kept");
    let to = leads_to(&seat.submit(&copy, &form("120001", "")));

    let page = shown(&seat.get(&to));
    assert!(page.contains("120001"), "{page}");
    assert!(
        !page.contains("133540"),
        "what was left blank is not copied"
    );
}

fn a_form_sent_twice_adds_once(app: TestApp) {
    let seat = desk(&app);
    let fields = [("fund", "mihon"), ("name", "見本の基金")];
    let path = "/catalogue/names/funds";

    let first = seat.submit_under("double-click", path, &fields);
    let second = seat.submit_under("double-click", path, &fields);

    assert_eq!(leads_to(&first), path);
    assert_eq!(leads_to(&second), path, "not refused as there already");
    assert_eq!(shown(&seat.get(path)).matches("見本の基金</td>").count(), 1);
}

fn names_are_added_and_corrected_and_their_codes_stay(app: TestApp) {
    let seat = desk(&app);
    for (table, code) in [
        ("cooperatives", "coop"),
        ("funds", "fund"),
        ("organizations", "organization"),
    ] {
        let path = format!("/catalogue/names/{table}");
        leads_to(&seat.submit(&path, &[(code, "mihon"), ("name", "見本")]));
        let again = seat.submit(&path, &[(code, "mihon"), ("name", "見本")]);
        assert_eq!(again.status, 422);
        assert!(
            again.text().contains(&format!("id=\"{code}-wrong\"")),
            "{}",
            again.text()
        );
        let one = format!("{path}/mihon");
        assert!(shown(&seat.get(&one)).contains("コードはファイルや記録に"));
        let nameless = seat.submit(&one, &[("name", "")]);
        assert_eq!(nameless.status, 422);
        leads_to(&seat.submit(&one, &[("name", "新しい名前")]));
        assert!(shown(&seat.get(&path)).contains("新しい名前"));
        assert_eq!(seat.get(&format!("{path}/nobody")).status, 404);
    }
    assert_eq!(seat.get("/catalogue/names/members").status, 404);
}

fn who_may_only_look_sees_no_button_and_is_refused(app: TestApp) {
    desk(&app);
    let clerk = app.seat("endo", "clerk");
    let page = shown(&clerk.get(NOVEMBER));
    for hidden in ["/edit\"", "/copy\"", "/new-number\"", "/numbers/"] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    let calendar = shown(&clerk.get("/catalogue"));
    assert!(!calendar.contains("/catalogue/cycles/new"), "{calendar}");
    for path in [
        "/catalogue/cycles/new".to_owned(),
        format!("{NOVEMBER}/edit"),
        format!("{NOVEMBER}/copy"),
        format!("{NOVEMBER}/new-number"),
        format!("{NOVEMBER}/numbers/108413"),
        "/catalogue/names/funds/inclufund".to_owned(),
        "/catalogue/settings".to_owned(),
    ] {
        assert_eq!(clerk.get(&path).status, 403, "{path}");
    }
    let added = clerk.submit("/catalogue/names/funds", &[("fund", "x"), ("name", "x")]);
    assert_eq!(added.status, 403);
    let organization = app.seat_of_organization("kobayashi", "kosumosu");
    assert_eq!(organization.get("/catalogue").status, 403);
}

fn every_page_is_there_in_both_languages(app: TestApp) {
    desk(&app);
    let admin = app.seat("aoki", "admin");
    let own = web::screens().filter(|screen| {
        screen.path.starts_with("/catalogue") || screen.path.starts_with("/people")
    });
    let mut seen = 0;
    for screen in own {
        for seat in [admin.clone(), admin.in_english()] {
            let page = shown(&seat.get(screen.sample));
            for untranslated in [">catalogue-", ">people-", "\"catalogue-", "\"people-"] {
                assert!(!page.contains(untranslated), "{}: {page}", screen.sample);
            }
            assert_eq!(page.matches("<h1>").count(), 1, "{}", screen.sample);
            seen += 1;
        }
    }
    assert!(seen >= 28, "{seen}");
}
