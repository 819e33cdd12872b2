//! The REST front door: handlers under `/api/v1`, their OpenAPI document, and problem+json.
//!
//! A handler reads its request (`extract`), runs one use case of the `ledger` crate, and gives
//! what that gives. Nothing here knows a rule of the office or a line of SQL; what a use case
//! refuses becomes a status in one place (`refusal`).

mod api;
mod docs;
mod entrance;
mod extract;
mod file_body;
mod jobs;
mod limits;
mod metrics;
mod network;
mod observe;
mod openapi;
mod operations;
mod problem;
mod refusal;
mod requests;
mod routes;
pub mod titles;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpRequest, web};

pub use api::{Api, Settings};
pub use limits::Limits;
pub use network::{Connection, Peer, ProxiesUnreadable, TrustedProxies, counted_address, peer};
pub use openapi::document;
pub use problem::{BadPlace, Problem, ProblemJson};

/// The application of one worker thread.
pub fn app(api: Api) -> App<impl Service> {
    let has_watch = !api.settings.is_watched_elsewhere;
    let place = Place {
        has_office: true,
        has_watch,
    };
    gated(api, place, move |routes| {
        routes::configure(routes);
        docs::configure(routes);
        entrance::configure(routes);
        if has_watch {
            routes::configure_watch(routes);
        }
    })
}

/// The application at the address of those who watch the service: whether it lives, works, and how.
pub fn watch_app(api: Api) -> App<impl Service> {
    let place = Place {
        has_office: false,
        has_watch: true,
    };
    gated(api, place, routes::configure_watch)
}

/// What is at an address.
#[derive(Debug, Clone, Copy)]
struct Place {
    has_office: bool,
    has_watch: bool,
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

fn gated(
    api: Api,
    place: Place,
    routes: impl FnOnce(&mut web::ServiceConfig),
) -> App<impl Service> {
    App::new()
        .app_data(web::Data::new(api))
        .app_data(place)
        .app_data(
            web::PathConfig::default().error_handler(|error, request| {
                path_unreadable(request, &error.to_string()).into()
            }),
        )
        .configure(routes)
        .default_service(web::to(no_such_operation))
        .wrap(from_fn(network::admit))
        .wrap(from_fn(observe::observe))
}

/// A part of the path is no number or month; or the path is one of its own that only looks like one
/// with such a part (`/batches/export`), asked for by another method.
fn path_unreadable(request: &HttpRequest, words: &str) -> Problem {
    let own = request
        .app_data::<web::Data<Api>>()
        .map(|api| api.operations.methods_at_literally(request.path()));
    if let Some(methods) = own.filter(|methods| !methods.is_empty()) {
        return method_not_allowed(&methods);
    }
    let shown: String = words.chars().take(100).collect();
    Problem::new(
        StatusCode::BAD_REQUEST,
        "path_unreadable",
        format!("URL の一部を読めません（{shown}）。番号や月の書き方を確かめてください"),
    )
}

fn method_not_allowed(methods: &[&str]) -> Problem {
    let allow = methods.join(", ");
    let mut problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        format!("この URL で使えるメソッドは {allow} です"),
    );
    problem.allow = Some(allow.into());
    problem
}

/// Any request that no operation takes: 405 where the path knows another method, else 404.
async fn no_such_operation(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<actix_web::HttpResponse, Problem> {
    let methods = match api.operations.methods_at_literally(request.path()) {
        literal if literal.is_empty() => api.operations.methods_at(request.path()),
        literal => literal,
    };
    let is_elsewhere = request.app_data::<Place>().is_some_and(|place| {
        let is_of_watch = routes::WATCH_PATHS.contains(&request.path());
        let is_here = match is_of_watch {
            true => place.has_watch,
            false => place.has_office,
        };
        !is_here
    });
    if methods.is_empty() || is_elsewhere {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "path_not_found",
            "この URL はありません。使える操作は /api/docs にあります",
        ));
    }
    Err(method_not_allowed(&methods))
}
