//! R17: signing in, told from the door: who knows what, and what opens.

mod passwords;
mod second_factor;
mod sessions;
mod wrong_tries;

use std::net::IpAddr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use credentials::{Secret, TotpKey};
use domain::Clock;
use ledger::people::{
    AcceptLink, ConfirmSecondFactor, ConfirmTotp, LinkAccepted, SessionOpened, SessionStage,
    SignIn, StartTotp,
};
use ledger::{Call, Caller, Ledger, LedgerError, OpenMode};
use store::Store;
use testkit::world::told;
use testkit::{World, people};

pub const PASSWORD: &str = "kumo-mikan-densha-7";
pub const OTHER_PASSWORD: &str = "tsuki-budou-fune-52";
pub const OFFICE_ADDRESS: &str = "192.0.2.10";

/// A request from an address, by nobody yet.
pub fn from(address: &str) -> Call {
    let address: IpAddr = address.parse().expect("an address");
    Call::by(Caller::Nobody).from_address(address)
}

/// A request in a session, from the office.
pub fn in_session(opened: &SessionOpened) -> Call {
    Call {
        caller: Caller::Session(opened.secret.digest()),
        ..from(OFFICE_ADDRESS)
    }
}

/// What is in the database, past every use case.
pub fn beneath(world: &World) -> Store {
    Store::open(world.database.url(), OpenMode::MustExist).expect("open the database")
}

/// The secret of a link for a new person with these roles, good for a week.
pub fn invited(world: &World, name: &str, roles: &str) -> Secret {
    world.token_of(name, roles);
    people::link_for(world, name)
}

pub fn accept(world: &World, link: &Secret, password: &str) -> Result<LinkAccepted, LedgerError> {
    let request = AcceptLink {
        secret: link.expose().to_owned(),
        password: password.to_owned(),
    };
    world.ledger.accept_link(&from(OFFICE_ADDRESS), &request)
}

/// Somebody with these roles who has set the password.
pub fn employed(world: &World, name: &str, roles: &str) {
    let link = invited(world, name, roles);
    accept(world, &link, PASSWORD).unwrap_or_else(|error| panic!("{name}: {}", told(&error)));
}

pub fn try_sign_in(
    ledger: &Ledger,
    call: &Call,
    name: &str,
    password: &str,
) -> Result<SessionOpened, LedgerError> {
    let request = SignIn {
        name: name.to_owned(),
        password: password.to_owned(),
        agent: Some("見本のブラウザー\r\nX-Forged: 1".to_owned()),
    };
    ledger.sign_in(call, &request)
}

pub fn sign_in(world: &World, name: &str) -> SessionOpened {
    try_sign_in(&world.ledger, &from(OFFICE_ADDRESS), name, PASSWORD)
        .unwrap_or_else(|error| panic!("{name}: {}", told(&error)))
}

/// Lets time pass.
pub fn pass(world: &World, time: Duration) {
    let time = TimeDelta::from_std(time).expect("a time");
    world.clock.set(world.clock.now() + time);
}

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub fn now(world: &World) -> DateTime<Utc> {
    world.clock.now()
}

/// The code that a telephone with this key shows now.
pub fn shown(world: &World, key: &TotpKey) -> String {
    key.code_at(now(world).timestamp())
}

/// Who asks sets up a second factor in the session they are in. Gives the key, the recovery codes and
/// the session that takes its place.
pub fn enrol(world: &World, opened: &SessionOpened) -> (TotpKey, Vec<String>, SessionOpened) {
    let call = in_session(opened);
    let password = match opened.session.stage {
        SessionStage::Full => Some(PASSWORD.to_owned()),
        SessionStage::Enrolment | SessionStage::SecondFactor => None,
    };
    let offered = world
        .ledger
        .start_totp(&call, &StartTotp { password })
        .unwrap_or_else(|error| panic!("{}", told(&error)));
    let key = TotpKey::parse(&offered.key).expect("a key");
    let code = shown(world, &key);
    let confirmed = world
        .ledger
        .confirm_totp(&call, &ConfirmTotp { code })
        .unwrap_or_else(|error| panic!("{}", told(&error)));
    (key, confirmed.recovery_codes, confirmed.opened)
}

pub fn confirm(
    world: &World,
    half: &SessionOpened,
    code: &str,
) -> Result<SessionOpened, LedgerError> {
    let request = ConfirmSecondFactor {
        code: code.to_owned(),
    };
    world
        .ledger
        .confirm_second_factor(&in_session(half), &request)
}

/// The word that programs know a refusal by.
#[track_caller]
pub fn code<T: std::fmt::Debug>(outcome: Result<T, LedgerError>) -> &'static str {
    outcome.expect_err("a refusal").code()
}

/// Whether a session is good for anything still.
pub fn is_open(world: &World, opened: &SessionOpened) -> bool {
    match world.ledger.show_session(&in_session(opened)) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.code(), "session_ended");
            false
        }
    }
}
