//! Over every screen there is, as everybody there is: that it answers as the table of rights says, that
//! it is light, keeps to itself, and that everybody can use it.

mod pictures;
mod sample;

use ledger::Operation;
use testkit::browser::{Look, axe};
use testkit::http::{self, Answer};
use testkit::visitors::Is;
use testkit::{Browser, TestApp};
use web::{Screen, screens};

/// What a first load of a page may weigh over the wire, with all that it brings.
const FIRST_LOAD_BYTES_MAX: u64 = 100 * 1024;
/// The narrowest window: a telephone, or 1280 pixels at 400 % zoom.
const NARROW: u32 = 320;
/// A desk's window at 200 % zoom.
const ZOOMED: u32 = 640;
const ORGANIZATION: &str = "kosumosu";

/// Somebody who walks.
#[derive(Debug, Clone, Copy)]
struct Walker {
    name: &'static str,
    /// Nobody who has signed in, where there are none.
    is: Option<Is<'static>>,
}

impl Walker {
    fn staff(roles: &'static str) -> Self {
        Self {
            name: roles,
            is: Some(Is::staff(roles)),
        }
    }

    fn of_organization() -> Self {
        Self {
            name: "dantai",
            is: Some(Is::of_organization(ORGANIZATION)),
        }
    }

    fn stranger() -> Self {
        Self { name: "", is: None }
    }

    /// Whether the table of rights lets them see a screen.
    fn may_see(self, screen: &Screen) -> bool {
        match self.is {
            Some(is) => {
                let roles = is.roles.parse().unwrap();
                screen.operation.allowed().to(roles) && !is_for_strangers(screen)
            }
            None => is_for_anybody(screen),
        }
    }
}

/// Whoever reaches the service sees these.
fn is_for_anybody(screen: &Screen) -> bool {
    let open = [
        Operation::SignIn,
        Operation::AcceptLink,
        Operation::ShowPublicCampaign,
    ];
    open.contains(&screen.operation)
}

/// Who has signed in is led on from here.
fn is_for_strangers(screen: &Screen) -> bool {
    screen.path == "/sign-in"
}

#[test]
fn every_screen_answers_everybody_as_the_table_of_rights_says() {
    let app = sample::app();
    let mut wrong = Vec::new();
    let staff = ["clerk", "finance", "auditor", "admin"].map(Walker::staff);
    let others = [Walker::of_organization(), Walker::stranger()];
    for walker in staff.into_iter().chain(others) {
        for screen in screens() {
            for language in ["ja", "en"] {
                let answer = ask(&app, walker, screen.sample, language);
                if let Err(told) = judged(&answer, walker, screen, language) {
                    let name = walker.name;
                    wrong.push(format!(
                        "{} as {name:?} in {language}: {told}",
                        screen.sample
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether an answer is the one that somebody has to get.
fn judged(answer: &Answer, walker: Walker, screen: &Screen, language: &str) -> Result<(), String> {
    let (status, to) = (answer.status, answer.header("location"));
    let is_right = match (walker.may_see(screen), walker.is) {
        (true, _) => status == 200 || status == 303 && leads_on(walker, screen, to),
        (false, Some(_)) if is_for_strangers(screen) => status == 303 && to == "/",
        (false, Some(_)) => [403, 404].contains(&status),
        (false, None) => status == 303 && to.starts_with("/sign-in"),
    };
    match is_right {
        false => Err(format!("{status} {to}")),
        true if status == 303 => Ok(()),
        true => judged_as_a_page(answer.text(), screen, language),
    }
}

/// Whether a screen leads on to another by design: an organisation from what waits for the staff to its
/// campaigns, the review to the first of what is held.
fn leads_on(walker: Walker, screen: &Screen, to: &str) -> bool {
    match screen.path {
        "/" => walker.name == Walker::of_organization().name && to == "/own-campaigns",
        "/review/next" => to.starts_with("/review/"),
        _ => false,
    }
}

/// What holds for every page, whatever it says.
fn judged_as_a_page(text: &str, screen: &Screen, language: &str) -> Result<(), String> {
    // The public page is in the language of its address.
    let is_public = screen.operation == Operation::ShowPublicCampaign;
    let shown = if is_public { "ja" } else { language };
    let title = text
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"));
    let has_title = title.is_some_and(|(title, _)| title.chars().count() > 4);
    let mut scripts = text.split("<script").skip(1);
    let rules = [
        (
            text.contains(&format!("<html lang=\"{shown}\"")),
            "not in its language",
        ),
        (
            text.matches("<h1").count() == 1,
            "not one heading of the page",
        ),
        (has_title, "no title"),
        (
            scripts.all(|script| script.contains(" src=\"/")),
            "a script within",
        ),
        (!text.contains(" src=\"http"), "loads from elsewhere"),
        (
            !text.contains("{ $") && !text.contains("{{"),
            "a value that was not filled in",
        ),
    ];
    if let Some((_, told)) = rules.into_iter().find(|(holds, _)| !holds) {
        return Err(told.to_owned());
    }
    let never = [
        "<style",
        " style=",
        " onclick=",
        " onload=",
        " onsubmit=",
        "javascript:",
    ];
    match never.into_iter().find(|never| text.contains(never)) {
        Some(never) => Err(format!("has {never}")),
        None => Ok(()),
    }
}

fn ask(app: &TestApp, walker: Walker, path: &str, language: &str) -> Answer {
    let mut cookie = format!("hitokuchi_language={language}");
    if let Some(is) = walker.is {
        // One session each is enough.
        let seat = testkit::people::session_of(&app.world, walker.name, is);
        cookie += &format!("; hitokuchi_session={}", seat.expose());
    }
    http::send(app.address, "GET", path, &[("Cookie", &cookie)], &[])
}

/// Goes over the screens of one who walks in a real browser, in both languages.
macro_rules! everybody_can_use_the_screens_of {
    ($($name:ident: $walker:expr),+ $(,)?) => {$(
        #[test]
        fn $name() {
            walk_in_a_browser($walker);
        }
    )+};
}

everybody_can_use_the_screens_of! {
    everybody_can_use_the_screens_of_a_clerk: Walker::staff("clerk"),
    everybody_can_use_the_screens_of_finance: Walker::staff("finance"),
    everybody_can_use_the_screens_of_an_auditor: Walker::staff("auditor"),
    everybody_can_use_the_screens_of_an_admin: Walker::staff("admin"),
    everybody_can_use_the_screens_of_an_organisation: Walker::of_organization(),
    everybody_can_use_the_screens_of_a_stranger: Walker::stranger(),
}

fn walk_in_a_browser(walker: Walker) {
    let app = sample::app();
    let Some(browser) = Browser::start(&app) else {
        return;
    };
    if let Some(is) = walker.is {
        browser.be(&app, walker.name, is);
    }
    let has_axe = axe::is_installed();
    let mut wrong = Vec::new();
    for language in ["ja", "en"] {
        browser.set_cookie("hitokuchi_language", language);
        let refused = ["/no-such-page"];
        let seen = screens().filter(|screen| walker.may_see(screen));
        for path in seen.map(|screen| screen.sample).chain(refused) {
            let what = format!("{path} in {language}");
            wrong.extend(
                look_at(&browser, path, has_axe, language == "ja")
                    .into_iter()
                    .map(|one| format!("{what}: {one}")),
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "as {:?}:\n{}",
        walker.name,
        wrong.join("\n")
    );
}

/// What is wrong with a page, seen wide and narrow, in light colours and, if wanted, in dark ones, which
/// are the same in every language.
fn look_at(browser: &Browser, path: &str, has_axe: bool, in_the_dark: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    // With nothing moving: colours that are still changing are none to judge.
    let still = Look {
        reduced_motion: true,
        ..Look::default()
    };
    browser.look(still);
    browser.forget_files();
    browser.go(path);
    let loaded = browser.loaded();
    let bytes: u64 = loaded.iter().map(|one| one.bytes).sum();
    if bytes > FIRST_LOAD_BYTES_MAX {
        wrong.push(format!("a first load of {bytes} bytes: {loaded:?}"));
    }
    let own = browser.url();
    let own = own.split('/').take(3).collect::<Vec<_>>().join("/");
    for one in loaded
        .iter()
        .filter(|one| !one.url.starts_with(&own) && !one.url.starts_with("data:"))
    {
        wrong.push(format!("loads {}", one.url));
    }
    for dark in [false, true] {
        if dark && !in_the_dark {
            continue;
        }
        browser.look(Look { dark, ..still });
        if has_axe {
            for violation in browser.axe() {
                let places = violation.places.join("\n    ");
                wrong.push(format!(
                    "{} (dark: {dark}): {}\n    {places}",
                    violation.rule, violation.help
                ));
            }
        }
    }
    for width in [NARROW, ZOOMED] {
        browser.look(Look::of_width(width));
        let pixels = browser.sideways();
        if pixels > 0 {
            wrong.push(format!(
                "at {width} pixels the page can be pushed sideways by {pixels}"
            ));
        }
    }
    let complaints = browser.complaints();
    let complaints = complaints
        .iter()
        .filter(|told| !told.contains("/no-such-page"));
    wrong.extend(complaints.map(|told| format!("the browser complains: {told}")));
    wrong
}
