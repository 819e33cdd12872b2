//! How many connections each address has.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use front::counted_address;

/// Connections by address, as [`counted_address`] has it. It holds no more addresses than there are connections.
#[derive(Debug)]
pub struct AddressCounts {
    open: Mutex<HashMap<IpAddr, usize>>,
    max: usize,
}

/// One connection of an address; dropped when it ends.
#[derive(Debug)]
pub struct Counted {
    counts: Arc<AddressCounts>,
    address: IpAddr,
}

impl AddressCounts {
    /// With at most `max` connections for each address.
    pub fn new(max: usize) -> Arc<Self> {
        let open = Mutex::default();
        Arc::new(Self { open, max })
    }

    /// Counts one more; none where the address has as many as it may.
    pub fn open(self: &Arc<Self>, address: IpAddr) -> Option<Counted> {
        let address = counted_address(address);
        let mut open = self.map();
        let count = open.get(&address).copied().unwrap_or(0);
        (count < self.max).then(|| {
            open.insert(address, count + 1);
            Counted {
                counts: Arc::clone(self),
                address,
            }
        })
    }

    fn map(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.counts.map();
        match open.get_mut(&self.address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_as_many_as_it_may_and_is_forgotten_with_its_last() {
        let counts = AddressCounts::new(2);
        let (desk, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = counts.open(desk);
        let second = counts.open(desk);
        assert!(first.is_some() && second.is_some());
        assert!(counts.open(desk).is_none());
        assert!(counts.open(other).is_some(), "another address");
        drop(first);
        assert!(counts.open(desk).is_some());
        drop(second);
        assert!(counts.map().is_empty(), "{counts:?}");
    }

    #[test]
    fn who_has_a_whole_network_of_ipv6_has_no_more_for_it() {
        let counts = AddressCounts::new(2);
        let open = |address: &str| counts.open(address.parse().unwrap());
        let held = [open("2001:db8::1"), open("2001:db8::2")];
        assert!(held.iter().all(Option::is_some));
        assert!(open("2001:db8::3").is_none());
        assert!(open("2001:db8:0:1::1").is_some());
    }
}
