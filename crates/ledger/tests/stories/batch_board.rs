//! The months of all co-ops side by side, and what the month before says of a preview.

use ledger::billing::{BoardFilter, BoardMonth, BoardStage, LastMonth, Late, VoidBatch};
use ledger::domain::Yen;
use testkit::on_both;

use crate::office::{Office, close, coop, month, preview, try_close};

on_both!(
    a_month_goes_over_the_board_from_open_to_settled,
    the_board_says_what_a_further_sequence_would_charge,
    the_board_says_the_same_as_the_preview_of_every_month,
    a_month_that_is_past_and_open_is_late,
    results_that_are_outstanding_too_long_are_late,
    a_voided_batch_stays_on_the_board_and_its_month_is_open_again,
    the_board_shows_every_co_op_and_a_year_back,
    a_preview_says_that_the_month_before_is_not_closed,
);

fn on_board(office: &Office, of: &str) -> BoardMonth {
    let filter = BoardFilter {
        coop: Some(coop()),
        until: None,
    };
    let board = office
        .ledger
        .batch_board(&office.office(), &filter)
        .expect("the board");
    let months = board.coops.into_iter().flat_map(|coop| coop.months);
    months
        .into_iter()
        .find(|one| one.month == month(of))
        .expect("a month of the board")
}

fn a_month_goes_over_the_board_from_open_to_settled(office: Office) {
    let finance = office.person("aoki", "finance");
    let other = office.person("baba", "finance");
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n01,0000002,inclufund,1,300,2025-08,\n");
    let open = on_board(&office, "2025-08");
    assert_eq!(
        (open.stage, open.due, open.due_amount),
        (BoardStage::Open, 2, Yen::new(900))
    );

    let request = ledger::billing::CloseBatch {
        coop: coop(),
        month: month("2025-08"),
        reason: None,
    };
    let closed = office.ledger.close_batch(&finance, request);
    let batch_id = closed.expect("close").batch_id.expect("a batch");
    let on = on_board(&office, "2025-08");
    assert_eq!((on.stage, on.billed, on.due), (BoardStage::Closed, 2, 0));
    assert_eq!(on.billed_amount, Yen::new(900));
    assert_eq!(on.batches[0].closed_by, "user:aoki/test");

    office
        .ledger
        .approve_batch(&other, batch_id)
        .expect("approve");
    assert_eq!(on_board(&office, "2025-08").stage, BoardStage::Approved);
    office.export("2025-08");
    let keys = office.keys("2025-08");
    office.results(&[format!("{},0,2025-11-27", keys[0])]);
    let on = on_board(&office, "2025-08");
    assert_eq!(on.stage, BoardStage::Exported);
    assert_eq!(
        (on.batches[0].outstanding, on.batches[0].outstanding_amount),
        (1, Yen::new(300))
    );
    office.results(&[format!("{},1,2025-11-27", keys[1])]);

    let settled = on_board(&office, "2025-08");

    assert_eq!((settled.stage, settled.late), (BoardStage::Settled, None));
    assert_eq!(settled.batches[0].outstanding, 0);
}

fn the_board_says_what_a_further_sequence_would_charge(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    close(&office, "2025-08");
    office.members(&["0000002"]);
    office.applies("01,0000002,164160,1,2025-07-15,paper\n");
    let late = on_board(&office, "2025-08");
    assert_eq!((late.billed, late.due, late.holds), (1, 0, 1));
    office.accept_all();

    let delta = on_board(&office, "2025-08");

    assert_eq!(
        (delta.stage, delta.due, delta.due_amount),
        (BoardStage::Closed, 1, Yen::new(500))
    );
    close(&office, "2025-08");
    let on = on_board(&office, "2025-08");
    assert_eq!((on.billed, on.due, on.batches.len()), (2, 0, 2));
    assert_eq!(on.billed_amount, Yen::new(1_100));
}

/// Pledges that are raised, paused and ended, gifts, somebody who left, a failed gift tried again: each
/// month's figure is what its preview says.
fn the_board_says_the_same_as_the_preview_of_every_month(office: Office) {
    office.pledges(
        "01,0000001,inclufund,2,300,2025-08,\n01,0000002,inclufund,1,300,2025-09,\n\
         01,0000003,inclufund,1,300,2025-08,\n01,0000004,inclufund,3,300,2025-08,\n",
    );
    office.change("0000001", 5, "2025-10");
    office.pause("0000003", "2025-09", "2025-11");
    office.end("0000002", "2025-12");
    close(&office, "2025-08");
    close(&office, "2025-09");
    office.applies("01,0000001,164160,2,2025-07-15,paper\n01,0000002,164160,1,2025-07-16,paper\n");
    office.accept_all();
    office.leaves("0000004", "2025-10-20");
    office.change("0000001", 6, "2025-10");

    for of in ["2025-08", "2025-09", "2025-10"] {
        let (on, preview) = (on_board(&office, of), preview(&office, of));
        assert_eq!(
            (on.due, on.due_amount),
            (preview.charges, preview.amount),
            "{of}"
        );
    }
    let november = on_board(&office, "2025-11");
    assert_eq!(
        (november.stage, november.due),
        (BoardStage::Open, 0),
        "october is closed before"
    );
    assert_eq!(on_board(&office, "2025-08").due_amount, Yen::new(1_500));
}

fn a_month_that_is_past_and_open_is_late(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    assert_eq!(on_board(&office, "2025-08").late, Some(Late::Close));
    assert_eq!(on_board(&office, "2025-07").late, None, "nothing to charge");
    close(&office, "2025-08");

    let (september, december) = (on_board(&office, "2025-09"), on_board(&office, "2025-12"));

    assert_eq!(
        (september.late, september.is_next),
        (Some(Late::Close), true)
    );
    assert_eq!((december.late, december.is_next), (None, false));
    assert_eq!(on_board(&office, "2025-07").stage, BoardStage::BeforeFirst);
    assert_eq!(
        try_close(&office, "2025-07")
            .expect_err("before the first")
            .code(),
        "month_before_first"
    );
}

fn results_that_are_outstanding_too_long_are_late(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    close(&office, "2025-08");
    office.export("2025-08");
    let due_on = on_board(&office, "2025-08").batches[0].due_on;
    assert_eq!(due_on, "2026-01-15".parse().ok());
    office.set_today("2026-01-15");
    assert_eq!(on_board(&office, "2025-08").late, None);

    office.set_today("2026-01-16");

    let on = on_board(&office, "2025-08");
    assert_eq!(
        (on.late, on.batches[0].is_overdue),
        (Some(Late::Results), true)
    );
}

fn a_voided_batch_stays_on_the_board_and_its_month_is_open_again(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    close(&office, "2025-08");
    let request = VoidBatch {
        coop: coop(),
        month: month("2025-08"),
        sequence: None,
        reason: "口数の誤り".to_owned(),
    };
    office
        .ledger
        .void_batch(&office.office(), request)
        .expect("void");

    let on = on_board(&office, "2025-08");

    assert_eq!((on.stage, on.billed, on.due), (BoardStage::Open, 0, 1));
    assert!(on.is_next);
    assert_eq!(on.batches[0].stage, BoardStage::Voided);
}

fn the_board_shows_every_co_op_and_a_year_back(office: Office) {
    let board = office
        .ledger
        .batch_board(&office.office(), &BoardFilter::default())
        .expect("the board");

    assert_eq!(board.coops.len(), 5);
    assert_eq!(
        (board.months.len(), board.months[0], board.months[13]),
        (14, month("2025-01"), month("2026-02"))
    );
    let until = BoardFilter {
        until: Some(month("2025-03")),
        coop: None,
    };
    let back = office
        .ledger
        .batch_board(&office.office(), &until)
        .expect("a year before");
    assert_eq!(
        (back.months[0], back.months[13]),
        (month("2024-02"), month("2025-03"))
    );
    let unknown = BoardFilter {
        coop: "99".parse().ok(),
        until: None,
    };
    let refused = office.ledger.batch_board(&office.office(), &unknown);
    assert_eq!(
        refused.expect_err("no such co-op").code(),
        "cooperative_not_found"
    );
}

fn a_preview_says_that_the_month_before_is_not_closed(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    assert_eq!(
        preview(&office, "2025-08").last_month_state,
        LastMonth::BeforeFirst
    );
    close(&office, "2025-08");

    assert_eq!(
        preview(&office, "2025-08").last_month_state,
        LastMonth::BeforeFirst
    );
    assert_eq!(
        preview(&office, "2025-09").last_month_state,
        LastMonth::Closed
    );
    let october = preview(&office, "2025-10");
    assert_eq!(
        (october.last_month_state, october.last_month),
        (LastMonth::Open, Yen::ZERO)
    );
}
