//! That records were verified is on record, whatever became of them; where it cannot be, what was found is
//! told all the same.

use ledger::{Call, Ledger};
use testkit::{TestDatabase, on_both};

use crate::hand::Hand;
use crate::year::a_few_months;

on_both!(
    damaged_records_are_on_record_as_damaged,
    what_was_found_is_told_where_it_cannot_be_written_down,
);

/// Whether everything held when it was verified last.
fn last(ledger: &Ledger) -> Option<bool> {
    let last = ledger.last_verification(&Call::of_operator("auditor"));
    last.unwrap().map(|last| last.ok)
}

fn damaged_records_are_on_record_as_damaged(database: TestDatabase) {
    let hand = Hand::over(a_few_months(database));
    let auditor = Call::of_operator("auditor");
    // A charge, and the chain itself that the event is put at the end of.
    for damage in [
        "UPDATE charges SET amount = amount + 300 WHERE rank = 1",
        "UPDATE audit_events SET actor = 'user:nobody' WHERE chain = 0",
    ] {
        let (_copy, ledger) = hand.ledger_after(damage);

        let found = ledger.verify(&auditor).unwrap();

        assert!(!found.ok, "{damage}");
        assert!(found.is_recorded, "{damage}");
        assert_eq!(last(&ledger), Some(false), "{damage}");
    }
}

fn what_was_found_is_told_where_it_cannot_be_written_down(database: TestDatabase) {
    let is_sqlite = database.folder().is_some();
    let hand = Hand::over(a_few_months(database));
    let auditor = Call::of_operator("auditor");
    let full = if is_sqlite {
        "CREATE TRIGGER full_disk BEFORE INSERT ON audit_events
         BEGIN SELECT RAISE(ABORT, 'full'); END"
    } else {
        "ALTER TABLE audit_events ADD CONSTRAINT full_disk CHECK (false) NOT VALID"
    };
    let damage = "UPDATE charges SET amount = amount + 300 WHERE rank = 1";
    for (sql, ok) in [
        (full.to_owned(), true),
        (format!("{full}; {damage}"), false),
    ] {
        let (_copy, ledger) = hand.ledger_after(&sql);
        let before = ledger.list_chain_heads(&auditor).unwrap();

        let found = ledger.verify(&auditor).unwrap();

        assert_eq!(found.ok, ok, "{:?}", found.checks);
        assert!(!found.is_recorded);
        assert_eq!(last(&ledger), None);
        assert_eq!(ledger.list_chain_heads(&auditor).unwrap(), before);
    }
}
