//! Passwords as people choose and type them.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, zxcvbn};

/// Characters of a password at least, after NFKC.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Characters of a password at most, after NFKC.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// What anybody would try here first.
const OF_THIS_HOUSE: [&str; 4] = ["hitokuchi", "seikatsuclub", "seikatsu", "password"];

/// Why a password cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Fewer than 12 characters.
    #[error("パスワードは{PASSWORD_CHARS_MIN}文字以上にしてください")]
    TooShort,
    /// More than 128 characters.
    #[error("パスワードは{PASSWORD_CHARS_MAX}文字までにしてください")]
    TooLong,
    /// A control character, such as a line break.
    #[error("パスワードに改行などの制御文字は使えません")]
    ControlCharacter,
    /// Among the common ones, or put together from them, from a row of keys, or from the person's name.
    #[error(
        "よく使われる言葉、名前、キーの並びや繰り返しからなるパスワードは、すぐに言い当てられます。関係のない言葉を四つほどつなげるなど、別のものにしてください"
    )]
    TooCommon,
}

/// A password in its text, brought to NFKC, so that it is the same from every keyboard.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// A password that a person chooses. `about` is what others know of the person: login name, name.
    ///
    /// # Errors
    /// Fewer than 12 or more than 128 characters; control characters; one that is easily guessed.
    pub fn chosen(text: &str, about: &[&str]) -> Result<Self, PasswordRefused> {
        let Some(password) = Self::typed(text) else {
            return Err(PasswordRefused::TooLong);
        };
        if password.0.chars().count() < PASSWORD_CHARS_MIN {
            return Err(PasswordRefused::TooShort);
        }
        if password.0.chars().any(char::is_control) {
            return Err(PasswordRefused::ControlCharacter);
        }
        let known: Vec<&str> = OF_THIS_HOUSE.iter().chain(about).copied().collect();
        if zxcvbn(&password.0, &known).score() < Score::Three {
            return Err(PasswordRefused::TooCommon);
        }
        Ok(password)
    }

    /// A password that a person types to prove who they are. None where it is longer than any that can
    /// be chosen.
    pub fn typed(text: &str) -> Option<Self> {
        // NFKC of one character may be many: what is looked at is bounded before and after.
        if text.chars().nth(PASSWORD_CHARS_MAX * 2).is_some() {
            return None;
        }
        let normal: String = text.nfkc().take(PASSWORD_CHARS_MAX + 1).collect();
        (normal.chars().count() <= PASSWORD_CHARS_MAX).then_some(Self(normal))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Option<PasswordRefused> {
        Password::chosen(text, &["aoki", "青木 花子"]).err()
    }

    #[test]
    fn a_password_of_unrelated_words_is_taken() {
        for text in [
            "kumo-mikan-densha-7",
            "correct horse battery staple",
            "みかんと電車とあおい雲の上",
            "vTq3-9mLx-Wd8e",
        ] {
            assert_eq!(refusal(text), None, "{text}");
        }
    }

    #[test]
    fn a_common_or_guessable_one_is_refused() {
        for text in [
            "password1234",
            "Password1234!",
            "qwertyuiop12",
            "aaaaaaaaaaaa",
            "123456789012",
            "1234567890ab",
            "hitokuchi2025",
            "aokiaokiaoki",
            "iloveyou12345",
            "ｐａｓｓｗｏｒｄ１２３４",
        ] {
            assert_eq!(refusal(text), Some(PasswordRefused::TooCommon), "{text}");
        }
    }

    #[test]
    fn its_length_is_counted_in_characters_after_nfkc() {
        assert_eq!(refusal("kumo-mika-7"), Some(PasswordRefused::TooShort));
        // Half-width kana with their marks are two characters as typed, one after NFKC.
        assert_eq!(refusal("ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞ"), Some(PasswordRefused::TooShort));
        let long: String = "kumo-mikan-densha-7 ".repeat(7).chars().take(129).collect();
        assert_eq!(refusal(&long), Some(PasswordRefused::TooLong));
        assert_eq!(refusal(&long[..128]), None);
        // One character that NFKC makes eighteen of.
        assert_eq!(refusal(&"ﷺ".repeat(100)), Some(PasswordRefused::TooLong));
        assert_eq!(
            refusal(&"x".repeat(100_000)),
            Some(PasswordRefused::TooLong)
        );
        assert_eq!(
            refusal("kumo-mikan-\ndensha"),
            Some(PasswordRefused::ControlCharacter)
        );
    }

    #[test]
    fn full_width_letters_are_the_same_password() {
        assert_eq!(
            Password::typed("ｋｕｍｏ－ｍｉｋａｎ"),
            Password::typed("kumo-mikan")
        );
        assert_eq!(
            format!("{:?}", Password::typed("kumo")),
            "Some(Password(…))"
        );
    }
}
