//! The co-ops' answers come in at the pages, and what waits in them is decided.

use ledger::billing::{CloseBatch, ExportBatch};
use ledger::domain::{CollectionMonth, CoopCode};
use ledger::trace::ChargeFilter;
use ledger::{PageRequest, ReferenceTable};
use testkit::{TestApp, on_both};

use crate::imports::{taken, tried};

on_both![
    an_answer_is_seen_taken_and_told_by_reason,
    a_held_result_is_decided_with_a_reason,
    a_refund_waits_for_a_second_person,
    a_result_is_taken_back_after_it_is_said_what_that_comes_to,
    a_clerk_sees_no_results,
];

/// August of four supporters of co-op 01, closed and handed over: the keys of its charges.
pub fn handed_over(app: &TestApp) -> Vec<String> {
    let world = &app.world;
    world.load_newsletters();
    world.set_today("2025-12-01");
    world.import(
        ReferenceTable::Members,
        "coop,member_number\n01,0000001\n01,0000002\n01,0000003\n01,0000004\n",
    );
    world.import(
        ReferenceTable::Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n\
         01,0000001,inclufund,2,300,2025-08\n01,0000002,inclufund,1,300,2025-08\n\
         01,0000003,inclufund,3,300,2025-08\n01,0000004,inclufund,1,300,2025-08\n",
    );
    let coop: CoopCode = "01".parse().unwrap();
    let month: CollectionMonth = "2025-08".parse().unwrap();
    let close = CloseBatch {
        coop: coop.clone(),
        month,
        reason: None,
    };
    world.ledger.close_batch(&world.office(), close).unwrap();
    let export = ExportBatch {
        coop,
        month,
        sequence: None,
        profile: None,
    };
    let mut file = std::io::sink();
    world
        .ledger
        .write_batch_file(&world.office(), export, &mut file)
        .unwrap();
    let charges = world
        .ledger
        .search_charges(
            &world.office(),
            &ChargeFilter::default(),
            &PageRequest::default(),
        )
        .unwrap();
    let keys = charges.items.iter();
    keys.map(|charge| charge.charge_key.to_string()).collect()
}

/// Two collected, one failed, and a key that is nobody's.
pub fn answer(keys: &[String]) -> String {
    format!(
        "請求キー,結果コード,集金日\n{},0,2025-08-27\n{},0,2025-08-27\n{},1,\n00220250801000000010,0,2025-08-27\n",
        keys[0], keys[1], keys[2]
    )
}

/// Where the links of a page lead that begin so, in their order.
pub fn links<'a>(page: &'a str, begins: &str) -> Vec<&'a str> {
    let links = page.split("href=\"").skip(1);
    let links = links.filter_map(|link| link.split('"').next());
    links.filter(|link| link.starts_with(begins)).collect()
}

const KIND: [(&str, &str); 1] = [("table", "results")];

fn an_answer_is_seen_taken_and_told_by_reason(app: TestApp) {
    let keys = handed_over(&app);
    let finance = app.seat("keiri", "finance");
    let waiting = finance.get("/results");

    let (trial, seen) = tried(&finance, "/results", &KIND, answer(&keys).as_bytes());
    let (_, done) = taken(&finance, &trial);
    let batch = finance.get("/results/batches/1");
    let failed = finance.get("/results/batches/1/charges?code=1");
    let again = tried(&finance, "/results", &KIND, answer(&keys).as_bytes()).1;

    assert!(
        waiting.text().contains("/results/batches/1"),
        "{}",
        waiting.text()
    );
    assert!(trial.starts_with("/results/imports/"));
    for told in [
        "¥900",
        "資金不足",
        "当てはまる請求明細がない",
        "繰り越さない",
    ] {
        assert!(seen.text().contains(told), "{told}: {}", seen.text());
    }
    assert_eq!(links(done.text(), "/results/held?file=").len(), 1);
    assert!(batch.text().contains("¥2,100"), "what was handed over");
    assert!(batch.text().contains("/results/batches/1/charges?code=1"));
    assert!(failed.text().contains("0000003"), "{}", failed.text());
    assert!(!failed.text().contains("0000001"));
    assert!(
        again
            .text()
            .contains("このファイルは前に取り込まれています")
    );
    let file = finance.get(links(done.text(), "/results/files/")[0]);
    assert!(file.text().contains("keiri") && file.text().contains("資金不足"));
}

fn a_held_result_is_decided_with_a_reason(app: TestApp) {
    let keys = handed_over(&app);
    let finance = app.seat("keiri", "finance");
    let (trial, _) = tried(&finance, "/results", &KIND, answer(&keys).as_bytes());
    taken(&finance, &trial);
    let contradiction = format!("請求キー,結果コード,集金日\n{},3,\n", keys[0]);
    let (trial, _) = tried(&finance, "/results", &KIND, contradiction.as_bytes());
    taken(&finance, &trial);
    let list = finance.get("/results/held");

    let held = links(list.text(), "/results/held/");
    let silent = finance.submit(held[0], &[("way", "dismiss"), ("reason", "")]);
    let dismiss = [("way", "dismiss"), ("reason", "送り間違い")];
    let dismissed = finance.submit(held[0], &dismiss);
    let take = [
        ("way", "take"),
        ("charge_key", keys[0].as_str()),
        ("reason", "電話で確認"),
    ];
    let took = finance.submit(held[1], &take);
    let after = finance.get("/results/held");

    assert_eq!(held.len(), 2);
    assert_eq!(silent.status, 422);
    assert!(silent.text().contains("id=\"reason-wrong\""));
    assert_eq!(dismissed.status, 303);
    assert_eq!(took.status, 303, "{}", took.text());
    assert!(after.text().contains("保留の結果はありません"));
    let batch = finance.get("/results/batches/1");
    assert!(batch.text().contains("預金者の都合による停止"));
    assert!(finance.get(held[1]).text().contains("電話で確認"));
}

fn a_refund_waits_for_a_second_person(app: TestApp) {
    let keys = handed_over(&app);
    let finance = app.seat("keiri", "finance");
    let (trial, _) = tried(&finance, "/results", &KIND, answer(&keys).as_bytes());
    taken(&finance, &trial);
    let by_member = finance.get("/results/charge?coop=01&member=0000001&month=2025-08");
    let of_nobody = finance.get("/results/charge?key=00220250801000000010");

    let to_refund = format!("/results/charge/{}/refund", keys[0]);
    let told = finance.get(&to_refund);
    let refund = [("reason", "本人の申し出")];
    let asked = finance.submit(&to_refund, &refund);

    assert!(by_member.text().contains(&keys[0]));
    assert_eq!(of_nobody.status, 404);
    assert!(
        asked
            .header("set-cookie")
            .contains("results-done-refund-waits"),
        "{}",
        asked.text()
    );
    assert!(
        told.text().contains("¥600 を組合員に返します"),
        "{}",
        told.text()
    );
    let failed = finance.get(&format!("/results/charge/{}/refund", keys[2]));
    assert!(failed.text().contains("返金するものがありません"));
    assert!(!failed.text().contains("<button class=\"grave\""));
}

fn a_result_is_taken_back_after_it_is_said_what_that_comes_to(app: TestApp) {
    let keys = handed_over(&app);
    let finance = app.seat("keiri", "finance");
    let (trial, _) = tried(&finance, "/results", &KIND, answer(&keys).as_bytes());
    taken(&finance, &trial);
    let found = finance.get(&format!("/results/charge?key={}", keys[1]));

    let to_reverse = links(found.text(), "/results/charge/")[0];
    let told = finance.get(to_reverse);
    let of_failed = finance.get(&format!("/results/charge/{}/reverse", keys[2]));
    let silent = finance.submit(to_reverse, &[("reason", "")]);
    let tomorrow = [("corrected_on", "2025-12-02"), ("reason", "単協の記録違い")];
    let early = finance.submit(to_reverse, &tomorrow);
    let because = [("reason", "単協の記録違い")];
    let twice = [1, 2].map(|_| finance.submit_under("once", to_reverse, &because));
    let again = finance.submit(to_reverse, &because);
    let by_hand = app.seat("kanji", "auditor").get(to_reverse);

    assert_eq!(to_reverse, format!("/results/charge/{}/reverse", keys[1]));
    assert!(
        told.text().contains("集金済みの ¥300 を結果待ちに戻します"),
        "{}",
        told.text()
    );
    assert!(told.text().contains("¥300 の結果を取り消す"));
    assert!(
        of_failed
            .text()
            .contains("「資金不足」で集金できなかった ¥900")
    );
    assert!(of_failed.text().contains("帳簿は動きません"));
    assert_eq!(silent.status, 422);
    assert!(silent.text().contains("id=\"reason-wrong\""));
    assert_eq!(early.status, 422, "{}", early.text());
    assert!(early.text().contains("id=\"corrected_on-wrong\""));
    assert!(early.text().contains("value=\"2025-12-02\""));
    assert_eq!(twice.map(|one| one.status), [303, 303]);
    assert_eq!(again.status, 409, "{}", again.text());
    assert!(again.text().contains("取り消す結果がありません"));
    assert_eq!(by_hand.status, 403);
    let charge = finance.get(&format!("/results/charge?key={}", keys[1]));
    assert_eq!(charge.text().matches("単協の記録違い").count(), 1);
    assert!(links(charge.text(), "/results/charge/").is_empty());
}

fn a_clerk_sees_no_results(app: TestApp) {
    handed_over(&app);
    let clerk = app.seat("aoki", "clerk");
    for path in ["/results", "/results/held", "/results/batches/1"] {
        assert_eq!(clerk.get(path).status, 403, "{path}");
    }
    assert!(!clerk.get("/imports").text().contains("href=\"/results\""));
}
