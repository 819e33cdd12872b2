//! A file is seen before it is taken: a trial tells what would be done, to the yen, and does nothing.

use ledger::ReferenceTable::{Members, Offerings};
use ledger::domain::{CoopCode, HoldReason, ResultCode, ResultHoldReason, Yen};
use ledger::intake::{ImportApplications, ImportFilter};
use ledger::settlement::{ChargeSum, ImportResults, ResultsPreview};
use ledger::trace::ChargeFilter;
use ledger::{
    BytesSource, ImportOutcome, ImportState, LedgerError, PageRequest, ReferenceTable, StartImport,
};
use testkit::on_both;
use testkit::world::told;

use crate::office::{Office, close, coop, month};

on_both!(
    a_trial_of_applications_tells_lines_and_yen,
    a_trial_of_a_file_taken_before_says_when_and_by_whom,
    a_trial_of_results_is_what_is_then_taken,
    a_trial_of_members_tells_what_a_leave_date_stops,
    a_trial_of_a_bad_file_lists_every_line,
    a_trial_is_taken_once,
    a_trial_that_is_kept_no_longer_leaves_what_was_taken,
    who_may_not_take_a_file_may_not_try_it,
    the_files_that_were_taken_are_listed_newest_first,
    a_batch_tells_why_it_was_not_collected_and_what_follows,
);

const NO_DEFAULTS: ImportApplications = ImportApplications {
    channel: None,
    received_on: None,
};
const HEADER: &str = "coop,member_number,order_number,units,received_on,channel\n";

fn sum(charges: u64, amount: i64) -> ChargeSum {
    ChargeSum {
        charges,
        amount: Yen::new(amount),
    }
}

fn four_applications() -> BytesSource {
    let rows = "01,0000001,164151,2,2025-07-16,paper\n01,0000002,164160,3,2025-07-16,web\n\
                01,0000009,164160,1,2025-07-16,web\n01,0000001,164160,1,2025-07-16,web\n";
    BytesSource::new("applications.csv", format!("{HEADER}{rows}"))
}

fn a_trial_of_applications_tells_lines_and_yen(office: Office) {
    office.members(&["0000001", "0000002"]);

    let trial = office
        .ledger
        .preview_import(&office.office(), &four_applications(), NO_DEFAULTS, &|_| ())
        .expect("a good file");
    let taken = office
        .ledger
        .import_applications(&office.office(), &four_applications(), NO_DEFAULTS, &|_| ())
        .expect("a good file");

    assert_eq!(trial.imported.import_id, None);
    assert_eq!((trial.imported.accepted, trial.imported.held), (3, 1));
    assert_eq!((taken.accepted, taken.held), (3, 1));
    assert_eq!(taken.held_by_reason, trial.imported.held_by_reason);
    assert!(!taken.already_imported, "the trial left nothing");
    assert_eq!(trial.accepted_amount, Yen::new(600 + 1_500 + 500));
    let offerings: Vec<_> = trial
        .offerings
        .iter()
        .map(|one| {
            (
                one.order_number.as_str(),
                one.lines,
                one.units,
                one.amount.get(),
            )
        })
        .collect();
    assert_eq!(offerings, [("164151", 1, 2, 600), ("164160", 2, 4, 2_000)]);
    let holds: Vec<_> = trial
        .holds
        .iter()
        .map(|hold| (hold.reason, hold.lines, hold.amount.get()))
        .collect();
    assert_eq!(holds, [(HoldReason::UnknownMember, 1, 500)]);
    assert_eq!(trial.held_lines[0].line, 4);
    assert_eq!(trial.held_lines[0].member_number, "0000009");
    assert_eq!(trial.before, None);
    office.assert_all_is_well();
}

fn a_trial_of_a_file_taken_before_says_when_and_by_whom(office: Office) {
    office.members(&["0000001", "0000002"]);
    office
        .ledger
        .import_applications(&office.office(), &four_applications(), NO_DEFAULTS, &|_| ())
        .expect("a good file");

    let trial = office
        .ledger
        .preview_import(&office.office(), &four_applications(), NO_DEFAULTS, &|_| ())
        .expect("a good file");

    assert!(trial.imported.already_imported);
    let before = trial.before.expect("it was taken before");
    assert_eq!(before.by, "cli:office");
    assert_eq!(before.file, "applications.csv");
    assert_eq!(domain::japan_date(before.at).to_string(), "2025-12-01");
}

/// A supporter whose pledge ends with the first failure, one gift that is tried again, one that
/// lapses, and one more of each that is collected or waits: in co-op 01, August handed over.
fn handed_over(office: &Office) -> Vec<String> {
    office.import(
        Offerings,
        "cycle,order_number,kind,unit_price,fund,campaign,title,on_failure,failures_max\n\
         2025年7月4回,164151,supporter,300,inclufund,,サポーター登録,end_pledge,1\n\
         2025年7月4回,164160,spot,500,inclufund,,スポット,carry_forward,2\n",
    );
    office.pledges("01,0000005,inclufund,1,300,2025-08,\n01,0000006,inclufund,4,300,2025-08,\n");
    office.members(&["0000001", "0000002"]);
    office.applies("01,0000001,164151,2,2025-07-16,paper\n01,0000002,164160,3,2025-07-16,web\n");
    close(office, "2025-08");
    office.export("2025-08");
    office.keys("2025-08")
}

/// Members 1, 2 and 5 fail, 6 is collected, and a key is nobody's.
fn answer(keys: &[String]) -> BytesSource {
    BytesSource::new(
        "results.csv",
        format!(
            "charge_key,result_code,collected_on\n{},1,\n{},3,\n{},1,\n{},0,2025-08-27\n00220250801000000010,0,2025-08-27\n",
            keys[0], keys[1], keys[2], keys[3]
        ),
    )
}

fn try_results(office: &Office, source: &BytesSource) -> ResultsPreview {
    office
        .ledger
        .preview_results(&office.office(), source, &ImportResults::default(), &|_| ())
        .unwrap_or_else(|error| panic!("{}", told(&error)))
}

fn a_trial_of_results_is_what_is_then_taken(office: Office) {
    let keys = handed_over(&office);
    let source = answer(&keys);

    let trial = try_results(&office, &source);
    let taken = office
        .ledger
        .import_results(
            &office.office(),
            &source,
            &ImportResults::default(),
            &|_| (),
        )
        .expect("a good file");
    let again = try_results(&office, &source);

    let mut told_before = trial.imported.clone();
    told_before.result_file_id = taken.result_file_id;
    assert_eq!(told_before, taken, "the trial left nothing and told all");
    assert_eq!(trial.batches.len(), 1);
    let batch = &trial.batches[0];
    assert_eq!((batch.coop.as_str(), batch.month), ("01", month("2025-08")));
    assert_eq!(batch.exported, sum(4, 600 + 1_500 + 300 + 1_200));
    assert_eq!(batch.collected, sum(1, 1_200));
    assert_eq!(batch.failed, sum(3, 2_400));
    assert_eq!(batch.outstanding, sum(0, 0));
    let reasons: Vec<_> = trial
        .failures
        .reasons
        .iter()
        .map(|one| (one.result_code, one.sum))
        .collect();
    assert_eq!(
        reasons,
        [
            (ResultCode::InsufficientFunds, sum(2, 900)),
            (ResultCode::StoppedByPayer, sum(1, 1_500)),
        ]
    );
    assert_eq!(trial.failures.lapsed, sum(2, 900));
    assert_eq!(trial.failures.carried.len(), 1);
    assert_eq!(trial.failures.carried[0].month, month("2025-09"));
    assert_eq!(trial.failures.carried[0].sum, sum(1, 1_500));
    assert_eq!(trial.failures.ended_pledges.len(), 1);
    assert_eq!(trial.failures.ended_pledges[0].member_number, "0000001");
    assert_eq!(trial.failures.ended_pledges[0].ends_from, month("2025-09"));
    assert_eq!(trial.holds[0].reason, ResultHoldReason::UnknownCharge);
    assert_eq!(trial.held_lines[0].line, 6);
    assert!(again.imported.already_imported);
    assert_eq!(again.before_by.as_deref(), Some("cli:office"));
    office.assert_all_is_well();
}

fn a_trial_of_members_tells_what_a_leave_date_stops(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    let leaves = BytesSource::new(
        "members.csv",
        "coop,member_number,left_on\n01,0000001,2025-12-10\n",
    );

    let trial = office
        .ledger
        .preview_reference(&office.office(), Members, &leaves)
        .expect("a good file");
    let taken = office
        .ledger
        .import_reference(&office.office(), Members, &leaves)
        .expect("a good file");

    assert_eq!(trial, taken);
    assert_eq!(taken.changed, 1, "the trial left nothing");
    assert!(
        trial.notes[0].contains("2026-01 から請求しません"),
        "{:?}",
        trial.notes
    );
}

fn a_trial_of_a_bad_file_lists_every_line(office: Office) {
    office.members(&["0000001"]);
    let bad = BytesSource::new(
        "applications.csv",
        format!(
            "{HEADER}01,0000001,164151,x,2025-07-16,paper\n01,0000001,164151,2,yesterday,paper\n"
        ),
    );
    let call = office.office();

    let tried = office
        .ledger
        .preview_import(&call, &bad, NO_DEFAULTS, &|_| ());
    let taken = office
        .ledger
        .import_applications(&call, &bad, NO_DEFAULTS, &|_| ());

    let tried = told(&tried.expect_err("two bad lines"));
    assert_eq!(tried, told(&taken.expect_err("two bad lines")));
    assert!(
        tried.contains("\n2:口数: ") && tried.contains("\n3:受付日: "),
        "{tried}"
    );
}

fn members_file() -> StartImport {
    StartImport {
        table: "members".to_owned(),
        file: "members.csv".to_owned(),
        sha256: "00".to_owned(),
        channel: None,
        received_on: None,
        coop: None,
    }
}

fn a_trial_is_taken_once(office: Office) {
    let (ledger, call) = (&office.ledger, office.office());
    let request = members_file();
    ledger
        .start_trial(&call, &request, "trial-1", "here")
        .expect("a trial");
    let too_early = ledger.take_trial(&call, "trial-1", "job-0", "here");
    ledger
        .end_import(
            "trial-1",
            &ImportOutcome::Done(serde_json::json!({"lines": 3})),
        )
        .expect("it ends");

    let first = ledger
        .take_trial(&call, "trial-1", "job-1", "here")
        .expect("it is taken");
    let second = ledger
        .take_trial(&call, "trial-1", "job-2", "here")
        .expect("it was taken");
    let trial = ledger
        .follow_import(&call, "trial-1", "here")
        .expect("the trial");
    let taken = ledger
        .follow_import(&call, "job-1", "here")
        .expect("the import");

    assert!(matches!(too_early, Err(LedgerError::NotFound { .. })));
    assert_eq!((first.id.as_str(), second.id.as_str()), ("job-1", "job-1"));
    assert_eq!(first.request, request);
    assert_eq!(first.tried_by, "cli:office");
    assert!(trial.is_trial && !taken.is_trial);
    assert_eq!(trial.taken_as.as_deref(), Some("job-1"));
    assert_eq!(taken.trial_id.as_deref(), Some("trial-1"));
    assert_eq!(
        (trial.job.state, taken.job.state),
        (ImportState::Done, ImportState::Running)
    );
    let taking_of_a_taking = ledger.take_trial(&call, "job-1", "job-3", "here");
    assert!(matches!(
        taking_of_a_taking,
        Err(LedgerError::NotFound { .. })
    ));
}

fn a_trial_that_is_kept_no_longer_leaves_what_was_taken(office: Office) {
    let (ledger, call) = (&office.ledger, office.office());
    let done = ImportOutcome::Done(serde_json::json!({}));
    ledger
        .start_trial(&call, &members_file(), "trial-1", "here")
        .expect("a trial");
    ledger.end_import("trial-1", &done).expect("it ends");
    office.set_today("2025-12-20");
    ledger
        .take_trial(&call, "trial-1", "job-1", "here")
        .expect("it is taken");
    ledger.end_import("job-1", &done).expect("it ends");
    office.set_today("2026-01-10");

    ledger.apply_retention(&call).expect("the trial goes");

    let trial = ledger.follow_import(&call, "trial-1", "here");
    let taken = ledger.follow_import(&call, "job-1", "here");
    assert!(matches!(trial, Err(LedgerError::NotFound { .. })));
    let taken = taken.expect("the import stays");
    assert_eq!(taken.job.state, ImportState::Done);
    assert_eq!(taken.trial_id, None);
}

fn who_may_not_take_a_file_may_not_try_it(office: Office) {
    let auditor = office.person("kanji", "auditor");
    let clerk = office.person("jimu", "clerk");
    let results = BytesSource::new("results.csv", "charge_key,result_code,collected_on\n");
    let members = BytesSource::new("members.csv", "coop,member_number\n01,0000001\n");

    let refused = [
        office
            .ledger
            .preview_results(&clerk, &results, &ImportResults::default(), &|_| ())
            .map(drop),
        office
            .ledger
            .preview_reference(&auditor, Members, &members)
            .map(drop),
        office
            .ledger
            .start_trial(&auditor, &members_file(), "trial-1", "here")
            .map(drop),
        office
            .ledger
            .list_result_files(&clerk, &PageRequest::default())
            .map(drop),
        office.ledger.batch_results(&clerk, 1).map(drop),
    ];

    for one in refused {
        assert!(matches!(one, Err(LedgerError::Forbidden { .. })), "{one:?}");
    }
    let tried = office.ledger.preview_reference(&clerk, Members, &members);
    assert_eq!(tried.expect("a clerk may").added, 1);
}

fn the_files_that_were_taken_are_listed_newest_first(office: Office) {
    office.members(&["0000001", "0000002"]);
    office.members(&["0000001", "0000002"]);
    office.applies("01,0000001,164151,2,2025-07-16,paper\n01,0000009,164160,3,2025-07-16,web\n");
    let list = |filter, cursor| {
        let page = PageRequest {
            cursor,
            limit: Some(1),
        };
        office
            .ledger
            .list_imports(&office.office(), filter, &page)
            .expect("a page")
    };

    let newest = list(ImportFilter::All, None);
    let next = list(ImportFilter::All, newest.next_cursor.clone());
    let members = list(ImportFilter::Reference(Members), None);
    let pledges = list(ImportFilter::Reference(ReferenceTable::Pledges), None);

    let applications = &newest.items[0];
    assert_eq!(applications.table, None);
    assert_eq!(applications.file.as_deref(), Some("applications.csv"));
    assert_eq!(
        (applications.lines, applications.accepted, applications.held),
        (2, 1, 1)
    );
    assert_eq!(applications.taken_by, "cli:office");
    assert_eq!(next.items, members.items);
    assert_eq!(next.items[0].table, Some(Members));
    assert_eq!(next.items[0].accepted, 2);
    assert!(
        members.next_cursor.is_none(),
        "what changed nothing is not listed"
    );
    assert!(pledges.items.is_empty());
}

fn a_batch_tells_why_it_was_not_collected_and_what_follows(office: Office) {
    let keys = handed_over(&office);
    let coop = coop();
    let waiting = |of: Option<&CoopCode>| {
        let page = PageRequest::default();
        let batches = office
            .ledger
            .list_batches_awaiting_results(&office.office(), of, &page);
        batches.expect("a page").items.len()
    };
    let before = (waiting(None), waiting(Some(&coop)));
    office.results(&[format!("{},1,", keys[0]), format!("{},3,", keys[1])]);
    let batch_id = office.charges("2025-08")[0].batch_id;

    let results = office
        .ledger
        .batch_results(&office.office(), batch_id)
        .expect("a batch");
    let files = office
        .ledger
        .list_result_files(&office.office(), &PageRequest::default())
        .expect("a page");
    let detail = office
        .ledger
        .get_result_file(&office.office(), files.items[0].id)
        .expect("a file");
    let stopped = ChargeFilter {
        batch_id: Some(batch_id),
        result_code: Some(ResultCode::StoppedByPayer),
        ..ChargeFilter::default()
    };
    let stopped = office
        .ledger
        .search_charges(&office.office(), &stopped, &PageRequest::default())
        .expect("a page");

    let settlement = results.batch.settlement.expect("it was handed over");
    assert_eq!((settlement.failed, settlement.outstanding), (2, 2));
    assert_eq!(results.failures, detail.failures);
    assert_eq!(results.failures.total(), sum(2, 2_100));
    assert_eq!(results.failures.lapsed, sum(1, 600));
    assert_eq!(results.failures.carried[0].sum, sum(1, 1_500));
    assert_eq!(detail.file.failed_amount, Yen::new(2_100));
    let numbers: Vec<_> = stopped
        .items
        .iter()
        .map(|one| one.member_number.as_str())
        .collect();
    assert_eq!(numbers, ["0000002"]);
    assert_eq!(before, (1, 1));
    assert_eq!(waiting(None), 1, "two charges have no result yet");
    office.results(&[format!("{},9,", keys[2]), format!("{},9,", keys[3])]);
    assert_eq!(waiting(None), 0);
    office.assert_all_is_well();
}
