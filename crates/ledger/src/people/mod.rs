//! People, and how they prove who they are (R17).

mod create_token;
mod hasher;
mod invite_person;
mod sign_in;

pub use create_token::{CreateToken, TokenCreated, TokenView};
pub use invite_person::{InvitePerson, PersonInvited};
pub use sign_in::{
    AcceptLink, ChangePassword, ConfirmSecondFactor, ConfirmTotp, LinkAccepted, MySession,
    RecoveryCodes, RenewRecoveryCodes, SessionEnded, SessionOpened, SessionStage, SessionView,
    SignIn, StartTotp, TotpConfirmed, TotpOffered,
};

pub(crate) use hasher::Hasher;

use crate::{LedgerError, Result};

/// Longest name of a person or a token.
const NAME_CHARS_MAX: usize = 40;

/// A name of a person or a token: 1 to 40 of a–z, 0–9, `.`, `_`, `-`. Refuses any other.
fn plain_name(name: &str) -> Result<&str> {
    let is_good = (1..=NAME_CHARS_MAX).contains(&name.len())
        && name.bytes().all(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-')
        });
    if is_good {
        return Ok(name);
    }
    Err(LedgerError::field(
        "name_unreadable",
        "name",
        format!("{NAME_CHARS_MAX}文字までの英小文字・数字と . _ - で指定してください"),
    ))
}
