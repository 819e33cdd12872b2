//! R12: the preview explains a month from the one before, to the yen, and each figure opens to its
//! lines.

use ledger::domain::{BridgeStep, Way, Yen};
use ledger::{PageRequest, billing::BatchPreview};
use testkit::on_both;

use crate::office::{Office, close, coop, month, preview, try_close};

on_both!(
    r12_december_is_explained_from_november,
    r12_a_delta_is_explained_with_what_is_billed_already,
    r12_each_figure_opens_to_its_lines_page_by_page,
    r12_what_came_late_for_a_closed_month_is_shown_as_pending,
    r11_a_held_application_stands_in_the_way_of_its_own_month_only,
    r11_a_held_application_of_no_known_month_stands_in_the_way_of_the_earliest_open_one,
);

fn r12_december_is_explained_from_november(office: Office) {
    office.pledges(
        "01,0000001,inclufund,2,300,2025-11,\n01,0000002,inclufund,3,300,2025-11,\n\
         01,0000003,inclufund,1,300,2025-11,\n01,0000004,inclufund,5,300,2025-11,\n\
         01,0000005,inclufund,4,300,2025-11,\n01,0000006,inclufund,1,300,2025-11,\n",
    );
    assert_eq!(close(&office, "2025-11").amount, Yen::new(4_800));
    office.change("0000002", 5, "2025-12");
    office.change("0000003", 1, "2025-12");
    office.change("0000004", 2, "2025-12");
    office.pause("0000005", "2025-12", "2026-02");
    office.end("0000006", "2025-12");
    office.leaves("0000001", "2025-11-30");
    office.pledges("01,0000007,inclufund,6,300,2025-12,\n");
    office.members(&["0000008"]);
    office.applies("01,0000008,133540,3,2025-11-12,paper\n");

    let december = preview(&office, "2025-12");

    assert_eq!(
        steps(&december),
        [
            ("new", 1_800, 1),
            ("raised", 600, 1),
            ("lowered", -900, 1),
            ("paused", -1_200, 1),
            ("ended", -300, 1),
            ("withdrawn", -600, 1),
            ("one_time", 1_500, 1),
        ]
    );
    assert_eq!(december.last_month, Yen::new(4_800));
    assert_eq!((december.amount, december.charges), (Yen::new(5_700), 5));
    let closed = close(&office, "2025-12");
    assert_eq!(
        (closed.amount, closed.charges),
        (december.amount, december.charges)
    );
    office.set_today("2026-02-01");
    assert_eq!(
        steps(&preview(&office, "2026-01")),
        [("last_one_time", -1_500, 1)]
    );
    close(&office, "2026-01");
    assert_eq!(steps(&preview(&office, "2026-02")), [("resumed", 1_200, 1)]);
}

fn r12_a_delta_is_explained_with_what_is_billed_already(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-11,\n");
    office.members(&["0000002"]);
    close(&office, "2025-11");
    close(&office, "2025-12");
    office.applies("01,0000002,133540,3,2025-11-12,paper\n");
    office.accept_all();

    let delta = preview(&office, "2025-12");

    assert_eq!(
        steps(&delta),
        [("one_time", 1_500, 1), ("already_billed", -600, 1)]
    );
    assert_eq!((delta.is_closed, delta.sequence), (true, 2));
    assert_eq!(
        (delta.last_month, delta.amount),
        (Yen::new(600), Yen::new(1_500))
    );
    let closed = close(&office, "2025-12");
    assert_eq!((closed.sequence, closed.amount), (Some(2), Yen::new(1_500)));
    // The delta is part of last month from now on.
    let january = preview(&office, "2026-01");
    assert_eq!(january.last_month, Yen::new(2_100));
    assert!(office.ledger.verify(&office.office()).expect("verify").ok);
}

fn r12_each_figure_opens_to_its_lines_page_by_page(office: Office) {
    let rows: String = (1..=23)
        .map(|number| format!("01,{number:07},inclufund,2,300,2025-12,\n"))
        .collect();
    office.pledges(&rows);
    office.members(&["0000031", "0000032"]);
    office.applies("01,0000031,133540,3,2025-11-12,paper\n01,0000032,133540,1,2025-11-12,web\n");
    let december = preview(&office, "2025-12");

    for step in december.bridge {
        let mut page = PageRequest {
            cursor: None,
            limit: Some(10),
        };
        let mut lines = Vec::new();
        loop {
            let found = office
                .ledger
                .list_bridge_lines(
                    &office.office(),
                    &coop(),
                    month("2025-12"),
                    step.step,
                    &page,
                )
                .expect("a page of lines");
            lines.extend(found.items);
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        let sum: i64 = lines.iter().map(|line| line.amount.get()).sum();
        assert_eq!((sum, lines.len() as i64), (step.amount.get(), step.charges));
        if step.step == BridgeStep::New {
            let mut members: Vec<_> = lines.iter().map(|line| &line.member_number).collect();
            members.dedup();
            assert_eq!(members.len(), 23, "each line once");
        }
    }
}

fn r12_what_came_late_for_a_closed_month_is_shown_as_pending(office: Office) {
    office.members(&["0000001", "0000002"]);
    office.applies("01,0000001,133540,3,2025-11-12,paper\n");
    close(&office, "2025-12");
    office.applies("01,0000002,133540,1,2025-11-13,paper\n");
    office.accept_all();

    let january = preview(&office, "2026-01");

    let pending: Vec<_> = january
        .pending
        .iter()
        .map(|one| (one.month.to_string(), one.charges, one.amount.get()))
        .collect();
    assert_eq!(pending, [("2025-12".to_owned(), 1, 500)]);
}

fn r11_a_held_application_stands_in_the_way_of_its_own_month_only(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-11,\n");
    office.applies("01,0000001,108413,2,2025-11-12,paper\n02,0000001,108413,2,2025-11-12,paper\n");
    close(&office, "2025-11");
    let december = preview(&office, "2025-12");
    assert_eq!(december.holds.len(), 1, "the other co-op's is no obstacle");
    let id = december.holds[0].id;
    assert_eq!(december.holds[0].reason.as_str(), "already_supporter");

    let refused = try_close(&office, "2025-12").expect_err("an application is held");

    assert_eq!(refused.code(), "holds_in_the_way");
    let words = refused.to_string();
    assert!(words.contains(&format!("申込 {id}")), "{words}");
    office.resolve(id, Way::NextMonth);
    assert_eq!(preview(&office, "2025-12").holds, []);
    assert_eq!(close(&office, "2025-12").charges, 1);
}

fn r11_a_held_application_of_no_known_month_stands_in_the_way_of_the_earliest_open_one(
    office: Office,
) {
    office.pledges("01,0000001,inclufund,2,300,2025-10,\n");
    close(&office, "2025-10");
    office.applies("01,0000001,999999,2,2025-11-12,paper\n");

    let refused = try_close(&office, "2025-11").expect_err("an application is held");

    assert_eq!(refused.code(), "holds_in_the_way");
    assert_eq!(
        preview(&office, "2025-12").holds,
        [],
        "not the earliest open month"
    );
    let id = preview(&office, "2025-11").holds[0].id;
    office.resolve(id, Way::NextMonth);
    close(&office, "2025-11");
    let refused = try_close(&office, "2025-12").expect_err("held for december now");
    assert_eq!(refused.code(), "holds_in_the_way");
}

/// The steps that are not nothing.
fn steps(preview: &BatchPreview) -> Vec<(&'static str, i64, i64)> {
    preview
        .bridge
        .iter()
        .filter(|step| step.charges > 0)
        .map(|step| (step.step.as_str(), step.amount.get(), step.charges))
        .collect()
}
