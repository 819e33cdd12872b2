//! Units (口): how many times the unit price somebody gives.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::settings::{TERM_UNITS_MAX, UNITS_MAX};
use crate::text::{NumberError, parse_digits_i64};
use crate::yen::Yen;

/// The units of one application: 1 to 99 (R2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Units(u8);

/// Why something is no number of units.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitsError {
    /// It is not a whole number.
    #[error("口数: {0}")]
    Number(#[from] NumberError),
    /// It is none of 1 to 99 (R2).
    #[error("口数 {0} は受け付けられません。口数は 1 から 99 までです")]
    OutOfRange(i64),
}

/// Units times unit price is more than a 64-bit integer holds (R2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{units}口 × 単価{unit_price}円 は大きすぎて計算できません。単価を確かめてください")]
pub struct AmountOverflow {
    /// The units.
    pub units: i64,
    /// The price of one of them, in yen.
    pub unit_price: Yen,
}

/// Why an amount is no number of units (R2).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// The unit price does not divide it.
    #[error("{}円 は単価 {}円 の倍数ではありません。金額か口数を確かめてください", amount.grouped(), unit_price.grouped())]
    NotMultiple {
        /// The amount as written.
        amount: Yen,
        /// The price of one unit.
        unit_price: Yen,
    },
    /// It comes to fewer than 1 or more than 99 units.
    #[error("{}円 は単価 {}円 で {units}口 になります。口数は 1 から 99 までです", amount.grouped(), unit_price.grouped())]
    OutOfRange {
        /// The amount as written.
        amount: Yen,
        /// The price of one unit.
        unit_price: Yen,
        /// The units it comes to.
        units: i64,
    },
    /// The unit price is not above zero, so nothing can be reckoned from it.
    #[error("単価 {0}円 では口数を計算できません。募集の単価を確かめてください")]
    NoUnitPrice(Yen),
}

impl Units {
    /// So many units. Refuses what is not 1 to 99 (R2).
    pub fn new(units: i64) -> Result<Self, UnitsError> {
        match u8::try_from(units) {
            Ok(small @ 1..) if units <= UNITS_MAX => Ok(Units(small)),
            _ => Err(UnitsError::OutOfRange(units)),
        }
    }

    /// The number of units.
    pub const fn get(self) -> i64 {
        self.0 as i64
    }

    /// Units times unit price, in yen (R2). Refuses an amount that does not fit.
    pub fn amount(self, unit_price: Yen) -> Result<Yen, AmountOverflow> {
        let units = self.get();
        unit_price
            .checked_mul(units)
            .ok_or(AmountOverflow { units, unit_price })
    }

    /// How many units of a price an amount is (R2). Refuses an amount that is no multiple of the
    /// unit price, and one that comes to fewer than 1 or more than 99 units.
    pub fn from_amount(amount: Yen, unit_price: Yen) -> Result<Self, AmountError> {
        if unit_price <= Yen::ZERO {
            return Err(AmountError::NoUnitPrice(unit_price));
        }
        if amount.get() % unit_price.get() != 0 {
            return Err(AmountError::NotMultiple { amount, unit_price });
        }
        let units = amount.get() / unit_price.get();
        Units::new(units).map_err(|_| AmountError::OutOfRange {
            amount,
            unit_price,
            units,
        })
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Units as somebody wrote them, in digits of either width.
impl FromStr for Units {
    type Err = UnitsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Units::new(parse_digits_i64(text)?)
    }
}

impl TryFrom<i64> for Units {
    type Error = UnitsError;

    fn try_from(units: i64) -> Result<Self, Self::Error> {
        Units::new(units)
    }
}

impl From<Units> for i64 {
    fn from(units: Units) -> Self {
        units.get()
    }
}

/// The units of a pledge in a month: 0 to 999. None (0) is a pause or an end; more than the 99 of
/// an application come about by `add` (R4).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "i64", into = "i64")]
pub struct TermUnits(u16);

/// A pledge cannot have so many units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "サポーター登録の口数が {0} になります。登録できる口数は合わせて 999 までです。口数を確かめてください"
)]
pub struct UnitsSumError(pub i64);

impl TermUnits {
    /// No units: paused or ended.
    pub const ZERO: TermUnits = TermUnits(0);

    /// So many units. Refuses fewer than 0 and more than 999.
    pub fn new(units: i64) -> Result<Self, UnitsSumError> {
        match u16::try_from(units) {
            Ok(small) if units <= TERM_UNITS_MAX => Ok(TermUnits(small)),
            _ => Err(UnitsSumError(units)),
        }
    }

    /// The number of units.
    pub const fn get(self) -> i64 {
        self.0 as i64
    }

    /// Whether there are none.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// These units and those of one more application (R4). Refuses more than 999.
    pub fn plus(self, units: Units) -> Result<Self, UnitsSumError> {
        TermUnits::new(self.get() + units.get())
    }

    /// Units times unit price, in yen (R2). Refuses an amount that does not fit.
    pub fn amount(self, unit_price: Yen) -> Result<Yen, AmountOverflow> {
        let units = self.get();
        unit_price
            .checked_mul(units)
            .ok_or(AmountOverflow { units, unit_price })
    }
}

impl From<Units> for TermUnits {
    fn from(units: Units) -> Self {
        TermUnits(u16::from(units.0))
    }
}

impl TryFrom<i64> for TermUnits {
    type Error = UnitsSumError;

    fn try_from(units: i64) -> Result<Self, Self::Error> {
        TermUnits::new(units)
    }
}

impl From<TermUnits> for i64 {
    fn from(units: TermUnits) -> Self {
        units.get()
    }
}

impl fmt::Display for TermUnits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn r2_units_are_1_to_99() {
        for units in [1, 2, 99] {
            assert_eq!(Units::new(units).map(Units::get), Ok(units));
        }
        for units in [0, 100, -1, 256, 257, i64::MAX, i64::MIN] {
            assert_eq!(Units::new(units), Err(UnitsError::OutOfRange(units)));
        }
        for text in ["0", "100", "０"] {
            let said = text.parse::<Units>().unwrap_err().to_string();
            assert!(said.contains("1 から 99 まで"), "{said}");
        }
        assert_eq!("３".parse::<Units>(), Units::new(3));
    }

    #[test]
    fn r2_three_units_of_300_yen_are_900_yen() {
        let three = Units::new(3).unwrap();
        assert_eq!(three.amount(Yen::new(300)), Ok(Yen::new(900)));
        assert!(three.amount(Yen::new(i64::MAX / 2)).is_err());
    }

    #[test]
    fn r2_an_amount_must_be_a_multiple_of_the_unit_price() {
        let price = Yen::new(500);
        assert_eq!(
            Units::from_amount(Yen::new(1_000), price),
            Ok(Units::new(2).unwrap())
        );
        let said = Units::from_amount(Yen::new(1_200), price)
            .unwrap_err()
            .to_string();
        assert!(said.contains("1,200円") && said.contains("500円"), "{said}");
        for yen in [0, 50_000, i64::MAX - i64::MAX % 500] {
            assert!(
                matches!(
                    Units::from_amount(Yen::new(yen), price),
                    Err(AmountError::OutOfRange { .. })
                ),
                "{yen}"
            );
        }
        for bad_price in [0, -500] {
            assert!(Units::from_amount(Yen::new(1_000), Yen::new(bad_price)).is_err());
        }
    }

    #[test]
    fn the_units_of_a_pledge_end_at_999() {
        let many = TermUnits::new(950).unwrap();
        assert_eq!(
            many.plus(Units::new(49).unwrap()).map(TermUnits::get),
            Ok(999)
        );
        assert_eq!(
            many.plus(Units::new(50).unwrap()),
            Err(UnitsSumError(1_000))
        );
        assert!(TermUnits::new(-1).is_err());
    }

    proptest! {
        #[test]
        fn units_come_back_from_their_amount(units in 1_i64..=99, price in 1_i64..1_000_000) {
            let units = Units::new(units).unwrap();
            let price = Yen::new(price);
            prop_assert_eq!(Units::from_amount(units.amount(price).unwrap(), price), Ok(units));
            prop_assert_eq!(units.to_string().parse(), Ok(units));
        }
    }
}
