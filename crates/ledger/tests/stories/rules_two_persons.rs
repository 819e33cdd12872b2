//! R17: who does a thing and who approves it are two people.

use std::sync::Barrier;

use ledger::accounting::{
    NewJournalLine, PayoutView, PostJournalEntry, RecordPayout, ReverseJournalEntry,
};
use ledger::billing::{BatchApprovalView, CloseBatch, ExportBatch};
use ledger::credentials::SecretDigest;
use ledger::domain::{ApprovalGround, PendingState, Yen};
use ledger::intake::sheets::{OpenSheet, PostSheet, PutSheetLine};
use ledger::people::CreateToken;
use ledger::settlement::RefundCharge;
use ledger::two_persons::{Outcome, PendingActionView, PendingFilter, RejectPendingAction};
use ledger::{Call, Caller, IdempotencyKey, Ledger, LedgerError, PageRequest, Result, Settings};
use store::Store;
use testkit::on_both;
use testkit::world::told;

use crate::office::{Office, coop, month};

on_both!(
    r17_who_closed_a_batch_does_not_approve_its_export,
    r17_the_operator_and_a_one_person_office_approve_by_exporting,
    r17_a_voided_batch_is_not_approved,
    r17_of_twenty_approvals_of_a_batch_at_once_one_wins,
    r17_a_payout_waits_for_another_person,
    r17_what_waits_keeps_the_day_on_which_it_was_entered,
    r17_an_entry_its_reversal_and_a_refund_wait_too,
    r17_what_is_refused_is_refused_when_it_is_entered,
    r17_the_same_waits_once,
    r17_what_is_rejected_or_withdrawn_comes_to_nothing,
    r17_what_the_books_refuse_by_now_goes_on_waiting,
    r17_of_twenty_approvals_at_once_one_books,
    r17_an_approval_and_a_rejection_at_once_decide_once,
    r17_a_one_person_office_waits_for_nobody,
    r17_what_waits_is_listed_newest_first,
    r17_who_keyed_a_sheet_is_not_its_second_key_by_whatever_token,
    r17_two_keyings_at_once_are_of_two_people,
);

const SUPPORTERS: &str =
    "01,0000001,inclufund,2,300,2025-12,\n01,0000002,inclufund,1,300,2025-12,\n";
const GIFTS: &str = "01,0000001,133540,4,2025-11-12,web\n01,0000002,133540,3,2025-11-12,paper\n";

/// Three people of finance.
struct Finance {
    aoki: Call,
    baba: Call,
    chiba: Call,
}

impl Finance {
    fn of(office: &Office) -> Self {
        Self {
            aoki: office.person("aoki", "finance"),
            baba: office.person("baba", "finance"),
            chiba: office.person("chiba", "clerk,finance"),
        }
    }
}

/// Another token of somebody who has one.
fn other_token(office: &Office, person: &str, roles: &str) -> Call {
    let token = CreateToken {
        person: Some(person.to_owned()),
        name: "phone".to_owned(),
        roles: roles.parse().expect("roles"),
        scopes: "all".parse().expect("a scope"),
        expires_on: office.ledger.today(),
    };
    let made = office.ledger.create_token(&office.office(), &token);
    let secret = made.expect("a token").secret.expect("it is shown once");
    Call::by(Caller::Token(SecretDigest::of(&secret)))
}

fn code<T>(outcome: Result<T>) -> &'static str {
    match outcome {
        Ok(_) => "done",
        Err(error) => error.code(),
    }
}

/// December of co-op 01, closed by somebody.
fn closed_by(office: &Office, call: &Call) -> i64 {
    let request = CloseBatch {
        coop: coop(),
        month: month("2025-12"),
        reason: None,
    };
    let closed = office.ledger.close_batch(call, request);
    let closed = closed.unwrap_or_else(|error| panic!("close: {}", told(&error)));
    closed.batch_id.expect("a batch")
}

fn try_export(ledger: &Ledger, call: &Call) -> Result<String> {
    let request = ExportBatch {
        coop: coop(),
        month: month("2025-12"),
        sequence: None,
        profile: None,
    };
    let exported = ledger.write_batch_file(call, request, &mut std::io::sink())?;
    Ok(exported.sha256)
}

fn approval(office: &Office, batch_id: i64) -> Option<BatchApprovalView> {
    let detail = office.ledger.get_batch(&office.office(), batch_id);
    detail.expect("the batch").batch.approval
}

fn one_person_office(office: &Office) -> Ledger {
    office.opened_with(Settings {
        one_person_office: true,
        ..Settings::default()
    })
}

/// The campaign's gifts of two members, collected in December: 3,500 yen to pass on.
fn collected(office: &Office) {
    office.members(&["0000001", "0000002"]);
    office.applies(GIFTS);
    office.set_today("2026-01-15");
    closed_by(office, &office.office());
    office.export("2025-12");
    let keys = office.keys("2025-12");
    let rows: Vec<String> = keys
        .iter()
        .map(|key| format!("{key},0,2025-12-26"))
        .collect();
    office.results(&rows);
}

fn payout(amount: i64) -> RecordPayout {
    RecordPayout {
        campaign: "kosumosu-2025".to_owned(),
        paid_on: None,
        amount: Yen::new(amount),
        fee: Yen::ZERO,
        returned: false,
        note: None,
    }
}

/// What waits, of what has to.
fn waits<T>(outcome: Result<Outcome<T>>) -> PendingActionView {
    match outcome.unwrap_or_else(|error| panic!("{}", told(&error))) {
        Outcome::Pending(pending) => *pending,
        Outcome::Done(_) => panic!("it was done at once"),
    }
}

fn pays(office: &Office, call: &Call, amount: i64) -> PendingActionView {
    waits(office.ledger.record_payout(call, &payout(amount)))
}

fn payouts(office: &Office) -> Vec<PayoutView> {
    let page = office
        .ledger
        .list_payouts(&office.office(), None, &PageRequest::default());
    page.expect("the payouts").items
}

fn entries(office: &Office) -> usize {
    let all = PageRequest::default();
    let page = office
        .ledger
        .list_journal_entries(&office.office(), &Default::default(), &all);
    page.expect("the entries").items.len()
}

fn state(office: &Office, pending_id: i64) -> PendingState {
    let found = office
        .ledger
        .get_pending_action(&office.office(), pending_id);
    found.expect("it is there").state
}

fn reject(office: &Office, call: &Call, pending_id: i64, reason: &str) -> Result<PendingState> {
    let request = RejectPendingAction {
        reason: reason.to_owned(),
    };
    let rejected = office
        .ledger
        .reject_pending_action(call, pending_id, &request)?;
    Ok(rejected.state)
}

/// Has twenty do it at once; gives what became of each.
fn at_once<T: Send>(act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (act, barrier) = (&act, &Barrier::new(20));
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..20)
            .map(|one| {
                scope.spawn(move || {
                    barrier.wait();
                    act(one)
                })
            })
            .collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.map(|outcome| outcome.expect("a thread")).collect()
    })
}

fn r17_who_closed_a_batch_does_not_approve_its_export(office: Office) {
    office.pledges(SUPPORTERS);
    let Finance { aoki, baba, chiba } = Finance::of(&office);
    let by_phone = other_token(&office, "aoki", "finance");
    let auditor = office.person("doi", "auditor");
    let batch = closed_by(&office, &aoki);

    for somebody in [&aoki, &baba] {
        let refused = try_export(&office.ledger, somebody).expect_err("nobody approved it");
        assert_eq!(refused.code(), "batch_not_approved");
        assert!(told(&refused).contains("user:aoki"), "{refused}");
    }
    for closer in [&aoki, &by_phone] {
        let refused = office.ledger.approve_batch(closer, batch);
        assert_eq!(code(refused), "needs_second_person");
    }
    let refused = office.ledger.approve_batch(&auditor, batch);
    assert_eq!(code(refused), "not_permitted");
    assert_eq!(
        code(office.ledger.approve_batch(&baba, 9)),
        "batch_not_found"
    );
    assert_eq!(approval(&office, batch), None);

    let approved = office.ledger.approve_batch(&baba, batch).expect("approve");
    let again = office.ledger.approve_batch(&chiba, batch);
    let first = try_export(&office.ledger, &aoki).expect("it is approved");
    let second = try_export(&office.ledger, &chiba).expect("once is enough");

    assert_eq!(approved.ground, ApprovalGround::SecondPerson);
    assert_eq!(approved.approved_by, "user:baba/test");
    assert_eq!(approval(&office, batch), Some(approved));
    let again = again.expect_err("approved already");
    assert_eq!(again.code(), "batch_already_approved");
    assert!(again.to_string().contains("user:baba/test"), "{again}");
    assert_eq!(first, second);
    office.assert_all_is_well();
}

fn r17_the_operator_and_a_one_person_office_approve_by_exporting(office: Office) {
    office.pledges(SUPPORTERS);
    let aoki = office.person("aoki", "finance");
    let batch = closed_by(&office, &aoki);
    let alone = one_person_office(&office);

    try_export(&alone, &aoki).expect("there is nobody else");
    let own = approval(&office, batch).expect("the export is an approval");
    // With the setting turned off again, what was exported needs no more.
    try_export(&office.ledger, &aoki).expect("exported before");
    office.applies("01,0000001,133540,4,2025-11-12,web\n");
    office.accept_all();
    let delta = closed_by(&office, &office.office());
    try_export(&office.ledger, &office.office()).expect("by command");
    let by_command = approval(&office, delta).expect("the export is an approval");

    assert_eq!(own.ground, ApprovalGround::OnePersonOffice);
    assert_eq!(own.approved_by, "user:aoki/test");
    assert_eq!(by_command.ground, ApprovalGround::Operator);
    assert_eq!(by_command.approved_by, "cli:office");
    office.assert_all_is_well();
}

fn r17_a_voided_batch_is_not_approved(office: Office) {
    office.pledges(SUPPORTERS);
    let Finance { aoki, baba, .. } = Finance::of(&office);
    let batch = closed_by(&office, &aoki);
    let void = ledger::billing::VoidBatch {
        coop: coop(),
        month: month("2025-12"),
        sequence: None,
        reason: "入れ忘れ".to_owned(),
    };
    office.ledger.void_batch(&aoki, void).expect("void");

    let refused = office.ledger.approve_batch(&baba, batch);
    let next = closed_by(&office, &aoki);

    assert_eq!(code(refused), "batch_voided");
    assert_eq!(
        code(try_export(&office.ledger, &aoki)),
        "batch_not_approved"
    );
    office.ledger.approve_batch(&baba, next).expect("approve");
    try_export(&office.ledger, &aoki).expect("it is approved");
    office.assert_all_is_well();
}

fn r17_of_twenty_approvals_of_a_batch_at_once_one_wins(office: Office) {
    office.pledges(SUPPORTERS);
    let Finance { aoki, baba, chiba } = Finance::of(&office);
    let batch = closed_by(&office, &aoki);

    let outcomes = at_once(|one| {
        let somebody = if one % 2 == 0 { &baba } else { &chiba };
        code(office.ledger.approve_batch(somebody, batch))
    });

    let won = outcomes.iter().filter(|code| **code == "done").count();
    let late = |code: &&&str| **code == "batch_already_approved";
    assert_eq!(won, 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(late).count(), 19, "{outcomes:?}");
    office.assert_all_is_well();
}

fn r17_a_payout_waits_for_another_person(office: Office) {
    collected(&office);
    let Finance { aoki, baba, chiba } = Finance::of(&office);
    let by_phone = other_token(&office, "aoki", "finance");
    let before = entries(&office);

    let pending = pays(&office, &aoki, 3_000);

    assert_eq!(pending.state, PendingState::Pending);
    assert_eq!(pending.submitted_by, "user:aoki/test");
    assert_eq!((payouts(&office), entries(&office)), (vec![], before));
    for submitter in [&aoki, &by_phone] {
        let refused = office
            .ledger
            .approve_pending_action(submitter, pending.pending_id);
        let refused = refused.expect_err("their own");
        assert_eq!(refused.code(), "needs_second_person");
        assert!(refused.to_string().contains("user:aoki/test"), "{refused}");
    }

    let approved = office
        .ledger
        .approve_pending_action(&baba, pending.pending_id)
        .unwrap_or_else(|error| panic!("{}", told(&error)));
    let again = office
        .ledger
        .approve_pending_action(&chiba, pending.pending_id);

    assert_eq!(approved.state, PendingState::Approved);
    assert_eq!(approved.ground, Some(ApprovalGround::SecondPerson));
    assert_eq!(approved.decided_by.as_deref(), Some("user:baba/test"));
    let paid = payouts(&office);
    assert_eq!(paid.len(), 1);
    assert_eq!(Some(paid[0].entry_id), approved.entry_id);
    assert_eq!(paid[0].recorded_by, "user:aoki/test");
    assert_eq!(code(again), "pending_already_decided");
    let told: Vec<(String, String)> = events(&office, &["record_payout", "approve_pending_action"]);
    let by_baba = |action: &str| (action.to_owned(), "user:baba/test".to_owned());
    assert_eq!(
        told,
        [by_baba("record_payout"), by_baba("approve_pending_action")]
    );
    office.assert_all_is_well();
}

/// The events of these actions, with who the audit log says did them.
fn events(office: &Office, actions: &[&str]) -> Vec<(String, String)> {
    let store = Store::open(office.database.url(), ledger::OpenMode::MustExist).expect("open");
    let mut told = Vec::new();
    store
        .read(|connection| {
            store::proof::audit_log::each(connection, |kept| {
                if let store::proof::audit_log::Kept::Event(event) = kept
                    && actions.contains(&event.action.as_str())
                {
                    told.push((event.action.clone(), event.actor.clone()));
                }
            })
        })
        .expect("the audit log");
    told
}

fn r17_what_waits_keeps_the_day_on_which_it_was_entered(office: Office) {
    collected(&office);
    let Finance { aoki, baba, .. } = Finance::of(&office);
    let entered_on = office.ledger.today();
    let pending = pays(&office, &aoki, 3_000);

    office.set_today("2026-01-20");
    let approved = office
        .ledger
        .approve_pending_action(&baba, pending.pending_id);

    approved.unwrap_or_else(|error| panic!("{}", told(&error)));
    assert_eq!(payouts(&office)[0].paid_on, entered_on);
}

fn r17_an_entry_its_reversal_and_a_refund_wait_too(office: Office) {
    collected(&office);
    let Finance { aoki, baba, .. } = Finance::of(&office);
    let line = |account: &str, debit, credit| NewJournalLine {
        account: account.to_owned(),
        debit,
        credit,
        ..NewJournalLine::default()
    };
    let ten = Some(Yen::new(10_000));
    let dues = PostJournalEntry {
        date: None,
        description: "会員団体の年会費".to_owned(),
        reason: "見本".to_owned(),
        lines: vec![line("1121", ten, None), line("4111", None, ten)],
    };
    let approve = |pending: PendingActionView| {
        let before = entries(&office);
        let approved = office
            .ledger
            .approve_pending_action(&baba, pending.pending_id);
        let approved = approved.unwrap_or_else(|error| panic!("{}", told(&error)));
        assert_eq!(entries(&office), before + 1);
        approved.entry_id.expect("an entry")
    };

    let before = entries(&office);
    let posted = waits(office.ledger.post_journal_entry(&aoki, &dues));
    assert_eq!(entries(&office), before);
    let entry_id = approve(posted);
    let reversal = ReverseJournalEntry {
        entry_id,
        date: None,
        reason: "二重に記帳".to_owned(),
    };
    let reversed = waits(office.ledger.reverse_journal_entry(&aoki, &reversal));
    let reversal_id = approve(reversed);
    let refund = RefundCharge {
        charge_key: office.keys("2025-12")[0].parse().expect("a key"),
        refunded_on: None,
        pay_later: false,
        reason: "本人の申し出".to_owned(),
    };
    let refunded = waits(office.ledger.refund_charge(&aoki, &refund));
    approve(refunded);

    let entry = office
        .ledger
        .get_journal_entry(&office.office(), reversal_id);
    let entry = entry.expect("the reversal");
    assert_eq!(entry.reverses, Some(entry_id));
    assert_eq!(entry.posted_by, "user:aoki/test");
    office.assert_all_is_well();
}

fn r17_what_is_refused_is_refused_when_it_is_entered(office: Office) {
    collected(&office);
    let Finance { aoki, .. } = Finance::of(&office);

    let too_much = office.ledger.record_payout(&aoki, &payout(3_501));
    let clerk = office.person("doi", "clerk");
    let not_theirs = office.ledger.record_payout(&clerk, &payout(1));

    assert_eq!(code(too_much), "more_than_collected");
    assert_eq!(code(not_theirs), "not_permitted");
    let waiting = office.ledger.list_pending_actions(
        &aoki,
        &PendingFilter::default(),
        &PageRequest::default(),
    );
    assert_eq!(waiting.expect("a list").items, []);
    office.assert_all_is_well();
}

fn r17_the_same_waits_once(office: Office) {
    collected(&office);
    let Finance { aoki, baba, .. } = Finance::of(&office);
    let keyed = |call: &Call, key: &str| {
        let key = IdempotencyKey::new(key).expect("a key");
        call.clone().under(key)
    };

    let outcomes = at_once(|one| {
        let call = keyed(&aoki, &format!("{}", one % 2));
        office.ledger.record_payout(&call, &payout(3_000))
    });
    let (waiting, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|one| one.is_ok());
    let waiting: Vec<_> = waiting.into_iter().map(waits).collect();
    let first = waiting.first().expect("one of them waits");

    // One of the two keys won, and gives its answer as often as it is asked.
    assert_eq!(waiting.len(), 10);
    assert_eq!(refused.len(), 10);
    assert!(waiting.iter().all(|one| one == first), "{waiting:?}");
    for one in refused {
        let Err(LedgerError::Refused { code, details, .. }) = one else {
            panic!("{one:?}");
        };
        let named = details.expect("what waits")["pending_id"].as_i64();
        assert_eq!((code, named), ("pending_already", Some(first.pending_id)));
    }
    // Somebody else's, of the same words, is the same.
    let of_baba = office.ledger.record_payout(&baba, &payout(3_000));
    assert_eq!(code(of_baba), "pending_already");
    // Another is another; and once the first is decided, the same may come again.
    pays(&office, &aoki, 500);
    reject(&office, &baba, first.pending_id, "請求書待ち").expect("reject");
    assert_ne!(pays(&office, &aoki, 3_000).pending_id, first.pending_id);
    office.assert_all_is_well();
}

fn r17_what_is_rejected_or_withdrawn_comes_to_nothing(office: Office) {
    collected(&office);
    let Finance { aoki, baba, .. } = Finance::of(&office);
    let before = entries(&office);
    let rejected = pays(&office, &aoki, 3_000).pending_id;
    let withdrawn = pays(&office, &aoki, 500).pending_id;
    let withdraw = |call, id| office.ledger.withdraw_pending_action(call, id);

    assert_eq!(
        code(reject(&office, &baba, rejected, " ")),
        "reason_missing"
    );
    assert_eq!(
        code(reject(&office, &aoki, rejected, "やめた")),
        "needs_second_person"
    );
    assert_eq!(code(withdraw(&baba, withdrawn)), "not_submitter");
    assert_eq!(code(withdraw(&baba, 99)), "pending_not_found");
    reject(&office, &baba, rejected, "請求書の金額と違う").expect("reject");
    withdraw(&aoki, withdrawn).expect("withdraw");

    assert_eq!(state(&office, rejected), PendingState::Rejected);
    assert_eq!(state(&office, withdrawn), PendingState::Withdrawn);
    for id in [rejected, withdrawn] {
        let late = office.ledger.approve_pending_action(&baba, id);
        assert_eq!(code(late), "pending_already_decided");
    }
    assert_eq!((payouts(&office), entries(&office)), (vec![], before));
    office.assert_all_is_well();
}

fn r17_what_the_books_refuse_by_now_goes_on_waiting(office: Office) {
    collected(&office);
    let Finance { aoki, baba, .. } = Finance::of(&office);
    let first = pays(&office, &aoki, 3_000).pending_id;
    let second = pays(&office, &aoki, 2_000).pending_id;
    let approve = |id| office.ledger.approve_pending_action(&baba, id);

    approve(first).expect("it is covered");
    let refused = approve(second);

    assert_eq!(code(refused), "more_than_collected");
    assert_eq!(state(&office, second), PendingState::Pending);
    assert_eq!(payouts(&office).len(), 1);
    office.assert_all_is_well();
}

fn r17_of_twenty_approvals_at_once_one_books(office: Office) {
    collected(&office);
    let Finance { aoki, baba, chiba } = Finance::of(&office);
    let pending = pays(&office, &aoki, 1_000).pending_id;

    let outcomes = at_once(|one| {
        let somebody = if one % 2 == 0 { &baba } else { &chiba };
        code(office.ledger.approve_pending_action(somebody, pending))
    });

    let won = outcomes.iter().filter(|code| **code == "done").count();
    let late = |code: &&&str| **code == "pending_already_decided";
    assert_eq!(won, 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(late).count(), 19, "{outcomes:?}");
    assert_eq!(payouts(&office).len(), 1);
    office.assert_all_is_well();
}

fn r17_an_approval_and_a_rejection_at_once_decide_once(office: Office) {
    collected(&office);
    let Finance { aoki, baba, chiba } = Finance::of(&office);
    let pending = pays(&office, &aoki, 1_000).pending_id;

    let outcomes = at_once(|one| match one % 3 {
        0 => code(office.ledger.approve_pending_action(&baba, pending)),
        1 => code(reject(&office, &chiba, pending, "請求書待ち")),
        _ => code(office.ledger.withdraw_pending_action(&aoki, pending)),
    });

    let won = outcomes.iter().filter(|code| **code == "done").count();
    assert_eq!(won, 1, "{outcomes:?}");
    let booked = state(&office, pending) == PendingState::Approved;
    assert_eq!(payouts(&office).len(), usize::from(booked));
    office.assert_all_is_well();
}

fn r17_a_one_person_office_waits_for_nobody(office: Office) {
    collected(&office);
    let aoki = office.person("aoki", "finance");
    let waiting = pays(&office, &aoki, 1_000).pending_id;
    let alone = one_person_office(&office);

    let done = alone.record_payout(&aoki, &payout(500));
    let own = alone.approve_pending_action(&aoki, waiting);

    assert!(matches!(done, Ok(Outcome::Done(_))), "{done:?}");
    let own = own.unwrap_or_else(|error| panic!("{}", told(&error)));
    assert_eq!(own.ground, Some(ApprovalGround::OnePersonOffice));
    assert_eq!(payouts(&office).len(), 2);
    office.assert_all_is_well();
}

fn r17_what_waits_is_listed_newest_first(office: Office) {
    collected(&office);
    let Finance { aoki, baba, .. } = Finance::of(&office);
    let auditor = office.person("doi", "auditor");
    let ids: Vec<i64> = [100, 200, 300]
        .into_iter()
        .map(|amount| pays(&office, &aoki, amount).pending_id)
        .collect();
    office
        .ledger
        .approve_pending_action(&baba, ids[1])
        .expect("approve");
    let list = |state, cursor| {
        let page = PageRequest {
            cursor,
            limit: Some(1),
        };
        let found = office
            .ledger
            .list_pending_actions(&auditor, &PendingFilter { state }, &page);
        found.expect("a list")
    };

    let waiting = Some(PendingState::Pending);
    let first = list(waiting, None);
    let second = list(waiting, first.next_cursor.clone());
    let newest = list(None, None);

    assert_eq!(first.items[0].pending_id, ids[2]);
    assert_eq!(second.items[0].pending_id, ids[0]);
    assert_eq!(second.next_cursor, None);
    assert_eq!(newest.items[0].pending_id, ids[2]);
    let approved = list(Some(PendingState::Approved), None);
    assert_eq!(approved.items[0].pending_id, ids[1]);
}

/// A sheet for one line, which somebody opened.
fn sheet(office: &Office, call: &Call) -> i64 {
    let sheet = OpenSheet {
        coop: coop(),
        channel: None,
        received_on: "2025-11-12".parse().ok(),
        control: serde_json::from_value(serde_json::json!({
            "lines": 1, "units": 2, "amount": 600, "member_sum": "101"
        }))
        .expect("totals"),
    };
    office.ledger.open_sheet(call, sheet).expect("a sheet").id
}

fn sheet_line() -> PutSheetLine {
    PutSheetLine {
        line_no: Some(1),
        member_number: "0000101".to_owned(),
        order_number: Some("108413".to_owned()),
        units: Some(2),
        ..PutSheetLine::default()
    }
}

fn r17_who_keyed_a_sheet_is_not_its_second_key_by_whatever_token(office: Office) {
    office.members(&["0000101"]);
    let aoki = office.person("aoki", "clerk");
    let by_phone = other_token(&office, "aoki", "clerk");
    let baba = office.person("baba", "clerk");
    let sheet = sheet(&office, &aoki);
    let line = sheet_line();
    let key_again = |call: &Call| {
        let line = line.clone();
        code(office.ledger.key_second_time(call, sheet, line))
    };
    let post = |call: &Call| code(office.ledger.post_sheet(call, sheet, PostSheet::default()));
    office
        .ledger
        .put_sheet_line(&aoki, sheet, line.clone())
        .expect("a line");

    assert_eq!(key_again(&aoki), "first_keyer");
    assert_eq!(key_again(&by_phone), "first_keyer");
    assert_eq!(key_again(&baba), "done");
    let first_again = office.ledger.put_sheet_line(&baba, sheet, line.clone());
    assert_eq!(code(first_again), "second_keyer");

    assert_eq!(post(&baba), "needs_second_person");
    assert_eq!(post(&aoki), "done");
    office.assert_all_is_well();
}

fn r17_two_keyings_at_once_are_of_two_people(office: Office) {
    office.members(&["0000101"]);
    let people = [
        office.person("aoki", "clerk"),
        office.person("baba", "clerk"),
    ];
    for _ in 0..20 {
        let sheet = sheet(&office, &people[0]);

        let outcomes = at_once(|one| {
            let call = &people[one / 2 % 2];
            if one % 2 == 0 {
                code(office.ledger.put_sheet_line(call, sheet, sheet_line()))
            } else {
                code(office.ledger.key_second_time(call, sheet, sheet_line()))
            }
        });

        assert!(!outcomes.contains(&"database"), "{outcomes:?}");
        let seen = office.ledger.get_sheet(&office.office(), sheet);
        let seen = seen.expect("the sheet");
        let second = seen.second_keyed_by;
        for one in &seen.lines {
            assert_ne!(Some(&one.keyed_by), second.as_ref(), "{outcomes:?}");
        }
        for one in &seen.second_lines {
            assert_eq!(Some(&one.keyed_by), second.as_ref(), "{outcomes:?}");
        }
    }
}
