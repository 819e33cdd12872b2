//! The door of people.

use std::sync::Arc;

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web as routing};
use front::{Door, Front, Place, Problem};

use crate::{areas, assets, page, public, refused};

/// The pages. Cheap to clone; one for all worker threads of a process.
#[derive(Clone)]
pub struct Web {
    pub(crate) front: Front,
    /// What is kept of the public pages.
    pub(crate) public: Arc<public::Kept>,
}

impl Web {
    /// The pages over a ledger.
    pub fn new(front: Front) -> Self {
        Self {
            front,
            public: Arc::default(),
        }
    }
}

impl Door for Web {
    fn claims(&self, _: &str) -> bool {
        true
    }

    fn configure(&self, place: Place, routes: &mut routing::ServiceConfig) {
        if place.has_office {
            routes.app_data(routing::Data::new(self.clone()));
            areas::configure(routes);
            assets::routes(routes);
            page::routes(routes);
        }
    }

    /// The pattern of the page.
    fn operation<'a>(&'a self, _: &Method, pattern: Option<&'a str>) -> &'a str {
        pattern.unwrap_or("unknown")
    }

    fn not_found(&self, _: &HttpRequest) -> Problem {
        Problem::new(
            StatusCode::NOT_FOUND,
            "path_not_found",
            "このページはありません。アドレスを確かめるか、メニューから開いてください",
        )
    }

    fn path_unreadable(&self, request: &HttpRequest, _: &str) -> Problem {
        self.not_found(request)
    }

    fn refusal(&self, request: &HttpRequest, problem: &Problem) -> Option<HttpResponse> {
        refused::answer(request, problem)
    }
}
