//! Argon2id, a few at a time: each takes much memory and a whole core.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use credentials::{Hashing, HashingError, Password};

use crate::{LedgerError, Result};

/// So many run at once.
const AT_ONCE_MAX: usize = 4;
/// So many wait for their turn; who comes then is asked to come again.
const WAITING_MAX: usize = 64;
/// After so many seconds, where too many wait.
const COME_AGAIN_SECONDS: u64 = 5;

/// Hashes and compares passwords. One for a process.
#[derive(Debug)]
pub(crate) struct Hasher {
    hashing: Hashing,
    queue: Mutex<Queue>,
    is_free: Condvar,
    done: AtomicU64,
}

#[derive(Debug, Default)]
struct Queue {
    running: usize,
    waiting: usize,
}

impl Hasher {
    pub(crate) fn new(hashing: Hashing) -> Self {
        Self {
            hashing,
            queue: Mutex::default(),
            is_free: Condvar::new(),
            done: AtomicU64::new(0),
        }
    }

    /// How often Argon2id was computed.
    pub(crate) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Whether a typed password is the one kept. Where there is none of either, the work is done all
    /// the same, so that the time does not tell.
    pub(crate) fn compare(&self, typed: Option<&Password>, kept: Option<&str>) -> Result<bool> {
        self.take_turn(|hashing| match (typed, kept) {
            (Some(typed), Some(kept)) => hashing.is_password(typed, kept),
            (Some(typed), None) => hashing.pretend(typed).map(|()| false),
            (None, _) => {
                let nothing = Password::typed("");
                nothing.map_or(Ok(()), |nothing| hashing.pretend(&nothing))?;
                Ok(false)
            }
        })
    }

    /// The hash to keep of a password, with these random bytes.
    pub(crate) fn hash(&self, password: &Password, random: &[u8; 32]) -> Result<String> {
        self.take_turn(|hashing| hashing.hash(password, random))
    }

    /// Whether a kept hash costs what hashes cost now.
    pub(crate) fn is_current(&self, kept: &str) -> bool {
        self.hashing.is_current(kept)
    }

    fn take_turn<T>(&self, f: impl FnOnce(&Hashing) -> Result<T, HashingError>) -> Result<T> {
        let _turn = self.wait_for_turn()?;
        self.done.fetch_add(1, Ordering::Relaxed);
        f(&self.hashing).map_err(|error| LedgerError::Corrupt(error.to_string()))
    }

    fn wait_for_turn(&self) -> Result<Turn<'_>> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.waiting >= WAITING_MAX {
            return Err(LedgerError::SlowDown {
                seconds: COME_AGAIN_SECONDS,
            });
        }
        queue.waiting += 1;
        let mut queue = self
            .is_free
            .wait_while(queue, |queue| queue.running >= AT_ONCE_MAX)
            .unwrap_or_else(PoisonError::into_inner);
        queue.waiting -= 1;
        queue.running += 1;
        Ok(Turn(self))
    }
}

/// One's turn; it ends whatever happens.
struct Turn<'a>(&'a Hasher);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queue = self.0.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.running -= 1;
        drop(queue);
        self.0.is_free.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn no_more_than_a_few_run_at_once_and_all_come_to_their_turn() {
        let hasher = Hasher::new(Hashing::CHEAP);
        let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| {
                    let turn = hasher.take_turn(|_| {
                        let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(now, Ordering::SeqCst);
                        std::thread::yield_now();
                        running.fetch_sub(1, Ordering::SeqCst);
                        Ok(())
                    });
                    turn.unwrap();
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= AT_ONCE_MAX);
        assert_eq!(hasher.done(), 20);
    }

    #[test]
    fn where_too_many_wait_the_next_is_asked_to_come_again() {
        let hasher = Hasher::new(Hashing::CHEAP);
        hasher.queue.lock().unwrap().waiting = WAITING_MAX;
        let refused = hasher.compare(None, None).unwrap_err();
        assert!(matches!(refused, LedgerError::SlowDown { seconds: 5 }));
        assert_eq!(hasher.done(), 0);
    }

    #[test]
    fn there_is_as_much_to_do_where_there_is_nothing_to_compare() {
        let hasher = Hasher::new(Hashing::CHEAP);
        let typed = Password::typed("kumo-mikan");
        let kept = hasher.hash(typed.as_ref().unwrap(), &[1; 32]).unwrap();
        let cases = [
            (typed.as_ref(), Some(kept.as_str()), true),
            (typed.as_ref(), None, false),
            (None, Some(kept.as_str()), false),
            (None, None, false),
        ];
        for (typed, kept, is_right) in cases {
            let before = hasher.done();
            assert_eq!(hasher.compare(typed, kept).unwrap(), is_right);
            assert_eq!(hasher.done(), before + 1);
        }
    }
}
