//! R8: the plan of a pledge is append-only; change, pause and end are new terms.

use domain::CollectionMonth;
use ledger::ReferenceTable::{Members, Pledges};
use ledger::pledges::{
    ChangePledge, EndPledge, PausePledge, PledgeHistory, PledgeName, PledgeState, PledgeView,
};
use ledger::{IdempotencyKey, LedgerError};
use testkit::{World, on_both};

use crate::months::close_month;

on_both!(
    r8_a_change_holds_from_its_month_and_leaves_the_past_alone,
    r8_a_pause_is_over_in_the_month_it_says,
    r8_a_change_during_a_pause_resumes_the_pledge,
    r8_an_end_is_the_end,
    r8_a_term_starts_only_in_an_open_month,
    r8_nothing_is_changed_in_a_month_after_the_member_left,
    r8_what_cannot_be_changed_says_why,
    r8_the_history_keeps_who_when_and_why,
    r8_the_same_change_under_the_same_key_counts_once,
    what_is_not_there_is_named,
);

fn month(month: &str) -> CollectionMonth {
    month.parse().expect("a month like 2025-12")
}

/// A supporter of two units since August 2025, and a member who is none.
fn a_supporter(world: &World) {
    world.load_newsletters();
    world.import(Members, "単協コード,組合員番号\n04,0041016\n04,0041099\n");
    world.import(
        Pledges,
        "単協コード,組合員番号,基金コード,口数,単価,開始月,注文番号\n04,0041016,inclufund,2,300,2025-08,164151\n",
    );
}

fn name() -> PledgeName {
    PledgeName::new("04", "0041016", "inclufund")
}

fn change(from: &str, units: i64) -> ChangePledge {
    let PledgeName {
        coop,
        member_number,
        fund,
    } = name();
    ChangePledge {
        coop,
        member_number,
        fund,
        from: month(from),
        units,
        reason: "本人から電話".to_owned(),
    }
}

fn pause(from: &str, until: &str) -> PausePledge {
    let PledgeName {
        coop,
        member_number,
        fund,
    } = name();
    PausePledge {
        coop,
        member_number,
        fund,
        from: month(from),
        until: month(until),
        reason: "長期の留守".to_owned(),
    }
}

fn end(from: &str) -> EndPledge {
    let PledgeName {
        coop,
        member_number,
        fund,
    } = name();
    EndPledge {
        coop,
        member_number,
        fund,
        from: month(from),
        reason: "本人の申し出".to_owned(),
    }
}

/// The plan as `month: units`, earliest first.
fn plan(pledge: &PledgeView) -> Vec<String> {
    let terms = pledge.plan.iter();
    terms
        .map(|term| format!("{}: {}", term.from_month, term.units))
        .collect()
}

fn amount_in(history: &PledgeHistory, wanted: &str) -> i64 {
    let found = history.months.iter().find(|one| one.month == month(wanted));
    found.expect("a month of the history").amount
}

fn history(world: &World) -> PledgeHistory {
    world
        .ledger
        .get_pledge(&world.office(), &name())
        .expect("the history")
}

fn refused(outcome: Result<PledgeView, LedgerError>) -> LedgerError {
    outcome.expect_err("a refusal")
}

fn r8_a_change_holds_from_its_month_and_leaves_the_past_alone(world: World) {
    a_supporter(&world);

    let changed = world
        .ledger
        .change_pledge(&world.office(), &change("2025-12", 5))
        .expect("change the units");

    assert_eq!(plan(&changed), ["2025-08: 2", "2025-12: 5"]);
    let history = history(&world);
    assert_eq!(amount_in(&history, "2025-11"), 600);
    assert_eq!(amount_in(&history, "2025-12"), 1500);
    assert_eq!(amount_in(&history, "2026-03"), 1500);
    assert_eq!(history.pledge, changed);
}

fn r8_a_pause_is_over_in_the_month_it_says(world: World) {
    a_supporter(&world);
    world.set_today("2025-12-20");

    let paused = world
        .ledger
        .pause_pledge(&world.office(), &pause("2025-12", "2026-03"))
        .expect("pause");

    assert_eq!(plan(&paused), ["2025-08: 2", "2025-12: 0", "2026-03: 2"]);
    assert_eq!(paused.state, PledgeState::Paused);
    world.set_today("2026-03-01");
    assert_eq!(history(&world).pledge.state, PledgeState::Running);
}

fn r8_a_change_during_a_pause_resumes_the_pledge(world: World) {
    a_supporter(&world);
    let office = world.office();
    world
        .ledger
        .pause_pledge(&office, &pause("2025-12", "2026-03"))
        .expect("pause");

    let changed = world
        .ledger
        .change_pledge(&office, &change("2026-01", 1))
        .expect("change");

    assert_eq!(plan(&changed), ["2025-08: 2", "2025-12: 0", "2026-01: 1"]);
}

fn r8_an_end_is_the_end(world: World) {
    a_supporter(&world);
    let office = world.office();
    world
        .ledger
        .pause_pledge(&office, &pause("2025-12", "2026-03"))
        .expect("pause");

    let ended = world
        .ledger
        .end_pledge(&office, &end("2026-02"))
        .expect("end");

    assert_eq!(plan(&ended), ["2025-08: 2", "2025-12: 0"]);
    let again = refused(world.ledger.end_pledge(&office, &end("2026-02")));
    assert_eq!(again.code(), "pledge_not_open");
    assert!(again.to_string().contains("2025年12月から終了"), "{again}");
    world.set_today("2025-12-01");
    assert_eq!(history(&world).pledge.state, PledgeState::Ended);
}

fn r8_a_term_starts_only_in_an_open_month(world: World) {
    a_supporter(&world);
    close_month(&world, "04", "2025-11");
    let office = world.office();

    let late = refused(world.ledger.change_pledge(&office, &change("2025-11", 3)));
    let earlier = refused(
        world
            .ledger
            .pause_pledge(&office, &pause("2025-10", "2026-01")),
    );
    let end_of_it = refused(world.ledger.end_pledge(&office, &end("2025-11")));

    for refusal in [late, earlier, end_of_it] {
        assert_eq!(refusal.code(), "month_closed");
        assert!(refusal.to_string().contains("2025年12月"), "{refusal}");
    }
    world
        .ledger
        .change_pledge(&office, &change("2025-12", 3))
        .expect("change in the first open month");
}

fn r8_nothing_is_changed_in_a_month_after_the_member_left(world: World) {
    a_supporter(&world);
    world.import(
        Members,
        "単協コード,組合員番号,脱退日\n04,0041016,2025-12-10\n",
    );
    let office = world.office();

    let refusal = refused(world.ledger.change_pledge(&office, &change("2026-01", 3)));

    assert_eq!(refusal.code(), "member_left");
    assert!(refusal.to_string().contains("2025-12-10"), "{refusal}");
    world
        .ledger
        .change_pledge(&office, &change("2025-12", 3))
        .expect("change in the month of leaving");
}

fn r8_what_cannot_be_changed_says_why(world: World) {
    a_supporter(&world);
    let office = world.office();

    let none = refused(world.ledger.change_pledge(&office, &change("2025-12", 0)));
    let many = refused(
        world
            .ledger
            .change_pledge(&office, &change("2025-12", 1000)),
    );
    let before = refused(world.ledger.change_pledge(&office, &change("2025-07", 3)));
    let backwards = refused(
        world
            .ledger
            .pause_pledge(&office, &pause("2025-12", "2025-12")),
    );
    let silent = ChangePledge {
        reason: "  ".to_owned(),
        ..change("2025-12", 3)
    };
    let unexplained = refused(world.ledger.change_pledge(&office, &silent));

    assert_eq!(none.code(), "no_units");
    assert_eq!(many.code(), "units_out_of_range");
    assert_eq!(before.code(), "pledge_not_started");
    assert!(before.to_string().contains("2025年8月"), "{before}");
    assert_eq!(backwards.code(), "resume_not_later");
    assert_eq!(unexplained.code(), "reason_missing");
    assert_eq!(history(&world).revisions.len(), 1, "nothing was changed");
}

fn r8_the_history_keeps_who_when_and_why(world: World) {
    a_supporter(&world);
    world.set_today("2025-11-21");
    world
        .ledger
        .change_pledge(&world.office(), &change("2025-12", 1))
        .expect("change");

    let history = history(&world);

    let [opened, changed] = history.revisions.as_slice() else {
        panic!("two revisions: {:?}", history.revisions);
    };
    assert_eq!(opened.cause, "import");
    assert_eq!(history.pledge.order_number.as_deref(), Some("164151"));
    assert_eq!(changed.cause, "command");
    assert_eq!(changed.reason.as_deref(), Some("本人から電話"));
    assert_eq!(changed.actor.as_deref(), Some("cli:office"));
    let at = changed.recorded_at.expect("when");
    assert_eq!(at.to_string(), "2025-11-21 03:00:00 UTC");
    let listed = world
        .ledger
        .list_pledges(&world.office(), "04", "0041016")
        .expect("a list");
    assert_eq!(listed, [history.pledge]);
}

fn r8_the_same_change_under_the_same_key_counts_once(world: World) {
    a_supporter(&world);
    let key = IdempotencyKey::new("change-1").expect("a key");
    let call = world.office().under(key);

    let first = world.ledger.change_pledge(&call, &change("2025-12", 3));
    let again = world.ledger.change_pledge(&call, &change("2025-12", 3));
    let other = refused(world.ledger.change_pledge(&call, &change("2025-12", 4)));

    assert_eq!(first.expect("change"), again.expect("the answer kept"));
    assert_eq!(other.code(), "idempotency_key_reused");
    assert_eq!(history(&world).revisions.len(), 2);
}

fn what_is_not_there_is_named(world: World) {
    a_supporter(&world);
    let get = |coop: &str, member: &str, fund: &str| {
        let name = PledgeName::new(coop, member, fund);
        world
            .ledger
            .get_pledge(&world.office(), &name)
            .expect_err("not there")
    };

    for (error, code, word) in [
        (
            get("09", "0041016", "inclufund"),
            "cooperative_not_found",
            "09",
        ),
        (
            get("04", "0040000", "inclufund"),
            "member_not_found",
            "0040000",
        ),
        (get("04", "0041016", "no-such"), "fund_not_found", "no-such"),
        (
            get("04", "0041099", "inclufund"),
            "pledge_not_found",
            "0041099",
        ),
        (
            get("04", "-1", "inclufund"),
            "member_number_unreadable",
            "-1",
        ),
    ] {
        assert_eq!(error.code(), code);
        assert!(error.to_string().contains(word), "{error}");
    }
}
