//! What a listener tells the requests of one connection, and they it.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;

/// A connection. The listener puts it among the data of the connection, as `Rc<Connection>`; without
/// one (in tests of the handlers alone) the way is plain and nobody minds the time.
#[derive(Debug)]
pub struct Connection {
    /// The other end of the wire, which may be a proxy.
    pub from: SocketAddr,
    /// Whether the wire itself is encrypted.
    pub is_encrypted: bool,
    working: Cell<u32>,
    rested_at: Cell<Instant>,
}

impl Connection {
    /// A connection on which nothing has been asked yet.
    pub fn new(from: SocketAddr, is_encrypted: bool) -> Self {
        Self {
            from,
            is_encrypted,
            working: Cell::new(0),
            rested_at: Cell::new(Instant::now()),
        }
    }

    /// Until when a handler worked on a request of this connection: now, while one does; at first the
    /// moment it came to be.
    pub fn busy_until(&self) -> Instant {
        if self.working.get() > 0 {
            return Instant::now();
        }
        self.rested_at.get()
    }

    /// Notes that a handler works, until what it gives is dropped.
    pub fn work(self: &Rc<Self>) -> Working {
        self.working.set(self.working.get() + 1);
        Working(Rc::clone(self))
    }
}

/// A handler at work.
#[derive(Debug)]
pub struct Working(Rc<Connection>);

impl Drop for Working {
    fn drop(&mut self) {
        let working = &self.0.working;
        working.set(working.get().saturating_sub(1));
        self.0.rested_at.set(Instant::now());
    }
}
