//! A front door: routes, and how those who come by it read a refusal.

use std::sync::Arc;

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::problem::Problem;

/// What is at an address.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// What the office works with.
    pub has_office: bool,
    /// What watches over the service.
    pub has_watch: bool,
}

/// One way in.
pub trait Door: Send + Sync + 'static {
    /// Whether a path is this door's, be there a route or not.
    fn claims(&self, path: &str) -> bool;

    /// Adds its routes for a place.
    fn configure(&self, place: Place, routes: &mut web::ServiceConfig);

    /// What is asked for by a method at the pattern of a route, as the counts and the log name it.
    fn operation<'a>(&'a self, method: &Method, pattern: Option<&'a str>) -> &'a str;

    /// Why a request is refused that no route took.
    fn not_found(&self, request: &HttpRequest) -> Problem;

    /// Why a request is refused of whose path a part cannot be read.
    fn path_unreadable(&self, request: &HttpRequest, words: &str) -> Problem;

    /// A refusal as those read it who come by this door; problem+json where it says nothing.
    fn refusal(&self, _request: &HttpRequest, _problem: &Problem) -> Option<HttpResponse> {
        None
    }
}

/// All doors of a service, in the order in which they are asked whose a path is; the last one has what
/// no other claims.
#[derive(Clone)]
pub struct Doors(Arc<[Arc<dyn Door>]>);

struct NoDoor;

impl Doors {
    /// These doors.
    pub fn new(doors: impl IntoIterator<Item = Arc<dyn Door>>) -> Self {
        Self(doors.into_iter().collect())
    }

    /// The door whose a path is.
    pub fn of(&self, path: &str) -> &dyn Door {
        self.0
            .get(self.place_of(path))
            .map_or(&NoDoor as &dyn Door, |door| door.as_ref())
    }

    /// The place in the order of the door whose a path is.
    fn place_of(&self, path: &str) -> usize {
        let claiming = self.0.iter().position(|door| door.claims(path));
        claiming.unwrap_or(self.0.len().saturating_sub(1))
    }

    /// Routes every door's own paths to its own routes: a request is never compared with the patterns of
    /// another door.
    pub(crate) fn configure(&self, place: Place, routes: &mut web::ServiceConfig) {
        for (at, door) in self.0.iter().enumerate() {
            let doors = self.clone();
            let its_own = fn_guard(move |asked| doors.place_of(asked.head().uri.path()) == at);
            let scope = web::scope("").guard(its_own);
            routes.service(scope.configure(|routes| door.configure(place, routes)));
        }
    }
}

/// What stands where there is no door at all.
impl Door for NoDoor {
    fn claims(&self, _: &str) -> bool {
        true
    }

    fn configure(&self, _: Place, _: &mut web::ServiceConfig) {}

    fn operation<'a>(&'a self, _: &Method, _: Option<&'a str>) -> &'a str {
        "unknown"
    }

    fn not_found(&self, _: &HttpRequest) -> Problem {
        Problem::internal()
    }

    fn path_unreadable(&self, _: &HttpRequest, _: &str) -> Problem {
        Problem::internal()
    }
}
