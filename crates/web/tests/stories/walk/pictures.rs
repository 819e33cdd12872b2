//! The handbook's pictures: `make screenshots` runs this test, which is otherwise left out.

use std::path::{Path, PathBuf};

use testkit::Browser;
use testkit::browser::Look;
use web::{Screen, screens};

use super::{Walker, sample};

/// How wide a telephone is.
const TELEPHONE: u32 = 390;

#[test]
#[ignore = "it writes files of the repository: make screenshots"]
fn pictures_of_every_screen() {
    let app = sample::app();
    let folder = folder();
    std::fs::create_dir_all(&folder).unwrap();
    let walkers = [
        Walker::stranger(),
        Walker::staff("clerk"),
        Walker::staff("finance"),
        Walker::staff("admin"),
        Walker::staff("auditor"),
        Walker::of_organization(),
    ];
    for walker in walkers {
        let Some(browser) = Browser::start(&app) else {
            panic!("pictures are taken with Chromium, which is not installed");
        };
        if let Some(is) = walker.is {
            browser.be(&app, walker.name, is);
        }
        if walker.name == "clerk" {
            sign_in(&browser, walker.name);
        }
        for screen in screens().filter(|screen| painter(&walkers, screen) == Some(walker.name)) {
            let Some(picture) = screen.picture else {
                continue;
            };
            take(&browser, screen.sample, Look::default(), &folder, picture);
            if screen.path == "/c/{code}" {
                let name = format!("{picture}-telephone");
                take(
                    &browser,
                    screen.sample,
                    Look::of_width(TELEPHONE),
                    &folder,
                    &name,
                );
            }
        }
    }
}

/// Signs in by hand, and ends the session made for a test: that has an end that none has.
fn sign_in(browser: &Browser, name: &str) {
    browser.set_cookie("hitokuchi_session", "");
    browser.go("/sign-in");
    browser.sign_in(name);
    browser.wait_for_path("/");
    let secret = browser.cookie("hitokuchi_session");
    assert!(secret.is_some_and(|secret| !secret.is_empty()));
    browser.go("/account");
    browser.click("form[action$='/end'] button");
    browser.wait_for(".notice.done");
    assert!(!browser.exists("form[action$='/end']"));
}

/// As whom a screen is shown: the first who may see it.
fn painter(walkers: &[Walker], screen: &Screen) -> Option<&'static str> {
    let painter = walkers.iter().find(|walker| walker.may_see(screen));
    painter.map(|walker| walker.name)
}

fn take(browser: &Browser, path: &str, look: Look, folder: &Path, name: &str) {
    browser.look(look);
    browser.go(path);
    assert_eq!(browser.status(), 200, "{path}");
    browser.screenshot(&folder.join(format!("{name}.png")));
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/handbook/pictures")
}
