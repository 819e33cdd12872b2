//! An organisation at its own view: only its campaigns, totals only, in the steps of R16.

use ledger::ReferenceTable::{Campaigns, Members, Organizations};
use testkit::browser::Browser;
use testkit::{TestApp, TestDatabase, World, on_both};

on_both!(
    an_organisation_sees_its_totals_in_steps,
    another_organisations_address_is_like_none,
    the_staff_has_no_campaigns_of_its_own,
);

struct Appeal(TestApp);

impl From<TestDatabase> for Appeal {
    fn from(database: TestDatabase) -> Self {
        let world = World::from(database);
        world.load_newsletters();
        world.import(Organizations, "organization,name\nother,見本の団体\n");
        world.import(
            Campaigns,
            "campaign,organization,title,target,opens_on,closes_on,accounting\n\
             other-2025,other,見本の募集,50000,2025-11-01,2025-12-26,agency\n",
        );
        let numbers: String = (1..=9).map(|member| format!("01,{member:07}\n")).collect();
        world.import(Members, &format!("coop,member_number\n{numbers}"));
        world.set_today("2025-11-12");
        Self(TestApp::over(world, TestApp::unhurried()))
    }
}

impl Appeal {
    fn give(&self, members: std::ops::RangeInclusive<u32>) {
        let rows: String = members
            .map(|member| format!("01,{member:07},133540,2,2025-11-12,web\n"))
            .collect();
        let header = "coop,member_number,order_number,units,received_on,channel\n";
        self.0.world.take_applications(
            format!("{header}{rows}"),
            ledger::intake::ImportApplications::default(),
        );
    }
}

fn an_organisation_sees_its_totals_in_steps(appeal: Appeal) {
    let baker = appeal.0.seat_of_organization("baker", "kosumosu");
    appeal.give(1..=4);
    let list = baker.get("/own-campaigns");
    assert_eq!(list.status, 200, "{}", list.text());
    assert!(
        list.text().contains("<span class=\"figure\">¥0</span>"),
        "{}",
        list.text()
    );
    appeal.give(5..=5);
    let sheet = baker.get("/own-campaigns/kosumosu-2025");
    assert_eq!(sheet.status, 200);
    assert!(sheet.text().contains("¥5,000") && sheet.text().contains("5.0%"));
    assert!(
        !sheet.text().contains("件"),
        "no number of gifts: {}",
        sheet.text()
    );
    assert!(!list.text().contains("見本の募集"));
    let english = baker.in_english().get("/own-campaigns/kosumosu-2025");
    assert!(english.text().contains("As of 12 Nov 2025"));
}

fn another_organisations_address_is_like_none(appeal: Appeal) {
    let baker = appeal.0.seat_of_organization("baker", "kosumosu");
    let others = baker.get("/own-campaigns/other-2025");
    let none = baker.get("/own-campaigns/nobody-2025");
    assert_eq!((others.status, none.status), (404, 404));
    assert_eq!(others.body, none.body);
    for path in [
        "/campaigns",
        "/campaigns/kosumosu-2025",
        "/campaigns/other-2025",
        "/campaigns/kosumosu-2025/edit",
        "/campaigns/kosumosu-2025/payout",
        "/campaigns/kosumosu-2025/preview",
    ] {
        assert_eq!(baker.get(path).status, 403, "{path}");
    }
}

fn the_staff_has_no_campaigns_of_its_own(appeal: Appeal) {
    for role in ["clerk", "finance", "auditor", "admin"] {
        let seat = appeal.0.seat(role, role);
        assert_eq!(seat.get("/own-campaigns").status, 403, "{role}");
        assert_eq!(
            seat.get("/own-campaigns/kosumosu-2025").status,
            403,
            "{role}"
        );
    }
}

/// In a browser: the baker changes the address by hand.
#[test]
fn an_organisations_user_tries_another_address_by_hand() {
    let appeal = Appeal::from(TestDatabase::sqlite());
    appeal.give(1..=5);
    let Some(browser) = Browser::of_organization(&appeal.0, "baker", "kosumosu") else {
        return;
    };
    browser.go("/own-campaigns/kosumosu-2025");
    assert_eq!(browser.status(), 200);
    assert!(browser.text("main").contains("¥5,000"));
    browser.go("/own-campaigns/other-2025");
    assert_eq!(browser.status(), 404);
    let others = browser.text("main");
    browser.go("/own-campaigns/nobody-2025");
    assert_eq!((browser.status(), browser.text("main")), (404, others));
    for path in [
        "/campaigns",
        "/campaigns/kosumosu-2025",
        "/campaigns/other-2025",
    ] {
        browser.go(path);
        assert_eq!(browser.status(), 403, "{path}");
        assert!(!browser.text("main").contains('¥'), "{path}");
    }
}
