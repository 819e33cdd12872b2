//! A connection's bytes, and the bound on how long it may keep its place for nothing.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use front::Connection;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::address_counts::Counted;

/// Bytes that come and go: TCP, or TLS over it.
pub trait Stream: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for S {}

/// A connection that was let in. It ends with an error when for too long no request of it was worked
/// on and no byte of an answer could be sent: heads that come byte by byte (the HTTP layer minds the
/// time of the first one only), bodies that nobody reads, answers that the other end does not take.
pub struct Wire {
    stream: Box<dyn Stream>,
    connection: Rc<Connection>,
    quiet_max: Duration,
    written_at: Instant,
    look: Pin<Box<Sleep>>,
    _counted: Option<Counted>,
}

impl Wire {
    /// Over a stream that has just come to be.
    pub fn new(
        stream: Box<dyn Stream>,
        connection: Rc<Connection>,
        quiet_max: Duration,
        counted: Option<Counted>,
    ) -> Self {
        Self {
            stream,
            connection,
            quiet_max,
            written_at: Instant::now(),
            look: Box::pin(sleep(quiet_max)),
            _counted: counted,
        }
    }

    /// What the requests of this connection know of it.
    pub fn connection(&self) -> &Rc<Connection> {
        &self.connection
    }

    /// Refuses to go on when it was quiet for too long; else sees to it that somebody looks again.
    fn mind_the_time(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        while self.look.as_mut().poll(context).is_ready() {
            let busy_until = Instant::from_std(self.connection.busy_until()).max(self.written_at);
            let due = busy_until + self.quiet_max;
            if due <= Instant::now() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.look.as_mut().reset(due);
        }
        Ok(())
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.mind_the_time(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.mind_the_time(context)?;
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if matches!(written, Poll::Ready(Ok(_))) {
            self.written_at = Instant::now();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.mind_the_time(context)?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.mind_the_time(context)?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
