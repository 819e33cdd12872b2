//! For whom a request is asked, as far as the network tells.

use std::net::IpAddr;
use std::rc::Rc;

use actix_web::{HttpMessage, HttpRequest};

use ledger::Call;

use super::{Connection, TrustedProxies};

/// The other end of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// The address asked from: behind one of our own proxies, the one it was asked from. None where
    /// there is no network in between.
    pub address: Option<IpAddr>,
    /// Whether the way is encrypted, up to the service or up to our own proxy.
    pub is_encrypted: bool,
}

impl Peer {
    /// Whose request it is, of a request that came in.
    pub(super) fn of(request: &HttpRequest, proxies: &TrustedProxies) -> Self {
        let connection = request.conn_data::<Rc<Connection>>();
        let from = match connection {
            Some(connection) => Some(connection.from.ip()),
            None => request.peer_addr().map(|from| from.ip()),
        };
        let headers = request.headers();
        let is_wire_encrypted = connection.is_some_and(|connection| connection.is_encrypted);
        Self {
            address: from.map(|from| proxies.client(from, headers)),
            is_encrypted: is_wire_encrypted
                || from.is_some_and(|from| proxies.is_encrypted(from, headers)),
        }
    }
}

/// The other end of a request that a handler has before it.
pub fn peer(request: &HttpRequest) -> Peer {
    let known = request.extensions().get::<Peer>().copied();
    known.unwrap_or(Peer {
        address: None,
        is_encrypted: false,
    })
}

/// A call with the address that a request comes from.
pub fn from_where(request: &HttpRequest, call: Call) -> Call {
    match peer(request).address {
        Some(address) => call.from_address(address),
        None => call,
    }
}
