//! Double entry: what makes an entry (R14).

use crate::account::AccountCode;
use crate::words::words;
use crate::yen::Yen;

words! {
    /// What an entry came from (仕訳の起票元).
    EntrySource, "起票元":
    /// A co-op's answer to a batch; names the file of results.
    Settlement = "settlement", "集金結果";
    /// A gift given back to a member; names the correction.
    Refund = "refund", "返金";
    /// Money handed over by a co-op; names the remittance.
    Remittance = "remittance", "送金";
    /// Money passed on to an organisation, or returned by it; names the payout.
    Payout = "payout", "団体への送金";
    /// Between what is held for an organisation and what it owes back; names the entry that made it
    /// necessary.
    Transfer = "transfer", "振替";
    /// The opposite of what was posted before; names the entry, or the correction it came from.
    Reversal = "reversal", "赤黒訂正";
    /// Written by finance, with a reason.
    Manual = "manual", "手入力";
    /// Revenue and expense carried over at the end of a fiscal year; names the year.
    YearClose = "year_close", "年度の締め";
}

crate::words::words_from_text!(EntrySource);

/// One line of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NewPosting {
    /// The account.
    pub account: AccountCode,
    /// Yen: debit (借方) positive, credit (貸方) negative; never zero.
    pub amount: Yen,
    /// Of which fund.
    pub fund_id: Option<i64>,
    /// With which co-op.
    pub coop_id: Option<i64>,
    /// For which campaign.
    pub campaign_id: Option<i64>,
    /// Of which batch.
    pub batch_id: Option<i64>,
}

impl NewPosting {
    /// A line without dimensions: debit positive, credit negative.
    pub const fn new(account: AccountCode, amount: Yen) -> Self {
        Self {
            account,
            amount,
            fund_id: None,
            coop_id: None,
            campaign_id: None,
            batch_id: None,
        }
    }

    /// The same line with the other sign; nothing where that does not fit.
    pub fn opposite(self) -> Option<Self> {
        Some(Self {
            amount: self.amount.checked_neg()?,
            ..self
        })
    }
}

/// Why lines make no entry (R14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BalanceError {
    /// Fewer than two lines.
    #[error("仕訳には借方と貸方の行が要ります。2行以上にしてください")]
    TooFew,
    /// More lines than an entry may have.
    #[error("仕訳の行が多すぎます。{POSTINGS_MAX}行までに分けてください")]
    TooMany,
    /// A line of no yen.
    #[error("{0}行目の金額が0円です。行を除くか、金額を書いてください")]
    Zero(usize),
    /// Debit and credit differ.
    #[error("借方と貸方が合いません（差額 {}円）。金額を確かめてください", .0.grouped())]
    Unbalanced(Yen),
    /// A sum that no 64-bit integer holds.
    #[error("金額の合計が大きすぎて計算できません。金額の桁数を確かめてください")]
    Overflow,
}

/// The most lines of one entry.
pub const POSTINGS_MAX: usize = 10_000;

/// Refuses lines that do not balance: at least two, none of zero, summing to zero (R14).
pub fn check_balance(postings: &[NewPosting]) -> Result<(), BalanceError> {
    if postings.len() < 2 {
        return Err(BalanceError::TooFew);
    }
    if postings.len() > POSTINGS_MAX {
        return Err(BalanceError::TooMany);
    }
    if let Some(index) = postings.iter().position(|p| p.amount == Yen::ZERO) {
        return Err(BalanceError::Zero(index + 1));
    }
    // In 128 bits the order of the lines plays no part.
    let side = |is_on: fn(i64) -> bool| -> i128 {
        let amounts = postings.iter().map(|posting| posting.amount.get());
        amounts.filter(|a| is_on(*a)).map(i128::from).sum()
    };
    let (debit, credit) = (side(|a| a > 0), side(|a| a < 0));
    if debit > i128::from(i64::MAX) || credit < i128::from(-i64::MAX) {
        return Err(BalanceError::Overflow);
    }
    match i64::try_from(debit + credit) {
        Ok(0) => Ok(()),
        Ok(difference) => Err(BalanceError::Unbalanced(Yen::new(difference))),
        Err(_) => Err(BalanceError::Overflow),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(amounts: &[i64]) -> Vec<NewPosting> {
        let line = |amount: &i64| NewPosting::new(AccountCode::BANK, Yen::new(*amount));
        amounts.iter().map(line).collect()
    }

    #[test]
    fn an_entry_has_two_lines_or_more_that_come_to_nothing() {
        for (amounts, outcome) in [
            (&[900, -900][..], Ok(())),
            (&[600, 300, -900], Ok(())),
            (&[], Err(BalanceError::TooFew)),
            (&[900], Err(BalanceError::TooFew)),
            (&[900, 0, -900], Err(BalanceError::Zero(2))),
            (&[900, -600], Err(BalanceError::Unbalanced(Yen::new(300)))),
            (&[i64::MAX, 1, -i64::MAX, -1], Err(BalanceError::Overflow)),
            (&[i64::MIN, 1], Err(BalanceError::Overflow)),
            (&[i64::MAX, -i64::MAX], Ok(())),
        ] {
            assert_eq!(check_balance(&lines(amounts)), outcome, "{amounts:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_balanced_by_one_more_line_is_an_entry(
            amounts in prop::collection::vec((-1_000_000_i64..=1_000_000).prop_filter("a line has yen", |a| *a != 0), 1..30),
        ) {
            let rest: i64 = amounts.iter().sum();
            let open = check_balance(&lines(&amounts));
            if rest == 0 {
                prop_assert_eq!(open, Ok(()));
            } else {
                prop_assert!(open.is_err());
                let balanced: Vec<i64> = amounts.into_iter().chain([-rest]).collect();
                prop_assert_eq!(check_balance(&lines(&balanced)), Ok(()));
            }
        }

        #[test]
        fn an_entry_and_its_opposite_come_to_nothing(
            amounts in prop::collection::vec(any::<i64>(), 2..20),
        ) {
            let entry = lines(&amounts);
            let opposite: Option<Vec<_>> = entry.iter().map(|line| line.opposite()).collect();
            if check_balance(&entry) == Ok(()) {
                let opposite = opposite.expect("a balanced entry has an opposite");
                prop_assert_eq!(check_balance(&opposite), Ok(()));
                for (line, other) in entry.iter().zip(&opposite) {
                    prop_assert_eq!(line.amount.checked_add(other.amount), Some(Yen::ZERO));
                }
            }
        }
    }
}
