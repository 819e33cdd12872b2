//! Money: whole yen.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::{NumberError, parse_amount_i64};

/// An amount of money in whole yen. May be negative where it is a difference.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Yen(i64);

/// A sum of money that no 64-bit integer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("金額の合計が大きすぎて計算できません。金額の桁数を確かめてください")]
pub struct YenOverflow;

impl Yen {
    /// No yen.
    pub const ZERO: Yen = Yen(0);

    /// An amount of so many yen.
    pub const fn new(yen: i64) -> Self {
        Yen(yen)
    }

    /// The number of yen.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, or nothing when it does not fit.
    pub fn checked_add(self, other: Yen) -> Option<Yen> {
        self.0.checked_add(other.0).map(Yen)
    }

    /// The difference, or nothing when it does not fit.
    pub fn checked_sub(self, other: Yen) -> Option<Yen> {
        self.0.checked_sub(other.0).map(Yen)
    }

    /// The same amount with the other sign, or nothing when it does not fit.
    pub fn checked_neg(self) -> Option<Yen> {
        self.0.checked_neg().map(Yen)
    }

    /// So many times this amount, or nothing when it does not fit.
    pub fn checked_mul(self, times: i64) -> Option<Yen> {
        self.0.checked_mul(times).map(Yen)
    }

    /// The sum of many amounts. Refuses a sum that does not fit.
    pub fn sum(amounts: impl IntoIterator<Item = Yen>) -> Result<Yen, YenOverflow> {
        amounts
            .into_iter()
            .try_fold(Yen::ZERO, Yen::checked_add)
            .ok_or(YenOverflow)
    }

    /// The amount with a comma before every three digits, as screens show it: `1,800`.
    pub fn grouped(self) -> String {
        let digits = self.0.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() * 4 / 3 + 2);
        if self.0 < 0 {
            text.push('-');
        }
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text
    }
}

/// Plain digits, as files have them: `1800`.
impl fmt::Display for Yen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An amount as somebody wrote it: digits of either width, with or without thousands separators.
/// A negative one is refused.
impl FromStr for Yen {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_amount_i64(text).map(Yen)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_amount_is_shown_in_groups_and_filed_in_plain_digits() {
        for (yen, grouped) in [
            (0, "0"),
            (900, "900"),
            (1_800, "1,800"),
            (100_000, "100,000"),
            (-1_234_567, "-1,234,567"),
            (i64::MIN, "-9,223,372,036,854,775,808"),
        ] {
            assert_eq!(Yen::new(yen).grouped(), grouped);
        }
        assert_eq!(Yen::new(1_800).to_string(), "1800");
    }

    #[test]
    fn a_sum_past_the_largest_number_is_refused() {
        assert_eq!(
            Yen::sum([Yen::new(i64::MAX), Yen::new(1)]),
            Err(YenOverflow)
        );
        assert_eq!(
            Yen::sum([Yen::new(900), Yen::new(500)]),
            Ok(Yen::new(1_400))
        );
    }

    proptest! {
        #[test]
        fn an_amount_reads_back_however_it_is_written(yen in 0_i64..) {
            let amount = Yen::new(yen);
            prop_assert_eq!(amount.to_string().parse::<Yen>(), Ok(amount));
            prop_assert_eq!(amount.grouped().parse::<Yen>(), Ok(amount));
        }

        #[test]
        fn what_is_added_can_be_taken_away(a in any::<i64>(), b in any::<i64>()) {
            let (a, b) = (Yen::new(a), Yen::new(b));
            if let Some(sum) = a.checked_add(b) {
                prop_assert_eq!(sum.checked_sub(b), Some(a));
            }
        }
    }
}
