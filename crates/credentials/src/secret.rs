//! Random secrets that a machine keeps for its person: of a session, a token, a one-time link.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::SecretDigest;

/// Random bytes in a secret.
const RANDOM_BYTES: usize = 32;
/// What the proof against forged requests is computed over.
const CSRF_LABEL: &[u8] = b"hitokuchi csrf 1";

/// What a secret opens. Its prefix lets scanners of leaked text find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// A session, in a cookie.
    Session,
    /// A token of a script, in a header.
    Token,
    /// An invitation or a reset, in the link that an admin hands over.
    Link,
}

impl SecretKind {
    /// What the text of such a secret begins with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Session => "hks_",
            Self::Token => "hkt_",
            Self::Link => "hkl_",
        }
    }
}

/// A secret in its text, such as `hks_…` with 43 characters of base64url.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret made of 32 random bytes.
    pub fn new(kind: SecretKind, random: &[u8; RANDOM_BYTES]) -> Self {
        Self(format!(
            "{}{}",
            kind.prefix(),
            BASE64URL_NOPAD.encode(random)
        ))
    }

    /// Reads what somebody presents. None where it cannot be a secret of this kind: then nothing has
    /// to be looked for.
    pub fn parse(kind: SecretKind, text: &str) -> Option<Self> {
        let random = text.strip_prefix(kind.prefix())?;
        let bytes = BASE64URL_NOPAD.decode(random.as_bytes()).ok()?;
        (bytes.len() == RANDOM_BYTES).then(|| Self(text.to_owned()))
    }

    /// What is kept of it.
    pub fn digest(&self) -> SecretDigest {
        SecretDigest::of(&self.0)
    }

    /// The text itself: for the cookie, the link or the one look at a new token, and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What a page of this session has to send with a request that changes something. Another site
    /// can have the cookie sent along, but neither read it nor compute this.
    pub fn csrf_token(&self) -> String {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()) else {
            return String::new();
        };
        mac.update(CSRF_LABEL);
        BASE64URL_NOPAD.encode(&mac.finalize().into_bytes())
    }

    /// Whether this is what [`Secret::csrf_token`] gives, in a time that tells nothing about it.
    pub fn is_csrf_token(&self, sent: &str) -> bool {
        let expected = self.csrf_token();
        !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(sent.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_again_as_its_own_kind_only() {
        let secret = Secret::new(SecretKind::Session, &[0xfb; 32]);
        let text = secret.expose().to_owned();
        assert_eq!(text, "hks_-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s");
        assert_eq!(Secret::parse(SecretKind::Session, &text), Some(secret));
        assert_eq!(Secret::parse(SecretKind::Token, &text), None);
    }

    #[test]
    fn what_cannot_be_a_secret_is_none() {
        let good = Secret::new(SecretKind::Link, &[7; 32]).expose().to_owned();
        for text in [
            "",
            "hkl_",
            &good[4..],
            &good[..good.len() - 1],
            &format!("{good}A"),
            &format!("{good} "),
            &format!(" {good}"),
            &good.replace('B', "+"),
            "hkl_あああああああああああああああああああああああああああああああああああああああああああ",
        ] {
            assert_eq!(Secret::parse(SecretKind::Link, text), None, "{text}");
        }
    }

    #[test]
    fn each_secret_has_a_csrf_token_of_its_own() {
        let one = Secret::new(SecretKind::Session, &[1; 32]);
        let other = Secret::new(SecretKind::Session, &[2; 32]);
        assert!(one.is_csrf_token(&one.csrf_token()));
        assert!(!one.is_csrf_token(&other.csrf_token()));
        assert!(!one.is_csrf_token(""));
        assert!(!one.is_csrf_token(one.expose()));
        assert!(!one.csrf_token().contains(&one.expose()[4..]));
    }

    #[test]
    fn a_secret_does_not_show() {
        let secret = Secret::new(SecretKind::Token, &[3; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
