//! The door of programs.

use std::sync::Arc;

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, web};
use front::{Door, Front, Place, Problem};
use ledger::Ledger;

use crate::operations::Operations;
use crate::{docs, routes};

/// The REST service. Cheap to clone; one for all worker threads of a process.
#[derive(Clone)]
pub struct Api {
    pub(crate) front: Front,
    pub(crate) operations: Arc<Operations>,
    pub(crate) document: Arc<str>,
}

impl Api {
    /// The service over a ledger.
    pub fn new(front: Front) -> Self {
        let document = crate::openapi::document();
        Self {
            front,
            operations: Arc::new(Operations::of(&document)),
            document: document.to_json().unwrap_or_default().into(),
        }
    }

    /// Runs a use case on a thread that may wait for the database.
    pub(crate) async fn run<T, F>(&self, use_case: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Ledger) -> ledger::Result<T> + Send + 'static,
    {
        self.front.run(use_case).await
    }

    /// Runs a use case and answers with what it gives, as JSON.
    pub(crate) async fn answer<T, F>(&self, use_case: F) -> Result<web::Json<T>, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Ledger) -> ledger::Result<T> + Send + 'static,
    {
        self.run(use_case).await.map(web::Json)
    }
}

impl Door for Api {
    fn claims(&self, path: &str) -> bool {
        path == "/api" || path.starts_with("/api/") || routes::WATCH_PATHS.contains(&path)
    }

    fn configure(&self, place: Place, routes: &mut web::ServiceConfig) {
        routes.app_data(web::Data::new(self.clone()));
        if place.has_office {
            routes::configure(routes);
            docs::configure(routes);
        }
        if place.has_watch {
            routes::configure_watch(routes);
        }
    }

    fn operation<'a>(&'a self, method: &Method, pattern: Option<&'a str>) -> &'a str {
        self.operations.id(method, pattern)
    }

    /// 405 where the path knows another method, else 404.
    fn not_found(&self, request: &HttpRequest) -> Problem {
        let methods = match self.operations.methods_at_literally(request.path()) {
            literal if literal.is_empty() => self.operations.methods_at(request.path()),
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
            return Problem::new(
                StatusCode::NOT_FOUND,
                "path_not_found",
                "この URL はありません。使える操作は /api/docs にあります",
            );
        }
        method_not_allowed(&methods)
    }

    /// A part of the path is no number or month; or the path is one of its own that only looks like
    /// one with such a part (`/batches/export`), asked for by another method.
    fn path_unreadable(&self, request: &HttpRequest, words: &str) -> Problem {
        let methods = self.operations.methods_at_literally(request.path());
        if !methods.is_empty() {
            return method_not_allowed(&methods);
        }
        let shown: String = words.chars().take(100).collect();
        Problem::new(
            StatusCode::BAD_REQUEST,
            "path_unreadable",
            format!("URL の一部を読めません（{shown}）。番号や月の書き方を確かめてください"),
        )
    }
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
