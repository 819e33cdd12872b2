//! What every front door of the service shares: the gate between the network and the routes, the
//! bounds on what may come, who asks, running imports, counts, and what a refusal is.
//!
//! A front door ([`Door`]) brings its routes and says how its callers read a refusal: programs as
//! problem+json, people as a page. Doors do not know one another; [`app`] puts them side by side.

mod door;
mod file_body;
mod front;
mod jobs;
mod limits;
mod metrics;
mod network;
mod observe;
mod problem;
mod receive;
mod refusal;
pub mod session_cookie;
pub mod titles;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpRequest, web};

pub use door::{Door, Doors, Place};
pub use file_body::chunks;
pub use front::{Front, Settings};
pub use jobs::{Import, ImportFile, Jobs};
pub use limits::Limits;
pub use network::{
    Connection, Peer, ProxiesUnreadable, TrustedProxies, counted_address, from_where, peer,
};
pub use problem::{BadPlace, Problem, ProblemJson};
pub use receive::{
    Pace, Upload, Uploading, keep, kept_path, receive_body, receive_upload, too_large,
};

/// The application of one worker thread, at the address of everybody.
pub fn app(front: &Front, doors: &Doors) -> App<impl Service + use<>> {
    let place = Place {
        has_office: true,
        has_watch: !front.settings.is_watched_elsewhere,
    };
    gated(front, doors, place)
}

/// The application at the address of those who watch the service: whether it lives, works, and how.
pub fn watch_app(front: &Front, doors: &Doors) -> App<impl Service + use<>> {
    let place = Place {
        has_office: false,
        has_watch: true,
    };
    gated(front, doors, place)
}

/// What an application makes of requests: answers, whatever happens.
pub trait Service:
    ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    >
{
}

impl<S> Service for S where
    S: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = actix_web::Error,
            InitError = (),
        >
{
}

fn gated(front: &Front, doors: &Doors, place: Place) -> App<impl Service + use<>> {
    let routed = doors.clone();
    App::new()
        .app_data(web::Data::new(front.clone()))
        .app_data(doors.clone())
        .app_data(place)
        .app_data(
            web::PathConfig::default().error_handler(|error, request| {
                path_unreadable(request, &error.to_string()).into()
            }),
        )
        .configure(move |routes| routed.configure(place, routes))
        .default_service(web::to(not_found))
        .wrap(from_fn(network::admit))
        .wrap(from_fn(observe::observe))
}

fn path_unreadable(request: &HttpRequest, words: &str) -> Problem {
    match request.app_data::<Doors>() {
        Some(doors) => doors.of(request.path()).path_unreadable(request, words),
        None => Problem::internal(),
    }
}

/// Any request that no route takes.
async fn not_found(request: HttpRequest) -> Result<actix_web::HttpResponse, Problem> {
    Err(match request.app_data::<Doors>() {
        Some(doors) => doors.of(request.path()).not_found(&request),
        None => Problem::internal(),
    })
}
