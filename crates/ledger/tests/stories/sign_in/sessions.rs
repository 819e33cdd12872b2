//! Sessions: a new identity at each step, a list of one's own, and their ends.

use credentials::SecretKind;
use ledger::{IdempotencyKey, PageRequest};
use testkit::{World, on_both};

use super::*;
use crate::desk::assert_all_is_well;

on_both!(
    r17_every_step_of_signing_in_has_an_identity_of_its_own,
    r17_a_session_ends_when_it_is_not_used_and_at_the_latest,
    r17_people_see_their_own_sessions_and_end_them,
    r17_a_token_does_not_manage_its_persons_sign_in,
    r17_a_key_keeps_no_session,
);

fn r17_every_step_of_signing_in_has_an_identity_of_its_own(world: World) {
    employed(&world, "keiri", "finance");
    // Somebody has put a session of their own choosing before the person who signs in.
    let planted = Secret::new(SecretKind::Session, &[9; 32]);
    let call = Call {
        caller: Caller::Session(planted.digest()),
        ..from(OFFICE_ADDRESS)
    };
    let half = try_sign_in(&world.ledger, &call, "keiri", PASSWORD).expect("signed in");
    assert_ne!(half.secret, planted);
    assert_eq!(code(world.ledger.show_session(&call)), "session_ended");

    let (key, _, whole) = enrol(&world, &half);
    assert!(!is_open(&world, &half) && is_open(&world, &whole));

    // Signing in over a session ends that one, whoever's it was.
    employed(&world, "aoki", "clerk");
    let taken_over = try_sign_in(&world.ledger, &in_session(&whole), "aoki", PASSWORD).unwrap();
    assert_eq!(taken_over.session.name, "aoki");
    assert!(!is_open(&world, &whole));
    // A wrong password ends nothing.
    let _ = try_sign_in(
        &world.ledger,
        &in_session(&taken_over),
        "aoki",
        "not-the-one-99",
    );
    assert!(is_open(&world, &taken_over));

    pass(&world, seconds(60));
    let half = sign_in(&world, "keiri");
    let whole = confirm(&world, &half, &shown(&world, &key)).expect("a fresh code");
    assert_ne!(half.secret, whole.secret);
    assert!(!is_open(&world, &half) && is_open(&world, &whole));
    assert_all_is_well(&world);
}

fn r17_a_session_ends_when_it_is_not_used_and_at_the_latest(world: World) {
    employed(&world, "aoki", "clerk");
    let idle = sign_in(&world, "aoki");
    pass(&world, seconds(60 * 60 - 1));
    assert!(is_open(&world, &idle));
    pass(&world, seconds(60 * 60));
    assert!(!is_open(&world, &idle));

    let busy = sign_in(&world, "aoki");
    let begin = now(&world);
    while is_open(&world, &busy) {
        pass(&world, seconds(30 * 60));
        assert!(
            now(&world) - begin <= TimeDelta::hours(12),
            "it must end at the latest"
        );
    }
    assert_eq!(now(&world) - begin, TimeDelta::hours(12));
    assert_eq!(busy.session.expires_at, begin + TimeDelta::hours(12));

    // By half, it lasts a quarter of an hour.
    employed(&world, "keiri", "finance");
    let half = sign_in(&world, "keiri");
    pass(&world, seconds(15 * 60 - 1));
    assert!(is_open(&world, &half));
    pass(&world, seconds(1));
    assert!(!is_open(&world, &half));
}

fn r17_people_see_their_own_sessions_and_end_them(world: World) {
    employed(&world, "aoki", "clerk");
    employed(&world, "ueda", "clerk");
    let first = sign_in(&world, "aoki");
    pass(&world, seconds(60));
    let here = try_sign_in(&world.ledger, &from("2001:db8::7"), "aoki", PASSWORD).unwrap();
    let of_ueda = sign_in(&world, "ueda");
    let list = || {
        world
            .ledger
            .list_sessions(&in_session(&here))
            .expect("a list")
    };

    let listed = list();
    let numbers: Vec<_> = listed
        .iter()
        .map(|one| (one.session_id, one.is_this))
        .collect();
    assert_eq!(
        numbers,
        [
            (here.session.session_id, true),
            (first.session.session_id, false)
        ]
    );
    assert_eq!(listed[0].address.as_deref(), Some("2001:db8::7"));
    // What a browser says of itself breaks no line.
    assert_eq!(
        listed[0].agent.as_deref(),
        Some("見本のブラウザーX-Forged: 1")
    );

    let end = |id| world.ledger.end_session(&in_session(&here), id);
    assert_eq!(code(end(of_ueda.session.session_id)), "session_not_found");
    assert_eq!(code(end(i64::MAX)), "session_not_found");
    end(first.session.session_id).expect("one's own");
    assert_eq!(code(end(first.session.session_id)), "session_not_found");

    assert!(!is_open(&world, &first) && is_open(&world, &of_ueda));
    assert_eq!(list().len(), 1);
    assert_eq!(
        code(world.ledger.list_sessions(&world.office())),
        "no_session"
    );
    assert_all_is_well(&world);
}

fn r17_a_token_does_not_manage_its_persons_sign_in(world: World) {
    let call = world.person("aoki", "clerk");
    assert_eq!(code(world.ledger.list_sessions(&call)), "outside_scope");
    assert_eq!(code(world.ledger.show_session(&call)), "outside_scope");
    assert_eq!(code(world.ledger.sign_out(&call)), "outside_scope");
    world
        .ledger
        .list_members(&call, None, &PageRequest::default())
        .expect("what it is for");
}

fn r17_a_key_keeps_no_session(world: World) {
    employed(&world, "aoki", "clerk");
    let key = IdempotencyKey::new("one-key").unwrap();
    let call = from(OFFICE_ADDRESS).under(key);
    let one = try_sign_in(&world.ledger, &call, "aoki", PASSWORD).expect("signed in");
    let other = try_sign_in(&world.ledger, &call, "aoki", PASSWORD).expect("signed in again");
    assert_ne!(one.secret, other.secret);
    assert!(is_open(&world, &one) && is_open(&world, &other));
}
