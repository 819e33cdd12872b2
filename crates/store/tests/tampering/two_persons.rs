//! Who approved what is changed behind the program's back: `verify` finds it and names the row (R17).

use ledger::ReferenceTable::{Members, Pledges};
use ledger::accounting::{NewJournalLine, PostJournalEntry};
use ledger::billing::{CloseBatch, ExportBatch};
use ledger::domain::Yen;
use ledger::two_persons::{Outcome, RejectPendingAction};
use ledger::{Call, Ledger};
use testkit::{TestDatabase, World, on_both};

use crate::hand::{Hand, columns};

on_both!(
    what_two_persons_did_is_whole,
    a_changed_bit_of_an_approval_is_found,
    an_approval_that_was_removed_is_found,
    an_approval_by_the_same_person_is_found,
    a_changed_bit_of_what_waits_is_found,
    what_waited_and_was_removed_is_found,
);

const CHECK: &str = "two_persons_are_two";

/// Batch 1 was closed by Aoki, approved by Baba, and handed over. Of what Aoki entered, 1 was approved by
/// Baba (entry 1), 2 rejected, and 3 waits.
fn an_office_of_two(database: TestDatabase) -> TestDatabase {
    let world = World::from(database);
    world.load_newsletters();
    world.import(Members, "coop,member_number\n01,0000001\n");
    world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n01,0000001,inclufund,2,300,2025-08\n",
    );
    let (aoki, baba) = (
        world.person("aoki", "finance"),
        world.person("baba", "finance"),
    );
    let ledger = &world.ledger;
    let month = CloseBatch {
        coop: "01".parse().unwrap(),
        month: "2025-08".parse().unwrap(),
        reason: None,
    };
    ledger.close_batch(&aoki, month).expect("close");
    ledger.approve_batch(&baba, 1).expect("approve");
    let export = ExportBatch {
        coop: "01".parse().unwrap(),
        month: "2025-08".parse().unwrap(),
        sequence: None,
        profile: None,
    };
    ledger
        .write_batch_file(&aoki, export, &mut std::io::sink())
        .expect("export");
    for amount in [10_000, 20_000, 30_000] {
        enter(ledger, &aoki, amount);
    }
    ledger.approve_pending_action(&baba, 1).expect("approve");
    let reject = RejectPendingAction {
        reason: "見本".to_owned(),
    };
    ledger
        .reject_pending_action(&baba, 2, &reject)
        .expect("reject");
    world.database
}

fn enter(ledger: &Ledger, call: &Call, amount: i64) {
    let line = |account: &str, debit, credit| NewJournalLine {
        account: account.to_owned(),
        debit,
        credit,
        ..NewJournalLine::default()
    };
    let amount = Some(Yen::new(amount));
    let dues = PostJournalEntry {
        date: None,
        description: "会員団体の年会費".to_owned(),
        reason: "見本".to_owned(),
        lines: vec![line("1121", amount, None), line("4111", None, amount)],
    };
    let entered = ledger.post_journal_entry(call, &dues).expect("enter");
    assert!(matches!(entered, Outcome::Pending(_)), "{entered:?}");
}

fn what_two_persons_did_is_whole(database: TestDatabase) {
    let hand = Hand::over(an_office_of_two(database));
    hand.expect_nothing("SELECT 1");
}

fn a_changed_bit_of_an_approval_is_found(database: TestDatabase) {
    let hand = Hand::over(an_office_of_two(database));
    for column in columns(
        "batch_approvals",
        "batch_id# ground approved_by approved_at*",
    ) {
        let change = hand.flip(&column, "batch_id = 1");
        hand.expect(&change, CHECK, &["請求データ "]);
    }
}

fn an_approval_that_was_removed_is_found(database: TestDatabase) {
    let hand = Hand::over(an_office_of_two(database));
    hand.expect(
        "DELETE FROM batch_approvals",
        CHECK,
        &[
            "請求データ 1 は承認なしに出力されている",
            "請求データ 1 の承認の記録がない",
        ],
    );
    hand.expect(
        "DELETE FROM batch_approvals; DELETE FROM exports",
        CHECK,
        &["請求データ 1 の承認の記録がない"],
    );
}

fn an_approval_by_the_same_person_is_found(database: TestDatabase) {
    let hand = Hand::over(an_office_of_two(database));
    for closer in ["user:aoki", "user:aoki/phone"] {
        hand.expect(
            &format!("UPDATE batch_approvals SET approved_by = '{closer}'"),
            CHECK,
            &["請求データ 1 は締めた人が承認している"],
        );
        hand.expect(
            &format!("UPDATE pending_actions SET decided_by = '{closer}' WHERE id = 1"),
            CHECK,
            &["承認待ち 1 は入力した人が承認している"],
        );
    }
}

fn a_changed_bit_of_what_waits_is_found(database: TestDatabase) {
    let hand = Hand::over(an_office_of_two(database));
    for id in [1, 2, 3] {
        for column in columns(
            "pending_actions",
            "operation request request_sha256 submitted_by submitted_at* state ",
        ) {
            let change = hand.flip(&column, &format!("id = {id}"));
            hand.expect(&change, CHECK, &[&format!("承認待ち {id} ")]);
        }
    }
    for column in columns("pending_actions", "ground decided_by decided_at* entry_id#") {
        let change = hand.flip(&column, "id = 1");
        hand.expect(&change, CHECK, &["承認待ち 1 "]);
    }
    for column in columns("pending_actions", "decided_by decided_at* decision_reason") {
        let change = hand.flip(&column, "id = 2");
        hand.expect(&change, CHECK, &["承認待ち 2 "]);
    }
    hand.expect(
        "UPDATE pending_actions SET state = 'withdrawn', decided_by = submitted_by,
           decided_at = submitted_at WHERE id = 3",
        CHECK,
        &["承認待ち 3 の決定が記録と違う"],
    );
    hand.expect(
        "UPDATE pending_actions SET state = 'pending', ground = NULL, decided_by = NULL,
           decided_at = NULL, entry_id = NULL WHERE id = 1",
        CHECK,
        &["承認待ち 1 の決定が記録と違う"],
    );
}

fn what_waited_and_was_removed_is_found(database: TestDatabase) {
    let hand = Hand::over(an_office_of_two(database));
    hand.expect(
        "DELETE FROM pending_actions WHERE id = 2",
        CHECK,
        &["承認待ち 2 がない"],
    );
}
