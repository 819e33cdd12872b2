//! R3, R5, R6: applications come in by file and one by one.

use ledger::domain::Channel;
use ledger::intake::{
    ApplicationRecorded, ApplicationsImported, ImportApplications, NewApplication,
};
use ledger::{IdempotencyKey, LedgerError};
use testkit::world::told;
use testkit::{World, fixtures, on_both, on_every_database};

on_every_database!(r3_good_lines_go_through_and_doubtful_ones_are_held);

on_both!(
    r3_a_held_line_names_every_reason,
    r3_one_unreadable_line_refuses_the_whole_file,
    r5_the_same_application_again_is_held_even_when_the_first_was,
    r4_a_line_sees_what_the_lines_before_it_opened,
    r6_the_same_file_twice_changes_nothing,
    r6_a_default_that_no_line_needed_makes_no_other_file,
    r6_the_same_request_twice_is_one_application,
    r4_two_who_take_the_same_member_at_once_open_one_pledge,
    a_file_that_repeats_a_line_over_and_over_is_taken_in_few_steps,
    a_trial_tells_what_an_import_would_do_and_does_nothing,
    an_application_that_cannot_be_read_names_every_field,
);

const NO_DEFAULTS: ImportApplications = ImportApplications {
    channel: None,
    received_on: None,
};

fn take_fixture(world: &World, file: &str, channel: Option<Channel>) -> ApplicationsImported {
    let defaults = ImportApplications {
        channel,
        received_on: None,
    };
    world.take_applications(fixtures::bytes(file), defaults)
}

fn held_for(imported: &ApplicationsImported) -> Vec<(&str, u64)> {
    imported
        .held_by_reason
        .iter()
        .map(|(reason, lines)| (reason.as_str(), *lines))
        .collect()
}

/// The newsletters' facts and two members of co-op 01; the clock stands in the July week.
fn small_office(world: &World) {
    world.load_newsletters();
    world.import(
        ledger::ReferenceTable::Members,
        "coop,member_number,name,left_on\n\
         01,0000001,見本 一,\n01,0000002,見本 二,\n01,0000003,見本 三,2025-07-15\n",
    );
}

fn july(member_number: &str, order_number: &str, units: i64) -> NewApplication {
    NewApplication {
        coop: "01".to_owned(),
        member_number: member_number.to_owned(),
        order_number: Some(order_number.to_owned()),
        units: Some(units),
        received_on: Some("2025-07-16".to_owned()),
        ..NewApplication::default()
    }
}

fn record(world: &World, application: NewApplication) -> ApplicationRecorded {
    world
        .ledger
        .record_application(&world.office(), application)
        .unwrap_or_else(|error| panic!("{}", told(&error)))
}

fn reasons(recorded: &ApplicationRecorded) -> Vec<&'static str> {
    recorded
        .reasons
        .iter()
        .map(|explained| explained.reason.as_str())
        .collect()
}

fn r3_good_lines_go_through_and_doubtful_ones_are_held(world: World) {
    world.load_sample();
    let july = take_fixture(&world, "sample/applications-2025-07.csv", None);
    let sheets = take_fixture(&world, "sample/applications-2025-11.csv", None);
    let web = take_fixture(
        &world,
        "sample/applications-2025-11-web.csv",
        Some(Channel::Web),
    );
    let depot = take_fixture(
        &world,
        "sample/applications-2025-11-depot.csv",
        Some(Channel::Depot),
    );

    assert_eq!((july.lines, july.accepted, july.held), (38, 35, 3));
    assert_eq!(
        held_for(&july),
        [
            ("already_supporter", 1),
            ("duplicate_application", 1),
            ("implausible_units", 1)
        ]
    );
    assert_eq!((sheets.lines, sheets.accepted, sheets.held), (45, 35, 10));
    assert_eq!(
        held_for(&sheets),
        [
            ("already_supporter", 2),
            ("duplicate_application", 1),
            ("implausible_units", 1),
            ("outside_window", 2),
            ("unknown_member", 1),
            ("unknown_order_number", 1),
            ("withdrawn_member", 2)
        ]
    );
    assert_eq!((web.lines, web.accepted, web.held), (21, 20, 1));
    assert_eq!(held_for(&web), [("duplicate_application", 1)]);
    assert_eq!((depot.lines, depot.accepted, depot.held), (6, 1, 5));
    assert_eq!(
        held_for(&depot),
        [("ambiguous_free_text", 4), ("amount_not_multiple", 1)]
    );
}

fn r3_a_held_line_names_every_reason(world: World) {
    small_office(&world);

    let held = record(&world, july("0000003", "108413", 30));

    assert_eq!(held.state, "held");
    assert_eq!(
        reasons(&held),
        ["withdrawn_member", "outside_window", "implausible_units"]
    );
    assert_eq!(
        held.reason.map(|reason| reason.as_str()),
        Some("withdrawn_member")
    );
    let explained = &held.reasons[1].message;
    assert!(explained.contains("164151"), "{explained}");
    assert_eq!((held.pledge_id, held.donation_id), (None, None));
}

fn r3_one_unreadable_line_refuses_the_whole_file(world: World) {
    small_office(&world);
    let file = "coop,member_number,order_number,units\n\
                01,0000001,164151,1\n\
                01,0000002,164151,百\n\
                99,0000002,164151,1\n\
                01,0000002,164151\n";

    let refused = world
        .try_applications(file, NO_DEFAULTS)
        .expect_err("a file with three bad lines");

    let told = told(&refused);
    assert!(told.contains("\n3:口数: "), "{told}");
    assert!(told.contains("\n4:単協コード: "), "{told}");
    assert!(told.contains("\n5:: "), "{told}");
    let mended = "coop,member_number,order_number,units\n01,0000001,164151,1\n";
    let taken = world.take_applications(mended, NO_DEFAULTS);
    assert_eq!(
        (taken.accepted, taken.held),
        (1, 0),
        "nothing of the refused file stayed"
    );
}

fn r5_the_same_application_again_is_held_even_when_the_first_was(world: World) {
    small_office(&world);

    let first = record(&world, july("0000001", "164160", 30));
    let second = record(&world, july("0000001", "164160", 1));
    let other = record(&world, july("0000001", "164151", 1));

    assert_eq!(reasons(&first), ["implausible_units"]);
    assert_eq!(reasons(&second), ["duplicate_application"]);
    assert_eq!(reasons(&other), [""; 0]);
    assert!(other.pledge_id.is_some() && other.donation_id.is_none());
}

fn r4_a_line_sees_what_the_lines_before_it_opened(world: World) {
    small_office(&world);
    // The same member, July's number on July's day, then November's, then July's once more.
    let file = "coop,member_number,order_number,units,received_on\n\
                01,0000001,164151,1,2025-07-16\n\
                01,0000001,108413,2,2025-11-12\n\
                01,0000001,164151,1,2025-07-16\n\
                01,0000002,164151,30,2025-07-16\n\
                01,0000002,108413,1,2025-11-12\n\
                01,0000002,164160,1,2025-07-16\n";

    let taken = world.take_applications(file, NO_DEFAULTS);

    assert_eq!((taken.accepted, taken.held), (3, 3));
    assert_eq!(
        held_for(&taken),
        [
            ("already_supporter", 1),
            ("duplicate_application", 1),
            ("implausible_units", 1)
        ]
    );
}

fn r6_the_same_file_twice_changes_nothing(world: World) {
    world.load_sample();
    let first = take_fixture(&world, "sample/applications-2025-07.csv", None);
    let again = take_fixture(&world, "sample/applications-2025-07.csv", None);

    assert!(!first.already_imported && again.already_imported);
    assert_eq!(again.import_id, first.import_id);
    assert_eq!(
        (
            again.lines,
            again.accepted,
            again.held,
            &again.held_by_reason
        ),
        (
            first.lines,
            first.accepted,
            first.held,
            &first.held_by_reason
        )
    );
}

fn r6_a_default_that_no_line_needed_makes_no_other_file(world: World) {
    small_office(&world);
    let on_paper = ImportApplications {
        channel: Some(Channel::Paper),
        ..NO_DEFAULTS
    };
    let by_phone = ImportApplications {
        channel: Some(Channel::Phone),
        ..NO_DEFAULTS
    };
    let says_it = "coop,member_number,order_number,units,channel\n01,0000001,164160,1,web\n";
    let lacks_it = "coop,member_number,order_number,units\n01,0000002,164160,1\n";

    assert!(!world.take_applications(says_it, on_paper).already_imported);
    assert!(world.take_applications(says_it, by_phone).already_imported);
    assert!(!world.take_applications(lacks_it, on_paper).already_imported);
    let other = world.take_applications(lacks_it, by_phone);
    assert!(!other.already_imported);
    assert_eq!(held_for(&other), [("duplicate_application", 1)]);
}

fn r6_the_same_request_twice_is_one_application(world: World) {
    small_office(&world);
    let key = IdempotencyKey::new("desk-1-call-7").expect("a key");
    let call = || world.office().under(key.clone());

    let first = world
        .ledger
        .record_application(&call(), july("0000001", "164160", 2))
        .expect("a good application");
    let again = world
        .ledger
        .record_application(&call(), july("0000001", "164160", 2))
        .expect("the same answer");
    let other = world
        .ledger
        .record_application(&call(), july("0000001", "164160", 3))
        .expect_err("another request under the key");

    assert_eq!(first, again);
    assert_eq!(first.state, "posted");
    assert_eq!(first.amount, Some(1_000));
    assert_eq!(
        first
            .collection_month
            .map(|month| month.to_string())
            .as_deref(),
        Some("2025-08")
    );
    assert!(matches!(other, LedgerError::KeyReused));
}

fn a_trial_tells_what_an_import_would_do_and_does_nothing(world: World) {
    world.load_sample();
    let source = ledger::BytesSource::new(
        "applications-2025-07.csv",
        fixtures::bytes("sample/applications-2025-07.csv"),
    );

    let trial = world
        .ledger
        .preview_import(&world.office(), &source, NO_DEFAULTS, &|_| ())
        .expect("a good file");
    let real = take_fixture(&world, "sample/applications-2025-07.csv", None);

    let trial = trial.imported;
    assert_eq!(trial.import_id, None);
    assert_eq!((trial.accepted, trial.held), (real.accepted, real.held));
    assert!(!real.already_imported);
}

fn an_application_that_cannot_be_read_names_every_field(world: World) {
    small_office(&world);
    let unreadable = NewApplication {
        coop: "01".to_owned(),
        member_number: "-1".to_owned(),
        order_number: None,
        units: Some(100),
        received_on: Some("2025-02-31".to_owned()),
        channel: Some("fax".to_owned()),
        ..NewApplication::default()
    };

    let refused = world
        .ledger
        .record_application(&world.office(), unreadable)
        .expect_err("nothing of it can be read");
    let no_such_coop = NewApplication {
        coop: "99".to_owned(),
        ..july("0000001", "164160", 1)
    };
    let unknown = world
        .ledger
        .record_application(&world.office(), no_such_coop)
        .expect_err("a co-op there is not");

    let told = told(&refused);
    for field in ["member_number", "units", "received_on", "channel"] {
        assert!(told.contains(&format!("\n:{field}: ")), "{field} in {told}");
    }
    assert_eq!(unknown.code(), "unknown_coop");
}

fn r4_two_who_take_the_same_member_at_once_open_one_pledge(world: World) {
    const PEOPLE: usize = 8;
    small_office(&world);
    let offices: Vec<_> = (0..PEOPLE).map(|_| world.opened_again()).collect();

    let states: Vec<String> = std::thread::scope(|scope| {
        let calls: Vec<_> = offices
            .iter()
            .map(|office| {
                let call = world.office();
                scope.spawn(move || office.record_application(&call, july("0000001", "164151", 1)))
            })
            .collect();
        calls
            .into_iter()
            .map(|call| call.join().expect("no panic").expect("taken").state)
            .collect()
    });

    let posted = states.iter().filter(|state| *state == "posted").count();
    assert_eq!(posted, 1, "{states:?}");
}

fn a_file_that_repeats_a_line_over_and_over_is_taken_in_few_steps(world: World) {
    const TIMES: u64 = 3_000;
    small_office(&world);
    let mut file = "coop,member_number,order_number,units,received_on,line_id\n".to_owned();
    for time in 0..TIMES {
        file += &format!("01,0000001,164151,1,2025-07-16,{time}\n");
    }

    let taken = world.take_applications(file, NO_DEFAULTS);

    assert_eq!((taken.accepted, taken.held), (1, TIMES - 1));
    assert_eq!(held_for(&taken), [("duplicate_application", TIMES - 1)]);
}
