//! The front door of people: pages rendered on the server, in Japanese first and in English.
//!
//! A handler reads its request (`page`), runs use cases of the `ledger` crate, and renders a template.
//! Nothing here knows a rule of the office or a line of SQL. One folder an area of the office's work,
//! with the same name under `src/`, `templates/`, `messages/` and `tests/stories/`.

mod areas;
mod assets;
pub mod chart;
mod messages;
mod page;
mod refused;
mod screens;
mod web;
mod words;

mod account;
mod approvals;
mod audit_log;
mod batches;
mod books;
mod campaigns;
mod catalogue;
mod dashboard;
mod entrance;
mod imports;
mod members;
mod own_campaigns;
mod people;
mod proof;
mod public;
mod results;
mod review;
mod sheets;

pub use messages::Language;
pub use screens::{Group, Screen, screens};
pub use web::Web;
