//! R8–R11, sentence by sentence, where no longer story tells of it.

use ledger::ReferenceTable::{Offerings, Pledges};
use ledger::billing::{BatchExported, ExportBatch};
use ledger::domain::{Way, Yen};
use testkit::on_both;
use testkit::world::told;

use crate::office::{Office, close, coop, month, preview, try_close};

on_both!(
    r8_at_most_one_pledge_is_open_for_a_member_and_fund,
    r8_who_left_is_charged_to_the_end_of_that_month,
    r9_a_gift_is_charged_once_however_often_is_closed,
    r10_closing_freezes_what_is_handed_over,
    r10_what_comes_late_goes_into_the_next_sequence,
    r10_nothing_is_downloaded_before_the_close,
    r11_holds_moved_to_the_next_month_make_way,
);

const TWO: &str = "01,0000001,inclufund,2,300,2025-08,\n01,0000002,inclufund,1,300,2025-08,\n";

fn export(office: &Office, of: &str, sequence: Option<i32>) -> (BatchExported, Vec<u8>) {
    let request = ExportBatch {
        coop: coop(),
        month: month(of),
        sequence,
        profile: None,
    };
    let mut file = Vec::new();
    let exported = office
        .ledger
        .write_batch_file(&office.office(), request, &mut file)
        .unwrap_or_else(|error| panic!("export {of}: {}", told(&error)));
    (exported, file)
}

fn assert_all_is_well(office: &Office) {
    let verification = office.ledger.verify(&office.office()).expect("verify");
    assert!(verification.ok, "{:?}", verification.checks);
}

fn r8_at_most_one_pledge_is_open_for_a_member_and_fund(office: Office) {
    office.pledges(TWO);

    let second = office.try_import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n01,0000001,inclufund,5,300,2025-09\n",
    );
    office.applies("01,0000001,164151,3,2025-07-16,paper\n");

    let words = told(&second.expect_err("a second pledge"));
    assert!(words.contains("\n2:"), "{words}");
    assert_eq!(
        office.holds().len(),
        1,
        "the application waits for a person"
    );
    assert_all_is_well(&office);
}

fn r8_who_left_is_charged_to_the_end_of_that_month(office: Office) {
    office.pledges(TWO);
    office.leaves("0000001", "2025-09-01");

    let amounts = ["2025-08", "2025-09", "2025-10"].map(|of| close(&office, of).amount.get());

    assert_eq!(amounts, [900, 900, 300]);
    assert_all_is_well(&office);
}

fn r9_a_gift_is_charged_once_however_often_is_closed(office: Office) {
    office.pledges(TWO);
    office.applies("01,0000001,164160,4,2025-07-16,web\n");

    let august = close(&office, "2025-08");
    let again = try_close(&office, "2025-08").expect_err("nothing new");
    let september = close(&office, "2025-09");

    assert_eq!(august.amount, Yen::new(900 + 2_000));
    assert_eq!(again.code(), "already_closed");
    assert_eq!(september.amount, Yen::new(900));
    assert_all_is_well(&office);
}

fn r10_closing_freezes_what_is_handed_over(office: Office) {
    office.pledges(TWO);
    office.applies("01,0000001,164160,4,2025-07-16,web\n01,0000002,164160,1,2025-07-16,web\n");
    let closed = close(&office, "2025-08");

    let (first, file) = export(&office, "2025-08", None);
    office.change("0000001", 9, "2025-09");
    office.end("0000002", "2025-09");
    office.leaves("0000002", "2025-07-31");
    office.import(
        Offerings,
        "cycle,order_number,kind,unit_price,fund,campaign,title\n\
         2025年7月4回,164160,spot,500,inclufund,,別の名前\n",
    );
    let (later, same) = export(&office, "2025-08", None);

    assert_eq!(first.sha256, later.sha256);
    assert!(file == same, "the file changed after the close");
    assert_eq!((closed.charges, closed.units), (4, 8));
    assert_eq!(closed.amount, Yen::new(900 + 2_500));
    assert_eq!(first.rows, closed.charges);
    let batch = closed.batch_id.expect("a batch");
    let detail = office
        .ledger
        .get_batch(&office.office(), batch)
        .expect("the batch");
    let totals: Vec<_> = detail
        .totals
        .iter()
        .map(|total| (total.order_number.as_str(), total.units, total.amount.get()))
        .collect();
    assert_eq!(totals, [("", 3, 900), ("164160", 5, 2_500)]);
    assert_all_is_well(&office);
}

fn r10_what_comes_late_goes_into_the_next_sequence(office: Office) {
    office.pledges(TWO);
    close(&office, "2025-08");
    let (first, file) = export(&office, "2025-08", None);
    office.applies("01,0000001,164160,4,2025-07-16,web\n01,0000002,164160,1,2025-07-16,web\n");
    let held = office.holds();
    assert_eq!(held.len(), 2);

    let not_yet = try_close(&office, "2025-08").expect_err("nobody has decided");
    office.resolve(held[0].id, Way::Accept);
    office.resolve(held[1].id, Way::NextMonth);
    let delta = close(&office, "2025-08");
    let (latest, _) = export(&office, "2025-08", None);
    let (again, same) = export(&office, "2025-08", Some(1));

    assert_eq!(not_yet.code(), "already_closed");
    assert_eq!((delta.sequence, delta.charges), (Some(2), 1));
    assert_eq!(delta.amount, Yen::new(2_000));
    assert_eq!(latest.sequence, 2);
    assert_eq!(again.sha256, first.sha256);
    assert!(file == same, "the first file changed");
    assert_eq!(close(&office, "2025-09").amount, Yen::new(900 + 500));
    assert_all_is_well(&office);
}

fn r10_nothing_is_downloaded_before_the_close(office: Office) {
    office.pledges(TWO);
    let request = ExportBatch {
        coop: coop(),
        month: month("2025-08"),
        sequence: None,
        profile: None,
    };
    let mut file = Vec::new();

    let open = office
        .ledger
        .write_batch_file(&office.office(), request, &mut file);

    let refused = open.expect_err("the month is open");
    assert_eq!(refused.code(), "month_open");
    assert!(
        told(&refused).contains("先に締めてください"),
        "{}",
        told(&refused)
    );
    assert!(file.is_empty());
}

fn r11_holds_moved_to_the_next_month_make_way(office: Office) {
    close(&office, "2025-07");
    office.pledges(TWO);
    office.applies("01,0000001,164160,30,2025-07-16,web\n01,0000002,999999,1,2025-07-16,web\n");

    let in_the_way = try_close(&office, "2025-08").expect_err("two are held");
    assert_eq!(preview(&office, "2025-08").holds.len(), 2);
    for hold in office.holds() {
        office.resolve(hold.id, Way::NextMonth);
    }
    let closed = close(&office, "2025-08");
    let next = try_close(&office, "2025-09").expect_err("they are held for September now");

    assert_eq!(in_the_way.code(), "holds_in_the_way");
    assert_eq!(closed.amount, Yen::new(900));
    assert_eq!(next.code(), "holds_in_the_way");
    assert_all_is_well(&office);
}
