//! Styles and browser modules: files of our own, in the binary.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Characters of a file's hash in its address.
const VERSION_CHARS: usize = 12;

/// A file, its type and its bytes.
struct Asset {
    name: &'static str,
    content: &'static str,
    version: String,
}

/// Names each file once; they lie in `assets/`.
macro_rules! assets {
    ($($name:literal),+ $(,)?) => {
        static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| vec![
            $(Asset::new($name, include_str!(concat!("../assets/", $name))),)+
        ]);
    };
}

assets![
    "account.js",
    "base.css",
    "batches.js",
    "books.css",
    "books.js",
    "campaigns.css",
    "catalogue.css",
    "enter.js",
    "entrance.css",
    "entrance.js",
    "icon.svg",
    "imports.css",
    "imports.js",
    "members.css",
    "review.css",
    "review.js",
    "sheets.css",
    "sheets.js",
    "sheets_queue.js",
    "sheets_unsaved.js",
];

impl Asset {
    fn new(name: &'static str, content: &'static str) -> Self {
        let mut version = hex::encode(Sha256::digest(content));
        version.truncate(VERSION_CHARS);
        Self {
            name,
            content,
            version,
        }
    }

    fn content_type(&self) -> &'static str {
        match self.name.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        }
    }
}

/// The address of a file, which changes with its content so that it can be kept for ever.
pub fn address(name: &str) -> String {
    let known = ASSETS.iter().find(|file| file.name == name);
    let version = known.map_or("", |file| file.version.as_str());
    format!("/assets/{name}?v={version}")
}

/// Routes the files.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(served);
}

#[derive(Deserialize)]
struct Version {
    v: Option<String>,
}

#[get("/assets/{name}")]
async fn served(name: Path<String>, asked: Query<Version>) -> HttpResponse {
    let Some(found) = ASSETS.iter().find(|file| file.name == *name) else {
        return HttpResponse::NotFound().finish();
    };
    let keeps = if asked.v.as_ref() == Some(&found.version) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    HttpResponse::Ok()
        .content_type(found.content_type())
        .insert_header((header::CACHE_CONTROL, keeps))
        .body(found.content)
}
