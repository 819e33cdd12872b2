//! People, and how they prove who they are (R17).

mod change_roles;
mod create_token;
mod disable_person;
mod first_admin;
mod hasher;
mod invite_person;
mod last_admin;
mod link;
mod list_people;
mod list_tokens;
mod person;
mod reset_person;
mod revoke_token;
mod sign_in;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub use change_roles::ChangeRoles;
pub use create_token::{CreateToken, TokenCreated};
pub use first_admin::FirstAdmin;
pub use invite_person::InvitePerson;
pub use link::LinkGiven;
pub use list_people::{PeopleFilter, PersonState};
pub use list_tokens::TokenView;
pub use person::PersonView;
pub use reset_person::ResetPerson;
pub use sign_in::{
    AcceptLink, ChangePassword, ConfirmSecondFactor, ConfirmTotp, LinkAccepted, MySession,
    RecoveryCodes, RenewRecoveryCodes, SessionEnded, SessionOpened, SessionStage, SessionView,
    SignIn, StartTotp, TotpConfirmed, TotpOffered,
};

pub(crate) use hasher::Hasher;
pub(crate) use sign_in::needs_second_factor;

use crate::tx::Event;
use crate::{LedgerError, Result};

/// Longest name of a person or a token.
const NAME_CHARS_MAX: usize = 40;

/// What was done about the person of a name, for the audit log.
fn about<'a>(action: &'a str, name: &str) -> Event<'a> {
    Event {
        action,
        coop_id: None,
        subject: format!("user:{name}"),
        reason: None,
    }
}

/// The same about a token of theirs.
fn about_token<'a>(action: &'a str, person: &str, token: &str) -> Event<'a> {
    Event {
        action,
        coop_id: None,
        subject: format!("token:{person}/{token}"),
        reason: None,
    }
}

/// A name of a person or a token: 1 to 40 of a–z, 0–9, `.`, `_`, `-`, the first of them a letter or a
/// digit. Refuses any other.
fn plain_name(name: &str) -> Result<&str> {
    let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let is_good = (1..=NAME_CHARS_MAX).contains(&name.len())
        && name.bytes().next().is_some_and(is_letter)
        && name
            .bytes()
            .all(|b| is_letter(b) || matches!(b, b'.' | b'_' | b'-'));
    if is_good {
        return Ok(name);
    }
    Err(LedgerError::field(
        "name_unreadable",
        "name",
        format!(
            "{NAME_CHARS_MAX}文字までの英小文字・数字と . _ - で指定してください（先頭は英小文字か数字）"
        ),
    ))
}

/// The first moment after the last day on which something is good, in Japan. Refuses a day that is
/// past, or more than `days_max` ahead.
fn end_of(today: NaiveDate, last_day: NaiveDate, days_max: i64) -> Result<DateTime<Utc>> {
    let days = (last_day - today).num_days();
    if !(0..=days_max).contains(&days) {
        return Err(LedgerError::field(
            "expiry_out_of_range",
            "expires_on",
            format!("今日から{days_max}日先までの日付を指定してください"),
        ));
    }
    let midnight = domain::japan_midnight(last_day + TimeDelta::days(1));
    midnight.ok_or_else(|| LedgerError::Corrupt("japan_midnight".to_owned()))
}
