//! Who is let in: a connection's first step, before anything of it is read as HTTP.

use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_web::rt::net::TcpStream;
use front::{Connection, Limits, Settings, TrustedProxies};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::address_counts::AddressCounts;
use super::tls::Certificates;
use super::wire::Wire;

/// The door of one listener, the same for all its workers.
pub struct Door {
    limits: Limits,
    proxies: TrustedProxies,
    counts: Arc<AddressCounts>,
    tls: Option<TlsAcceptor>,
}

impl Door {
    /// A door with the limits of the settings; one that speaks TLS where there are certificates.
    pub fn new(settings: &Settings, certificates: Option<Arc<Certificates>>) -> Self {
        let limits = settings.limits.clone();
        Self {
            counts: AddressCounts::new(limits.connections_per_address_max),
            proxies: settings.proxies.clone(),
            tls: certificates.map(|certificates| certificates.acceptor()),
            limits,
        }
    }

    /// What holds at this door.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Lets a connection in. Refuses, by closing it, one of an address that has too many, and one
    /// that does not come to an end with its TLS handshake.
    pub async fn let_in(&self, stream: TcpStream) -> Result<Wire, DispatchError> {
        let from = stream.peer_addr()?;
        let counted = if self.proxies.include(from.ip()) {
            None
        } else {
            Some(self.counts.open(from.ip()).ok_or_else(|| {
                io::Error::new(io::ErrorKind::QuotaExceeded, "too many connections")
            })?)
        };
        // Small answers must not wait for the other end to acknowledge the one before.
        stream.set_nodelay(true)?;
        let connection = Rc::new(Connection::new(from, self.tls.is_some()));
        let quiet_max = Duration::from_secs(self.limits.quiet_seconds_max());
        let Some(tls) = &self.tls else {
            return Ok(Wire::new(Box::new(stream), connection, quiet_max, counted));
        };
        let handshake_max = Duration::from_secs(self.limits.header_seconds_max);
        let stream = timeout(handshake_max, tls.accept(stream))
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        Ok(Wire::new(Box::new(stream), connection, quiet_max, counted))
    }
}
