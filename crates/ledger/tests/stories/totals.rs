//! Whatever the office does month after month, the bridge adds up, and file, batch and charges
//! agree to the yen.

use ledger::LedgerError;
use ledger::billing::ExportBatch;
use ledger::domain::{CollectionMonth, Way};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use testkit::TestDatabase;

use crate::office::{Office, coop, month, preview, try_close};

/// Members of the office of this story.
const MEMBERS: u8 = 6;

/// What happens in an office between two closes.
#[derive(Debug, Clone)]
enum Event {
    Change { member: u8, units: i64 },
    Pause { member: u8, months: i32 },
    End { member: u8 },
    Leave { member: u8 },
    Gift { member: u8, units: i64 },
    Close,
}

fn event() -> impl Strategy<Value = Event> {
    let member = 0..MEMBERS;
    prop_oneof![
        (member.clone(), 1..30_i64).prop_map(|(member, units)| Event::Change { member, units }),
        (member.clone(), 1..4).prop_map(|(member, months)| Event::Pause { member, months }),
        member.clone().prop_map(|member| Event::End { member }),
        member.clone().prop_map(|member| Event::Leave { member }),
        (member, 1..20_i64).prop_map(|(member, units)| Event::Gift { member, units }),
        Just(Event::Close),
        Just(Event::Close),
    ]
}

#[test]
fn r12_whatever_happens_bridge_file_batch_and_charges_agree() {
    let mut runner = TestRunner::new(Config::with_cases(12));
    runner
        .run(&prop::collection::vec(event(), 5..25), |events| {
            tell(&events);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

fn tell(events: &[Event]) {
    let office = Office::from(TestDatabase::sqlite());
    let rows: String = (0..MEMBERS)
        .map(|member| format!("01,000{member},inclufund,{},300,2025-11,\n", member + 1))
        .collect();
    office.pledges(&rows);
    let mut open = month("2025-11");
    for event in events {
        office.set_today(&format!("{open}-28"));
        match event {
            Event::Close => {
                close_and_compare(&office, open);
                open = open.next().expect("a next month");
            }
            other => happen(&office, other, open),
        }
    }
    let verification = office.ledger.verify(&office.office()).expect("verify");
    assert!(verification.ok, "{:?}", verification.checks);
}

/// What the rules refuse does not happen, and that is all right here.
fn happen(office: &Office, event: &Event, open: CollectionMonth) {
    let from = open.to_string();
    let outcome = match *event {
        Event::Change { member, units } => office
            .try_change(&format!("000{member}"), units, &from)
            .map(drop),
        Event::Pause { member, months } => {
            let until = open.plus_months(months).expect("a month").to_string();
            office
                .try_pause(&format!("000{member}"), &from, &until)
                .map(drop)
        }
        Event::End { member } => office.try_end(&format!("000{member}"), &from).map(drop),
        Event::Leave { member } => {
            office.leaves(&format!("000{member}"), &format!("{open}-10"));
            Ok(())
        }
        Event::Gift { member, units } => {
            office.applies(&format!("01,000{member},133540,{units},2025-11-12,paper\n"));
            let holds = office.holds();
            holds
                .iter()
                .try_for_each(|hold| office.try_resolve(hold.id, Way::Accept).map(drop))
        }
        Event::Close => Ok(()),
    };
    if let Err(error) = outcome {
        assert!(
            matches!(
                error,
                LedgerError::Refused { .. } | LedgerError::Invalid { .. }
            ),
            "{event:?}: {error}"
        );
    }
}

fn close_and_compare(office: &Office, open: CollectionMonth) {
    let expected = preview(office, &open.to_string());
    for hold in &expected.holds {
        office.resolve(hold.id, Way::NextMonth);
    }
    let closed = try_close(office, &open.to_string()).expect("close the month");
    assert_eq!(
        (closed.amount, closed.charges),
        (expected.amount, expected.charges)
    );
    let next = open.next().expect("a next month");
    let after = preview(office, &next.to_string());
    assert_eq!(after.last_month, closed.amount);
    let Some(batch_id) = closed.batch_id else {
        return;
    };
    let batch = office
        .ledger
        .get_batch(&office.office(), batch_id)
        .expect("the batch");
    let totals: i64 = batch.totals.iter().map(|total| total.amount.get()).sum();
    assert_eq!(totals, closed.amount.get());
    let mut file = Vec::new();
    let request = ExportBatch {
        coop: coop(),
        month: open,
        sequence: None,
        profile: Some("standard-utf8".to_owned()),
    };
    let exported = office
        .ledger
        .write_batch_file(&office.office(), request, &mut file)
        .expect("export");
    let text = String::from_utf8(file).expect("UTF-8");
    let amounts: i64 = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split("\",\"").nth(6))
        .map(|amount| amount.parse::<i64>().expect("an amount"))
        .sum();
    assert_eq!(
        (amounts, exported.rows),
        (closed.amount.get(), closed.charges)
    );
}
