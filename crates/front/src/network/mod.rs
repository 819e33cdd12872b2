//! What stands between the network and the handlers: who is at the other end, how much and how fast
//! they may ask, and the headers that every answer carries.

mod admit;
mod answer_headers;
mod connection;
mod peer;
mod proxies;
mod rate;

pub use admit::admit;
pub use answer_headers::answer_headers;
pub use connection::Connection;
pub use peer::{Peer, from_where, peer};
pub use proxies::{ProxiesUnreadable, TrustedProxies};
pub use rate::{RequestRates, counted_address};
