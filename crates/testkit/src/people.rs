//! People of a test's office, who ask by tokens.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{NaiveDate, TimeDelta};
use domain::chain::Link;
use domain::{Clock, FixedClock, Roles, Salts};
use ledger::credentials::{Hashing, Password, Secret, SecretKind, TotpKey};
use ledger::people::{CreateToken, InvitePerson};
use ledger::{Call, Ledger, OpenMode, Settings};

use store::Store;
use store::tables::one_time_links::{self, NewLink};
use store::tables::sessions::{self, NewSession};
use store::tables::users;

use crate::World;
use crate::visitors::Is;
use crate::world::told;

/// The name and the roles of who asks where a story does not say.
pub const OFFICE: (&str, &str) = ("office", "clerk,finance,auditor,admin");
/// The password of everybody who has a session here, and is not asked for it.
pub const PASSWORD: &str = "kumo-mikan-densha-7";
/// A day on which a token can be made that outlives this program.
const FAR_DAY: (i32, u32, u32) = (2100, 1, 1);

/// Invites a person with these roles, such as `clerk,finance`, and gives the secret of a token that
/// acts with all of them, everywhere. An organisation's user is bound to the one of that code.
pub fn invite(ledger: &Ledger, name: &str, roles: &str, organization: Option<&str>) -> String {
    let roles = invite_only(ledger, name, roles, organization);
    let token = CreateToken {
        person: Some(name.to_owned()),
        name: "test".to_owned(),
        roles,
        scopes: "all".parse().expect("a scope"),
        expires_on: ledger.today() + TimeDelta::days(300),
    };
    ledger
        .create_token(&Call::of_operator("office"), &token)
        .unwrap_or_else(|error| panic!("{name}: {}", told(&error)))
        .secret
        .expect("a token is shown when it is made")
}

/// Invites a person with these roles.
fn invite_only(ledger: &Ledger, name: &str, roles: &str, organization: Option<&str>) -> Roles {
    let roles: Roles = roles.parse().expect("roles such as `clerk,finance`");
    let person = InvitePerson {
        name: name.to_owned(),
        display_name: None,
        roles,
        organization: organization.map(str::to_owned),
        expires_on: None,
    };
    ledger
        .invite_person(&Call::of_operator("office"), &person)
        .unwrap_or_else(|error| panic!("{name}: {}", told(&error)));
    roles
}

/// Sees to it that a person is known and has [`PASSWORD`], to sign in with by hand; who is not known
/// yet is invited. Straight into the database: how one sets a password is told elsewhere.
pub fn settle(world: &World, name: &str, is: Is<'_>) {
    let store = store_of(world);
    let is_known = store.read(|connection| users::find_by_name(connection, name));
    if is_known.expect("look for the person").is_none() {
        invite_only(&world.ledger, name, is.roles, is.organization);
    }
    store
        .write(|connection| {
            let user = users::find_by_name(connection, name)?.expect("the person");
            match user.password_hash {
                Some(_) => Ok(()),
                None => users::set_password(connection, user.id, &hash_of(PASSWORD)),
            }
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
}

/// The secret of a new session of a person who has signed in all the way; who is not known yet is
/// invited, and has [`PASSWORD`]. However far the world's clock is set, the session does not end by
/// itself. Straight into the database: how one signs in is told elsewhere.
pub fn session_of(world: &World, name: &str, is: Is<'_>) -> Secret {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let mut random = bytes_of(name);
    random[24..].copy_from_slice(&MADE.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    let secret = Secret::new(SecretKind::Session, &random);
    settle(world, name, is);
    let (digest, now) = (secret.digest(), world.clock.now().naive_utc());
    let (year, month, day) = FAR_DAY;
    let far = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    store_of(world)
        .write(|connection| {
            let user = users::find_by_name(connection, name)?.expect("the person");
            let session = NewSession {
                user_id: user.id,
                sha256: digest.as_str(),
                stage: "full",
                address: None,
                agent: None,
                created_at: now,
                last_seen_at: far.into(),
                expires_at: far.into(),
            };
            sessions::insert(connection, &session).map(|_| ())
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    secret
}

/// What an app for the second factor shows now, for a key as pages show it.
pub fn code_of(world: &World, key: &str) -> String {
    let key = TotpKey::parse(key).expect("a key of a second factor");
    key.code_at(world.clock.now().timestamp())
}

/// Ends every session of a person, as if their time were over.
pub fn end_sessions_of(world: &World, name: &str) {
    let now = world.clock.now().naive_utc();
    store_of(world)
        .write(|connection| {
            let user = users::find_by_name(connection, name)?.expect("the person");
            sessions::end_all(connection, user.id, now, "signed_out").map(|_| ())
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
}

fn store_of(world: &World) -> Store {
    Store::open(world.database.url(), OpenMode::MustExist)
        .unwrap_or_else(|error| panic!("open the database: {error}"))
}

fn hash_of(password: &str) -> String {
    let password = Password::typed(password).expect("a password");
    Hashing::CHEAP.hash(&password, &[7; 32]).expect("a hash")
}

/// Sees to it that a person with these roles is known to the database at `url`, which a program of
/// its own serves. They ask by [`token_of`].
pub fn make_known(url: &str, name: &str, roles: &str) {
    let (year, month, day) = FAR_DAY;
    let day = NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar");
    let ledger = Ledger::open(
        url,
        OpenMode::Migrate,
        Arc::new(FixedClock::on(day)),
        Arc::new(OwnBytes(bytes_of(name))),
        Settings::default(),
    )
    .unwrap_or_else(|error| panic!("open {url}: {error}"));
    assert_eq!(invite(&ledger, name, roles, None), token_of(name));
}

/// The secret of the token of a person who was made known.
pub fn token_of(name: &str) -> String {
    Secret::new(SecretKind::Token, &bytes_of(name))
        .expose()
        .to_owned()
}

/// The secret of a link by which this person sets a password, good for a week. Straight into the
/// database: how admins make one is told elsewhere.
pub fn link_for(world: &World, name: &str) -> Secret {
    let link = Secret::new(SecretKind::Link, &bytes_of(name));
    let (digest, now) = (link.digest(), world.clock.now().naive_utc());
    store_of(world)
        .write(|connection| {
            let user = users::find_by_name(connection, name)?.expect("the person");
            let link = NewLink {
                user_id: user.id,
                purpose: "invitation",
                sha256: digest.as_str(),
                expires_at: now + TimeDelta::days(7),
                created_by: "cli:test",
                created_at: now,
            };
            one_time_links::put(connection, &link)
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    link
}

/// The bytes of a name, filled up.
fn bytes_of(name: &str) -> Link {
    let mut bytes = [b'.'; 32];
    for (byte, letter) in bytes.iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    bytes
}

/// The same bytes every time.
struct OwnBytes(Link);

impl Salts for OwnBytes {
    fn next_salt(&self) -> std::io::Result<Link> {
        Ok(self.0)
    }
}
