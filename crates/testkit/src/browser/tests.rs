//! What the browser of the stories can do.

use super::*;
use crate::TestDatabase;

/// A page with a field of every kind, which writes down what happens to it.
const PAGE: &str = "data:text/html;charset=utf-8,<!doctype html><html lang=ja><title>試し</title>
    <main><h1>試し</h1><ol></ol>
    <label>口数 <input id=units></label> <label>備考 <input name=note></label>
    <label>受付日 <input id=day type=date max=9999-12-31></label>
    <label>単協 <select id=coop><option value=1>北東京</option><option value=2>多摩南</option></select></label>
    <label>ファイル <input id=file type=file></label>
    <button>送る</button><noscript><p id=plain>スクリプトなし</p></noscript></main>
    <script>
      const tell = (text) => document.querySelector('ol').append(
        Object.assign(document.createElement('li'), { textContent: text }));
      document.getElementById('units').addEventListener('keydown', (event) => {
        if (event.key === 'Enter' || event.isComposing) tell(`${event.key} ${event.isComposing}`);
      });
      document.querySelector('button').addEventListener('click', () => tell('sent'));
      document.querySelector('input').addEventListener('paste', (event) => {
        tell(event.clipboardData.getData('text')); });
      document.getElementById('file').addEventListener('change', (event) => {
        event.target.files[0].text().then(tell); });
    </script>";

fn app() -> TestApp {
    TestDatabase::sqlite().into()
}

#[test]
fn a_browser_types_clicks_chooses_pastes_and_uploads() {
    let app = app();
    let Some(browser) = Browser::start(&app) else {
        return;
    };
    browser.go(PAGE);
    assert_eq!(browser.title(), "試し");

    browser.fill("#units", "1２");
    browser.press(keys::ENTER);
    browser.press(&format!("{}備考a", keys::TAB));
    assert_eq!(browser.focused(), "note");
    assert_eq!(
        (browser.value("#units"), browser.value("[name=note]")),
        ("1２".into(), "備考a".into())
    );
    browser.fill("#day", "2025-08-27");
    browser.fill("#coop", "多摩南");
    assert_eq!(
        (browser.value("#day"), browser.value("#coop")),
        ("2025-08-27".into(), "2".into())
    );
    browser.click("button");
    browser.click("#units");
    browser.upload_bytes("#file", "lines.csv", "単協\n".as_bytes());
    browser.wait_for_text("li", "単協");
    assert_eq!(browser.texts("li"), ["Enter false", "sent", "単協"]);
    assert_eq!(browser.text("h1"), "試し");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn a_browser_goes_on_by_tab_types_dates_and_drops_files() {
    let app = app();
    let Some(browser) = Browser::start(&app) else {
        return;
    };
    browser.go(PAGE);

    browser.tab_to("#day");
    browser.press_date("2025-08-27");
    assert_eq!(browser.value("#day"), "2025-08-27");
    browser.drop_bytes("#file", "lines.csv", "多摩南\n".as_bytes());
    browser.wait_for_text("li", "多摩南");
}

#[test]
fn a_browser_converts_as_an_input_method_does() {
    let app = app();
    let Some(browser) = Browser::start(&app) else {
        return;
    };
    browser.go(PAGE);

    browser.click("#units");
    browser.compose("２");
    browser.end_conversion("２");
    browser.press(keys::ENTER);

    assert_eq!(browser.value("#units"), "２");
    assert_eq!(browser.texts("li"), ["Process true", "Enter false"]);
}

#[test]
fn a_browser_visits_the_service_as_somebody_who_has_signed_in() {
    let app = app();
    let Some(browser) = Browser::signed_in(&app, "aoki", "clerk") else {
        return;
    };
    browser.go("/");
    browser.wait_for_text("body", "aoki");
    assert_eq!((browser.status(), browser.path()), (200, "/".into()));
    let loaded = browser.loaded();
    assert!(loaded.len() > 1, "{loaded:?}");
    assert!(loaded.iter().all(|one| one.bytes > 0), "{loaded:?}");

    browser.look(Look {
        dark: true,
        ..Look::of_width(320)
    });
    assert_eq!(browser.sideways(), 0);
    let picture = tempfile::NamedTempFile::new().expect("a file for a picture");
    browser.screenshot(picture.path());
    let picture = std::fs::read(picture.path()).expect("read the picture");
    assert!(picture.starts_with(b"\x89PNG"));

    people::end_sessions_of(&app.world, "aoki");
    browser.close_tab_and_go("/sign-in");
    browser.wait_for("[name=password]");
    browser.click("[name=name]");
    browser.paste("1\t2");
    browser.until("what was pasted", |browser| {
        (browser.value("[name=name]") == "1\t2").then_some(())
    });
    browser.network_offline(true);
    let gone = browser.script_that_waits(
        "const [done] = arguments; fetch('/healthz').then(() => done(0), () => done(1))",
        &[],
    );
    assert_eq!(gone, 1);
    browser.network_offline(false);
    browser.reload();
}

#[test]
fn a_browser_does_without_javascript() {
    let app = app();
    let Some(browser) = Browser::without_script(&app) else {
        return;
    };
    browser.go(PAGE);
    browser.wait_for("#plain");
    browser.fill("#units", "3");
    browser.click("button");
    assert_eq!(browser.texts("li"), Vec::<String>::new());
    assert_eq!(browser.value("#units"), "3");
}

#[test]
fn axe_finds_what_is_wrong_with_a_page() {
    let app = app();
    if !axe::is_installed() {
        return;
    }
    let Some(browser) = Browser::start(&app) else {
        return;
    };
    browser.go(PAGE);
    assert_eq!(browser.axe(), Vec::new());
    browser.go("data:text/html,<!doctype html><title>x</title><main><h1>x</h1><input></main>");
    let rules: Vec<String> = browser.axe().into_iter().map(|one| one.rule).collect();
    assert_eq!(rules, ["html-has-lang", "label"]);
}
