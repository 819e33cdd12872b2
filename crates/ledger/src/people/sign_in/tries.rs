//! Wrong tries, counted by account and by address.

use std::net::IpAddr;

use credentials::{FORGOTTEN_AFTER_SECONDS, SecretDigest, WrongTries};
use store::lock;
use store::tables::sign_in_failures::{self, Failures};

use crate::tx::Tx;
use crate::{LedgerError, Result};

/// Kinds of names under which tries are counted.
const ACCOUNT: &str = "account";
const ADDRESS: &str = "address";

/// Under which names a try counts.
#[derive(Debug, Clone)]
pub(super) struct Tries {
    account: Option<(SecretDigest, WrongTries)>,
    address: Option<SecretDigest>,
}

impl Tries {
    /// Of a password for a name, whether anybody has that name or not.
    pub(super) fn of_password(name: &str, address: Option<IpAddr>) -> Self {
        Self {
            account: Some((SecretDigest::of(name), WrongTries::OF_ACCOUNT)),
            address: address.map(network),
        }
    }

    /// Of a code by who knows the password of a name.
    pub(super) fn of_code(name: &str, address: Option<IpAddr>) -> Self {
        let name = format!("second_factor\u{1f}{name}");
        Self {
            account: Some((SecretDigest::of(&name), WrongTries::OF_SECOND_FACTOR)),
            address: address.map(network),
        }
    }

    /// Of a one-time link, which tells no name before it is right.
    pub(super) fn of_link(address: Option<IpAddr>) -> Self {
        Self {
            account: None,
            address: address.map(network),
        }
    }

    /// Counts a try before it is judged.
    ///
    /// # Errors
    /// `SlowDown` where it comes too early; then it is not counted.
    pub(super) fn begin(&self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.recorded_at();
        let mut counted = Vec::new();
        let mut wait_seconds = 0;
        for (kind, digest, rule) in self.names() {
            lock::wrong_tries(tx.connection, kind, digest.as_str())?;
            let before = sign_in_failures::find(tx.connection, kind, digest.as_str())?;
            let (failures, seconds_ago) = before.map_or((0, 0), |before| {
                let ago = (now - before.last_failed_at).num_seconds();
                (before.failures, ago)
            });
            wait_seconds = wait_seconds.max(rule.wait_seconds(failures, seconds_ago));
            let is_forgotten = seconds_ago >= FORGOTTEN_AFTER_SECONDS;
            counted.push((kind, digest, if is_forgotten { 1 } else { failures + 1 }));
        }
        if wait_seconds > 0 {
            return Err(LedgerError::SlowDown {
                seconds: wait_seconds,
            });
        }
        for (kind, digest, failures) in counted {
            let failures = Failures {
                failures,
                last_failed_at: now,
            };
            sign_in_failures::put(tx.connection, kind, digest.as_str(), failures)?;
        }
        Ok(())
    }

    /// Takes back a try that was right: the account's wrong ones are forgotten, the address has one
    /// fewer. What somebody else tries from there still counts.
    pub(super) fn were_right(&self, tx: &mut Tx<'_>) -> Result<()> {
        for (kind, digest, _) in self.names() {
            lock::wrong_tries(tx.connection, kind, digest.as_str())?;
            let Some(mut before) = sign_in_failures::find(tx.connection, kind, digest.as_str())?
            else {
                continue;
            };
            before.failures -= 1;
            if kind == ACCOUNT || before.failures < 1 {
                sign_in_failures::forget(tx.connection, kind, digest.as_str())?;
            } else {
                sign_in_failures::put(tx.connection, kind, digest.as_str(), before)?;
            }
        }
        Ok(())
    }

    /// Accounts before addresses: so nobody waits in a circle.
    fn names(&self) -> impl Iterator<Item = (&'static str, &SecretDigest, WrongTries)> {
        let account = self
            .account
            .iter()
            .map(|(digest, rule)| (ACCOUNT, digest, *rule));
        let address = self
            .address
            .iter()
            .map(|digest| (ADDRESS, digest, WrongTries::OF_ADDRESS));
        account.chain(address)
    }
}

/// The network an address stands for: whoever has one address of IPv6 has its /64.
fn network(address: IpAddr) -> SecretDigest {
    let words = match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    };
    SecretDigest::of(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_ipv6_stands_for_its_network() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("192.0.2.7"), network("::ffff:192.0.2.7"));
        assert_ne!(network("192.0.2.7"), network("192.0.2.8"));
    }
}
