//! What became of an application, in words: wherever one is shown.

use std::fmt::Display;

use domain::{ApplicationState, Channel, HoldReason};
use ledger::review::ApplicationView;

use super::asked::reason_key;
use crate::page::Page;

/// Why one is held.
pub fn reason(page: &Page, reason: &HoldReason) -> String {
    // messages: review-reason-*
    page.t(&format!("review-reason-{}", reason_key(*reason)))
}

/// How one was, or can be, decided.
pub fn way(page: &Page, way: impl Display) -> String {
    // messages: review-way-*
    page.t(&format!("review-way-{way}"))
}

/// What has become of it.
pub fn state(page: &Page, state: &ApplicationState) -> String {
    // messages: review-state-*
    page.t(&format!("review-state-{state}"))
}

/// The way it came in.
pub fn channel(page: &Page, one: &ApplicationView) -> String {
    match Channel::from_stored(&one.channel) {
        Ok(channel) => {
            // messages: review-channel-*
            let key = channel.as_str().replace('_', "-");
            page.t(&format!("review-channel-{key}"))
        }
        Err(_) => one.channel.clone(),
    }
}

/// The line of a file or of a sheet that it came as.
pub fn source(page: &Page, one: &ApplicationView) -> String {
    let line = page.count(one.line);
    match (&one.import_name, &one.keyed) {
        (Some(name), _) => page.t2("review-from-file", "file", name, "line", line),
        (None, Some(keyed)) => page.t2("review-from-sheet", "sheet", keyed.sheet_id, "line", line),
        (None, None) => page.t("review-from-request"),
    }
}
