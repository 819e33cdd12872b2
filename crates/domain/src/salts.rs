//! Salts, passed in.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::chain::{self, Fields, GENESIS, Link};

/// Where salts come from: 32 bytes that nobody can guess. A personal value that only few can be,
/// such as a name, is not to be found out from its digest by trying them all.
pub trait Salts: Send + Sync {
    /// The next salt.
    ///
    /// # Errors
    /// What the machine said when it had none to give.
    fn next_salt(&self) -> io::Result<Link>;
}

impl<S: Salts + ?Sized> Salts for Arc<S> {
    fn next_salt(&self) -> io::Result<Link> {
        (**self).next_salt()
    }
}

/// Salts that are the same in every run: for tests and for made-up data.
#[derive(Debug, Default)]
pub struct CountedSalts {
    given: AtomicU64,
}

impl Salts for CountedSalts {
    fn next_salt(&self) -> io::Result<Link> {
        let number = self.given.fetch_add(1, Ordering::Relaxed).to_string();
        Ok(chain::link(&GENESIS, &Fields::new().text(number.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_salts_differ_and_are_the_same_in_every_run() {
        let (one, other) = (CountedSalts::default(), CountedSalts::default());
        let first = one.next_salt().unwrap();
        assert_eq!(first, other.next_salt().unwrap());
        assert_ne!(first, one.next_salt().unwrap());
    }
}
