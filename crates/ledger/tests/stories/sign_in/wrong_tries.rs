//! Wrong tries slow down, per account and per address, and lock nobody out for good.

use testkit::{World, on_both};

use super::*;

on_both!(
    r17_wrong_passwords_slow_down_the_account_and_never_for_good,
    r17_a_name_that_nobody_has_slows_down_just_so,
    r17_many_tries_at_once_count_as_many,
    r17_who_tries_many_names_is_slowed_down_by_address,
);

const WRONG: &str = "not-the-one-99";

/// How many seconds to wait before this try is judged; none where it was judged, and wrong.
fn wait_of(world: &World, address: &str, name: &str) -> Option<u64> {
    match try_sign_in(&world.ledger, &from(address), name, WRONG) {
        Err(LedgerError::SlowDown { seconds }) => Some(seconds),
        Err(error) => {
            assert_eq!(error.code(), "sign_in_refused");
            None
        }
        Ok(opened) => panic!("{opened:?}"),
    }
}

fn r17_wrong_passwords_slow_down_the_account_and_never_for_good(world: World) {
    employed(&world, "aoki", "clerk");
    employed(&world, "ueda", "clerk");
    for judged in 0..3 {
        assert_eq!(
            wait_of(&world, OFFICE_ADDRESS, "aoki"),
            None,
            "try {judged}"
        );
    }
    assert_eq!(
        waits_from_the_third(&world, "aoki"),
        [1, 2, 4, 8, 16, 32, 60, 60, 60]
    );

    // While it waits not even the right password is judged, or its time would tell; others sign in.
    let hashed = world.ledger.passwords_hashed();
    let place = from("198.51.100.1");
    assert_eq!(
        code(try_sign_in(&world.ledger, &place, "aoki", PASSWORD)),
        "slow_down"
    );
    assert_eq!(world.ledger.passwords_hashed(), hashed);
    sign_in(&world, "ueda");

    pass(&world, seconds(60));
    try_sign_in(&world.ledger, &place, "aoki", PASSWORD).expect("a minute at most");
    // The right one wipes the slate clean.
    assert_eq!(wait_of(&world, "198.51.100.2", "aoki"), None);
    assert_eq!(wait_of(&world, "198.51.100.2", "aoki"), None);
}

/// After three wrong tries: the wait before each next one, which is then tried and wrong, from another
/// network each time, so that only the account counts.
fn waits_from_the_third(world: &World, name: &str) -> Vec<u64> {
    (0..9)
        .map(|number| {
            let address = format!("2001:db8:0:{number}::1");
            let wait = wait_of(world, &address, name).expect("a wait");
            pass(world, seconds(wait - 1));
            assert_eq!(wait_of(world, &address, name), Some(1));
            pass(world, seconds(1));
            assert_eq!(wait_of(world, &address, name), None);
            wait
        })
        .collect()
}

fn r17_a_name_that_nobody_has_slows_down_just_so(world: World) {
    for judged in 0..3 {
        assert_eq!(
            wait_of(&world, OFFICE_ADDRESS, "nobody"),
            None,
            "try {judged}"
        );
    }
    assert_eq!(
        waits_from_the_third(&world, "nobody"),
        [1, 2, 4, 8, 16, 32, 60, 60, 60]
    );
    // After a day all is forgotten.
    pass(&world, seconds(24 * 60 * 60));
    assert_eq!(wait_of(&world, OFFICE_ADDRESS, "nobody"), None);
    assert_eq!(wait_of(&world, OFFICE_ADDRESS, "nobody"), None);
}

fn r17_many_tries_at_once_count_as_many(world: World) {
    employed(&world, "aoki", "clerk");
    let hashed = world.ledger.passwords_hashed();
    std::thread::scope(|scope| {
        for number in 0..12 {
            let world = &world;
            scope.spawn(move || wait_of(world, &format!("192.0.2.{number}"), "aoki"));
        }
    });
    assert_eq!(
        world.ledger.passwords_hashed() - hashed,
        3,
        "judged at once"
    );
}

fn r17_who_tries_many_names_is_slowed_down_by_address(world: World) {
    employed(&world, "aoki", "clerk");
    let thief = "2001:db8:bad:1::66";
    for number in 0..20 {
        assert_eq!(wait_of(&world, thief, &format!("name{number}")), None);
    }
    assert_eq!(wait_of(&world, thief, "name20"), Some(1));
    // Another address of the same network is no other one.
    assert_eq!(wait_of(&world, "2001:db8:bad:1::67", "name21"), Some(1));
    assert_eq!(wait_of(&world, "2001:db8:bad:2::66", "name21"), None);
    // The office goes on.
    sign_in(&world, "aoki");
    // One right password does not clear the address of all that was wrong.
    pass(&world, seconds(1));
    try_sign_in(&world.ledger, &from(thief), "aoki", PASSWORD).expect("somebody there is real");
    assert_eq!(wait_of(&world, thief, "name22"), Some(1));
}
