//! Numbers and codes that name things. They are text: leading zeros stay.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::settings::{CODE_CHARS_MAX, MEMBER_NUMBER_CHARS_MAX};
use crate::text::{quoted, to_half_width};
use crate::wire::serde_as_text;

/// Why something is no code or number of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing there.
    #[error("{what}が空です。{what}を書いてください")]
    Empty {
        /// What was to be named.
        what: &'static str,
    },
    /// Not six digits.
    #[error("注文番号「{0}」は 6 桁の数字ではありません。「164151」のように 6 桁で書いてください")]
    NotSixDigits(String),
    /// A character that does not belong in it.
    #[error("{what}「{text}」に使えない文字があります。{allowed}で書いてください")]
    Character {
        /// What was to be named.
        what: &'static str,
        /// What was written.
        text: String,
        /// What may be written.
        allowed: &'static str,
    },
    /// It begins with a hyphen, which looks like an option or a formula elsewhere.
    #[error("{what}「{text}」はハイフンで始まっています。先頭は英数字にしてください")]
    LeadingHyphen {
        /// What was to be named.
        what: &'static str,
        /// What was written.
        text: String,
    },
    /// Too many characters.
    #[error("{what}「{text}」は長すぎます。{chars_max} 文字までで書いてください")]
    TooLong {
        /// What was to be named.
        what: &'static str,
        /// What was written.
        text: String,
        /// How many characters there may be.
        chars_max: usize,
    },
}

/// An order number (注文番号): exactly six digits. It means something only inside its cycle (R1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderNumber([u8; 6]);

impl OrderNumber {
    /// The six digits.
    pub fn as_str(&self) -> &str {
        // Six ASCII digits are always UTF-8, so the default never shows.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn from_digits(text: &str) -> Option<Self> {
        let digits: [u8; 6] = text.as_bytes().try_into().ok()?;
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then_some(OrderNumber(digits))
    }
}

impl fmt::Debug for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrderNumber({})", self.as_str())
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Six digits of either width.
impl FromStr for OrderNumber {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(number) = OrderNumber::from_digits(text) {
            return Ok(number);
        }
        let text = to_half_width(text);
        if text.is_empty() {
            return Err(CodeError::Empty {
                what: "注文番号"
            });
        }
        OrderNumber::from_digits(&text).ok_or_else(|| CodeError::NotSixDigits(quoted(&text)))
    }
}

serde_as_text!(OrderNumber);

/// A member number (組合員番号): letters, digits and `-` after NFKC, at most 20, not beginning
/// with `-`. It is opaque text, and means a person only together with the co-op.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberNumber(String);

impl MemberNumber {
    const WHAT: &'static str = "組合員番号";

    /// Checks a member number and brings it to its one spelling, without allocating when it is
    /// already in it. Refuses what is no member number (§6).
    pub fn normalize(text: &str) -> Result<Cow<'_, str>, CodeError> {
        let number = to_half_width(text);
        if number.is_empty() {
            return Err(CodeError::Empty { what: Self::WHAT });
        }
        if number.starts_with('-') {
            return Err(CodeError::LeadingHyphen {
                what: Self::WHAT,
                text: quoted(&number),
            });
        }
        if !number
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        {
            return Err(CodeError::Character {
                what: Self::WHAT,
                text: quoted(&number),
                allowed: "英字、数字、ハイフン（-）",
            });
        }
        if number.len() > MEMBER_NUMBER_CHARS_MAX {
            return Err(CodeError::TooLong {
                what: Self::WHAT,
                text: quoted(&number),
                chars_max: MEMBER_NUMBER_CHARS_MAX,
            });
        }
        Ok(number)
    }

    /// The number as an integer where it is one, for the hash total of a sheet (R7).
    pub fn as_integer(&self) -> Option<u128> {
        // Twenty digits are less than 2^67, so they always fit.
        self.0
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| self.0.parse().ok())?
    }
}

fn normalize_code<'a>(text: &'a str, what: &'static str) -> Result<Cow<'a, str>, CodeError> {
    let code = to_half_width(text);
    if code.is_empty() {
        return Err(CodeError::Empty { what });
    }
    if code.starts_with('-') {
        return Err(CodeError::LeadingHyphen {
            what,
            text: quoted(&code),
        });
    }
    if !code
        .chars()
        .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    {
        let allowed = "文字、数字、ハイフン（-）、下線（_）";
        return Err(CodeError::Character {
            what,
            text: quoted(&code),
            allowed,
        });
    }
    if code.chars().count() > CODE_CHARS_MAX {
        return Err(CodeError::TooLong {
            what,
            text: quoted(&code),
            chars_max: CODE_CHARS_MAX,
        });
    }
    Ok(code)
}

/// The code of a co-op (単協コード): 1 to 40 letters, digits, `-` and `_` after NFKC.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CoopCode(String);

impl CoopCode {
    /// Checks a co-op's code and brings it to its one spelling, without allocating when it is
    /// already in it. Refuses what is no code.
    pub fn normalize(text: &str) -> Result<Cow<'_, str>, CodeError> {
        normalize_code(text, "単協コード")
    }
}

/// The code of a fund, an organization or a campaign: 1 to 40 letters, digits, `-` and `_` after
/// NFKC.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

macro_rules! text_code {
    ($type:ident, $normalize:expr) => {
        impl $type {
            /// The text, in its one spelling.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, in its one spelling.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $type {
            type Err = CodeError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $normalize(text).map($type)
            }
        }

        serde_as_text!($type);
    };
}

text_code!(MemberNumber, |text| MemberNumber::normalize(text)
    .map(Cow::into_owned));
text_code!(CoopCode, |text| CoopCode::normalize(text)
    .map(Cow::into_owned));
text_code!(Code, |text| normalize_code(text, "コード")
    .map(Cow::into_owned));

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_order_number_is_six_digits_and_keeps_its_zeros() {
        for (text, number) in [
            ("164151", "164151"),
            ("００１２３４", "001234"),
            (" 001234 ", "001234"),
        ] {
            assert_eq!(text.parse::<OrderNumber>().unwrap().as_str(), number);
        }
        for text in [
            "16415",
            "1641510",
            "16415a",
            "一六四一五一",
            "-64151",
            "164 151",
        ] {
            let said = text.parse::<OrderNumber>().unwrap_err().to_string();
            assert!(said.contains("6 桁"), "{said}");
        }
        assert_eq!(
            "".parse::<OrderNumber>(),
            Err(CodeError::Empty {
                what: "注文番号"
            })
        );
    }

    #[test]
    fn a_member_number_keeps_its_zeros_and_has_one_spelling() {
        for (text, number) in [
            ("0001234", "0001234"),
            ("０００１２３４", "0001234"),
            ("Ａ１２－３", "A12-3"),
            ("a-b", "a-b"),
            ("12345678901234567890", "12345678901234567890"),
        ] {
            assert_eq!(text.parse::<MemberNumber>().unwrap().as_str(), number);
        }
        assert!(matches!(
            MemberNumber::normalize("0001234"),
            Ok(Cow::Borrowed("0001234"))
        ));
    }

    #[test]
    fn what_is_no_member_number_says_why() {
        assert!(matches!(
            "".parse::<MemberNumber>(),
            Err(CodeError::Empty { .. })
        ));
        for text in ["-12", "－１２"] {
            assert!(matches!(
                text.parse::<MemberNumber>(),
                Err(CodeError::LeadingHyphen { .. })
            ));
        }
        for text in ["12_3", "12 3", "組合員1", "=1+1", "é1", "12\u{0}", "1−2"] {
            assert!(
                matches!(
                    text.parse::<MemberNumber>(),
                    Err(CodeError::Character { .. })
                ),
                "{text}"
            );
        }
        assert!(matches!(
            "123456789012345678901".parse::<MemberNumber>(),
            Err(CodeError::TooLong { chars_max: 20, .. })
        ));
    }

    #[test]
    fn only_numeric_member_numbers_count_in_a_hash_total() {
        let integer = |text: &str| text.parse::<MemberNumber>().unwrap().as_integer();
        assert_eq!(integer("0001234"), Some(1234));
        assert_eq!(
            integer("99999999999999999999"),
            Some(99_999_999_999_999_999_999)
        );
        assert_eq!(integer("A1234"), None);
        assert_eq!(integer("12-34"), None);
    }

    #[test]
    fn codes_are_short_and_plain() {
        for text in ["incl", "23ku-minami", "cosmos_2025", "多摩きた"] {
            assert_eq!(text.parse::<Code>().unwrap().as_str(), text);
            assert_eq!(text.parse::<CoopCode>().unwrap().as_str(), text);
        }
        for text in ["", "a b", "a/b", "=1", "-a", "a\nb", &"a".repeat(41)] {
            assert!(text.parse::<Code>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn numbers_read_back(order in "[0-9]{6}", member in "[0-9A-Za-z][0-9A-Za-z-]{0,19}") {
            prop_assert_eq!(order.parse::<OrderNumber>().unwrap().to_string(), order);
            prop_assert_eq!(member.parse::<MemberNumber>().unwrap().to_string(), member);
        }

        #[test]
        fn a_spelling_is_final(text in "\\PC{1,30}") {
            if let Ok(number) = text.parse::<MemberNumber>() {
                prop_assert_eq!(number.as_str().parse(), Ok(number.clone()));
            }
            if let Ok(code) = text.parse::<Code>() {
                prop_assert_eq!(code.as_str().parse(), Ok(code.clone()));
            }
        }
    }
}
