//! The public page of a campaign: what it shows, when it moves, and that it is there only where it is
//! switched on (R16).

use std::net::SocketAddr;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use ledger::ReferenceTable::Members;
use ledger::domain::Yen;
use ledger::intake::NewApplication;
use ledger::reference::SwitchPublicPage;
use testkit::http::{Answer, send};
use testkit::world::told;
use testkit::{TestApp, World, on_both};

on_both!(
    r16_the_public_page_moves_in_steps_and_at_once,
    r16_a_page_that_is_switched_off_is_like_none,
    r16_a_second_process_shows_it_within_a_second,
    r16_many_who_look_at_once_see_one_figure,
    the_page_speaks_both_languages_and_needs_no_cookie,
    the_badge_may_be_shown_by_other_pages,
    programs_read_the_same_figures,
    who_has_it_already_is_told_so_in_a_few_bytes,
    another_spelling_of_the_address_is_no_page,
    who_asks_for_the_head_alone_is_told_what_the_page_would_say,
);

const CODE: &str = "kosumosu-2025";

/// The newsletters' campaign in its week, twenty members, its page switched on.
struct Appeal(TestApp);

impl From<testkit::TestDatabase> for Appeal {
    fn from(database: testkit::TestDatabase) -> Self {
        let world = World::from(database);
        world.load_newsletters();
        let numbers: String = (1..=30).map(|member| format!("01,{member:07}\n")).collect();
        world.import(Members, &format!("coop,member_number\n{numbers}"));
        world.set_today("2025-11-12");
        let appeal = Self(TestApp::over(world, TestApp::unhurried()));
        appeal.switch(true);
        appeal
    }
}

impl Appeal {
    fn switch(&self, is_public: bool) {
        let world = &self.0.world;
        let request = SwitchPublicPage {
            campaign: CODE.to_owned(),
            is_public,
        };
        world
            .ledger
            .switch_public_page(&world.office(), &request)
            .unwrap_or_else(|error| panic!("switch: {}", told(&error)));
    }

    /// One unit each by some members, as single requests of this process.
    fn give(&self, members: impl IntoIterator<Item = u32>) {
        let world = &self.0.world;
        for member in members {
            let application = NewApplication {
                coop: "01".to_owned(),
                member_number: format!("{member:07}"),
                order_number: Some("133540".to_owned()),
                units: Some(1),
                ..NewApplication::default()
            };
            world
                .ledger
                .record_application(&world.office(), application)
                .unwrap_or_else(|error| panic!("give: {}", told(&error)));
        }
    }

    fn get(&self, path: &str) -> Answer {
        get(self.0.address, path)
    }

    /// Yen shown as applied for.
    fn applied(&self) -> i64 {
        applied(self.0.address)
    }
}

fn get(address: SocketAddr, path: &str) -> Answer {
    send(address, "GET", path, &[], &[])
}

fn applied(address: SocketAddr) -> i64 {
    let answer = get(address, &format!("/c/{CODE}.json"));
    let shown = answer.good();
    shown["applied"]["amount"].as_i64().expect("yen")
}

fn r16_the_public_page_moves_in_steps_and_at_once(appeal: Appeal) {
    assert_eq!(appeal.applied(), 0);
    appeal.give(1..=4);
    assert_eq!(appeal.applied(), 0, "four have come");
    appeal.give([5]);
    assert_eq!(appeal.applied(), 2_500, "at once, the fifth has come");
    let page = appeal.get(&format!("/c/{CODE}"));
    assert_eq!(page.status, 200);
    assert!(page.text().contains("¥2,500"), "{}", page.text());
    appeal.give(6..=9);
    assert_eq!(appeal.applied(), 2_500, "four more have come");
    appeal.give([10]);
    assert_eq!(appeal.applied(), 5_000);
    appeal.give([11]);
    assert_eq!(appeal.applied(), 5_000);
    appeal.0.world.set_today("2025-11-15");
    assert_eq!(appeal.applied(), 5_500, "the cycle has closed");
}

fn r16_a_page_that_is_switched_off_is_like_none(appeal: Appeal) {
    let bare = |answer: Answer| {
        let mut headers: Vec<_> = answer
            .headers
            .into_iter()
            .filter(|(name, _)| name != "x-request-id" && name != "date")
            .collect();
        headers.sort();
        (answer.status, headers, answer.body)
    };
    for form in ["", "/badge.svg", ".json"] {
        let own = format!("/c/{CODE}{form}");
        assert_eq!(appeal.get(&own).status, 200, "{own}");
        appeal.switch(false);
        let off = bare(appeal.get(&own));
        assert_eq!(off.0, 404, "{own} at once");
        let unknown = bare(appeal.get(&format!("/c/nobody-2025{form}")));
        assert_eq!(off, unknown, "{form}");
        appeal.switch(true);
    }
}

/// Within a second of the change somebody who looks sees it, and whoever looks goes on doing so.
fn r16_a_second_process_shows_it_within_a_second(appeal: Appeal) {
    let other = appeal.0.second_process();
    assert_eq!(applied(other.address), 0);
    for step in 1..=3_u32 {
        appeal.give((step * 5 - 4)..=(step * 5));
        let changed = Instant::now();
        let expected = i64::from(step) * 2_500;
        while applied(other.address) != expected {
            assert!(
                changed.elapsed() < Duration::from_secs(1),
                "after a second the other process shows {}",
                applied(other.address)
            );
        }
    }
    appeal.switch(false);
    let changed = Instant::now();
    while get(other.address, &format!("/c/{CODE}")).status == 200 {
        assert!(changed.elapsed() < Duration::from_secs(1), "still there");
    }
}

fn r16_many_who_look_at_once_see_one_figure(appeal: Appeal) {
    for step in 0..4_u32 {
        appeal.give((step * 5 + 1)..=(step * 5 + 5));
        let together = Barrier::new(8);
        let looks: Vec<i64> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        appeal.applied()
                    })
                })
                .collect();
            let looks = threads.into_iter().map(|thread| thread.join());
            looks.map(|look| look.expect("a look")).collect()
        });
        assert_eq!(looks, vec![i64::from(step + 1) * 2_500; 8]);
    }
}

fn the_page_speaks_both_languages_and_needs_no_cookie(appeal: Appeal) {
    appeal.give(1..=5);
    let japanese = appeal.get(&format!("/c/{CODE}"));
    assert!(japanese.text().contains("<html lang=\"ja\">"));
    assert!(japanese.text().contains("パン＆カフェ こすもす"));
    assert!(
        japanese.text().contains("目標 ¥100,000 の 2.5%"),
        "{}",
        japanese.text()
    );
    let english = appeal.get(&format!("/c/{CODE}?lang=en"));
    assert!(english.text().contains("<html lang=\"en\">"));
    assert_eq!(english.header("content-language"), "en");
    let with_cookie = send(
        appeal.0.address,
        "GET",
        &format!("/c/{CODE}"),
        &[(
            "Cookie",
            "hitokuchi_language=en; hitokuchi_session=nonsense",
        )],
        &[],
    );
    assert_eq!(with_cookie.body, japanese.body, "the address alone says it");
    for answer in [&japanese, &english, &with_cookie] {
        assert_eq!(answer.header("set-cookie"), "");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'"),
            "{policy}"
        );
        assert!(answer.body.len() < 20_000, "{} bytes", answer.body.len());
    }
}

fn the_badge_may_be_shown_by_other_pages(appeal: Appeal) {
    appeal.give(1..=5);
    let badge = appeal.get(&format!("/c/{CODE}/badge.svg"));
    assert_eq!(badge.status, 200);
    assert_eq!(badge.header("content-type"), "image/svg+xml");
    assert_eq!(badge.header("cross-origin-resource-policy"), "cross-origin");
    assert!(badge.text().contains("¥2,500"), "{}", badge.text());
    let english = appeal.get(&format!("/c/{CODE}/badge.svg?lang=en"));
    assert!(english.text().contains("pledged of"), "{}", english.text());
}

fn programs_read_the_same_figures(appeal: Appeal) {
    appeal.give(1..=5);
    let answer = appeal.get(&format!("/c/{CODE}.json"));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
    let json = answer.good();
    assert_eq!(json["campaign"], CODE);
    assert_eq!(json["target"], Yen::new(100_000).get());
    assert_eq!(json["applied"]["units"], 5);
    assert_eq!(json["applied"]["percent"], "2.5");
    assert_eq!(json["paid_out"]["amount"], 0);
    assert!(
        json["applied"].get("gifts").is_none(),
        "totals only: {json}"
    );
    let none = appeal.get("/c/nobody-2025.json");
    assert_eq!(none.status, 404);
    assert_eq!(none.json()["code"], "campaign_not_found");
    assert_eq!(none.header("access-control-allow-origin"), "*");
}

fn who_has_it_already_is_told_so_in_a_few_bytes(appeal: Appeal) {
    for form in ["", "/badge.svg", ".json"] {
        let path = format!("/c/{CODE}{form}");
        let first = appeal.get(&path);
        assert_eq!(first.header("cache-control"), "public, no-cache");
        let tag = first.header("etag").to_owned();
        let has = |tag: &str| {
            send(
                appeal.0.address,
                "GET",
                &path,
                &[("If-None-Match", tag)],
                &[],
            )
        };
        let again = has(&tag);
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), tag);
        assert_eq!(has(&format!("\"other\", W/{tag}")).status, 304);
        assert_eq!(has("\"other\"").status, 200);
    }
    let path = format!("/c/{CODE}.json");
    let before = appeal.get(&path).header("etag").to_owned();
    appeal.give(1..=5);
    let after = send(
        appeal.0.address,
        "GET",
        &path,
        &[("If-None-Match", &before)],
        &[],
    );
    assert_eq!(after.status, 200, "it has moved");
    assert_ne!(after.header("etag"), before);
}

fn another_spelling_of_the_address_is_no_page(appeal: Appeal) {
    for path in [
        "/c/KOSUMOSU-2025",
        "/c/%EF%BD%8Bosumosu-2025",
        "/c/kosumosu-2025%20",
        "/c/%3Cscript%3E",
        "/c/kosumosu-2025/badge.png",
    ] {
        assert_eq!(appeal.get(path).status, 404, "{path}");
    }
}

fn who_asks_for_the_head_alone_is_told_what_the_page_would_say(appeal: Appeal) {
    let address = appeal.0.address;
    for form in ["", "/badge.svg", ".json"] {
        let path = format!("/c/{CODE}{form}");
        let whole = send(address, "GET", &path, &[], &[]);

        let head = send(address, "HEAD", &path, &[], &[]);

        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        for name in ["etag", "content-type", "content-length"] {
            assert_eq!(head.header(name), whole.header(name), "{path}: {name}");
        }
        assert_eq!(head.header("content-length"), whole.body.len().to_string());
    }
}
