//! Intake: applications come in by file, by keyed sheet or one by one, and each is posted or held
//! (R2–R7).
//!
//! All three ways are one: every line is looked at by [`domain::look_at_line`], staged, and
//! classified and posted by `post::post_staged` with [`store::intake::insert_applications`]. Nobody
//! else decides whether a line is held.

mod desk;
mod import_applications;
mod incoming;
mod post;
mod record_application;
mod rounds;
pub mod sheets;
mod staging;

pub use import_applications::{
    ApplicationsImported, ImportApplications, ImportProgress, ImportStage,
};
pub use record_application::{ApplicationRecorded, NewApplication, ReasonExplained};

pub(crate) use desk::{CarriedLine, Desk, Look};
