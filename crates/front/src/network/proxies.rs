//! Which machines in front of the service are believed when they say for whom they ask.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

/// Networks named at most.
const NETWORKS_MAX: usize = 64;

const FORWARDED_FOR: &str = "X-Forwarded-For";
const FORWARDED_PROTO: &str = "X-Forwarded-Proto";

/// The networks of one's own reverse proxies. Only a request that comes from one of them is believed
/// about `X-Forwarded-For` and `X-Forwarded-Proto`; from anybody else both are ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// A list of networks that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxiesUnreadable(String);

impl fmt::Display for ProxiesUnreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ProxiesUnreadable {}

/// Reads addresses and networks with commas between them: `127.0.0.1, 10.0.0.0/8, fd00::/8`.
/// Refuses what is neither, a network of everybody, and more than 64.
impl FromStr for TrustedProxies {
    type Err = ProxiesUnreadable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words = text
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty());
        let networks: Vec<IpNet> = words.map(network).collect::<Result<_, _>>()?;
        if networks.len() > NETWORKS_MAX {
            return Err(ProxiesUnreadable(format!(
                "信頼するプロキシは {NETWORKS_MAX} 件までです"
            )));
        }
        Ok(Self(networks))
    }
}

fn network(word: &str) -> Result<IpNet, ProxiesUnreadable> {
    let address = word.parse::<IpAddr>().map(IpNet::from);
    let network = address.or_else(|_| word.parse::<IpNet>()).map_err(|_| {
        ProxiesUnreadable(format!(
            "「{word}」はアドレスとして読めません。127.0.0.1 や 10.0.0.0/8 のように書いてください"
        ))
    })?;
    if network.prefix_len() == 0 {
        return Err(ProxiesUnreadable(format!(
            "「{word}」はすべてのアドレスを信頼することになります。プロキシのアドレスだけを書いてください"
        )));
    }
    Ok(network)
}

impl TrustedProxies {
    /// The networks, as they were named.
    pub fn networks(&self) -> &[IpNet] {
        &self.0
    }

    /// Whether an address is one of them.
    pub fn include(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// For whom a request is asked that came in from `from`. Each proxy adds the address it was asked
    /// from at the right: so it is the first one from the right that is no proxy of ours. What
    /// stands further left anybody may have written.
    pub fn client(&self, from: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = from.to_canonical();
        let values: Vec<&str> = headers
            .get_all(FORWARDED_FOR)
            .map(|value| value.to_str().unwrap_or_default())
            .collect();
        let mut hops = values.iter().rev().flat_map(|value| value.rsplit(','));
        while self.include(client) {
            match hops.next().and_then(hop) {
                Some(address) => client = address,
                None => break,
            }
        }
        client
    }

    /// Whether the proxy that a request came in from says that it was asked over TLS.
    pub fn is_encrypted(&self, from: IpAddr, headers: &HeaderMap) -> bool {
        let said = headers.get_all(FORWARDED_PROTO).last();
        let protocol = said.and_then(|value| value.to_str().ok()?.rsplit(',').next());
        self.include(from) && protocol.is_some_and(|word| word.trim().eq_ignore_ascii_case("https"))
    }
}

/// An address of `X-Forwarded-For`; some proxies write its port, too.
fn hop(word: &str) -> Option<IpAddr> {
    let word = word.trim();
    let bare = word.parse::<IpAddr>().ok();
    let address = bare.or_else(|| Some(word.parse::<SocketAddr>().ok()?.ip()));
    address
        .or_else(|| {
            word.strip_prefix('[')?
                .strip_suffix(']')?
                .parse::<IpAddr>()
                .ok()
        })
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(values: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in values {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        headers
    }

    #[test]
    fn only_what_our_own_proxies_wrote_is_believed() {
        let ours: TrustedProxies = "127.0.0.1, 10.0.0.0/8, fd00::/8".parse().unwrap();
        let cases: [(&str, &[&'static str], &str); 14] = [
            ("192.0.2.1", &[], "192.0.2.1"),
            ("192.0.2.1", &["198.51.100.7"], "192.0.2.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("::ffff:127.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["::ffff:198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
            (
                "127.0.0.1",
                &["1.1.1.1, 198.51.100.7, 10.2.3.4"],
                "198.51.100.7",
            ),
            ("127.0.0.1", &["1.1.1.1", "198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["198.51.100.7", "10.9.9.9"], "198.51.100.7"),
            ("127.0.0.1", &["198.51.100.7:4711"], "198.51.100.7"),
            ("127.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7"),
            ("127.0.0.1", &["198.51.100.7, unknown"], "127.0.0.1"),
            ("fd00::1", &["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
        ];
        for (from, forwarded, client) in cases {
            let values: Vec<_> = forwarded.iter().map(|v| ("x-forwarded-for", *v)).collect();
            assert_eq!(
                ours.client(from.parse().unwrap(), &headers(&values)),
                client.parse::<IpAddr>().unwrap(),
                "{from} {forwarded:?}"
            );
        }
        let nobody = TrustedProxies::default();
        let forwarded = headers(&[("x-forwarded-for", "198.51.100.7")]);
        let from: IpAddr = "127.0.0.1".parse().unwrap();
        assert_eq!(nobody.client(from, &forwarded), from);
    }

    #[test]
    fn the_way_is_encrypted_where_our_own_proxy_says_so() {
        let ours: TrustedProxies = "10.0.0.0/8".parse().unwrap();
        for (from, said, is_encrypted) in [
            ("10.0.0.1", "https", true),
            ("10.0.0.1", "HTTPS", true),
            ("10.0.0.1", "http", false),
            ("10.0.0.1", "https, http", false),
            ("192.0.2.1", "https", false),
        ] {
            let headers = headers(&[("x-forwarded-proto", said)]);
            assert_eq!(
                ours.is_encrypted(from.parse().unwrap(), &headers),
                is_encrypted,
                "{from} {said}"
            );
        }
    }

    #[test]
    fn a_list_that_names_no_networks_or_everybody_is_refused() {
        for text in [
            "proxy",
            "10.0.0.0/33",
            "10.0.0.0/8;127.0.0.1",
            "0.0.0.0/0",
            "::/0",
        ] {
            let refused = text.parse::<TrustedProxies>();
            assert!(refused.is_err(), "{text}: {refused:?}");
        }
        assert!("10.0.0.1,".repeat(65).parse::<TrustedProxies>().is_err());
        let read: TrustedProxies = " 10.0.0.0/8,,127.0.0.1 ".parse().unwrap();
        let named: Vec<String> = read.networks().iter().map(IpNet::to_string).collect();
        assert_eq!(named, ["10.0.0.0/8", "127.0.0.1/32"]);
        assert_eq!("".parse(), Ok(TrustedProxies::default()));
    }
}
