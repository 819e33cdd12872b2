//! The service on its network: where it listens, over TLS or without, how many may come, and how it
//! stops. What the requests are about is the affair of the `doors`.

mod address_counts;
mod door;
mod tls;
mod wire;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::{HttpService, KeepAlive, Protocol};
use actix_server::{Server, ServerBuilder};
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::App;
use actix_web::dev::AppConfig;
use actix_web::rt::net::TcpStream;
use front::Front;
use tokio::signal::unix::{SignalKind, signal};

use crate::failure::Failure;
use door::Door;
use tls::Certificates;

pub use tls::CertificateFiles;

/// Seconds that requests under way are given to end after a signal to stop.
const SHUTDOWN_SECONDS_MAX: u64 = 120;
/// Seconds that the other end is given to take the last bytes of a connection.
const DISCONNECT_SECONDS_MAX: u64 = 2;
/// How often the certificate's files are looked at.
const CERTIFICATE_LOOK: Duration = Duration::from_secs(10);
/// Workers at the address of those who watch: one is never busy for long.
const WATCH_WORKERS: usize = 1;

/// Where and how to listen.
#[derive(Debug, Clone)]
pub struct Serving {
    /// Where everybody asks.
    pub listen: SocketAddr,
    /// Where only those ask who watch the service: `/healthz`, `/readyz`, `/metrics`, without TLS.
    pub watch: Option<SocketAddr>,
    /// Certificate and key for TLS; plain HTTP without them.
    pub certificate: Option<CertificateFiles>,
    /// Threads that take requests; as many as the machine has processors where none are named.
    pub workers: Option<u16>,
}

/// Where a service that has started really listens.
#[derive(Debug, Clone, Copy)]
pub struct Listening {
    /// Where everybody asks.
    pub address: SocketAddr,
    /// Whether over TLS.
    pub is_encrypted: bool,
    /// Where those ask who watch.
    pub watch: Option<SocketAddr>,
}

/// Serves until a signal says stop; ends when what was taken in is done. `announce` is told where it
/// listens, once it does. Refuses a certificate that cannot be used, and an address that cannot be
/// listened at.
pub fn serve(
    front: &Front,
    serving: &Serving,
    announce: impl FnOnce(Listening),
) -> Result<(), Failure> {
    let files = serving.certificate.clone();
    let certificates = files.map(Certificates::load).transpose()?;
    let listener = listen(serving.listen)?;
    let watch_listener = serving.watch.map(listen).transpose()?;
    let listening = Listening {
        address: local_address(&listener, serving.listen)?,
        is_encrypted: certificates.is_some(),
        watch: match (&watch_listener, serving.watch) {
            (Some(listener), Some(asked)) => Some(local_address(listener, asked)?),
            _ => None,
        },
    };
    let run = run(
        front,
        serving,
        listener,
        watch_listener,
        certificates,
        || {
            announce(listening);
        },
    );
    actix_web::rt::System::new()
        .block_on(run)
        .map_err(|error| Failure::new(format!("サービスを動かせません: {error}")))
}

async fn run(
    front: &Front,
    serving: &Serving,
    listener: TcpListener,
    watch_listener: Option<TcpListener>,
    certificates: Option<Certificates>,
    announce: impl FnOnce(),
) -> io::Result<()> {
    let certificates = certificates.map(Arc::new);
    let workers = match serving.workers {
        Some(workers) => usize::from(workers),
        None => std::thread::available_parallelism().map_or(2, usize::from),
    };
    let connections_max = front.settings.limits.connections_max.div_ceil(workers);
    let builder = Server::build()
        .disable_signals()
        .shutdown_timeout(SHUTDOWN_SECONDS_MAX)
        .workers(workers)
        .max_concurrent_connections(connections_max.max(1));
    let door = Arc::new(Door::new(&front.settings, certificates.clone()));
    let (of_worker, doors) = (front.clone(), doors::for_everybody(front));
    let office = at(builder, listener, door, move || {
        front::app(&of_worker, &doors)
    })?
    .run();
    let watch = match watch_listener {
        Some(listener) => Some(watch(front, listener)?),
        None => None,
    };
    announce();
    let handle = office.handle();
    // It lives by being awaited, as every server does.
    let watch = watch.map(|watch| (watch.handle(), actix_web::rt::spawn(watch)));
    let mut stop = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    actix_web::rt::spawn(async move {
        tokio::select! {
            _ = stop.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: what was taken in is finished first");
        handle.stop(true).await;
    });
    if let Some(certificates) = certificates {
        actix_web::rt::spawn(reload(certificates, signal(SignalKind::hangup())?));
    }
    office.await?;
    front.finish_jobs().await;
    if let Some((handle, ended)) = watch {
        handle.stop(true).await;
        ended.await.map_err(io::Error::other)??;
    }
    Ok(())
}

/// Looks at the certificate's files from time to time, and at once on SIGHUP.
async fn reload(certificates: Arc<Certificates>, mut hangup: tokio::signal::unix::Signal) {
    loop {
        tokio::select! {
            _ = hangup.recv() => {}
            () = tokio::time::sleep(CERTIFICATE_LOOK) => {}
        }
        certificates.look_again();
    }
}

/// The service of those who watch, which goes on while the other one finishes.
fn watch(front: &Front, listener: TcpListener) -> io::Result<Server> {
    let builder = Server::build()
        .disable_signals()
        .shutdown_timeout(DISCONNECT_SECONDS_MAX)
        .workers(WATCH_WORKERS)
        .max_concurrent_connections(front.settings.limits.connections_per_address_max);
    let door = Arc::new(Door::new(&front.settings, None));
    let (front, doors) = (front.clone(), doors::for_watchers(front));
    let server = at(builder, listener, door, move || {
        front::watch_app(&front, &doors)
    })?
    .run();
    Ok(server)
}

/// Serves an application at a listener, behind a door.
fn at<S>(
    builder: ServerBuilder,
    listener: TcpListener,
    door: Arc<Door>,
    app: impl Fn() -> App<S> + Send + Clone + 'static,
) -> io::Result<ServerBuilder>
where
    S: front::Service + 'static,
{
    let stopping = builder.graceful_shutdown_signal();
    builder.listen("hitokuchi", listener, move || {
        let limits = door.limits();
        let (stopping, at_the_door) = (stopping.clone(), Arc::clone(&door));
        let application = app()
            .into_factory()
            .map_err(|error: actix_web::Error| error.error_response());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(KeepAlive::Timeout(Duration::from_secs(
                limits.keep_alive_seconds,
            )))
            .client_request_timeout(Duration::from_secs(limits.header_seconds_max))
            .client_disconnect_timeout(Duration::from_secs(DISCONNECT_SECONDS_MAX))
            .on_connect_ext(|wire: &wire::Wire, data| {
                data.insert(Rc::clone(wire.connection()));
            })
            .finish(map_config(application, |()| AppConfig::default()));
        fn_service(move |stream: TcpStream| {
            let door = Arc::clone(&at_the_door);
            async move {
                let wire = door.let_in(stream).await?;
                let from = wire.connection().from;
                Ok((wire, Protocol::Http1, Some(from)))
            }
        })
        .and_then(http)
    })
}

fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .map_err(|error| Failure::new(format!("{address} で待ち受けられません: {error}")))
}

fn local_address(listener: &TcpListener, asked: SocketAddr) -> Result<SocketAddr, Failure> {
    let address = listener.local_addr();
    address.map_err(|error| Failure::new(format!("{asked} で待ち受けられません: {error}")))
}
