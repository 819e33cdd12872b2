//! What the auditor asks the audit log.

use std::io::Read;

use domain::Way;
use ledger::audit_log::{AuditEventView, AuditFilter};
use ledger::reference::MemberKey;
use ledger::{Call, PageRequest};
use testkit::{World, on_both};

use crate::desk::*;
use crate::months::close_month;
use crate::office::Office;

on_both!(
    events_are_found_by_person_action_object_and_day,
    events_come_newest_first_page_by_page_each_once,
    what_was_done_to_a_member_is_found_under_every_number,
    the_log_is_written_out_and_that_is_an_event,
    days_out_of_order_and_unknown_members_are_refused,
);

fn all(world: &World, filter: &AuditFilter) -> Vec<AuditEventView> {
    pages(world, filter, 500)
}

fn pages(world: &World, filter: &AuditFilter, limit: u32) -> Vec<AuditEventView> {
    let mut page = PageRequest {
        cursor: None,
        limit: Some(limit),
    };
    let mut found = Vec::new();
    loop {
        let one = world
            .ledger
            .search_audit_events(&world.office(), filter, &page)
            .expect("search the audit log");
        assert!(one.items.len() <= limit as usize);
        found.extend(one.items);
        page.cursor = one.next_cursor;
        if page.cursor.is_none() {
            return found;
        }
    }
}

fn actions(events: &[AuditEventView]) -> Vec<&str> {
    events.iter().map(|event| event.action.as_str()).collect()
}

fn by(user: &str) -> Call {
    Call::of_operator(user)
}

fn events_are_found_by_person_action_object_and_day(world: World) {
    a_supporter(&world, 2);
    world.set_today("2025-11-13");
    let scripts_of_aoki = world.person("aoki", "clerk");
    let scripts_of_aokii = world.person("aokii", "clerk");
    let applies = |call: &Call, member: &str| {
        let gift = line(member, CAMPAIGN_NOVEMBER, 1, NOVEMBER);
        let recorded = world.ledger.record_application(call, gift);
        recorded.expect("an application").id
    };
    let gift = applies(&by("aoki"), "0000002");
    applies(&scripts_of_aoki, "0000004");
    applies(&scripts_of_aokii, "0000001");
    close_month(&world, "01", "2025-08");
    let day = |day: &str| Some(day.parse().expect("a day"));
    let none = AuditFilter::default;

    for (asked, actors) in [
        ("aoki", vec!["user:aoki/test"]),
        ("user:aoki", vec!["user:aoki/test"]),
        ("user:aoki/test", vec!["user:aoki/test"]),
        ("user:aoki/other", vec![]),
        ("cli:aoki", vec!["cli:aoki"]),
    ] {
        let filter = AuditFilter {
            person: Some(asked.to_owned()),
            ..none()
        };
        let found = all(&world, &filter);
        let found: Vec<&str> = found.iter().map(|event| event.actor.as_str()).collect();
        assert_eq!(found, actors, "{asked}");
    }

    let closes = AuditFilter {
        action: Some("close_batch".to_owned()),
        coop: Some("01".parse().expect("a code")),
        ..none()
    };
    let found = all(&world, &closes);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].action_ja, "請求データを締めた");
    assert_eq!(
        (found[0].chain.as_str(), found[0].subject.as_str()),
        ("audit/01", "batch:1")
    );
    let elsewhere = AuditFilter {
        coop: Some("02".parse().expect("a code")),
        ..closes
    };
    assert_eq!(all(&world, &elsewhere).len(), 0);

    let one = AuditFilter {
        subject: Some(format!("application:{gift}")),
        ..none()
    };
    let found = all(&world, &one);
    assert_eq!(actions(&found), ["record_application"]);
    assert_eq!(found[0].after.as_ref().expect("a copy")["units"], 1);
    assert!(!found[0].is_erased);

    let that_day = AuditFilter {
        from: day("2025-11-13"),
        to: day("2025-11-13"),
        action: Some("record_application".to_owned()),
        ..none()
    };
    assert_eq!(all(&world, &that_day).len(), 3);
    let day_before = AuditFilter {
        from: None,
        to: day("2025-11-12"),
        ..that_day
    };
    assert_eq!(all(&world, &day_before).len(), 0);
}

fn events_come_newest_first_page_by_page_each_once(office: Office) {
    office.pledges("01,0000001,inclufund,2,300,2025-08,\n");
    for day in ["2025-12-01", "2025-12-01", "2025-12-02"] {
        office.set_today(day);
        office.applies(&format!(
            "01,0000001,133540,1,{day},web\n02,0000001,133540,1,{day},web\n"
        ));
        office.change("0000001", 3, "2025-12");
        office.change("0000001", 2, "2025-12");
    }

    let at_once = pages(&office, &AuditFilter::default(), 500);
    let by_three = pages(&office, &AuditFilter::default(), 3);

    assert!(at_once.len() > 10, "{}", at_once.len());
    assert_eq!(by_three, at_once, "no event twice, none left out");
    assert!(at_once.is_sorted_by(|newer, older| newer.recorded_at >= older.recorded_at));
    let page = PageRequest {
        cursor: Some(ledger::Cursor::from("78".to_owned())),
        limit: None,
    };
    let refused =
        office
            .ledger
            .search_audit_events(&office.office(), &AuditFilter::default(), &page);
    assert_eq!(refused.expect_err("made up").code(), "cursor_unreadable");
}

fn member(coop: &str, number: &str) -> MemberKey {
    MemberKey {
        coop: coop.parse().expect("a code"),
        member_number: number.parse().expect("a number"),
    }
}

fn what_was_done_to_a_member_is_found_under_every_number(world: World) {
    a_supporter(&world, 2);
    take(&world, line("0000002", SPOT_JULY, 1, JULY));
    let again = take(&world, line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER));
    resolve(&world, again, Way::Add);
    world.import(
        ledger::ReferenceTable::MemberChanges,
        "coop,member_number,new_coop,new_member_number,moved_on\n01,0000001,02,0000009,2025-11-30\n",
    );

    for (coop, number) in [("01", "0000001"), ("02", "0000009")] {
        let filter = AuditFilter {
            member: Some(member(coop, number)),
            ..AuditFilter::default()
        };
        let found = all(&world, &filter);
        let mut done = actions(&found);
        done.retain(|action| *action != "search_audit_events" && *action != "get_application");
        assert_eq!(
            done,
            ["resolve_hold", "record_application"],
            "{coop} {number}"
        );
    }
}

fn the_log_is_written_out_and_that_is_an_event(world: World) {
    a_supporter(&world, 2);
    let held = take(&world, line("0000001", SUPPORTER_NOVEMBER, 1, NOVEMBER));
    let resolution = ledger::review::Resolution::new(Way::Add, "=cmd|'/C calc'!A0");
    resolve_so(&world, held, &resolution);
    let filter = AuditFilter {
        subject: Some(format!("application:{held}")),
        ..AuditFilter::default()
    };

    let (exported, mut file) = world
        .ledger
        .export_audit_log(&by("kansa"), &filter)
        .expect("export the log");

    let mut text = String::new();
    file.read_to_string(&mut text).expect("the file");
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert!(
        lines[0].starts_with("\u{feff}\"日時\",\"操作した人\","),
        "{}",
        lines[0]
    );
    assert_eq!((exported.events, lines.len()), (2, 3));
    assert!(
        lines[1].starts_with(
            "\"2025-11-12 12:00:00\",\"cli:office\",\"申込を受け付けた\",\"record_application\","
        ),
        "{}",
        lines[1]
    );
    assert!(lines[2].contains("\"'=cmd|'/C calc'!A0\""), "{}", lines[2]);
    let found = all(
        &world,
        &AuditFilter {
            action: Some("export_audit_log".to_owned()),
            ..AuditFilter::default()
        },
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].actor, "cli:kansa");
    assert_eq!(
        found[0].content_sha256.as_deref(),
        Some(exported.sha256.as_str())
    );
    assert_all_is_well(&world);
}

fn days_out_of_order_and_unknown_members_are_refused(world: World) {
    small_office(&world);
    let refused = |filter: AuditFilter| {
        let page = PageRequest::default();
        let refused = world
            .ledger
            .search_audit_events(&world.office(), &filter, &page);
        refused.expect_err("a refusal").code()
    };

    let days = AuditFilter {
        from: Some("2025-11-13".parse().expect("a day")),
        to: Some("2025-11-12".parse().expect("a day")),
        ..AuditFilter::default()
    };
    assert_eq!(refused(days), "days_out_of_order");
    let nobody = AuditFilter {
        member: Some(member("01", "9999999")),
        ..AuditFilter::default()
    };
    assert_eq!(refused(nobody), "member_not_found");
    let nowhere = AuditFilter {
        coop: Some("99".parse().expect("a code")),
        ..AuditFilter::default()
    };
    assert_eq!(refused(nowhere), "cooperative_not_found");
}
