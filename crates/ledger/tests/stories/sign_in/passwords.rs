//! Links and passwords.

use std::sync::Arc;

use credentials::{Hashing, Secret, SecretKind};
use domain::CountedSalts;
use domain::chain::Link;
use ledger::people::ChangePassword;
use ledger::{Ledger, LedgerError, OpenMode, Settings};
use store::proof::audit_log;
use store::tables::one_time_links::{self, NewLink};
use store::tables::users;
use testkit::{World, on_both};

use super::*;
use crate::desk::assert_all_is_well;

on_both!(
    r17_a_person_sets_a_password_by_the_link_and_signs_in,
    r17_a_link_is_good_once_also_when_two_use_it_at_once,
    r17_a_guessed_or_outdated_link_opens_nothing,
    r17_a_weak_password_is_refused_and_the_link_stays_good,
    r17_nobody_learns_who_exists,
    r17_a_password_is_changed_by_who_knows_it,
    r17_a_password_is_hashed_anew_when_hashes_cost_more,
    r17_no_secret_is_kept,
);

fn r17_a_person_sets_a_password_by_the_link_and_signs_in(world: World) {
    let link = invited(&world, "aoki", "clerk");
    let accepted = accept(&world, &link, PASSWORD).expect("the link is good");
    assert_eq!(
        (accepted.name.as_str(), accepted.purpose.as_str()),
        ("aoki", "invitation")
    );

    let opened = sign_in(&world, "aoki");

    assert_eq!(opened.session.stage, SessionStage::Full);
    assert_eq!(opened.session.roles.to_string(), "clerk");
    assert_eq!(
        world.ledger.show_session(&in_session(&opened)).unwrap(),
        opened.session
    );
    // Capitals and an input method left on make no difference to a name.
    for name in ["Aoki", "ａｏｋｉ", " aoki "] {
        try_sign_in(&world.ledger, &from(OFFICE_ADDRESS), name, PASSWORD).expect(name);
    }
    world.ledger.sign_out(&in_session(&opened)).unwrap();
    assert!(!is_open(&world, &opened));
    assert_all_is_well(&world);
}

fn r17_a_link_is_good_once_also_when_two_use_it_at_once(world: World) {
    let link = invited(&world, "aoki", "clerk");
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let two = [PASSWORD, OTHER_PASSWORD].map(|password| {
            let (world, link) = (&world, &link);
            scope.spawn(move || accept(world, link, password).is_ok())
        });
        two.map(|one| one.join().unwrap()).to_vec()
    });

    assert_eq!(outcomes.iter().filter(|is_good| **is_good).count(), 1);
    let passwords = [PASSWORD, OTHER_PASSWORD];
    for (password, is_theirs) in passwords.into_iter().zip(outcomes) {
        let opened = try_sign_in(&world.ledger, &from(OFFICE_ADDRESS), "aoki", password);
        assert_eq!(opened.is_ok(), is_theirs);
    }
    assert_eq!(code(accept(&world, &link, OTHER_PASSWORD)), "link_refused");
}

fn r17_a_guessed_or_outdated_link_opens_nothing(world: World) {
    let guessed = Secret::new(SecretKind::Link, &[7; 32]);
    assert_eq!(code(accept(&world, &guessed, PASSWORD)), "link_refused");

    let replaced = invited(&world, "aoki", "clerk");
    let store = beneath(&world);
    let newer = Secret::new(SecretKind::Link, &[8; 32]);
    let digest = newer.digest();
    let expires_at = now(&world).naive_utc() + TimeDelta::days(7);
    let user_id = store
        .write(|connection| {
            let user = users::find_by_name(connection, "aoki")?.expect("the person");
            let link = NewLink {
                user_id: user.id,
                purpose: "invitation",
                sha256: digest.as_str(),
                expires_at,
                created_by: "user:kanri",
                created_at: expires_at,
            };
            one_time_links::put(connection, &link).map(|_| user.id)
        })
        .expect("another link");
    assert_eq!(code(accept(&world, &replaced, PASSWORD)), "link_refused");

    pass(&world, seconds(7 * 24 * 60 * 60));
    assert_eq!(code(accept(&world, &newer, PASSWORD)), "link_refused");
    pass_back(&world);
    accept(&world, &newer, PASSWORD).expect("in time");
    assert!(user_id > 0);

    // Guessing slows down who guesses, and nobody else.
    let guess = |number: u8, address: &str| {
        let request = AcceptLink {
            secret: Secret::new(SecretKind::Link, &[number; 32])
                .expose()
                .to_owned(),
            password: PASSWORD.to_owned(),
        };
        code(world.ledger.accept_link(&from(address), &request))
    };
    let codes: Vec<_> = (0..30)
        .map(|number| guess(number + 100, "198.51.100.9"))
        .collect();
    assert_eq!(
        codes.iter().filter(|code| **code == "link_refused").count(),
        20
    );
    assert_eq!(codes.last(), Some(&"slow_down"));
    assert_eq!(guess(200, "198.51.100.10"), "link_refused");
}

/// A second before a week is over.
fn pass_back(world: &World) {
    world.clock.set(now(world) - TimeDelta::seconds(1));
}

fn r17_a_weak_password_is_refused_and_the_link_stays_good(world: World) {
    let link = invited(&world, "aoki", "clerk");
    for weak in [
        "short-pw-7",
        "password1234",
        "aokiaokiaoki",
        &"x".repeat(200),
    ] {
        let refused = accept(&world, &link, weak).expect_err(weak);
        let LedgerError::Invalid { code, problems, .. } = &refused else {
            panic!("{weak}: {refused}");
        };
        assert_eq!(
            (*code, problems[0].column.as_deref()),
            ("password_unfit", Some("password"))
        );
    }
    accept(&world, &link, PASSWORD).expect("a good one");
}

fn r17_nobody_learns_who_exists(world: World) {
    employed(&world, "aoki", "clerk");
    invited(&world, "ueda", "clerk");
    let long = "x".repeat(5_000);

    let tries = [
        ("aoki", "wrong-password-99"),
        ("aoki", ""),
        ("aoki", &long),
        // Invited, with none yet; unknown; no name at all.
        ("ueda", PASSWORD),
        ("nobody.here", PASSWORD),
        ("", PASSWORD),
        (&long, PASSWORD),
    ];
    let mut answers = Vec::new();
    for (number, (name, password)) in tries.into_iter().enumerate() {
        let hashed = world.ledger.passwords_hashed();
        let place = from(&format!("192.0.2.{}", number + 50));
        let refused = try_sign_in(&world.ledger, &place, name, password).expect_err(name);
        answers.push((refused.code(), refused.to_string()));
        // What takes the time: Argon2id, once, whoever it is.
        assert_eq!(world.ledger.passwords_hashed() - hashed, 1, "{name:.20}");
    }
    answers.dedup();
    assert_eq!(
        answers,
        [("sign_in_refused", "名前かパスワードが違います".to_owned())]
    );
    assert_all_is_well(&world);
}

fn change(
    world: &World,
    opened: &SessionOpened,
    current: &str,
    new: &str,
) -> Result<SessionOpened, LedgerError> {
    let request = ChangePassword {
        current: current.to_owned(),
        new: new.to_owned(),
    };
    world.ledger.change_password(&in_session(opened), &request)
}

fn r17_a_password_is_changed_by_who_knows_it(world: World) {
    employed(&world, "aoki", "clerk");
    let (here, elsewhere) = (sign_in(&world, "aoki"), sign_in(&world, "aoki"));

    assert_eq!(
        code(change(&world, &here, "not-the-one-99", OTHER_PASSWORD)),
        "password_refused"
    );
    assert_eq!(
        code(change(&world, &here, PASSWORD, "too-short-7")),
        "password_unfit"
    );
    assert_eq!(
        code(change(&world, &here, PASSWORD, PASSWORD)),
        "password_unchanged"
    );
    assert!(is_open(&world, &here) && is_open(&world, &elsewhere));

    let anew = change(&world, &here, PASSWORD, OTHER_PASSWORD).expect("the password is changed");

    assert!(!is_open(&world, &here) && !is_open(&world, &elsewhere) && is_open(&world, &anew));
    assert_eq!(anew.session.expires_at, here.session.expires_at);
    let place = from(OFFICE_ADDRESS);
    assert_eq!(
        code(try_sign_in(&world.ledger, &place, "aoki", PASSWORD)),
        "sign_in_refused"
    );
    try_sign_in(&world.ledger, &place, "aoki", OTHER_PASSWORD).expect("the new one");
    // Who sits at an open screen and guesses the password is slowed down as at the door.
    let guesses: Vec<_> = (0..5)
        .map(|_| code(change(&world, &anew, "not-the-one-99", PASSWORD)))
        .collect();
    assert_eq!(guesses.last(), Some(&"slow_down"), "{guesses:?}");
    assert_all_is_well(&world);
}

/// Salts that none of the world's other ledger has given.
struct OtherSalts(CountedSalts);

impl domain::Salts for OtherSalts {
    fn next_salt(&self) -> std::io::Result<Link> {
        let mut salt = self.0.next_salt()?;
        salt.reverse();
        Ok(salt)
    }
}

/// The same office in another process, under other settings.
pub fn reopened(world: &World, settings: Settings) -> Ledger {
    let salts = Arc::new(OtherSalts(CountedSalts::default()));
    Ledger::open(
        world.database.url(),
        OpenMode::MustExist,
        world.clock.clone(),
        salts,
        settings,
    )
    .expect("open the database again")
}

fn r17_a_password_is_hashed_anew_when_hashes_cost_more(world: World) {
    employed(&world, "aoki", "clerk");
    let dearer = Hashing {
        memory_kib: 16,
        passes: 2,
    };
    let ledger = reopened(
        &world,
        Settings {
            hashing: dearer,
            ..Settings::default()
        },
    );
    let kept = || {
        let user = beneath(&world).read(|connection| users::find_by_name(connection, "aoki"));
        user.expect("read")
            .expect("the person")
            .password_hash
            .expect("a hash")
    };
    assert!(kept().contains("$m=8,t=1,"), "{}", kept());

    let place = from(OFFICE_ADDRESS);
    assert_eq!(
        code(try_sign_in(&ledger, &place, "aoki", "not-the-one-99")),
        "sign_in_refused"
    );
    assert!(
        kept().contains("$m=8,t=1,"),
        "only who knows the password changes its hash"
    );
    try_sign_in(&ledger, &place, "aoki", PASSWORD).expect("signed in");

    assert!(kept().contains("$m=16,t=2,"), "{}", kept());
    try_sign_in(&ledger, &place, "aoki", PASSWORD).expect("by the new hash");
}

fn r17_no_secret_is_kept(world: World) {
    let link = invited(&world, "mori", "finance,admin");
    accept(&world, &link, PASSWORD).expect("the link is good");
    let half = sign_in(&world, "mori");
    let (key, codes, whole) = enrol(&world, &half);
    let _ = try_sign_in(
        &world.ledger,
        &from(OFFICE_ADDRESS),
        "mori",
        "typed-wrong-pw-1",
    );
    // People type their password where their name goes.
    let _ = try_sign_in(
        &world.ledger,
        &from(OFFICE_ADDRESS),
        "typed-wrong-pw-2",
        PASSWORD,
    );
    let changed = change(&world, &whole, PASSWORD, OTHER_PASSWORD).expect("changed");

    let mut secrets = vec![
        PASSWORD.to_owned(),
        OTHER_PASSWORD.to_owned(),
        "typed-wrong-pw-1".to_owned(),
        "typed-wrong-pw-2".to_owned(),
        key.to_base32(),
        "$argon2id$".to_owned(),
    ];
    for secret in [&link, &half.secret, &whole.secret, &changed.secret] {
        secrets.push(secret.expose().to_owned());
        secrets.push(secret.digest().as_str().to_owned());
        secrets.push(secret.csrf_token());
    }
    for code in codes {
        secrets.push(code.replace('-', ""));
        secrets.push(code);
    }
    let mut log = String::new();
    beneath(&world)
        .read(|connection| audit_log::each(connection, |event| log += &format!("{event:?}\n")))
        .expect("read the audit log");
    for action in [
        "accept_link",
        "sign_in",
        "start_totp",
        "confirm_totp",
        "sign_in_refused",
        "change_password",
    ] {
        assert!(
            log.contains(&format!("action: \"{action}\"")),
            "{action} is not in the log"
        );
    }
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} is in the audit log");
    }
}
