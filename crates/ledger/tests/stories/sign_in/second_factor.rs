//! The second factor: TOTP and recovery codes.

use ledger::people::RenewRecoveryCodes;
use ledger::{Ledger, PageRequest, Settings};
use testkit::{World, on_both};

use super::passwords::reopened;
use super::*;
use crate::desk::assert_all_is_well;

on_both!(
    r17_finance_sets_up_a_second_factor_before_anything_else,
    r17_a_clerk_may_have_a_second_factor_too,
    r17_a_code_is_taken_once,
    r17_a_code_shown_twice_at_once_opens_one_session,
    r17_a_recovery_code_stands_in_once,
    r17_the_password_alone_changes_no_second_factor,
    r17_wrong_codes_slow_down_who_knows_the_password,
    r17_an_office_may_do_without_a_second_factor,
);

fn list_funds(world: &World, opened: &SessionOpened) -> Result<usize, LedgerError> {
    let funds = world
        .ledger
        .list_funds(&in_session(opened), &PageRequest::default());
    funds.map(|funds| funds.items.len())
}

fn r17_finance_sets_up_a_second_factor_before_anything_else(world: World) {
    for (name, roles) in [
        ("keiri", "finance"),
        ("kanri", "admin"),
        ("ryoho", "clerk,finance"),
    ] {
        employed(&world, name, roles);
        let half = sign_in(&world, name);
        assert_eq!(half.session.stage, SessionStage::Enrolment, "{name}");
        assert_eq!(
            code(list_funds(&world, &half)),
            "second_factor_needed",
            "{name}"
        );
        let sessions = world.ledger.list_sessions(&in_session(&half));
        assert_eq!(code(sessions), "second_factor_needed", "{name}");

        let (_, codes, whole) = enrol(&world, &half);

        assert_eq!((codes.len(), whole.session.recovery_codes_left), (10, 10));
        assert!(whole.session.has_second_factor && !is_open(&world, &half));
        list_funds(&world, &whole).expect(name);
        assert_eq!(
            sign_in(&world, name).session.stage,
            SessionStage::SecondFactor
        );
    }
    assert_all_is_well(&world);
}

fn r17_a_clerk_may_have_a_second_factor_too(world: World) {
    employed(&world, "aoki", "clerk");
    let (here, elsewhere) = (sign_in(&world, "aoki"), sign_in(&world, "aoki"));
    let started = |password: Option<&str>| {
        let password = password.map(str::to_owned);
        world
            .ledger
            .start_totp(&in_session(&here), &StartTotp { password })
    };
    assert_eq!(code(started(None)), "password_missing");
    assert_eq!(code(started(Some("not-the-one-99"))), "password_refused");
    let unasked = ConfirmTotp {
        code: "123456".to_owned(),
    };
    assert_eq!(
        code(world.ledger.confirm_totp(&in_session(&here), &unasked)),
        "totp_not_started"
    );

    let (_, _, whole) = enrol(&world, &here);

    assert!(is_open(&world, &whole) && !is_open(&world, &here) && !is_open(&world, &elsewhere));
    assert_eq!(
        sign_in(&world, "aoki").session.stage,
        SessionStage::SecondFactor
    );
}

/// Somebody with a second factor, half signed in, half a minute after the code that set it up.
fn half_signed_in(world: &World) -> (TotpKey, Vec<String>, SessionOpened) {
    employed(world, "keiri", "finance");
    let (key, codes, _) = enrol(world, &sign_in(world, "keiri"));
    (key, codes, sign_in(world, "keiri"))
}

fn r17_a_code_is_taken_once(world: World) {
    let (key, _, half) = half_signed_in(&world);
    let used = shown(&world, &key);
    assert_eq!(
        code(confirm(&world, &half, &used)),
        "second_factor_refused",
        "it set the key up"
    );

    pass(&world, seconds(30));
    let fresh = shown(&world, &key);
    let whole = confirm(&world, &half, &fresh).expect("a fresh code");
    assert_eq!(whole.session.stage, SessionStage::Full);
    assert!(
        !is_open(&world, &half),
        "the half session has another identity"
    );

    // Somebody looked over the shoulder, and knows the password.
    let again = sign_in(&world, "keiri");
    assert_eq!(
        code(confirm(&world, &again, &fresh)),
        "second_factor_refused"
    );
    assert_eq!(
        code(confirm(&world, &again, &used)),
        "second_factor_refused"
    );
    pass(&world, seconds(30));
    confirm(&world, &again, &shown(&world, &key)).expect("the next one");
    assert_eq!(
        code(confirm(&world, &whole, &shown(&world, &key))),
        "second_factor_not_awaited"
    );
    assert_all_is_well(&world);
}

fn r17_a_code_shown_twice_at_once_opens_one_session(world: World) {
    let (key, _, half) = half_signed_in(&world);
    let halves = [half, sign_in(&world, "keiri"), sign_in(&world, "keiri")];
    pass(&world, seconds(30));
    let fresh = shown(&world, &key);

    let opened: Vec<bool> = std::thread::scope(|scope| {
        let tries = halves.each_ref().map(|half| {
            let (world, fresh) = (&world, &fresh);
            scope.spawn(move || confirm(world, half, fresh).is_ok())
        });
        tries.map(|one| one.join().unwrap()).to_vec()
    });

    assert_eq!(opened.iter().filter(|is_open| **is_open).count(), 1);
}

fn r17_a_recovery_code_stands_in_once(world: World) {
    let (_, codes, half) = half_signed_in(&world);
    let whole = confirm(&world, &half, &codes[3].to_lowercase().replace('-', " ")).expect("a code");
    assert_eq!(whole.session.recovery_codes_left, 9);

    let again = sign_in(&world, "keiri");
    assert_eq!(
        code(confirm(&world, &again, &codes[3])),
        "second_factor_refused"
    );
    assert_eq!(
        code(confirm(&world, &again, "0000-0000-0000-0000")),
        "second_factor_refused"
    );

    let request = |password: &str| RenewRecoveryCodes {
        password: password.to_owned(),
    };
    let renew = |password| {
        world
            .ledger
            .renew_recovery_codes(&in_session(&whole), &request(password))
    };
    assert_eq!(code(renew("not-the-one-99")), "password_refused");
    let renewed = renew(PASSWORD).expect("new codes").recovery_codes;
    assert_eq!(
        code(confirm(&world, &again, &codes[4])),
        "second_factor_refused"
    );
    pass(&world, seconds(60));
    confirm(&world, &again, &renewed[4]).expect("a new code");
    assert_all_is_well(&world);
}

fn r17_the_password_alone_changes_no_second_factor(world: World) {
    let (_, _, half) = half_signed_in(&world);
    let call = in_session(&half);
    let start = StartTotp {
        password: Some(PASSWORD.to_owned()),
    };
    let confirm = ConfirmTotp {
        code: "123456".to_owned(),
    };
    let renew = RenewRecoveryCodes {
        password: PASSWORD.to_owned(),
    };
    let change = ledger::people::ChangePassword {
        current: PASSWORD.to_owned(),
        new: OTHER_PASSWORD.to_owned(),
    };
    assert_eq!(
        code(world.ledger.start_totp(&call, &start)),
        "second_factor_awaited"
    );
    assert_eq!(
        code(world.ledger.confirm_totp(&call, &confirm)),
        "second_factor_awaited"
    );
    assert_eq!(
        code(world.ledger.renew_recovery_codes(&call, &renew)),
        "second_factor_needed"
    );
    assert_eq!(
        code(world.ledger.change_password(&call, &change)),
        "second_factor_needed"
    );
    assert_eq!(code(list_funds(&world, &half)), "second_factor_needed");

    // Nor does a session that was to set one up, when another has done so meanwhile.
    employed(&world, "kanri", "admin");
    let (one, other) = (sign_in(&world, "kanri"), sign_in(&world, "kanri"));
    let offered = world
        .ledger
        .start_totp(&in_session(&other), &StartTotp { password: None });
    let key = TotpKey::parse(&offered.expect("a key").key).unwrap();
    enrol(&world, &one);
    let late = ConfirmTotp {
        code: shown(&world, &key),
    };
    assert_eq!(
        code(world.ledger.confirm_totp(&in_session(&other), &late)),
        "session_ended"
    );
}

fn r17_wrong_codes_slow_down_who_knows_the_password(world: World) {
    let (key, _, half) = half_signed_in(&world);
    let mut refused = 0;
    for _ in 0..40 {
        match code(confirm(&world, &half, "000000")) {
            "second_factor_refused" => refused += 1,
            "slow_down" => {}
            other => panic!("{other}"),
        }
    }
    assert_eq!(refused, 5, "only the first ones were judged");

    // In an hour of trying as often as it goes: a dozen at most.
    let begin = now(&world);
    let mut half = sign_in(&world, "keiri");
    while now(&world) - begin < TimeDelta::hours(1) {
        pass(&world, seconds(10));
        if !is_open(&world, &half) {
            half = sign_in(&world, "keiri");
        }
        match code(confirm(&world, &half, "000000")) {
            "second_factor_refused" => refused += 1,
            "slow_down" => {}
            other => panic!("{other}"),
        }
    }
    assert!((10..=18).contains(&refused), "{refused}");
    // Nobody is locked out for good.
    pass(&world, seconds(15 * 60));
    let half = sign_in(&world, "keiri");
    confirm(&world, &half, &shown(&world, &key)).expect("the right one, in the end");
}

fn r17_an_office_may_do_without_a_second_factor(world: World) {
    employed(&world, "keiri", "finance");
    let settings = Settings {
        second_factor_required: false,
        hashing: credentials::Hashing::CHEAP,
        ..Settings::default()
    };
    let ledger: Ledger = reopened(&world, settings);
    let opened = try_sign_in(&ledger, &from(OFFICE_ADDRESS), "keiri", PASSWORD).expect("signed in");
    assert_eq!(opened.session.stage, SessionStage::Full);
    ledger
        .list_funds(&in_session(&opened), &PageRequest::default())
        .expect("funds");
}
