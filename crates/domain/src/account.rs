//! Accounts: what the books are kept in (勘定科目).

use std::fmt;
use std::str::FromStr;

use crate::text::{quoted, to_half_width};
use crate::wire::serde_as_text;
use crate::words::words;

/// The number of an account: four digits. The chart of accounts itself is data; the constants are
/// the accounts that the program posts to by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountCode(u16);

/// Why something is no number of an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("勘定科目「{0}」は読めません。4桁の数字（例: 1121）で書いてください")]
pub struct AccountCodeError(String);

impl AccountCode {
    /// 普通預金.
    pub const BANK: Self = Self(1121);
    /// 未収金(単協別): what a co-op collected and has not handed over yet, by batch.
    pub const DUE_FROM_COOPS: Self = Self(1131);
    /// 未収金(団体返還): what an organisation was paid of gifts that were taken back later.
    pub const DUE_FROM_ORGANIZATIONS: Self = Self(1141);
    /// 未払金(返金): what is to be given back to members.
    pub const REFUNDS_PAYABLE: Self = Self(2113);
    /// 預り金(団体別): gifts held for organisations.
    pub const HELD_FOR_ORGANIZATIONS: Self = Self(2131);
    /// 仮受金: what a co-op handed over beyond what is due.
    pub const SUSPENSE: Self = Self(2191);
    /// 前期繰越正味財産.
    pub const NET_ASSETS: Self = Self(3111);
    /// 受取寄付金(サポーター).
    pub const GIFTS_OF_SUPPORTERS: Self = Self(4211);
    /// 受取寄付金(スポット).
    pub const SPOT_GIFTS: Self = Self(4212);
    /// 受取寄付金(使途指定): gifts to campaigns that are the fund's own income.
    pub const RESTRICTED_GIFTS: Self = Self(4213);
    /// 支払寄付金: passed on from the fund's own income.
    pub const GIFTS_PASSED_ON: Self = Self(5112);
    /// 支払手数料.
    pub const FEES: Self = Self(5191);

    /// The account of a number as the database keeps it, 1000 to 9999.
    pub fn from_int(code: i32) -> Result<Self, AccountCodeError> {
        match u16::try_from(code) {
            Ok(code @ 1000..=9999) => Ok(Self(code)),
            _ => Err(AccountCodeError(code.to_string())),
        }
    }

    /// The number as the database keeps it.
    pub fn as_int(self) -> i32 {
        i32::from(self.0)
    }
}

impl fmt::Display for AccountCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Four digits of either width.
impl FromStr for AccountCode {
    type Err = AccountCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = to_half_width(text);
        let is_code = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
        let code = digits.parse().ok().filter(|_| is_code);
        code.and_then(|code| Self::from_int(code).ok())
            .ok_or_else(|| AccountCodeError(quoted(&digits)))
    }
}

serde_as_text!(AccountCode);

words! {
    /// What an account is of (勘定科目の区分).
    AccountKind, "勘定科目の区分":
    /// What there is and what is owed to the fund.
    Asset = "asset", "資産";
    /// What the fund owes.
    Liability = "liability", "負債";
    /// What is left of both.
    NetAssets = "net_assets", "正味財産";
    /// What came in for good.
    Revenue = "revenue", "収益";
    /// What went out for good.
    Expense = "expense", "費用";
}

crate::words::words_from_text!(AccountKind);

impl AccountKind {
    /// Whether its balance begins anew with every fiscal year.
    pub const fn is_of_one_year(self) -> bool {
        matches!(self, Self::Revenue | Self::Expense)
    }

    /// Whether its balance stands on the debit side (借方) as a rule.
    pub const fn is_debit(self) -> bool {
        matches!(self, Self::Asset | Self::Expense)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_by_four_digits_of_either_width() {
        assert_eq!("1121".parse(), Ok(AccountCode::BANK));
        assert_eq!("１１２１".parse(), Ok(AccountCode::BANK));
        assert_eq!(AccountCode::BANK.to_string(), "1121");
        assert_eq!(AccountCode::from_int(1121), Ok(AccountCode::BANK));
        for text in ["", "112", "11211", "0121", "普通預金", "+121"] {
            let said = text.parse::<AccountCode>().unwrap_err().to_string();
            assert!(said.contains("4桁"), "{said}");
        }
    }

    #[test]
    fn only_revenue_and_expense_begin_anew_each_year() {
        let of_one_year: Vec<_> = AccountKind::ALL
            .iter()
            .filter(|kind| kind.is_of_one_year())
            .map(|kind| kind.label_ja())
            .collect();
        assert_eq!(of_one_year, ["収益", "費用"]);
    }
}
