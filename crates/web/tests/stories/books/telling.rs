//! 監査ログ and 検証: what was done, in plain words, and whether all of it holds.

use testkit::on_both;

use super::desk::{Desk, shown};

on_both!(
    the_log_is_searched_by_who_what_when_where_and_member,
    the_log_is_taken_along,
    everything_is_verified_and_told_in_words,
    the_last_verification_is_told_to_who_may_verify,
    heads_kept_elsewhere_are_compared,
);

fn the_log_is_searched_by_who_what_when_where_and_member(desk: Desk) {
    let seat = desk.seat("auditor");
    let all = shown(&seat, "/audit-log");
    for told in [
        "請求データを締めた",
        "請求データ 1",
        "サーバーの管理者（office）",
        "集金結果のファイルを取り込んだ",
    ] {
        assert!(all.contains(told), "{told} in {all}");
    }
    let closes = shown(
        &seat,
        "/audit-log?action=close_batch&coop=01&from=2025-12-01&to=2025-12-01&person=cli%3Aoffice",
    );
    assert_eq!(closes.matches("<summary>").count() - 1, 1, "{closes}");
    let none = shown(&seat, "/audit-log?from=2025-12-02&to=2025-12-03");
    assert!(none.contains("合う記録がありません"), "{none}");
    let of_member = shown(&seat, "/audit-log?coop=01&member_number=0000001");
    assert!(of_member.contains("<caption>"), "{of_member}");
    let searched = shown(&seat, "/audit-log?action=search_audit_events");
    assert!(
        searched.contains("監査記録で組合員を調べた"),
        "the search is on record: {searched}"
    );
    let without_coop = seat.get("/audit-log?member_number=0000001");
    assert_eq!(without_coop.status, 422);
    let turned = seat.get("/audit-log?from=2025-12-02&to=2025-12-01");
    assert_eq!(turned.status, 422);
    assert!(
        turned.text().contains("id=\"from-wrong\""),
        "{}",
        turned.text()
    );
}

fn the_log_is_taken_along(desk: Desk) {
    let seat = desk.seat("auditor");
    let answer = seat.get("/audit-log.csv?action=close_batch");
    assert_eq!(answer.status, 200);
    assert!(answer.body.starts_with("\u{feff}\"日時\"".as_bytes()));
    assert_eq!(answer.text().lines().count(), 2);
}

fn everything_is_verified_and_told_in_words(desk: Desk) {
    for roles in ["auditor", "admin", "finance"] {
        let seat = desk.seat(roles);
        let page = shown(&seat, "/verification/run");
        assert!(page.contains("項目のすべてが成り立っています"), "{page}");
        assert!(page.contains("試算表の借方と貸方が一致する"), "{page}");
    }
    assert_eq!(desk.seat("clerk").get("/verification").status, 403);
}

fn the_last_verification_is_told_to_who_may_verify(desk: Desk) {
    let (auditor, clerk) = (desk.seat("auditor"), desk.seat("clerk"));
    let never = "まだ一度も検証していません";
    for path in ["/", "/verification"] {
        let page = shown(&auditor, path);
        assert!(page.contains(never), "{path}: {page}");
        assert!(!page.contains("最後の検証"), "{path}: {page}");
    }

    let page = shown(&auditor, "/verification/run");
    assert!(!page.contains("監査ログに残せませんでした"), "{page}");

    let told = |mark: &str| {
        for (seat, path) in [
            (&auditor, "/"),
            (&auditor, "/verification"),
            (&desk.seat("finance"), "/"),
            (&desk.seat("admin"), "/"),
        ] {
            let page = shown(seat, path);
            let line = page.lines().find(|line| line.contains("最後の検証"));
            let line = line.unwrap_or_else(|| panic!("{path}: {page}"));
            assert!(line.contains("auditor") && line.contains(mark), "{line}");
            assert!(!page.contains(never), "{path}: {page}");
        }
    };
    told("よい");
    let forged = r#"{"heads": [{"chain": "audit/99", "length": 1, "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}]}"#;
    let answer = auditor.submit("/verification/compare", &[("heads", forged)]);
    assert!(answer.text().contains("成り立たない項目があります"));
    told("違う");
    let log = shown(&auditor, "/audit-log?action=verify_against_heads");
    assert!(log.contains("検証 違う"), "{log}");
    let log = shown(&auditor, "/audit-log?action=verify_records");
    assert!(log.contains("検証 よい"), "{log}");

    let page = shown(&clerk, "/");
    assert!(
        !page.contains("最後の検証") && !page.contains("/verification"),
        "{page}"
    );
}

fn heads_kept_elsewhere_are_compared(desk: Desk) {
    let seat = desk.seat("auditor");
    let head = &desk
        .app
        .world
        .ledger
        .list_chain_heads(&desk.app.world.office())
        .expect("heads")[0];
    let kept = seat.get("/verification/heads.json");
    assert_eq!(kept.status, 200);
    let answer = seat.submit("/verification/compare", &[("heads", kept.text())]);
    assert_eq!(answer.status, 200);
    assert!(
        answer.text().contains("控えのところから続いている"),
        "{}",
        answer.text()
    );
    assert!(answer.text().contains("項目のすべてが成り立っています"));

    let other = kept.text().replace(&head.sha256, &"0".repeat(64));
    let answer = seat.submit("/verification/compare", &[("heads", &other)]);
    assert!(
        answer.text().contains("成り立たない項目があります"),
        "{}",
        answer.text()
    );
    let answer = seat.submit("/verification/compare", &[("heads", "こんにちは")]);
    assert_eq!(answer.status, 422);
    assert!(
        answer.text().contains("id=\"heads-wrong\""),
        "{}",
        answer.text()
    );
}
