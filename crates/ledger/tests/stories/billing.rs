//! Closing a month, once and in order, and what stands in the way (R9–R11).

use ledger::billing::{BatchClosed, CloseBatch, ExportBatch, VoidBatch};
use ledger::domain::{Way, Yen};
use ledger::{LedgerError, Result};
use testkit::world::told;
use testkit::{on_both, on_every_database};

use crate::office::{Office, close, coop, month, preview, try_close};

on_both!(
    r9_a_pledge_is_charged_once_a_month,
    r9_two_people_who_close_at_once_make_one_batch,
    r10_a_batch_may_be_voided_until_it_is_exported,
    r10_the_latest_batch_goes_first_when_batches_are_voided,
    r11_months_close_in_order_and_none_is_skipped,
    r11_finance_may_close_past_open_months_with_a_reason_and_still_charges_them,
    r11_what_is_held_for_a_month_that_closes_with_a_later_one_stands_in_its_way,
    r11_after_a_voided_first_close_no_month_is_skipped_in_silence,
    r11_the_first_month_is_free_to_choose_and_later_ones_ahead_need_a_reason,
    r11_a_month_without_charges_is_closed_without_a_batch,
    r11_a_voided_month_is_open_again,
    the_same_close_again_under_its_key_gives_the_same_answer,
);
on_every_database!(r10_rows_stand_in_the_order_of_member_numbers_byte_by_byte);

fn r9_a_pledge_is_charged_once_a_month(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n01,0000002,inclufund,1,300,2025-08,\n");

    let closed = close(&office, "2025-08");

    assert_eq!(
        (closed.sequence, closed.charges, closed.units),
        (Some(1), 2, 3)
    );
    assert_eq!(closed.amount, Yen::new(900));
    let again = told(&try_close(&office, "2025-08").expect_err("closed already"));
    assert!(again.contains("cli:office が締めました"), "{again}");
    let september = close(&office, "2025-09");
    assert_eq!(
        (september.sequence, september.amount),
        (Some(1), Yen::new(900))
    );
}

fn r9_two_people_who_close_at_once_make_one_batch(office: Office) {
    for number in 1..=50 {
        office.pledges(&format!("01,{number:07},inclufund,2,300,2025-08,\n"));
    }

    let outcomes: Vec<Result<BatchClosed>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let ledger = office.opened_again();
                let call = office.office();
                scope.spawn(move || ledger.close_batch(&call, request("2025-08")))
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a thread"))
            .collect()
    });

    let closed: Vec<_> = outcomes.iter().filter_map(|o| o.as_ref().ok()).collect();
    assert_eq!(closed.len(), 1, "{outcomes:?}");
    assert_eq!(closed[0].charges, 50);
    for refused in outcomes.iter().filter_map(|o| o.as_ref().err()) {
        assert_eq!(refused.code(), "already_closed", "{refused}");
        assert!(told(refused).contains("が締めました"), "{refused}");
    }
    assert!(office.ledger.verify(&office.office()).expect("verify").ok);
}

fn r10_a_batch_may_be_voided_until_it_is_exported(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    let first = close(&office, "2025-08");

    let voided = void(&office, "2025-08").expect("void the batch");

    assert_eq!(voided.batch_id, first.batch_id);
    assert_eq!((voided.amount, voided.reopened), (Yen::new(600), true));
    let second = close(&office, "2025-08");
    assert_eq!((second.sequence, second.amount), (Some(2), Yen::new(600)));
    let mut file = Vec::new();
    let exported = office
        .ledger
        .write_batch_file(&office.office(), export("2025-08"), &mut file)
        .expect("export");
    assert_eq!((exported.sequence, exported.rows), (2, 1));
    let refused = void(&office, "2025-08").expect_err("exported");
    assert_eq!(refused.code(), "batch_exported");
    let gone = ExportBatch {
        sequence: Some(1),
        ..export("2025-08")
    };
    let refused = office
        .ledger
        .write_batch_file(&office.office(), gone, &mut Vec::new());
    assert_eq!(refused.expect_err("voided").code(), "batch_voided");
    assert!(office.ledger.verify(&office.office()).expect("verify").ok);
}

fn r10_the_latest_batch_goes_first_when_batches_are_voided(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    close(&office, "2025-08");
    office.members(&["0000002"]);
    office.applies("01,0000002,164160,1,2025-07-15,paper\n");
    office.accept_all();
    let delta = close(&office, "2025-08");
    assert_eq!((delta.sequence, delta.amount), (Some(2), Yen::new(500)));

    let first = VoidBatch {
        sequence: Some(1),
        ..void_request("2025-08")
    };
    let refused = office.ledger.void_batch(&office.office(), first);

    assert_eq!(
        refused.expect_err("not the latest").code(),
        "batch_not_latest"
    );
    let voided = void(&office, "2025-08").expect("void the delta");
    assert_eq!((voided.sequence, voided.reopened), (Some(2), false));
    let delta = close(&office, "2025-08");
    assert_eq!((delta.sequence, delta.amount), (Some(3), Yen::new(500)));
}

fn r11_months_close_in_order_and_none_is_skipped(office: Office) {
    office.set_today("2026-03-01");
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    close(&office, "2025-08");

    let skipped = try_close(&office, "2025-10").expect_err("september is open");
    let before = try_close(&office, "2025-07").expect_err("before the first");

    assert_eq!(skipped.code(), "month_out_of_order");
    assert!(told(&skipped).contains("先に2025年9月分"), "{skipped}");
    assert_eq!(before.code(), "month_before_first");
    close(&office, "2025-09");
    close(&office, "2025-10");
}

fn r11_finance_may_close_past_open_months_with_a_reason_and_still_charges_them(office: Office) {
    office.set_today("2026-03-01");
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    close(&office, "2025-08");
    let with_reason = CloseBatch {
        reason: Some("9月は引き落としがないため".to_owned()),
        ..request("2025-10")
    };

    let october = office
        .ledger
        .close_batch(&office.office(), with_reason)
        .expect("close past september");
    let september = close(&office, "2025-09");

    assert_eq!((october.sequence, october.charges), (Some(1), 1));
    assert_eq!((september.sequence, september.charges), (Some(1), 1));
    let again = try_close(&office, "2025-09").expect_err("nothing new");
    assert_eq!(again.code(), "already_closed");
    close(&office, "2025-11");
    assert!(office.ledger.verify(&office.office()).expect("verify").ok);
}

fn r11_what_is_held_for_a_month_that_closes_with_a_later_one_stands_in_its_way(office: Office) {
    office.set_today("2026-03-01");
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    close(&office, "2025-08");
    office.applies("01,0000001,108413,2,2025-11-12,paper\n");
    let held = office.holds()[0].id;
    let past_december = || {
        let request = CloseBatch {
            reason: Some("年度末にまとめて締めるため".to_owned()),
            ..request("2026-03")
        };
        office.ledger.close_batch(&office.office(), request)
    };

    let refused = past_december().expect_err("an application is held for december");

    assert_eq!(refused.code(), "holds_in_the_way");
    assert!(
        told(&refused).contains(&format!("申込 {held}")),
        "{refused}"
    );
    office.resolve(held, Way::Mistake);
    past_december().expect("close past december");
    assert_eq!(close(&office, "2025-12").charges, 1);
    let again = try_close(&office, "2025-12").expect_err("nothing new");
    assert!(!told(&again).contains("請求なし"), "{again}");
}

fn r11_after_a_voided_first_close_no_month_is_skipped_in_silence(office: Office) {
    office.set_today("2025-10-01");
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    close(&office, "2025-08");
    void(&office, "2025-08").expect("open august again");

    let skipped = try_close(&office, "2025-09").expect_err("august is open");

    assert_eq!(skipped.code(), "month_out_of_order");
    assert!(told(&skipped).contains("先に2025年8月分"), "{skipped}");
    let with_reason = CloseBatch {
        reason: Some("8月は引き落としがないため".to_owned()),
        ..request("2025-09")
    };
    let september = office
        .ledger
        .close_batch(&office.office(), with_reason)
        .expect("close past august");
    assert_eq!(september.charges, 1);
    assert_eq!(close(&office, "2025-08").charges, 1, "still charged");
    assert!(office.ledger.verify(&office.office()).expect("verify").ok);
}

fn r11_the_first_month_is_free_to_choose_and_later_ones_ahead_need_a_reason(office: Office) {
    office.set_today("2025-07-20");
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    close(&office, "2025-08");

    let ahead = try_close(&office, "2025-09").expect_err("ahead of today");

    assert_eq!(ahead.code(), "month_ahead");
    let with_reason = CloseBatch {
        reason: Some("引き落としの締切が早いため".to_owned()),
        ..request("2025-09")
    };
    let closed = office
        .ledger
        .close_batch(&office.office(), with_reason)
        .expect("close with a reason");
    assert_eq!(closed.charges, 1);
}

fn r11_a_month_without_charges_is_closed_without_a_batch(office: Office) {
    let closed = close(&office, "2025-08");

    assert_eq!(
        (closed.batch_id, closed.sequence, closed.charges),
        (None, None, 0)
    );
    let again = try_close(&office, "2025-08").expect_err("nothing new");
    assert_eq!(again.code(), "already_closed");
    let export =
        office
            .ledger
            .write_batch_file(&office.office(), export("2025-08"), &mut Vec::new());
    assert_eq!(export.expect_err("no batch").code(), "batch_empty");
    assert!(preview(&office, "2025-08").is_closed);
    let voided = void(&office, "2025-08").expect("open it again");
    assert_eq!((voided.batch_id, voided.reopened), (None, true));
    assert!(!preview(&office, "2025-08").is_closed);
}

fn r11_a_voided_month_is_open_again(office: Office) {
    office.set_today("2026-03-01");
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    close(&office, "2025-08");
    close(&office, "2025-09");

    let refused = void(&office, "2025-08").expect_err("september is closed");

    assert_eq!(refused.code(), "later_month_closed");
    void(&office, "2025-09").expect("void september");
    void(&office, "2025-08").expect("void august");
    let nothing = void(&office, "2025-08").expect_err("nothing is closed");
    assert_eq!(nothing.code(), "batch_not_found");
    assert_eq!(close(&office, "2025-08").sequence, Some(2));
}

fn the_same_close_again_under_its_key_gives_the_same_answer(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    let call = office.keyed("close-1");

    let once = office.ledger.close_batch(&call, request("2025-08"));
    let twice = office.opened_again().close_batch(&call, request("2025-08"));

    assert_eq!(once.expect("closed"), twice.expect("the same answer"));
    let other = office.ledger.close_batch(&call, request("2025-09"));
    assert!(matches!(other, Err(LedgerError::KeyReused)));
}

fn r10_rows_stand_in_the_order_of_member_numbers_byte_by_byte(office: Office) {
    let numbers = ["a-2", "10", "B1", "9", "a1", "0-1", "A-1", "00"];
    for number in numbers {
        office.pledges(&format!("01,{number},inclufund,1,300,2025-08,\n"));
    }
    close(&office, "2025-08");
    let utf8 = ExportBatch {
        profile: Some("standard-utf8".to_owned()),
        ..export("2025-08")
    };
    let mut file = Vec::new();

    office
        .ledger
        .write_batch_file(&office.office(), utf8, &mut file)
        .expect("export");

    let text = String::from_utf8(file).expect("UTF-8");
    let column: Vec<&str> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(1))
        .map(|field| field.trim_matches('"'))
        .collect();
    let mut sorted = numbers;
    sorted.sort_unstable();
    assert_eq!(column, sorted);
}

fn request(of: &str) -> CloseBatch {
    CloseBatch {
        coop: coop(),
        month: month(of),
        reason: None,
    }
}

fn export(of: &str) -> ExportBatch {
    ExportBatch {
        coop: coop(),
        month: month(of),
        sequence: None,
        profile: None,
    }
}

fn void_request(of: &str) -> VoidBatch {
    VoidBatch {
        coop: coop(),
        month: month(of),
        sequence: None,
        reason: "口数の誤り".to_owned(),
    }
}

fn void(office: &Office, of: &str) -> Result<ledger::billing::BatchVoided> {
    office.ledger.void_batch(&office.office(), void_request(of))
}
