//! Recovery codes: each opens the door once in place of the second factor.

use std::fmt;

use crate::SecretDigest;
use crate::typed::letters_and_digits;

/// How many a person gets.
pub const RECOVERY_CODES: usize = 10;
/// Random bytes in one: nobody guesses 80 bits, so its SHA-256 may be kept.
const RANDOM_BYTES: usize = 10;
/// Letters and digits in one.
const LETTERS: usize = 16;
/// Letters between two dashes.
const GROUP: usize = 4;
/// Crockford's: no I, L, O and U, which are misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A recovery code as it is kept on paper: `7W3K-0XQD-9FBM-2T5C`.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// The code made of the first ten of 32 random bytes.
    pub fn new(random: &[u8; 32]) -> Self {
        let mut letters = String::with_capacity(LETTERS);
        let (mut bits, mut held) = (0_u32, 0_u32);
        for byte in random.iter().take(RANDOM_BYTES) {
            bits = (bits << 8) | u32::from(*byte);
            held += 8;
            while held >= 5 {
                held -= 5;
                letters.push(letter(bits >> held));
            }
        }
        Self(letters)
    }

    /// Reads what a person typed: dashes, spaces, small and full-width letters make no difference, O
    /// is read as 0, I and L as 1. None where it cannot be a code.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: String = letters_and_digits(text)
            .chars()
            .map(|c| match c {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let is_code = letters.len() == LETTERS && letters.bytes().all(|b| ALPHABET.contains(&b));
        is_code.then_some(Self(letters))
    }

    /// What is kept of it.
    pub fn digest(&self) -> SecretDigest {
        SecretDigest::of(&self.0)
    }

    /// The code with its dashes, to be shown once.
    pub fn expose(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        let groups: Vec<String> = letters.chunks(GROUP).map(|g| g.iter().collect()).collect();
        groups.join("-")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

fn letter(bits: u32) -> char {
    let index = (bits & 31) as usize;
    ALPHABET.get(index).copied().map_or('0', char::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_sixteen_letters_in_groups_of_four() {
        assert_eq!(RecoveryCode::new(&[0; 32]).expose(), "0000-0000-0000-0000");
        assert_eq!(
            RecoveryCode::new(&[0xff; 32]).expose(),
            "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
        );
        let mut counted = [0; 32];
        for (byte, value) in counted.iter_mut().zip(1..) {
            *byte = value;
        }
        assert_eq!(RecoveryCode::new(&counted).expose(), "0410-6105-0R3G-G28A");
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = RecoveryCode::new(&[0x08; 32]);
        let shown = code.expose();
        assert_eq!(shown, "1040-G208-1040-G208");
        for typed in [
            shown.clone(),
            shown.replace('-', ""),
            shown.replace('-', " ").to_lowercase(),
            shown.replace('1', "l").replace('0', "o"),
            "１０４０－Ｇ２０８－１０４０－Ｇ２０８".to_owned(),
        ] {
            assert_eq!(RecoveryCode::parse(&typed), Some(code.clone()), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        for typed in [
            "",
            "123456",
            "1040-G208-1040-G20",
            "1040-G208-1040-G2080",
            "1040-G208-1040-G20U",
        ] {
            assert_eq!(RecoveryCode::parse(typed), None, "{typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_code_is_read_again(random: [u8; 32]) {
            let code = RecoveryCode::new(&random);
            proptest::prop_assert_eq!(RecoveryCode::parse(&code.expose()), Some(code));
        }
    }
}
