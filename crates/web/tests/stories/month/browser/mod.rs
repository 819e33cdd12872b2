//! The same month as people see it: a clerk and two of finance, each at a browser of their own, and
//! somebody who looks at the campaign's page without signing in.
//!
//! Supporters are 300 yen a unit, the campaign's gifts 500 yen. What is applied for in the week:
//!
//! | from | member | number | units | yen | becomes |
//! |---|---|---|---|---|---|
//! | sheet | 0000001 | 108413 | 2 | 600 | held: a supporter of 2 units already; in the end a mistake |
//! | sheet | 0000003 | 108413 | 1 | 300 | a new supporter |
//! | sheet | 0000002 | 133540 | 2 | 1,000 | a gift |
//! | sheet | 0000004 | 133540 | 1 | 500 | a gift |
//! | sheet | 0000005 | 133540 | 3 | 1,500 | a gift, which cannot be collected |
//! | file | 0000003 | 108413 | 1 | 300 | held: written on the sheet, too; a mistake |
//! | file | 0000010 | 108413 | 1 | 300 | held: a supporter of 3 units; wants a fourth |
//! | file | 0000006 | 133540 | 2 | 1,000 | a gift |
//! | file | 0000007 | 133540 | 1 | 500 | a gift |
//! | file | 0000008 | 133540 | 1 | 500 | a gift |
//! | file | 0000090 | 133540 | 1 | 500 | held: nobody has the number; 0000009 meant it: a gift |
//!
//! In November the supporters paid 2, 3 and 1 units: 600 + 900 + 300 = 1,800 yen; the last of them,
//! 0000011, leaves. In December they pay 2, 4 and 1: 600 + 1,200 + 300 = 2,100 yen by 3 charges. The
//! gifts are 2 + 1 + 3 + 2 + 1 + 1 + 1 = 11 units, 5,500 yen by 7. Together 7,600 yen by 10 charges.

mod campaign;
mod clerk;
mod finance;

use std::cell::RefCell;

use ledger::ReferenceTable::{Members, Pledges};
use ledger::billing::CloseBatch;
use ledger::reference::SwitchPublicPage;
use serde_json::json;
use testkit::visitors::Is;
use testkit::{Browser, TestApp, TestDatabase, on_both, people};

use campaign::{CODE, public_page_says, staff_page_says};
use clerk::{clears_the_review, keys_the_sheet, posts_the_sheet, takes_the_file, why_this_amount};
use finance::{
    approves_and_hands_over, cannot_approve_her_own, closes_the_month, looks_into_the_month,
    sees_it_settled, takes_the_results,
};

on_both!(the_month_as_three_people_see_it);

const DECEMBER: &str = "/batches/01/2025-12";
/// What asks who signs in for the first time to set up a second factor.
const ENROLMENT: &str = "form[action='/sign-in/enrolment']";
const THE_BATCH: &str = "/batches/01/2025-12/1";

/// Co-op 01 with its supporters of old, November closed, and the campaign's page switched on.
struct Office(TestApp);

impl From<TestDatabase> for Office {
    fn from(database: TestDatabase) -> Self {
        let app = TestApp::from(database);
        let world = &app.world;
        world.load_newsletters();
        world.set_today("2025-11-01");
        let numbers: String = (1..=10)
            .map(|member| format!("01,{member:07},\n"))
            .collect();
        let leaves = "01,0000011,2025-11-20\n";
        world.import(
            Members,
            &format!("coop,member_number,left_on\n{numbers}{leaves}"),
        );
        world.import(
            Pledges,
            "coop,member_number,fund,units,unit_price,from_month\n\
             01,0000001,inclufund,2,300,2025-11\n01,0000010,inclufund,3,300,2025-11\n\
             01,0000011,inclufund,1,300,2025-11\n",
        );
        let november = CloseBatch {
            coop: "01".parse().unwrap(),
            month: "2025-11".parse().unwrap(),
            reason: None,
        };
        let call = world.office();
        world.ledger.close_batch(&call, november).unwrap();
        let shown = SwitchPublicPage {
            campaign: CODE.to_owned(),
            is_public: true,
        };
        world.ledger.switch_public_page(&call, &shown).unwrap();
        Self(app)
    }
}

/// Somebody of the office, at their own browser.
struct Colleague {
    name: &'static str,
    browser: Browser,
    /// What their app for the second factor keeps; empty before they have one.
    key: RefCell<String>,
}

impl Colleague {
    /// Somebody with a name and a password, at a browser; none where there is no browser.
    fn new(app: &TestApp, name: &'static str, role: &str) -> Option<Self> {
        let browser = Browser::start(app)?;
        people::settle(&app.world, name, Is::staff(role));
        Some(Self {
            name,
            browser,
            key: RefCell::default(),
        })
    }

    /// Comes to the office and wants a page: signs in on the way, since yesterday's session is over.
    fn comes_in(&self, app: &TestApp, path: &str) -> &Browser {
        let browser = &self.browser;
        browser.go(path);
        browser.wait_for_path("/sign-in");
        browser.sign_in(self.name);
        browser.wait_for(&format!("nav.menu, #code, {ENROLMENT}"));
        if browser.exists("#code") {
            browser.show_code(&app.world, &self.key.borrow());
        } else if browser.exists(ENROLMENT) {
            *self.key.borrow_mut() = browser.set_up_second_factor(&app.world);
        }
        browser.wait_for_path(path);
        browser
    }
}

fn the_month_as_three_people_see_it(office: Office) {
    let app = &office.0;
    let Some(anybody) = Browser::start(app) else {
        return;
    };
    let colleague = |name, role| Colleague::new(app, name, role).expect("another browser");
    let chiba = colleague("chiba", "clerk");
    let (aoki, baba) = (colleague("aoki", "finance"), colleague("baba", "finance"));

    app.world.set_today("2025-11-12");
    let clerk = chiba.comes_in(app, "/");
    keys_the_sheet(clerk);
    posts_the_sheet(clerk);
    // Three givers, 1,000 + 500 + 1,500 yen: the office sees them, the public does not.
    staff_page_says(clerk, ["3 6 ¥3,000 3.0%", "0 0 ¥0 0.0%", "0 0 ¥0 0.0%"]);
    public_page_says(&anybody, ["0 ¥0 0.0%", "0 ¥0 0.0%", "0 ¥0 0.0%"]);
    takes_the_file(clerk);
    // 1,000 + 500 + 500 yen more: the sixth giver is past the fifth.
    public_page_says(&anybody, ["10 ¥5,000 5.0%", "0 ¥0 0.0%", "0 ¥0 0.0%"]);
    clears_the_review(clerk);
    // 500 yen more, of one giver: to be seen when the cycle is over.
    staff_page_says(clerk, ["7 11 ¥5,500 5.5%", "0 0 ¥0 0.0%", "0 0 ¥0 0.0%"]);
    public_page_says(&anybody, ["10 ¥5,000 5.0%", "0 ¥0 0.0%", "0 ¥0 0.0%"]);
    app.world.set_today("2025-11-15");
    public_page_says(&anybody, ["11 ¥5,500 5.5%", "0 ¥0 0.0%", "0 ¥0 0.0%"]);

    app.world.set_today("2025-12-01");
    let finance = aoki.comes_in(app, "/");
    looks_into_the_month(finance);
    closes_the_month(finance);
    cannot_approve_her_own(finance);
    chiba.comes_in(app, &format!("/campaigns/{CODE}"));
    staff_page_says(
        clerk,
        ["7 11 ¥5,500 5.5%", "7 11 ¥5,500 5.5%", "0 0 ¥0 0.0%"],
    );
    public_page_says(&anybody, ["11 ¥5,500 5.5%", "11 ¥5,500 5.5%", "0 ¥0 0.0%"]);
    let file = approves_and_hands_over(baba.comes_in(app, "/"));
    why_this_amount(clerk);

    app.world.set_today("2025-12-29");
    let finance = aoki.comes_in(app, "/results");
    takes_the_results(finance, &file);
    sees_it_settled(finance);
    chiba.comes_in(app, "/");
    clerk.wait_for_text("main", "今日、あなたを待っているものはありません");
    // 1,500 of the 5,500 yen could not be collected; six givers are past the fifth.
    let collected = "6 8 ¥4,000 4.0%";
    staff_page_says(clerk, ["7 11 ¥5,500 5.5%", "7 11 ¥5,500 5.5%", collected]);
    public_page_says(
        &anybody,
        ["11 ¥5,500 5.5%", "11 ¥5,500 5.5%", "8 ¥4,000 4.0%"],
    );
    clerk.picture("27-campaign");
    anybody.picture("28-public");
    for browser in [&anybody, clerk, finance, &baba.browser] {
        assert_eq!(browser.complaints(), [] as [String; 0]);
    }
}

/// What stands beside a word in the facts of a page.
fn fact(browser: &Browser, word: &str) -> String {
    let said = browser.script(
        "const words = [...document.querySelectorAll('main dl.facts dt')];
         return words.find((one) => one.innerText.trim() === arguments[0])?.nextElementSibling.innerText ?? ''",
        &[json!(word)],
    );
    in_one_line(said.as_str().unwrap_or_default())
}

/// The rows of a table, a space between the cells.
fn rows(browser: &Browser, css: &str) -> Vec<String> {
    let rows = browser.texts(css);
    rows.iter().map(|row| in_one_line(row)).collect()
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
