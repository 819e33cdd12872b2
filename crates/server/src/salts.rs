//! The one place where the program asks the machine for randomness that is kept.

use std::io;

use domain::Salts;
use domain::chain::{GENESIS, Link};

/// The machine's own source of randomness.
#[derive(Debug, Clone, Copy)]
pub struct SystemSalts;

impl Salts for SystemSalts {
    fn next_salt(&self) -> io::Result<Link> {
        let mut salt = GENESIS;
        getrandom::fill(&mut salt)?;
        Ok(salt)
    }
}
