//! Argon2id: slow by design, so that nobody tries passwords by the million on a stolen database.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::Password;

/// Bytes of a salt.
const SALT_BYTES: usize = 16;

/// Why a password could not be hashed or compared: a parameter or a kept hash that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("パスワードの照合ができません（{0}）")]
pub struct HashingError(String);

/// What one hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashing {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// How often it is gone through.
    pub passes: u32,
}

impl Hashing {
    /// What is in force: the memory and passes of RFC 9106's second recommendation, in one lane. About
    /// a tenth of a second on an office machine. A kept hash carries its own, so these may be raised.
    pub const PRODUCTION: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
    };
    /// The least there is: for tests, which sign in many times a second.
    pub const CHEAP: Self = Self {
        memory_kib: 8,
        passes: 1,
    };

    /// The hash to keep, as a PHC string (`$argon2id$v=19$m=…`). The first 16 of the 32 random bytes
    /// are its salt.
    pub fn hash(&self, password: &Password, random: &[u8; 32]) -> Result<String, HashingError> {
        let salt = &random[..SALT_BYTES];
        let hash: PasswordHash = self
            .argon2()?
            .hash_password_with_salt(password.as_bytes(), salt)
            .map_err(failed)?;
        Ok(hash.to_string())
    }

    /// Whether a password is the one that a hash was made of.
    pub fn is_password(&self, password: &Password, kept: &str) -> Result<bool, HashingError> {
        let kept = PasswordHash::new(kept).map_err(failed)?;
        match self.argon2()?.verify_password(password.as_bytes(), &kept) {
            Ok(()) => Ok(true),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    /// Does the work of [`Hashing::is_password`] where there is nothing to compare with: an answer
    /// about an account that does not exist takes as long as one about an account that does.
    pub fn pretend(&self, password: &Password) -> Result<(), HashingError> {
        self.hash(password, &[0; 32]).map(|_| ())
    }

    /// Whether a kept hash was made with these parameters; if not, the password is hashed anew at the
    /// next sign-in, when it is there in its text.
    pub fn is_current(&self, kept: &str) -> bool {
        let Ok(ours) = self.params() else {
            return true;
        };
        PasswordHash::new(kept)
            .ok()
            .filter(|kept| kept.algorithm == Algorithm::Argon2id.ident())
            .and_then(|kept| Params::try_from(&kept).ok())
            .is_some_and(|kept| {
                (kept.m_cost(), kept.t_cost(), kept.p_cost())
                    == (ours.m_cost(), ours.t_cost(), ours.p_cost())
            })
    }

    fn params(&self) -> Result<Params, HashingError> {
        Params::new(self.memory_kib, self.passes, 1, None).map_err(|e| HashingError(e.to_string()))
    }

    fn argon2(&self) -> Result<Argon2<'static>, HashingError> {
        Ok(Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            self.params()?,
        ))
    }
}

impl Default for Hashing {
    fn default() -> Self {
        Self::PRODUCTION
    }
}

fn failed(error: impl std::fmt::Display) -> HashingError {
    HashingError(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Password {
        Password::typed(text).unwrap()
    }

    #[test]
    fn a_password_is_known_again_by_its_hash() {
        let kept = Hashing::CHEAP.hash(&typed("kumo-mikan"), &[9; 32]).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{kept}");
        let is = |text| Hashing::CHEAP.is_password(&typed(text), &kept).unwrap();
        assert!(is("kumo-mikan"));
        assert!(is("ｋｕｍｏ－ｍｉｋａｎ"));
        assert!(!is("kumo-mikaN"));
        assert!(!is(""));
    }

    #[test]
    fn one_password_under_two_salts_has_two_hashes() {
        let hash = |salt| Hashing::CHEAP.hash(&typed("kumo-mikan"), &[salt; 32]);
        assert_ne!(hash(1), hash(2));
    }

    #[test]
    fn what_is_in_force_costs_what_rfc_9106_recommends() {
        assert_eq!(Hashing::default(), Hashing::PRODUCTION);
        let kept = Hashing::default()
            .hash(&typed("kumo-mikan"), &[9; 32])
            .unwrap();
        assert!(
            kept.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"),
            "{kept}"
        );
        // A hash carries its own parameters: it is known again whatever is in force now.
        assert!(
            Hashing::CHEAP
                .is_password(&typed("kumo-mikan"), &kept)
                .unwrap()
        );
        assert!(Hashing::PRODUCTION.is_current(&kept));
        assert!(!Hashing::CHEAP.is_current(&kept));
    }

    #[test]
    fn what_is_no_hash_is_an_error_and_not_a_wrong_password() {
        for kept in [
            "",
            "kumo-mikan",
            "$argon2id$v=19$m=0,t=0,p=0$c29tZXNhbHQ$c29tZWhhc2g",
        ] {
            let compared = Hashing::CHEAP.is_password(&typed("kumo-mikan"), kept);
            assert!(compared.is_err(), "{kept}: {compared:?}");
            assert!(!Hashing::CHEAP.is_current(kept), "{kept}");
        }
    }
}
