//! The key of a charge (請求キー) in the collection file.

use std::fmt;
use std::str::FromStr;

use crate::month::CollectionMonth;
use crate::text::{quoted, to_half_width};
use crate::wire::serde_as_text;

const RANK_PLACES: u64 = 100_000_000;
const SEQUENCE_PLACES: u64 = 100;
const MONTH_PLACES: u64 = 1_000_000;

/// Twenty digits that name a charge to the co-op and back: the co-op's number (3), the month (6),
/// the batch's sequence (2), the charge's rank in the batch (8) and a check digit (1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChargeKey {
    coop_number: u16,
    month: CollectionMonth,
    sequence: u8,
    rank: u32,
}

/// Why something is no key of a charge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChargeKeyError {
    /// Not twenty digits.
    #[error(
        "請求キー「{0}」は 20 桁の数字ではありません。表計算ソフトで開いて桁が欠けていないか確かめてください"
    )]
    NotTwentyDigits(String),
    /// The check digit says that a digit is wrong.
    #[error(
        "請求キー「{0}」は検査数字が合いません。どこかの桁が間違っています。元のファイルと比べてください"
    )]
    CheckDigit(String),
    /// A part of it is out of its range.
    #[error("請求キーの{part} {value} が範囲（1〜{max}）の外です")]
    Part {
        /// Which part.
        part: &'static str,
        /// Its value.
        value: i64,
        /// The largest it may be.
        max: i64,
    },
    /// It names no month.
    #[error("請求キー「{0}」に集金月として読めない桁があります。元のファイルと比べてください")]
    Month(String),
}

impl ChargeKey {
    /// The largest number of a co-op.
    pub const COOP_NUMBER_MAX: i64 = 999;
    /// The largest sequence of a month.
    pub const SEQUENCE_MAX: i64 = 99;
    /// The largest rank in a batch.
    pub const RANK_MAX: i64 = 99_999_999;

    /// The key of a charge. All three numbers count from 1; refuses one past its maximum.
    pub fn new(
        coop_number: i64,
        month: CollectionMonth,
        sequence: i64,
        rank: i64,
    ) -> Result<Self, ChargeKeyError> {
        Ok(ChargeKey {
            coop_number: part("単協番号", coop_number, Self::COOP_NUMBER_MAX)?,
            month,
            sequence: part("回次", sequence, Self::SEQUENCE_MAX)?,
            rank: part("順番", rank, Self::RANK_MAX)?,
        })
    }

    /// The co-op's number.
    pub fn coop_number(self) -> i64 {
        i64::from(self.coop_number)
    }

    /// The month of collection.
    pub fn month(self) -> CollectionMonth {
        self.month
    }

    /// The sequence of the batch in its month.
    pub fn sequence(self) -> i64 {
        i64::from(self.sequence)
    }

    /// The rank of the charge in its batch.
    pub fn rank(self) -> i64 {
        i64::from(self.rank)
    }

    fn body(self) -> u64 {
        let month = u64::from(self.month.as_int().unsigned_abs());
        let batch = (u64::from(self.coop_number) * MONTH_PLACES + month) * SEQUENCE_PLACES
            + u64::from(self.sequence);
        batch * RANK_PLACES + u64::from(self.rank)
    }
}

fn part<T: TryFrom<i64>>(part: &'static str, value: i64, max: i64) -> Result<T, ChargeKeyError> {
    let refused = || ChargeKeyError::Part { part, value, max };
    if !(1..=max).contains(&value) {
        return Err(refused());
    }
    T::try_from(value).map_err(|_| refused())
}

/// The Luhn digit to put after a number: with it, every single wrong digit shows, and nearly every
/// pair of neighbours that changed places.
fn luhn_digit(mut body: u64) -> u64 {
    let mut sum = 0;
    let mut is_doubled = true;
    while body > 0 {
        let digit = body % 10;
        let weighed = if is_doubled { digit * 2 } else { digit };
        sum += weighed / 10 + weighed % 10;
        is_doubled = !is_doubled;
        body /= 10;
    }
    (10 - sum % 10) % 10
}

impl fmt::Display for ChargeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body();
        write!(f, "{body:019}{}", luhn_digit(body))
    }
}

/// Twenty digits of either width. Refuses a wrong check digit.
impl FromStr for ChargeKey {
    type Err = ChargeKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = to_half_width(text);
        let shown = || quoted(&text);
        let digits = |part: Option<&str>| part.and_then(|part| part.parse::<u64>().ok());
        if text.len() != 20 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ChargeKeyError::NotTwentyDigits(shown()));
        }
        let (Some(body), Some(check)) = (digits(text.get(..19)), digits(text.get(19..))) else {
            return Err(ChargeKeyError::NotTwentyDigits(shown()));
        };
        if luhn_digit(body) != check {
            return Err(ChargeKeyError::CheckDigit(shown()));
        }
        let batch = body / RANK_PLACES;
        let coop_and_month = batch / SEQUENCE_PLACES;
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let month = i32::try_from(coop_and_month % MONTH_PLACES)
            .ok()
            .and_then(|yyyymm| CollectionMonth::from_int(yyyymm).ok())
            .ok_or_else(|| ChargeKeyError::Month(shown()))?;
        ChargeKey::new(
            number(coop_and_month / MONTH_PLACES),
            month,
            number(batch % SEQUENCE_PLACES),
            number(body % RANK_PLACES),
        )
    }
}

serde_as_text!(ChargeKey);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn august() -> CollectionMonth {
        "2025-08".parse().unwrap()
    }

    #[test]
    fn the_first_charge_of_august_has_a_key_of_twenty_digits() {
        let key = ChargeKey::new(1, august(), 1, 1).unwrap();
        assert_eq!(key.to_string(), "00120250801000000012");
        assert_eq!("００１２０２５０８０１０００００００１２".parse(), Ok(key));
    }

    #[test]
    fn the_check_digit_is_that_of_the_known_example() {
        assert_eq!(luhn_digit(7_992_739_871), 3);
        assert_eq!(luhn_digit(0), 0);
    }

    #[test]
    fn what_is_no_key_says_why() {
        for text in [
            "",
            "120250801000000011",
            "0012025080100000001x",
            "001202508010000000111",
        ] {
            assert!(matches!(
                text.parse::<ChargeKey>(),
                Err(ChargeKeyError::NotTwentyDigits(_))
            ));
        }
        let no_such_month = format!("0012025130100000001{}", luhn_digit(12_025_130_100_000_001));
        assert!(matches!(
            no_such_month.parse::<ChargeKey>(),
            Err(ChargeKeyError::Month(_))
        ));
        for (coop, sequence, rank) in [
            (0, 1, 1),
            (1000, 1, 1),
            (1, 0, 1),
            (1, 100, 1),
            (1, 1, 0),
            (1, 1, 100_000_000),
        ] {
            let refused = ChargeKey::new(coop, august(), sequence, rank);
            assert!(matches!(refused, Err(ChargeKeyError::Part { .. })));
        }
    }

    fn any_key() -> impl Strategy<Value = ChargeKey> {
        (1..=999_i64, 0..1200, 1..=99_i64, 1..=99_999_999_i64).prop_map(
            |(coop, month, seq, rank)| {
                let month = CollectionMonth::MIN.plus_months(month).unwrap();
                ChargeKey::new(coop, month, seq, rank).unwrap()
            },
        )
    }

    proptest! {
        #[test]
        fn a_key_reads_back(key in any_key()) {
            let text = key.to_string();
            prop_assert_eq!(text.len(), 20);
            prop_assert_eq!(text.parse(), Ok(key));
        }

        #[test]
        fn keys_are_ordered_as_their_texts(a in any_key(), b in any_key()) {
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn any_single_wrong_digit_is_noticed(key in any_key(), place in 0_usize..20, off in 1_u8..10) {
            let mut digits = key.to_string().into_bytes();
            digits[place] = b'0' + (digits[place] - b'0' + off) % 10;
            let wrong = String::from_utf8(digits).unwrap();
            prop_assert_eq!(wrong.parse::<ChargeKey>(), Err(ChargeKeyError::CheckDigit(wrong.clone())));
        }
    }
}
