//! The house rules that a machine can check, so that nobody has to in a review.
//!
//! Each test lists every place that breaks its rule, with the way out.
#![allow(
    clippy::expect_used,
    reason = "what cannot be set up fails the test that needs it"
)]

mod layers;
mod licences;
mod migrations;
mod sources;
mod workspace;

/// Fails with the rule and every place that breaks it.
#[track_caller]
fn assert_nothing_breaks(rule: &str, places: &[String]) {
    assert!(places.is_empty(), "{rule}\n  {}\n", places.join("\n  "));
}
