//! What waits for whom, by role.

use ledger::Call;
use ledger::billing::CloseBatch;
use ledger::dashboard::{Dashboard, Waiting, WaitingKind};
use ledger::domain::Yen;
use testkit::on_both;

use crate::office::{Office, close, coop, month};

on_both!(
    of_a_new_office_nothing_waits,
    held_applications_wait_for_clerk_and_finance_by_month_and_reason,
    a_closed_batch_waits_for_another_person_and_then_for_its_export_and_results,
    months_wait_until_they_are_closed,
    sheets_wait_for_who_opened_them_first,
    people_and_tokens_wait_for_the_admin,
    an_auditor_sees_what_changed_and_an_organisation_nothing,
);

fn dashboard(office: &Office, call: &Call) -> Dashboard {
    office.ledger.dashboard(call).expect("the dashboard")
}

fn waiting(office: &Office, call: &Call, kind: WaitingKind) -> Option<Waiting> {
    let waiting = dashboard(office, call).waiting;
    waiting.into_iter().find(|one| one.kind == kind)
}

fn count(office: &Office, call: &Call, kind: WaitingKind) -> i64 {
    waiting(office, call, kind).map_or(0, |one| one.count)
}

fn of_a_new_office_nothing_waits(office: Office) {
    let (clerk, finance) = (
        office.person("chiba", "clerk"),
        office.person("aoki", "finance"),
    );

    assert_eq!(dashboard(&office, &clerk).waiting, []);
    assert_eq!(dashboard(&office, &finance).waiting, []);
}

fn held_applications_wait_for_clerk_and_finance_by_month_and_reason(office: Office) {
    let clerk = office.person("chiba", "clerk");
    let admin = office.person("ito", "admin");
    office.members(&["0000001"]);
    office.applies(
        "01,0000001,164160,25,2025-07-15,paper\n01,0000009,164160,1,2025-07-15,paper\n\
         01,0000001,999999,1,2025-07-15,paper\n",
    );

    let holds = waiting(&office, &clerk, WaitingKind::Holds).expect("holds");

    assert_eq!(holds.count, 3);
    let told: Vec<_> = holds
        .details
        .iter()
        .map(|one| {
            (
                one.month.map(|month| month.to_string()),
                one.reason.map(|r| r.as_str()),
                one.count,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (None, Some("unknown_order_number"), 1),
            (Some("2025-08".to_owned()), Some("unknown_member"), 1),
            (Some("2025-08".to_owned()), Some("implausible_units"), 1),
        ]
    );
    assert_eq!(count(&office, &admin, WaitingKind::Holds), 0);
}

fn a_closed_batch_waits_for_another_person_and_then_for_its_export_and_results(office: Office) {
    let aoki = office.person("aoki", "finance");
    let baba = office.person("baba", "finance");
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    let request = CloseBatch {
        coop: coop(),
        month: month("2025-08"),
        reason: None,
    };
    let closed = office.ledger.close_batch(&aoki, request).expect("close");

    let approve = waiting(&office, &baba, WaitingKind::BatchesToApprove).expect("for baba");
    assert_eq!((approve.count, approve.amount), (1, Some(Yen::new(600))));
    assert_eq!(
        approve.details[0].coop_name.as_deref(),
        Some("23区南生活クラブ生活協同組合")
    );
    assert_eq!(count(&office, &aoki, WaitingKind::BatchesToApprove), 0);
    assert_eq!(count(&office, &aoki, WaitingKind::OwnBatches), 1);
    let batch_id = closed.batch_id.expect("a batch");
    office
        .ledger
        .approve_batch(&baba, batch_id)
        .expect("approve");
    assert_eq!(count(&office, &aoki, WaitingKind::BatchesToExport), 1);
    assert_eq!(count(&office, &baba, WaitingKind::BatchesToApprove), 0);
    office.export("2025-08");
    let out = waiting(&office, &aoki, WaitingKind::ResultsOutstanding).expect("outstanding");
    assert_eq!(
        (out.count, out.amount, out.is_late),
        (1, Some(Yen::new(600)), false)
    );
    office.set_today("2026-02-01");
    let late = waiting(&office, &aoki, WaitingKind::ResultsOverdue).expect("overdue");
    assert_eq!((late.count, late.is_late), (1, true));
    office.results(&[format!("{},0,2025-11-27", office.keys("2025-08")[0])]);
    assert_eq!(count(&office, &aoki, WaitingKind::ResultsOverdue), 0);

    let old = waiting(&office, &aoki, WaitingKind::OldReceivables).expect("a receivable");

    assert_eq!((old.count, old.amount), (1, Some(Yen::new(600))));
    let periods = waiting(&office, &aoki, WaitingKind::PeriodsToClose).expect("periods");
    assert_eq!(
        (periods.count, periods.details[0].month),
        (3, Some(month("2025-11")))
    );
}

fn months_wait_until_they_are_closed(office: Office) {
    let finance = office.person("aoki", "finance");
    office.set_today("2025-09-10");
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    let first = waiting(&office, &finance, WaitingKind::MonthsToClose).expect("august");
    assert_eq!((first.count, first.is_late), (1, true));
    assert_eq!(first.details[0].month, Some(month("2025-08")));
    close(&office, "2025-08");

    let next = waiting(&office, &finance, WaitingKind::MonthsToClose).expect("september");

    assert_eq!(
        (next.details[0].month, next.is_late),
        (Some(month("2025-09")), false)
    );
    close(&office, "2025-09");
    assert_eq!(count(&office, &finance, WaitingKind::MonthsToClose), 0);
}

fn sheets_wait_for_who_opened_them_first(office: Office) {
    let chiba = office.person("chiba", "clerk");
    let doi = office.person("doi", "clerk");
    let request = ledger::intake::sheets::OpenSheet {
        coop: coop(),
        channel: None,
        received_on: "2025-07-15".parse().ok(),
        control: ledger::intake::sheets::SheetTotals::default(),
    };
    office.ledger.open_sheet(&chiba, request).expect("open");

    assert_eq!(count(&office, &chiba, WaitingKind::OwnSheets), 1);
    assert_eq!(count(&office, &chiba, WaitingKind::OtherSheets), 0);
    let others = waiting(&office, &doi, WaitingKind::OtherSheets).expect("of chiba");
    assert_eq!((others.count, others.since), (1, "2025-07-15".parse().ok()));
}

fn people_and_tokens_wait_for_the_admin(office: Office) {
    let admin = office.person("ito", "admin");
    let invite = ledger::people::InvitePerson {
        name: "new".to_owned(),
        display_name: None,
        roles: "clerk".parse().expect("roles"),
        organization: None,
        expires_on: None,
    };
    office
        .ledger
        .invite_person(&admin, &invite)
        .expect("invite");

    let invited = waiting(&office, &admin, WaitingKind::Invitations).expect("invitations");
    let names: Vec<_> = invited
        .details
        .iter()
        .filter_map(|one| one.name.as_deref())
        .collect();
    assert!(names.contains(&"new"), "{names:?}");
    let clerk = office.person("chiba", "clerk");
    assert_eq!(count(&office, &clerk, WaitingKind::Invitations), 0);
}

fn an_auditor_sees_what_changed_and_an_organisation_nothing(office: Office) {
    let auditor = office.person("mori", "auditor");
    let organisation = office.of_organization("kobayashi", "kosumosu");

    assert!(count(&office, &auditor, WaitingKind::RecentChanges) > 0);
    assert_eq!(dashboard(&office, &organisation).waiting, []);
    let refused = office
        .ledger
        .batch_board(&organisation, &ledger::billing::BoardFilter::default());
    assert_eq!(
        refused.expect_err("of an organisation").code(),
        "not_permitted"
    );
}
