//! Signing in, and what people do with their own sign-in (R17).
//!
//! A try is counted before it is judged, so that many at once count as many. Argon2id runs between
//! two transactions, never in one. What was found before is looked at again in the second: the person
//! may have been disabled meanwhile.

mod accept_link;
mod change_password;
mod confirm_second_factor;
mod enrol_totp;
mod proof;
mod session;
mod sessions_of_mine;
#[expect(clippy::module_inception, reason = "a use case, one file")]
mod sign_in;
mod tries;

pub use accept_link::{AcceptLink, LinkAccepted};
pub use change_password::ChangePassword;
pub use confirm_second_factor::ConfirmSecondFactor;
pub use enrol_totp::{
    ConfirmTotp, RecoveryCodes, RenewRecoveryCodes, StartTotp, TotpConfirmed, TotpOffered,
};
pub(crate) use session::needs_second_factor;
pub use session::{SessionOpened, SessionStage, SessionView};
pub use sessions_of_mine::{MySession, SessionEnded};
pub use sign_in::SignIn;
