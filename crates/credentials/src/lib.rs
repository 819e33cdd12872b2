//! How a person or a script proves who they are (R17): passwords, second factors, recovery codes,
//! and the random secrets of sessions, tokens and one-time links.
//!
//! Everything here is a pure function of its arguments. Nothing here knows about databases, files,
//! the network, the machine's clock or its randomness: the time and random bytes are passed in. What
//! is kept of a secret is its SHA-256 ([`SecretDigest`]) where it is random, and Argon2id
//! ([`Hashing`]) where a person chose it. No secret shows in `Debug`.

mod digest;
mod hashing;
mod password;
mod recovery_code;
mod secret;
mod totp;
mod typed;
mod wrong_tries;

pub use digest::SecretDigest;
pub use hashing::{Hashing, HashingError};
pub use password::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, Password, PasswordRefused};
pub use recovery_code::{RECOVERY_CODES, RecoveryCode};
pub use secret::{Secret, SecretKind};
pub use totp::{TOTP_STEP_SECONDS, TotpKey, TotpKeyError};
pub use wrong_tries::{FORGOTTEN_AFTER_SECONDS, WrongTries};
