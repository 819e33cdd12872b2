//! Which operations there are, by method and path, as the OpenAPI document has them.

use actix_web::http::Method;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};

/// The operations of the document.
pub struct Operations {
    known: Vec<Known>,
}

struct Known {
    method: Method,
    pattern: String,
    id: String,
}

impl Operations {
    /// Those of a document.
    pub fn of(document: &OpenApi) -> Self {
        let mut known = Vec::new();
        for (pattern, item) in &document.paths.paths {
            for (method, operation) in methods(item) {
                known.push(Known {
                    method,
                    pattern: pattern.clone(),
                    id: operation.operation_id.clone().unwrap_or_default(),
                });
            }
        }
        Self { known }
    }

    /// The operation of a method on a path pattern; `unknown` where there is none.
    pub fn id(&self, method: &Method, pattern: Option<&str>) -> &str {
        self.known
            .iter()
            .find(|known| known.method == *method && Some(known.pattern.as_str()) == pattern)
            .map_or("unknown", |known| &known.id)
    }

    /// The methods of a path that is in the document word for word.
    pub fn methods_at_literally(&self, path: &str) -> Vec<&str> {
        self.known
            .iter()
            .filter(|known| known.pattern == path)
            .map(|known| known.method.as_str())
            .collect()
    }

    /// The methods that a path knows, for the `Allow` header; none where there is no such path.
    pub fn methods_at(&self, path: &str) -> Vec<&str> {
        self.known
            .iter()
            .filter(|known| fits(&known.pattern, path))
            .map(|known| known.method.as_str())
            .collect()
    }
}

/// Whether a path is one of a pattern such as `/api/v1/batches/{id}`.
fn fits(pattern: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    let all_fit = pattern.split('/').all(|wanted| {
        parts
            .next()
            .is_some_and(|part| wanted == part || (wanted.starts_with('{') && !part.is_empty()))
    });
    all_fit && parts.next().is_none()
}

/// The operations at one path.
pub fn methods(item: &PathItem) -> impl Iterator<Item = (Method, &Operation)> {
    [
        (Method::GET, &item.get),
        (Method::PUT, &item.put),
        (Method::POST, &item.post),
        (Method::DELETE, &item.delete),
        (Method::PATCH, &item.patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}
