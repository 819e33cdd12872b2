//! Intake: applications come in by file, by keyed sheet or one by one, and each is posted or held
//! (R2–R7).
//!
//! All three ways are one: every line is looked at by [`domain::look_at_line`], staged, and
//! classified and posted by `post::post_staged` with [`store::intake::insert_applications`]. Nobody
//! else decides whether a line is held.

mod desk;
mod import_applications;
mod incoming;
mod list_imports;
mod post;
mod preview_import;
mod record_application;
mod rounds;
pub mod sheets;
mod staging;

pub use import_applications::{
    ApplicationsImported, ImportApplications, ImportProgress, ImportStage,
};
pub use list_imports::{ImportFilter, ImportTaken};
pub use preview_import::{
    ApplicationsPreview, HeldLinePreview, HoldPreview, ImportedBefore, OfferingPreview,
};
pub use record_application::{ApplicationRecorded, NewApplication, ReasonExplained};

pub(crate) use desk::{CarriedLine, Desk, Look};
