//! What is kept of a random secret.

use std::fmt;

use sha2::{Digest, Sha256};

/// The SHA-256 of a secret that has at least 80 random bits, in hexadecimal digits. Nobody finds the
/// secret from it, so it may be kept and looked for; a slow hash would gain nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SecretDigest(String);

impl SecretDigest {
    /// The digest of a secret's text.
    pub fn of(text: &str) -> Self {
        Self(hex::encode(Sha256::digest(text)))
    }

    /// As the database keeps it: 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Not even the digest belongs into a log.
impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretDigest(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_sha_256_of_the_text_and_does_not_show() {
        let digest = SecretDigest::of("abc");
        assert_eq!(
            digest.as_str(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(format!("{digest:?}"), "SecretDigest(…)");
    }
}
