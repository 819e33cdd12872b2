//! How wrong tries slow down the next one.

/// Tries that failed so long ago count no more, in seconds.
pub const FORGOTTEN_AFTER_SECONDS: i64 = 24 * 60 * 60;

/// How long to wait after how many wrong tries. The wait doubles with each and has an end: nobody is
/// locked out for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongTries {
    /// So many cost no wait: people mistype.
    pub free: u32,
    /// The wait is never longer, in seconds.
    pub wait_seconds_max: u64,
}

impl WrongTries {
    /// Passwords tried for one name. Short, because anybody can make another person wait.
    pub const OF_ACCOUNT: Self = Self {
        free: 3,
        wait_seconds_max: 60,
    };
    /// Whatever is tried from one address. An office may share one.
    pub const OF_ADDRESS: Self = Self {
        free: 20,
        wait_seconds_max: 15 * 60,
    };
    /// Codes tried by who knows the password. Six digits are few: at most four tries an hour, for as
    /// long as they are wrong.
    pub const OF_SECOND_FACTOR: Self = Self {
        free: 5,
        wait_seconds_max: 15 * 60,
    };

    /// Seconds to wait still, `seconds_ago` after the last of so many failures; 0 where the next try
    /// may be made.
    pub fn wait_seconds(&self, failures: i64, seconds_ago: i64) -> u64 {
        let beyond = failures.saturating_sub(i64::from(self.free));
        if beyond < 0 || failures == 0 || seconds_ago >= FORGOTTEN_AFTER_SECONDS {
            return 0;
        }
        let doublings = u32::try_from(beyond).unwrap_or(u32::MAX);
        let whole = 1_u64
            .checked_shl(doublings)
            .map_or(self.wait_seconds_max, |wait| {
                wait.min(self.wait_seconds_max)
            });
        // A clock that was set back must not make the wait longer than it is.
        whole.saturating_sub(u64::try_from(seconds_ago).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_has_an_end() {
        let waits: Vec<u64> = (0..12)
            .map(|failures| WrongTries::OF_ACCOUNT.wait_seconds(failures, 0))
            .collect();
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        for failures in [67, 68, 1_000, i64::MAX] {
            assert_eq!(WrongTries::OF_ACCOUNT.wait_seconds(failures, 0), 60);
            assert_eq!(WrongTries::OF_ADDRESS.wait_seconds(failures, 0), 900);
        }
    }

    #[test]
    fn waiting_shortens_the_wait() {
        let wait = |seconds_ago| WrongTries::OF_ACCOUNT.wait_seconds(8, seconds_ago);
        assert_eq!(
            [wait(0), wait(10), wait(31), wait(32), wait(33)],
            [32, 22, 1, 0, 0]
        );
        assert_eq!(wait(-3_600), 32, "a clock set back");
    }

    #[test]
    fn after_a_day_all_is_forgotten() {
        let patient = WrongTries {
            free: 0,
            wait_seconds_max: u64::MAX,
        };
        assert!(patient.wait_seconds(40, FORGOTTEN_AFTER_SECONDS - 1) > 0);
        assert_eq!(patient.wait_seconds(40, FORGOTTEN_AFTER_SECONDS), 0);
    }
}
