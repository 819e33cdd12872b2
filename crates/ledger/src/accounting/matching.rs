//! Matching what a co-op handed over with what it owes, batch by batch.

use std::collections::BTreeSet;

use domain::Yen;
use store::reports::BatchReceivable;

/// What of a remittance is for one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) batch_id: i64,
    /// Yen that were due of it; negative where more was handed over than is collected now.
    pub(crate) due: i64,
    pub(crate) amount: Yen,
}

/// Why shares as said do not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Misfit {
    #[error(
        "請求データ {0} には、この単協から受け取る額がありません。receivables で番号を確かめてください"
    )]
    NotDue(i64),
    #[error("請求データ {0} が二度書かれています。一つにまとめてください")]
    Twice(i64),
    #[error(
        "請求データ {batch_id} への充当 {said}円は、受け取るべき {due}円に合いません。1円以上、その額までにしてください"
    )]
    Amount {
        batch_id: i64,
        said: String,
        due: String,
    },
    #[error("充当の合計が、送金額と手数料（と仮受金）の {0}円を超えています")]
    TooMuch(String),
}

/// What is due of a batch, yen.
pub(crate) fn due(batch: &BatchReceivable) -> i64 {
    batch.collected.saturating_sub(batch.remitted)
}

/// Hands out what came: what was taken back after it was handed over is set off first, then the
/// oldest batches get theirs, each at most what is due.
pub(crate) fn oldest_first(dues: &[BatchReceivable], came: Yen) -> Vec<Share> {
    let yen: Vec<i64> = dues.iter().map(due).collect();
    let amounts = hand_out(&yen, came.get());
    let shares = dues.iter().zip(yen).zip(amounts);
    shares
        .filter(|(_, amount)| *amount != 0)
        .map(|((batch, due), amount)| Share {
            batch_id: batch.batch_id,
            due,
            amount: Yen::new(amount),
        })
        .collect()
}

/// What of `came` is for each due: all of one below 0, then in their order what is left. They come to
/// `came`, or to all that is due where that is less.
pub(crate) fn hand_out(dues: &[i64], came: i64) -> Vec<i64> {
    let set_off = dues.iter().map(|due| (*due).min(0));
    let mut left = set_off.fold(came, i64::saturating_sub);
    let mut amounts = Vec::with_capacity(dues.len());
    for &due in dues {
        let amount = if due < 0 { due } else { due.min(left) };
        left -= amount.max(0);
        amounts.push(amount);
    }
    amounts
}

/// The shares as the co-op said: each of a batch with something due, at most that.
pub(crate) fn as_said(
    dues: &[BatchReceivable],
    said: &[(i64, Yen)],
    came: Yen,
) -> Result<Vec<Share>, Misfit> {
    let mut named = BTreeSet::new();
    let mut shares = Vec::new();
    for &(batch_id, amount) in said {
        if !named.insert(batch_id) {
            return Err(Misfit::Twice(batch_id));
        }
        let due = dues
            .iter()
            .find(|batch| batch.batch_id == batch_id)
            .map(due)
            .filter(|due| *due != 0)
            .ok_or(Misfit::NotDue(batch_id))?;
        let fits = if due > 0 {
            (1..=due).contains(&amount.get())
        } else {
            amount.get() == due
        };
        if !fits {
            return Err(Misfit::Amount {
                batch_id,
                said: amount.grouped(),
                due: Yen::new(due).grouped(),
            });
        }
        shares.push(Share {
            batch_id,
            due,
            amount,
        });
    }
    let sum = Yen::sum(shares.iter().map(|share| share.amount));
    if sum.is_ok_and(|sum| sum <= came) {
        Ok(shares)
    } else {
        Err(Misfit::TooMuch(came.grouped()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn batches(dues: &[i64]) -> Vec<BatchReceivable> {
        let batch = |(batch_id, due): (i64, &i64)| BatchReceivable {
            coop_id: 1,
            batch_id,
            month: 202_508,
            sequence: 1,
            collected: due + 100,
            remitted: 100,
            since: chrono::NaiveDate::default(),
        };
        (1..).zip(dues).map(batch).collect()
    }

    fn amounts(shares: &[Share]) -> Vec<(i64, i64)> {
        let pair = |share: &Share| (share.batch_id, share.amount.get());
        shares.iter().map(pair).collect()
    }

    #[test]
    fn the_oldest_batch_gets_its_due_first() {
        for (dues, came, shares) in [
            (&[900, 600][..], 1_500, &[(1, 900), (2, 600)][..]),
            (&[900, 600], 1_000, &[(1, 900), (2, 100)]),
            (&[900, 600], 2_000, &[(1, 900), (2, 600)]),
            (&[900, -300, 600], 1_200, &[(1, 900), (2, -300), (3, 600)]),
            (&[-300, 0, 600], 100, &[(1, -300), (3, 400)]),
            (&[], 500, &[]),
        ] {
            let found = oldest_first(&batches(dues), Yen::new(came));
            assert_eq!(amounts(&found), shares, "{dues:?} {came}");
        }
    }

    #[test]
    fn shares_as_said_stay_within_what_is_due_and_came() {
        let dues = batches(&[900, 600, -300, 0]);
        let said = |pairs: &[(i64, i64)], came| {
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(id, yen)| (*id, Yen::new(*yen)))
                .collect();
            as_said(&dues, &pairs, Yen::new(came)).map(|shares| amounts(&shares))
        };
        assert_eq!(said(&[(2, 600)], 600), Ok(vec![(2, 600)]));
        assert_eq!(
            said(&[(2, 600), (3, -300)], 300),
            Ok(vec![(2, 600), (3, -300)])
        );
        assert_eq!(said(&[(9, 1)], 600), Err(Misfit::NotDue(9)));
        assert_eq!(said(&[(4, 1)], 600), Err(Misfit::NotDue(4)));
        assert_eq!(said(&[(2, 1), (2, 1)], 600), Err(Misfit::Twice(2)));
        for (id, yen) in [(2, 601), (2, 0), (2, -1), (3, 1), (3, -299), (3, -301)] {
            let outcome = said(&[(id, yen)], 10_000);
            assert!(matches!(outcome, Err(Misfit::Amount { .. })), "{id} {yen}");
        }
        assert!(matches!(said(&[(1, 900)], 899), Err(Misfit::TooMuch(_))));
    }

    proptest! {
        #[test]
        fn what_is_handed_out_came_and_was_due(
            dues in prop::collection::vec(-1_000_i64..1_000, 0..12),
            came in 0_i64..5_000,
        ) {
            let shares = oldest_first(&batches(&dues), Yen::new(came));
            let handed_out: i64 = shares.iter().map(|share| share.amount.get()).sum();
            prop_assert!(handed_out <= came);
            for share in &shares {
                prop_assert!(share.amount.get().abs() <= share.due.abs());
                prop_assert_eq!(share.amount.get() > 0, share.due > 0);
            }
            let all_due: i64 = dues.iter().sum();
            prop_assert_eq!(handed_out, all_due.min(came));
        }
    }
}
