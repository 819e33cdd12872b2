//! The REST front door: handlers under `/api/v1`, their OpenAPI document, and problem+json.
//!
//! A handler reads its request (`extract`), runs one use case of the `ledger` crate, and gives
//! what that gives. Nothing here knows a rule of the office or a line of SQL; what a use case
//! refuses becomes a status in one place (`front`).

mod api;
mod docs;
mod extract;
mod openapi;
mod operations;
mod requests;
mod routes;

pub use api::Api;
pub use openapi::document;
