//! "Why this amount?", and finding what people remember only parts of.

use ledger::domain::{Way, Yen};
use ledger::trace::{AmountExplained, ApplicationFilter, ChargeFilter};
use ledger::{Cursor, PageRequest};
use testkit::on_both;

use crate::office::{Office, close, coop, month};

on_both!(
    a_member_asks_why_this_amount,
    a_member_asks_about_a_month_that_is_not_closed_yet,
    a_voided_charge_stays_in_the_story,
    an_application_is_found_by_what_people_remember,
    a_charge_is_found_by_what_people_remember,
    a_cursor_made_up_or_of_another_list_is_refused,
);

fn explain(office: &Office, number: &str, of: &str) -> AmountExplained {
    let number = number.parse().expect("a member number");
    office
        .ledger
        .explain_amount(&office.office(), &coop(), &number, month(of))
        .expect("explain the amount")
}

fn a_member_asks_why_this_amount(office: Office) {
    office.members(&["0000001"]);
    office.applies("01,0000001,164151,2,2025-07-15,paper\n01,0000001,164160,1,2025-07-16,phone\n");
    for of in ["2025-08", "2025-09", "2025-10", "2025-11"] {
        close(&office, of);
    }
    office.applies("01,0000001,108413,1,2025-11-12,web\n");
    let held = office.holds()[0].id;
    office.resolve(held, Way::Add);
    close(&office, "2025-12");

    let august = explain(&office, "0000001", "2025-08");
    let december = explain(&office, "0000001", "2025-12");

    assert_eq!(august.amount, Yen::new(1_100));
    let lines: Vec<&str> = august
        .charges
        .iter()
        .map(|one| one.summary.as_str())
        .collect();
    assert_eq!(
        lines,
        [
            "サポーター 2口 × 300円 = 600円（2025年7月4回に注文用紙で申込（applications.csv の2行目、申込 1）、2025年8月から2口（申込））",
            "スポット 1口 × 500円 = 500円（2025年7月4回に電話で申込（applications.csv の3行目、申込 2）、今回限り）",
        ]
    );
    assert_eq!(december.amount, Yen::new(900));
    assert_eq!((december.charges.len(), december.planned.len()), (1, 0));
    let charge = &december.charges[0];
    assert!(
        charge.summary.contains("2025年12月から3口（要確認の判断"),
        "{}",
        charge.summary
    );
    assert!(
        charge.summary.contains("本人に電話で確認"),
        "{}",
        charge.summary
    );
    assert_eq!(charge.application_ids, [1, held]);
    let added = december.applications.iter().find(|one| one.id == held);
    assert_eq!(added.expect("the added one").decisions.len(), 1);
    assert_eq!(december.pledges[0].revisions.len(), 2);
}

fn a_member_asks_about_a_month_that_is_not_closed_yet(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-11,\n");
    office.applies("01,0000001,133540,3,2025-11-12,paper\n01,0000001,108413,1,2025-11-12,web\n");

    let december = explain(&office, "0000001", "2025-12");

    assert!(!december.is_closed);
    assert_eq!(
        (december.amount, december.planned_amount),
        (Yen::ZERO, Yen::new(2_100))
    );
    assert_eq!(
        december.planned[0].summary,
        "予定: サポーター 2口 × 300円 = 600円（登録の引き継ぎ（pledges.csv の2行目）、2025年11月から2口（引き継ぎ、cli:office））"
    );
    assert_eq!(december.holds.len(), 1);
    assert_eq!(
        explain(&office, "0000001", "2026-01").planned_amount,
        Yen::new(600)
    );
    let nobody = office.ledger.explain_amount(
        &office.office(),
        &coop(),
        &"999".parse().expect("a number"),
        month("2025-12"),
    );
    assert_eq!(nobody.expect_err("nobody").code(), "member_not_found");
}

fn a_voided_charge_stays_in_the_story(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-12,\n");
    close(&office, "2025-12");
    let void = ledger::billing::VoidBatch {
        coop: coop(),
        month: month("2025-12"),
        sequence: None,
        reason: "口数の誤り".to_owned(),
    };
    office
        .ledger
        .void_batch(&office.office(), void)
        .expect("void the batch");
    office.change("0000001", 5, "2025-12");
    close(&office, "2025-12");

    let december = explain(&office, "0000001", "2025-12");

    assert_eq!(december.amount, Yen::new(1_500));
    let told: Vec<_> = december
        .charges
        .iter()
        .map(|one| {
            (
                one.charge.sequence,
                one.charge.is_voided,
                one.charge.amount.get(),
            )
        })
        .collect();
    assert_eq!(told, [(1, true, 600), (2, false, 1_500)]);
    assert!(december.charges[0].summary.starts_with("取消済み: "));
    assert!(
        !december.charges[0].summary.contains("5口"),
        "not known then"
    );
}

fn an_application_is_found_by_what_people_remember(office: Office) {
    office.members(&["0000001", "0000002"]);
    office.applies(
        "01,0000001,108413,2,2025-11-10,paper\n01,0000002,108413,1,2025-11-11,web\n\
         01,0000002,133540,4,2025-11-12,paper\n01,0000099,133540,1,2025-11-13,paper\n",
    );
    let hold = office.holds()[0].id;
    office.resolve(hold, Way::Mistake);
    let batch = close(&office, "2025-12").batch_id;
    let found = |filter: ApplicationFilter| -> Vec<i64> {
        let page =
            office
                .ledger
                .search_applications(&office.office(), &filter, &PageRequest::default());
        page.expect("search")
            .items
            .iter()
            .map(|one| one.id)
            .collect()
    };

    let all = ApplicationFilter::default;
    assert_eq!(found(all()), [4, 3, 2, 1]);
    let by_member = |number: &str| ApplicationFilter {
        member_number: Some(number.to_owned()),
        ..all()
    };
    assert_eq!(found(by_member("0000002")), [3, 2]);
    assert_eq!(found(by_member("００００００２")), [3, 2]);
    assert_eq!(found(by_member("0000099")), [4], "nobody has this number");
    let combined = ApplicationFilter {
        order_number: Some("133540".parse().expect("an order number")),
        amount_min: Some(Yen::new(1_000)),
        received_to: Some("2025-11-12".parse().expect("a day")),
        coop: Some(coop()),
        month: Some(month("2025-12")),
        ..all()
    };
    assert_eq!(found(combined), [3]);
    let in_batch = ApplicationFilter {
        batch_id: batch,
        ..all()
    };
    assert_eq!(found(in_batch), [3, 2, 1]);
}

fn a_charge_is_found_by_what_people_remember(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-11,\n01,0000002,inclufund,5,300,2025-11,\n");
    office.applies("01,0000001,133540,4,2025-11-12,paper\n");
    close(&office, "2025-11");
    let december = close(&office, "2025-12");
    let found = |filter: ChargeFilter| -> Vec<(i64, i64)> {
        let page = PageRequest {
            cursor: None,
            limit: Some(2),
        };
        let mut found = Vec::new();
        let mut page = page;
        loop {
            let one = office
                .ledger
                .search_charges(&office.office(), &filter, &page)
                .expect("search");
            found.extend(one.items.iter().map(|c| (c.batch_id, c.amount.get())));
            page.cursor = one.next_cursor;
            if page.cursor.is_none() {
                return found;
            }
        }
    };

    let all = ChargeFilter::default;
    assert_eq!(
        found(all()),
        [(1, 600), (1, 1_500), (2, 600), (2, 2_000), (2, 1_500)]
    );
    let of_batch = ChargeFilter {
        batch_id: december.batch_id,
        ..all()
    };
    assert_eq!(found(of_batch).len(), 3);
    let combined = ChargeFilter {
        member_number: Some("0000001".to_owned()),
        amount_max: Some(Yen::new(1_999)),
        month: Some(month("2025-12")),
        closed_from: Some("2025-12-01".parse().expect("a day")),
        closed_to: Some("2025-12-01".parse().expect("a day")),
        ..all()
    };
    assert_eq!(found(combined.clone()), [(2, 600)]);
    let day_before = ChargeFilter {
        closed_from: None,
        closed_to: Some("2025-11-30".parse().expect("a day")),
        ..combined
    };
    assert_eq!(found(day_before), []);
}

fn a_cursor_made_up_or_of_another_list_is_refused(office: Office) {
    for made_up in ["x", "00", "6261746368657300"] {
        let page = PageRequest {
            cursor: Some(Cursor::from(made_up.to_owned())),
            limit: None,
        };
        let refused =
            office
                .ledger
                .search_charges(&office.office(), &ChargeFilter::default(), &page);
        assert_eq!(refused.expect_err("made up").code(), "cursor_unreadable");
    }
}
