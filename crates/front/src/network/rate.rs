//! How often one address, and one caller, may ask.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::limits::Limits;

/// Seconds' worth of requests that may come at once.
const BURST_SECONDS: u32 = 10;
/// Addresses and callers remembered at most; some 6 MB.
const KEYS_MAX: usize = 65_536;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// An address, as [`counted_address`] has it.
    Address(IpAddr),
    /// A session or token, by a hash that means nothing outside this process.
    Caller(u64),
    /// Everybody who came when too many others were remembered.
    Others,
}

/// Counts requests by address and by caller (the generic cell rate algorithm: what is kept is only
/// the moment at which a key will have used nothing). One for the whole process.
#[derive(Debug)]
pub struct RequestRates {
    hashing: RandomState,
    of_address: Rate,
    of_caller: Rate,
    free_at: Mutex<HashMap<Key, Instant>>,
    keys_max: usize,
}

#[derive(Debug, Clone, Copy)]
struct Rate {
    /// Time that one request uses; none where any number may come.
    each: Option<Duration>,
}

impl Rate {
    fn new(per_minute: u32) -> Self {
        let each = (per_minute > 0).then(|| Duration::from_secs(60) / per_minute);
        Self { each }
    }
}

impl RequestRates {
    /// With the rates of `limits`.
    pub fn new(limits: &Limits) -> Self {
        Self {
            hashing: RandomState::new(),
            of_address: Rate::new(limits.requests_per_minute_max),
            of_caller: Rate::new(limits.requests_per_minute_of_caller_max),
            free_at: Mutex::default(),
            keys_max: KEYS_MAX,
        }
    }

    /// Takes a request of an address, under the credential it shows, at `now`. Where it comes too soon
    /// after others: the seconds, one or more, after which it would be taken.
    pub fn take(
        &self,
        address: Option<IpAddr>,
        credential: Option<&[u8]>,
        now: Instant,
    ) -> Result<(), u64> {
        if let Some(address) = address {
            self.take_of(Key::Address(counted_address(address)), self.of_address, now)?;
        }
        if let Some(credential) = credential {
            let caller = Key::Caller(self.hashing.hash_one(credential));
            self.take_of(caller, self.of_caller, now)?;
        }
        Ok(())
    }

    fn take_of(&self, key: Key, rate: Rate, now: Instant) -> Result<(), u64> {
        let Some(each) = rate.each else {
            return Ok(());
        };
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        if free_at.len() >= self.keys_max && !free_at.contains_key(&key) {
            free_at.retain(|_, free| *free > now);
        }
        let is_full = free_at.len() >= self.keys_max && !free_at.contains_key(&key);
        let key = if is_full { Key::Others } else { key };
        let free = free_at.entry(key).or_insert(now);
        let used = free.saturating_duration_since(now) + each;
        let burst = Duration::from_secs(BURST_SECONDS.into());
        if used > burst.max(each) {
            return Err((used - burst).as_secs().max(1));
        }
        *free = now + used;
        Ok(())
    }
}

/// What counts as one address: of IPv6 the network of 64 bits, any address of which its household or
/// machine may take; an IPv4 address written as IPv6 as itself.
pub fn counted_address(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(of_address: u32, of_caller: u32) -> RequestRates {
        RequestRates::new(&Limits {
            requests_per_minute_max: of_address,
            requests_per_minute_of_caller_max: of_caller,
            ..Limits::default()
        })
    }

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    /// How many requests are taken at one moment.
    fn taken(rates: &RequestRates, from: Option<IpAddr>, by: Option<&[u8]>, now: Instant) -> usize {
        (0..1_000)
            .take_while(|_| rates.take(from, by, now).is_ok())
            .count()
    }

    #[test]
    fn ten_seconds_worth_at_once_and_then_as_time_goes_by() {
        let rates = rates(60, 0);
        let (desk, now) = (address("192.0.2.1"), Instant::now());
        assert_eq!(taken(&rates, desk, None, now), 10);
        assert_eq!(rates.take(desk, None, now), Err(1));
        assert_eq!(taken(&rates, desk, None, now + Duration::from_secs(3)), 3);
        assert_eq!(
            taken(&rates, desk, None, now + Duration::from_secs(900)),
            10
        );
        assert_eq!(taken(&rates, address("192.0.2.2"), None, now), 10);
    }

    #[test]
    fn who_may_ask_once_a_minute_is_told_to_wait_for_one() {
        let rates = rates(1, 0);
        let (desk, now) = (address("192.0.2.1"), Instant::now());
        assert_eq!(rates.take(desk, None, now), Ok(()));
        let Err(seconds) = rates.take(desk, None, now) else {
            panic!("a second request in the same minute");
        };
        let then = now + Duration::from_secs(seconds);
        assert_eq!(rates.take(desk, None, then), Ok(()), "after {seconds} s");
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_and_an_ipv4_address_as_itself_however_written() {
        let rates = rates(60, 0);
        let now = Instant::now();
        assert_eq!(taken(&rates, address("2001:db8::1"), None, now), 10);
        assert_eq!(taken(&rates, address("2001:db8::2:2"), None, now), 0);
        assert_eq!(taken(&rates, address("2001:db8:0:1::1"), None, now), 10);
        assert_eq!(taken(&rates, address("::ffff:192.0.2.1"), None, now), 10);
        assert_eq!(taken(&rates, address("192.0.2.1"), None, now), 0);
        assert_eq!(taken(&rates, address("::ffff:192.0.2.2"), None, now), 10);
    }

    #[test]
    fn one_caller_does_not_use_up_what_an_address_has() {
        let rates = rates(600, 60);
        let (office, now) = (address("192.0.2.1"), Instant::now());
        assert_eq!(taken(&rates, office, Some(b"script"), now), 10);
        assert_eq!(taken(&rates, office, Some(b"person"), now), 10);
        let elsewhere = address("192.0.2.9");
        assert_eq!(taken(&rates, elsewhere, Some(b"script"), now), 0);
    }

    #[test]
    fn nought_is_any_number() {
        let rates = rates(0, 0);
        let desk = address("192.0.2.1");
        assert_eq!(taken(&rates, desk, Some(b"script"), Instant::now()), 1_000);
    }

    #[test]
    fn many_addresses_cannot_fill_the_memory() {
        let rates = RequestRates {
            keys_max: 4,
            ..rates(60, 0)
        };
        let now = Instant::now();
        for last in 1..=200 {
            let _ = rates.take(address(&format!("192.0.2.{last}")), None, now);
        }
        assert_eq!(rates.free_at.lock().unwrap().len(), 5);
        assert_eq!(taken(&rates, address("192.0.2.201"), None, now), 0);
        // Once the others have rested they are forgotten.
        let later = now + Duration::from_secs(60);
        assert_eq!(taken(&rates, address("192.0.2.201"), None, later), 10);
        assert_eq!(rates.free_at.lock().unwrap().len(), 1);
    }
}
