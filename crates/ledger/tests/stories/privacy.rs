//! "What do you hold about me?", "Take my name away", and how long names are kept.

use domain::{HoldReason, Way};
use ledger::ReferenceTable::{MemberChanges, Members};
use ledger::audit_log::{AuditEventView, AuditFilter};
use ledger::intake::NewApplication;
use ledger::intake::sheets::{OpenSheet, PostSheet, PutSheetLine, SheetTotals};
use ledger::privacy::{EraseMember, Kept, MemberData, MemberErased, RetentionReport};
use ledger::reference::MemberKey;
use ledger::{Call, IdempotencyKey, LedgerError, PageRequest};
use testkit::{World, on_both};

use crate::desk::*;
use crate::members::member;
use crate::months::close_month;

on_both!(
    a_member_is_shown_everything_under_every_number,
    a_member_is_erased_and_the_accounts_stay_true,
    weighing_an_erasure_changes_nothing,
    what_has_to_be_read_still_is_not_erased,
    files_do_not_bring_an_erased_name_back,
    names_and_notes_go_when_their_time_is_over,
    what_is_kept_for_ever_stays,
    every_look_at_a_member_is_an_event,
    no_event_holds_a_secret,
    who_may_look_and_who_may_erase,
);

const NAME: &str = "見本 一";
const NOTE: &str = "孫の結婚祝いに";
const REASON: &str = "見本さんの奥様から電話";

fn key(coop: &str, number: &str) -> MemberKey {
    MemberKey {
        coop: coop.parse().expect("a code"),
        member_number: number.parse().expect("a number"),
    }
}

fn printed(world: &World, coop: &str, number: &str) -> MemberData {
    let MemberKey {
        coop,
        member_number,
    } = key(coop, number);
    world
        .ledger
        .print_member_data(&world.office(), &coop, &member_number)
        .expect("everything that is held")
}

fn try_erase(world: &World, number: &str) -> Result<MemberErased, LedgerError> {
    let key = key("01", number);
    let request = EraseMember {
        reason: "本人の申し出".to_owned(),
    };
    world
        .ledger
        .erase_member(&world.office(), &key.coop, &key.member_number, &request)
}

fn erase(world: &World, number: &str) -> MemberErased {
    let erased = try_erase(world, number).expect("an erasure");
    assert_all_is_well(world);
    erased
}

/// Member 0000001: a supporter with a note and reasons, charged in August, who moves to co-op 02 and
/// is charged there too.
fn a_life(world: &World) {
    small_office(world);
    let application = NewApplication {
        note: Some(NOTE.to_owned()),
        ..line("0000001", SUPPORTER_JULY, 2, JULY)
    };
    let key = IdempotencyKey::new("one").expect("a key");
    world
        .ledger
        .record_application(&world.office().under(key), application)
        .expect("an application");
    let again = take_held(
        world,
        line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER),
        HoldReason::AlreadySupporter,
    );
    let resolution = ledger::review::Resolution::new(Way::Add, REASON);
    resolve_so(world, again, &resolution);
    close_month(world, "01", "2025-08");
    world.import(
        MemberChanges,
        "coop,member_number,new_coop,new_member_number,moved_on\n01,0000001,02,0000009,2025-11-30\n",
    );
}

/// A sheet on which the member was keyed with a note; posted, or open still.
fn a_sheet(world: &World, number: &str, is_posted: bool) {
    let call = |key: &str| {
        let key = IdempotencyKey::new(key).expect("a key");
        world.office().under(key)
    };
    let sheet = world
        .ledger
        .open_sheet(
            &world.office(),
            OpenSheet {
                coop: "01".parse().expect("a code"),
                channel: None,
                received_on: Some(NOVEMBER.parse().expect("a day")),
                control: SheetTotals::default(),
            },
        )
        .expect("a sheet");
    let keyed = PutSheetLine {
        member_number: number.to_owned(),
        order_number: Some(CAMPAIGN_NOVEMBER.to_owned()),
        units: Some(1),
        note: Some(NOTE.to_owned()),
        ..PutSheetLine::default()
    };
    let line = world
        .ledger
        .put_sheet_line(&call("line"), sheet.id, keyed.clone())
        .expect("a line");
    assert_eq!(line.line.note.as_deref(), Some(NOTE));
    if is_posted {
        world
            .ledger
            .post_sheet(
                &world.office(),
                sheet.id,
                PostSheet {
                    override_reason: Some("表紙なし".to_owned()),
                },
            )
            .expect("posted");
        // The same request again: the answer that was kept.
        let again = world
            .ledger
            .put_sheet_line(&call("line"), sheet.id, keyed)
            .expect("the kept answer");
        assert_eq!(again.line.note.as_deref(), Some(NOTE));
    }
}

fn text_of(data: &MemberData) -> String {
    serde_json::to_string(data).expect("JSON")
}

fn a_member_is_shown_everything_under_every_number(world: World) {
    a_life(&world);
    a_sheet(&world, "0000001", true);

    let by_old = printed(&world, "01", "0000001");
    let by_new = printed(&world, "02", "0000009");

    let numbers: Vec<&str> = by_old
        .numbers
        .iter()
        .map(|one| one.member_number.as_str())
        .collect();
    assert_eq!(numbers, ["0000001", "0000009"]);
    assert_eq!(by_old.numbers[0].name.as_deref(), Some(NAME));
    assert_eq!(by_old.numbers[0].moved_to, Some(key("02", "0000009")));
    assert_eq!(by_old.pledges.len(), 2, "before and after the move");
    assert_eq!(by_old.charges.len(), 1);
    assert_eq!(by_old.keyed_lines.len(), 1);
    let text = text_of(&by_old);
    for expected in [NAME, NOTE, REASON, SUPPORTER_JULY, "cli:office"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(
        by_old.events.iter().any(|one| one.action == "resolve_hold"),
        "{:?}",
        by_old.events
    );
    // The first look is in the second answer.
    let looks = |data: &MemberData| {
        let looks = data.events.iter();
        looks
            .filter(|one| one.action == "print_member_data")
            .count()
    };
    assert_eq!((looks(&by_old), looks(&by_new)), (0, 1));
    assert_eq!(by_new.applications, by_old.applications);
    assert_eq!(by_new.charges, by_old.charges);
}

fn a_member_is_erased_and_the_accounts_stay_true(world: World) {
    a_life(&world);
    a_sheet(&world, "0000001", true);
    take(
        &world,
        NewApplication {
            note: Some("ほかの人の備考".to_owned()),
            ..line("0000002", CAMPAIGN_NOVEMBER, 1, NOVEMBER)
        },
    );
    for hold in holds(&world, &ledger::review::HoldFilter::default()) {
        resolve(&world, hold.id, Way::Mistake);
    }
    let before = printed(&world, "01", "0000001");
    let heads = world.ledger.verify(&world.office()).expect("verify").heads;

    let erased = erase(&world, "0000001");

    assert_eq!(erased.members, [key("01", "0000001"), key("02", "0000009")]);
    assert_eq!(erased.erased.names, 2, "the name moved along");
    assert!(
        erased.erased.notes >= 3,
        "{erased:?}: two applications, one keyed line"
    );
    assert!(
        erased.erased.reasons >= 2,
        "{erased:?}: a decision and its revision"
    );
    assert!(erased.erased.audit_copies >= 1, "{erased:?}");
    assert_eq!(erased.erased.kept_answers, 1, "{erased:?}: the keyed line");
    assert!(erased.is_supporter);
    let after = printed(&world, "01", "0000001");
    let text = text_of(&after);
    for gone in [NAME, NOTE, REASON] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    assert!(after.numbers.iter().all(|one| one.erased_at.is_some()));
    assert_eq!(
        after.charges, before.charges,
        "amounts, numbers and days stay"
    );
    assert_eq!(after.pledges.len(), before.pledges.len());
    assert_eq!(
        after
            .pledges
            .iter()
            .map(|one| &one.months)
            .collect::<Vec<_>>(),
        before
            .pledges
            .iter()
            .map(|one| &one.months)
            .collect::<Vec<_>>()
    );
    let decided = after.events.iter().find(|one| one.action == "resolve_hold");
    let decided = decided.expect("the event stays");
    assert!(decided.is_erased && decided.reason.is_none() && decided.after.is_none());
    // The chains go on from where they were, and the other member's note is there.
    let against = world.ledger.verify_against(&world.office(), &heads);
    assert!(against.expect("verify").ok);
    assert!(text_of(&printed(&world, "01", "0000002")).contains("ほかの人の備考"));
    // The month is charged by number as before.
    assert_eq!(close_month(&world, "01", "2025-09").amount.get(), 600);
    assert_all_is_well(&world);
    assert_nothing_left_in_the_file(&world, &[NAME, NOTE, REASON]);

    let again = erase(&world, "0000001");
    assert_eq!(
        again.erased,
        ledger::privacy::Erased::default(),
        "nothing is left to erase"
    );
}

/// On SQLite: not even in a page that is free now.
fn assert_nothing_left_in_the_file(world: &World, gone: &[&str]) {
    let Some(folder) = world.database.folder() else {
        return;
    };
    let folder = folder.to_owned();
    let copy = folder.join("copy.db");
    world
        .ledger
        .backup(&world.office(), &copy)
        .expect("a backup, which also empties the write-ahead log");
    let bytes = std::fs::read(&copy).expect("the copy");
    for text in gone {
        let is_there = bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes());
        assert!(!is_there, "{text} is in the file");
    }
}

fn weighing_an_erasure_changes_nothing(world: World) {
    a_life(&world);
    let key = key("01", "0000001");
    let before = text_of(&printed(&world, "01", "0000001"));

    let weighed = world
        .ledger
        .weigh_erasure(&world.office(), &key.coop, &key.member_number)
        .expect("weigh it");

    assert_eq!(weighed.erased.names, 2);
    assert!(!weighed.stays.is_empty());
    let after = printed(&world, "01", "0000001");
    assert!(text_of(&after).contains(NAME) && before.contains(NAME));
    assert_eq!(erase(&world, "0000001"), weighed);
}

fn what_has_to_be_read_still_is_not_erased(world: World) {
    small_office(&world);
    let held = take(&world, form("0000001", "こすもす 1000円"));
    let refused = try_erase(&world, "0000001").expect_err("the note is needed");
    assert_eq!(refused.code(), "member_has_holds");
    assert!(refused.to_string().contains(&held.to_string()), "{refused}");
    resolve(&world, held, Way::Mistake);
    a_sheet(&world, "0000001", false);
    let refused = try_erase(&world, "0000001").expect_err("the sheet is open");
    assert_eq!(refused.code(), "member_on_open_sheet");
    assert_eq!(member(&world, "01", "0000001").name.as_deref(), Some(NAME));
    let nobody = try_erase(&world, "9999999").expect_err("nobody");
    assert_eq!(nobody.code(), "member_not_found");
}

fn files_do_not_bring_an_erased_name_back(world: World) {
    small_office(&world);
    erase(&world, "0000001");

    let file = "coop,member_number,name,kana,delivery,left_on\n\
                01,0000001,見本 一,ミホン,han,2025-12-31\n01,0000002,見本 弐,,,\n";
    let imported = world.import(Members, file);

    let erased = member(&world, "01", "0000001");
    assert_eq!(
        (erased.name, erased.kana, erased.delivery),
        (None, None, None)
    );
    assert_eq!(erased.left_on, Some("2025-12-31".parse().expect("a day")));
    assert_eq!(
        member(&world, "01", "0000002").name.as_deref(),
        Some("見本 弐")
    );
    assert!(
        imported
            .notes
            .iter()
            .any(|note| note.contains("個人情報を消去した組合員 1人")),
        "{:?}",
        imported.notes
    );
    assert_eq!(world.import(Members, file).changed, 0);
}

fn rule(report: &RetentionReport, kept: Kept) -> (u64, u64) {
    let rule = report.rules.iter().find(|rule| rule.kept == kept);
    let rule = rule.expect("a rule");
    (rule.due, rule.waiting)
}

/// 0000003 left on 2025-11-15; 0000001 has a note of July.
fn names_and_notes_go_when_their_time_is_over(world: World) {
    a_life(&world);
    take(&world, form("0000003", "こすもす 1000円"));
    let show = || world.ledger.show_retention(&world.office()).expect("show");
    let day = "2027-11-15";
    world.set_today(day);
    assert_eq!(
        rule(&show(), Kept::Names),
        (0, 0),
        "the day itself is within"
    );
    // The note of July is over its time; the one that is held is not counted.
    assert_eq!(rule(&show(), Kept::Notes).0, 1);
    world.set_today("2027-11-16");
    assert_eq!(
        rule(&show(), Kept::Names),
        (0, 1),
        "a hold waits for a person"
    );
    let held = holds(&world, &ledger::review::HoldFilter::default())[0].id;
    resolve(&world, held, Way::Mistake);
    let shown = show();
    assert_eq!(rule(&shown, Kept::Names), (1, 0));
    assert_eq!(
        member(&world, "01", "0000003").name.as_deref(),
        Some("見本 三")
    );

    let applied = world
        .ledger
        .apply_retention(&world.office())
        .expect("apply");

    assert_eq!(applied, shown, "it does what it said");
    assert_eq!(member(&world, "01", "0000003").name, None);
    assert_eq!(member(&world, "01", "0000001").name.as_deref(), Some(NAME));
    assert!(!text_of(&printed(&world, "01", "0000001")).contains(NOTE));
    assert_eq!(rule(&show(), Kept::Names), (0, 0));
    assert_eq!(rule(&show(), Kept::Notes), (0, 0));
    let told = events(&world, "apply_retention");
    assert_eq!(told.len(), 1);
    assert_eq!(events(&world, "erase_member").len(), 1);
    assert_all_is_well(&world);
}

fn what_is_kept_for_ever_stays(world: World) {
    small_office(&world);
    let keeps = ledger::privacy::Retention {
        names_months: 0,
        notes_months: 0,
        imports_days: 0,
        sign_in_days: 0,
    };
    assert_ne!(keeps, ledger::privacy::Retention::default());
    world.set_today("2098-01-01");
    let ledger = world.opened_with(ledger::Settings {
        retention: keeps,
        ..ledger::Settings::default()
    });
    let report = ledger.apply_retention(&world.office()).expect("apply");
    assert!(
        report
            .rules
            .iter()
            .all(|rule| rule.due == 0 && rule.before.is_none())
    );
    assert_eq!(
        member(&world, "01", "0000003").name.as_deref(),
        Some("見本 三")
    );
}

fn events(world: &World, action: &str) -> Vec<AuditEventView> {
    let filter = AuditFilter {
        action: Some(action.to_owned()),
        ..AuditFilter::default()
    };
    world
        .ledger
        .search_audit_events(&world.office(), &filter, &PageRequest::default())
        .expect("search the log")
        .items
}

fn every_look_at_a_member_is_an_event(world: World) {
    a_life(&world);
    let aoki = world.person("aoki", "clerk,auditor");
    let (coop, number) = {
        let key = key("01", "0000001");
        (key.coop, key.member_number)
    };
    let ledger = &world.ledger;
    let page = PageRequest::default();
    let name = ledger::pledges::PledgeName::new("01", "0000001", "inclufund");
    ledger.find_member(&aoki, &coop, &number).expect("look");
    ledger
        .explain_amount(&aoki, &coop, &number, month("2025-08"))
        .expect("look");
    ledger.list_pledges(&aoki, "01", "0000001").expect("look");
    ledger.get_pledge(&aoki, &name).expect("look");
    ledger.get_pledge_by_id(&aoki, 1).expect("look");
    ledger
        .print_member_data(&aoki, &coop, &number)
        .expect("look");
    let by_number = ledger::trace::ApplicationFilter {
        member_number: Some("００００００１".to_owned()),
        ..ledger::trace::ApplicationFilter::default()
    };
    ledger
        .search_applications(&aoki, &by_number, &page)
        .expect("look");
    let by_number = ledger::trace::ChargeFilter {
        member_number: Some("0000001".to_owned()),
        coop: Some(coop.clone()),
        ..ledger::trace::ChargeFilter::default()
    };
    ledger
        .search_charges(&aoki, &by_number, &page)
        .expect("look");
    // Not a look at one member.
    let by_month = ledger::trace::ChargeFilter {
        month: Some(month("2025-08")),
        ..ledger::trace::ChargeFilter::default()
    };
    ledger
        .search_charges(&aoki, &by_month, &page)
        .expect("a list");

    let of_member = AuditFilter {
        member: Some(key("02", "0000009")),
        person: Some("aoki".to_owned()),
        ..AuditFilter::default()
    };
    ledger
        .search_audit_events(&aoki, &of_member, &page)
        .expect("look");
    let found = ledger
        .search_audit_events(&world.office(), &of_member, &page)
        .expect("search");
    let mut looks: Vec<&str> = found.items.iter().map(|one| one.action.as_str()).collect();
    looks.sort_unstable();
    assert_eq!(
        looks,
        [
            "explain_amount",
            "find_member",
            "get_pledge",
            "get_pledge",
            "list_pledges",
            "print_member_data",
            "search_applications",
            "search_audit_events",
            "search_charges",
        ]
    );
    assert_all_is_well(&world);
}

/// Names of fields that would hold a secret.
const SECRET_FIELDS: [&str; 8] = [
    "password",
    "password_hash",
    "secret",
    "token",
    "totp_key",
    "recovery_codes",
    "idempotency_key",
    "key",
];

fn no_event_holds_a_secret(world: World) {
    a_life(&world);
    let secret = world.token_of("aoki", "clerk,finance");
    a_sheet(&world, "0000001", true);
    let page = PageRequest {
        cursor: None,
        limit: Some(500),
    };
    let found = world
        .ledger
        .search_audit_events(&world.office(), &AuditFilter::default(), &page)
        .expect("search");
    assert!(found.items.len() > 15 && found.next_cursor.is_none());
    for event in &found.items {
        let text = serde_json::to_string(event).expect("JSON");
        assert!(!text.contains(&secret), "{text}");
        for copy in [&event.before, &event.after].into_iter().flatten() {
            assert_no_secret_field(copy, &event.action);
        }
    }
}

fn assert_no_secret_field(value: &serde_json::Value, action: &str) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, inner) in object {
                assert!(!SECRET_FIELDS.contains(&name.as_str()), "{action}: {name}");
                assert_no_secret_field(inner, action);
            }
        }
        serde_json::Value::Array(values) => values
            .iter()
            .for_each(|inner| assert_no_secret_field(inner, action)),
        _ => {}
    }
}

fn who_may_look_and_who_may_erase(world: World) {
    small_office(&world);
    let key = key("01", "0000001");
    let request = EraseMember {
        reason: "本人の申し出".to_owned(),
    };
    let may = |call: &Call| {
        let data = world
            .ledger
            .print_member_data(call, &key.coop, &key.member_number);
        let weighed = world
            .ledger
            .weigh_erasure(call, &key.coop, &key.member_number);
        let log = world.ledger.search_audit_events(
            call,
            &AuditFilter::default(),
            &PageRequest::default(),
        );
        (data.is_ok(), weighed.is_ok(), log.is_ok())
    };
    assert_eq!(may(&world.person("clerk", "clerk")), (true, false, false));
    assert_eq!(
        may(&world.person("auditor", "auditor")),
        (true, false, true)
    );
    let admin = world.person("chief", "admin");
    assert_eq!(may(&admin), (false, true, true));
    let clerk = world.person("clerk2", "clerk");
    let refused = world
        .ledger
        .erase_member(&clerk, &key.coop, &key.member_number, &request);
    assert!(
        matches!(refused, Err(LedgerError::Forbidden { .. })),
        "{refused:?}"
    );
    assert_eq!(member(&world, "01", "0000001").name.as_deref(), Some(NAME));
    let erased = world
        .ledger
        .erase_member(&admin, &key.coop, &key.member_number, &request);
    assert_eq!(erased.expect("an admin may").erased.names, 1);
}
