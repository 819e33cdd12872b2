//! Amounts and counts.

use domain::Yen;

/// What is an amount of whole yen, or may be one.
pub trait Money {
    /// The amount.
    fn amount(&self) -> Option<Yen>;
}

impl Money for Yen {
    fn amount(&self) -> Option<Yen> {
        Some(*self)
    }
}

impl Money for i64 {
    fn amount(&self) -> Option<Yen> {
        Some(Yen::new(*self))
    }
}

impl<T: Money> Money for Option<T> {
    fn amount(&self) -> Option<Yen> {
        self.as_ref()?.amount()
    }
}

impl<T: Money + ?Sized> Money for &T {
    fn amount(&self) -> Option<Yen> {
        (**self).amount()
    }
}

/// What is a whole number, or may be one.
pub trait Count {
    /// The number.
    fn number(&self) -> Option<i64>;
}

macro_rules! counts {
    ($($number:ty),+) => {
        $(impl Count for $number {
            fn number(&self) -> Option<i64> {
                i64::try_from(*self).ok()
            }
        })+
    };
}

counts![i32, i64, u8, u16, u32, u64, usize];

impl<T: Count> Count for Option<T> {
    fn number(&self) -> Option<i64> {
        self.as_ref()?.number()
    }
}

impl<T: Count + ?Sized> Count for &T {
    fn number(&self) -> Option<i64> {
        (**self).number()
    }
}

/// `¥1,800`; below nought `−¥1,800`.
pub fn yen(amount: Yen) -> String {
    let grouped = amount.grouped();
    match grouped.strip_prefix('-') {
        Some(below) => format!("−¥{below}"),
        None => format!("¥{grouped}"),
    }
}

/// `12,345`.
pub fn count(number: i64) -> String {
    Yen::new(number).grouped().replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped() {
        assert_eq!(yen(Yen::new(1_800)), "¥1,800");
        assert_eq!(yen(Yen::new(-1_234_567)), "−¥1,234,567");
        assert_eq!(yen(Yen::new(0)), "¥0");
        assert_eq!(count(12_345), "12,345");
        assert_eq!(count(-3), "−3");
    }
}
