//! What follows when a charge could not be collected: a setting of each offering.

use crate::words::{words, words_from_text};

words! {
    /// What follows a failed collection (不能時の扱い).
    OnFailure, "不能時の扱い":
    /// Nothing: the gift of that month lapses.
    Lapse = "lapse", "繰り越さない";
    /// The same charge is tried again in the next open month.
    CarryForward = "carry_forward", "翌月に繰り越す";
    /// After so many failures in a row the pledge ends.
    EndPledge = "end_pledge", "登録を終える";
}

words_from_text!(OnFailure);

/// What follows a failed collection, with its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailurePolicy {
    /// The gift of that month lapses.
    Lapse,
    /// The charge is tried again in the next open month.
    CarryForward {
        /// Tries at most, the first one included: 2 to 12.
        tries_max: i32,
    },
    /// The pledge ends from the next open month.
    EndPledge {
        /// After so many failures in a row: 1 to 12.
        failures_max: i32,
    },
}

/// Why a limit does not go with what follows a failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FailurePolicyError {
    /// A limit is needed.
    #[error(
        "不能時の扱いが {0} なので、回数上限を書いてください（{min}〜{max}）",
        min = FailurePolicy::least(*.0),
        max = FailurePolicy::COUNT_MAX
    )]
    CountMissing(OnFailure),
    /// A limit has no meaning.
    #[error("不能時の扱いが lapse（繰り越さない）なので、回数上限は空にしてください")]
    CountNotUsed,
    /// A limit out of its range.
    #[error(
        "回数上限 {count} は使えません。不能時の扱いが {on_failure} のときは {min}〜{max} です",
        min = FailurePolicy::least(*.on_failure),
        max = FailurePolicy::COUNT_MAX
    )]
    CountOutOfRange {
        /// What follows.
        on_failure: OnFailure,
        /// The limit given.
        count: i64,
    },
}

impl FailurePolicy {
    /// The largest limit.
    pub const COUNT_MAX: i32 = 12;

    /// Puts what follows and its limit together. `lapse` has no limit, the others need one:
    /// `carry_forward` the tries at most, the first included (2 to 12), `end_pledge` the failures
    /// in a row (1 to 12).
    ///
    /// # Errors
    /// Refuses a limit that is missing, out of its range or of no use.
    pub fn new(on_failure: OnFailure, count: Option<i64>) -> Result<Self, FailurePolicyError> {
        let in_range = |count: i64| {
            i32::try_from(count)
                .ok()
                .filter(|count| (Self::least(on_failure)..=Self::COUNT_MAX).contains(count))
                .ok_or(FailurePolicyError::CountOutOfRange { on_failure, count })
        };
        match (on_failure, count) {
            (OnFailure::Lapse, None) => Ok(FailurePolicy::Lapse),
            (OnFailure::Lapse, Some(_)) => Err(FailurePolicyError::CountNotUsed),
            (_, None) => Err(FailurePolicyError::CountMissing(on_failure)),
            (OnFailure::CarryForward, Some(count)) => Ok(FailurePolicy::CarryForward {
                tries_max: in_range(count)?,
            }),
            (OnFailure::EndPledge, Some(count)) => Ok(FailurePolicy::EndPledge {
                failures_max: in_range(count)?,
            }),
        }
    }

    /// What follows, without its limit.
    pub const fn on_failure(self) -> OnFailure {
        match self {
            FailurePolicy::Lapse => OnFailure::Lapse,
            FailurePolicy::CarryForward { .. } => OnFailure::CarryForward,
            FailurePolicy::EndPledge { .. } => OnFailure::EndPledge,
        }
    }

    /// The limit, where there is one.
    pub const fn count(self) -> Option<i32> {
        match self {
            FailurePolicy::Lapse => None,
            FailurePolicy::CarryForward { tries_max } => Some(tries_max),
            FailurePolicy::EndPledge { failures_max } => Some(failures_max),
        }
    }

    const fn least(on_failure: OnFailure) -> i32 {
        match on_failure {
            OnFailure::CarryForward => 2,
            OnFailure::Lapse | OnFailure::EndPledge => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r13_each_policy_takes_the_limit_that_means_something() {
        use OnFailure::{CarryForward, EndPledge, Lapse};
        let cases = [
            (Lapse, None, true),
            (Lapse, Some(3), false),
            (CarryForward, None, false),
            (CarryForward, Some(1), false),
            (CarryForward, Some(2), true),
            (CarryForward, Some(12), true),
            (CarryForward, Some(13), false),
            (EndPledge, Some(0), false),
            (EndPledge, Some(1), true),
            (EndPledge, Some(i64::MAX), false),
            (EndPledge, None, false),
        ];
        for (on_failure, count, is_good) in cases {
            let policy = FailurePolicy::new(on_failure, count);
            assert_eq!(policy.is_ok(), is_good, "{on_failure} {count:?}");
            if let Ok(policy) = policy {
                assert_eq!(policy.on_failure(), on_failure);
                assert_eq!(policy.count().map(i64::from), count);
            }
        }
    }

    #[test]
    fn a_refused_limit_says_what_would_do() {
        let said = FailurePolicy::new(OnFailure::CarryForward, Some(1))
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("carry_forward") && said.contains("2〜12"),
            "{said}"
        );
    }
}
