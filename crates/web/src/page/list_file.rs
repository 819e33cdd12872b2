//! A list to take along.

use std::fs::File;

use actix_web::HttpResponse;
use actix_web::http::header;
use front::chunks;

/// A list as CSV, to be kept under a name.
pub fn csv_file(name: &str, file: File) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ))
        .streaming(chunks(file))
}
