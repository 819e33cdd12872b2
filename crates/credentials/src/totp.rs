//! The second factor: six digits that a telephone shows for thirty seconds (TOTP, RFC 6238).

use std::fmt;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use crate::typed::letters_and_digits;

/// How long a code is shown, in seconds.
pub const TOTP_STEP_SECONDS: i64 = 30;
/// Bytes of a key: what RFC 4226 recommends with SHA-1, which is what every app reads.
const KEY_BYTES: usize = 20;
/// Digits of a code.
const DIGITS: usize = 6;
/// A code holds this many steps before and after its own, for clocks that are not quite right.
const STEPS_BESIDE: i64 = 1;
/// As which the code shows in the app.
const ISSUER: &str = "Hitokuchi";

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("二段階認証の鍵を読めません")]
pub struct TotpKeyError;

/// The key that the person's telephone and this program share.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpKey([u8; KEY_BYTES]);

impl TotpKey {
    /// The key made of the first twenty of 32 random bytes.
    pub fn new(random: &[u8; 32]) -> Self {
        let mut key = [0; KEY_BYTES];
        for (to, from) in key.iter_mut().zip(random) {
            *to = *from;
        }
        Self(key)
    }

    /// Reads a key as [`TotpKey::to_base32`] writes it.
    pub fn parse(base32: &str) -> Result<Self, TotpKeyError> {
        let bytes = BASE32_NOPAD
            .decode(base32.as_bytes())
            .map_err(|_| TotpKeyError)?;
        bytes.try_into().map(Self).map_err(|_| TotpKeyError)
    }

    /// The key in base32, as the database keeps it and as a person types it into an app.
    pub fn to_base32(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// What an app reads from a QR code. The login name must be of letters, digits and `._-`.
    pub fn provisioning_uri(&self, login_name: &str) -> String {
        format!(
            "otpauth://totp/{ISSUER}:{login_name}?secret={}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period={TOTP_STEP_SECONDS}",
            self.to_base32()
        )
    }

    /// The step in which a typed code is the right one at a moment: the present one, the one before or
    /// the one after, and later than `used`, the last step a code was taken of. So no code is taken
    /// twice. The step has to be kept as the new `used`. None where the code is wrong.
    pub fn step_of(&self, typed: &str, unix_seconds: i64, used: i64) -> Option<i64> {
        let typed = letters_and_digits(typed);
        let now = unix_seconds.div_euclid(TOTP_STEP_SECONDS);
        let (mut found, mut is_found) = (0_i64, Choice::from(0));
        // Every step is compared whatever came before, so that the time tells nothing.
        for step in now.saturating_sub(STEPS_BESIDE)..=now.saturating_add(STEPS_BESIDE) {
            let is_it = self.code(step).as_bytes().ct_eq(typed.as_bytes())
                & Choice::from(u8::from(step > used))
                & !is_found;
            found = i64::conditional_select(&found, &step, is_it);
            is_found |= is_it;
        }
        bool::from(is_found).then_some(found)
    }

    /// The code that is shown at a moment.
    pub fn code_at(&self, unix_seconds: i64) -> String {
        self.code(unix_seconds.div_euclid(TOTP_STEP_SECONDS))
    }

    /// HOTP (RFC 4226) of a step.
    fn code(&self, step: i64) -> String {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else {
            return String::new();
        };
        mac.update(&step.to_be_bytes());
        let bytes: [u8; 20] = mac.finalize().into_bytes().into();
        let offset = usize::from(bytes[19] & 0x0f);
        let four = bytes
            .iter()
            .skip(offset)
            .take(4)
            .fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        format!("{:06}", (four & 0x7fff_ffff) % 1_000_000)
    }
}

impl fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238's test vectors.
    fn of_the_rfc() -> TotpKey {
        TotpKey(*b"12345678901234567890")
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // The RFC shows eight digits; ours are the last six of them.
        for (moment, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(of_the_rfc().code_at(moment), code, "{moment}");
        }
    }

    #[test]
    fn a_code_holds_one_step_before_and_after_its_own() {
        let key = of_the_rfc();
        let code = key.code_at(1_234_567_890);
        let step = 1_234_567_890 / 30;
        for (seconds, taken) in [
            (-60, false),
            (-30, true),
            (0, true),
            (30, true),
            (60, false),
        ] {
            let found = key.step_of(&code, step * 30 + seconds, 0);
            assert_eq!(found, taken.then_some(step), "{seconds} seconds later");
        }
    }

    #[test]
    fn a_code_is_taken_once() {
        let key = of_the_rfc();
        let now = 1_234_567_890;
        let code = key.code_at(now);
        let used = key.step_of(&code, now, 0).unwrap();
        assert_eq!(key.step_of(&code, now, used), None);
        assert_eq!(key.step_of(&code, now + 30, used), None);
        let next = key.code_at(now + 30);
        assert_eq!(key.step_of(&next, now, used), Some(used + 1));
        // The code of an earlier step is no use any more either.
        let before = key.code_at(now - 30);
        assert_eq!(key.step_of(&before, now, used), None);
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let key = of_the_rfc();
        for typed in ["005924", "005 924", "００５９２４", " 005-924 "] {
            assert!(key.step_of(typed, 1_234_567_890, 0).is_some(), "{typed}");
        }
        for typed in ["", "5924", "0059240", "005925", "あいうえおか"] {
            assert_eq!(key.step_of(typed, 1_234_567_890, 0), None, "{typed}");
        }
    }

    #[test]
    fn a_key_is_read_again_and_told_to_an_app() {
        let key = of_the_rfc();
        assert_eq!(key.to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(TotpKey::parse(&key.to_base32()), Ok(key.clone()));
        assert_eq!(TotpKey::parse("GEZD"), Err(TotpKeyError));
        assert_eq!(TotpKey::parse("1"), Err(TotpKeyError));
        assert_eq!(
            key.provisioning_uri("aoki"),
            "otpauth://totp/Hitokuchi:aoki?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hitokuchi&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(format!("{key:?}"), "TotpKey(…)");
    }
}
