//! What the pages of the catalogue have in common: addresses and words.

use domain::{OfferingKind, OnFailure};
use ledger::reference::OfferingDetail;

use crate::page::Page;

/// The address of a cycle's page.
pub(super) fn cycle_address(label: &str) -> String {
    format!("/catalogue/cycles/{}", segment(label))
}

/// A text as one segment of an address.
pub(super) fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

/// What an offering asks for, in words.
pub(super) fn kind(page: &Page, kind: &OfferingKind) -> String {
    // messages: catalogue-kind-*
    page.t(&format!("catalogue-kind-{}", kind.as_str()))
}

/// What follows a failed collection, in words (R13).
pub(super) fn policy(page: &Page, one: &OfferingDetail) -> String {
    // messages: catalogue-policy-*
    let key = format!("catalogue-policy-{}", dashed(one.on_failure));
    page.t1(&key, "count", one.failures_max.unwrap_or_default())
}

/// The kinds to choose from.
pub(super) fn kinds(page: &Page) -> Vec<(String, String)> {
    let all = OfferingKind::ALL.iter();
    all.map(|one| (one.as_str().to_owned(), kind(page, one)))
        .collect()
}

/// The policies to choose from.
pub(super) fn policies(page: &Page) -> Vec<(String, String)> {
    let all = OnFailure::ALL.iter();
    all.map(|one| {
        // messages: catalogue-choose-*
        let words = page.t(&format!("catalogue-choose-{}", dashed(*one)));
        (one.as_str().to_owned(), words)
    })
    .collect()
}

fn dashed(on_failure: OnFailure) -> String {
    on_failure.as_str().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_segment_of_an_address() {
        assert_eq!(segment("2025年7月4回"), "2025%E5%B9%B47%E6%9C%884%E5%9B%9E");
        assert_eq!(segment("a/b?c#d e%.."), "a%2Fb%3Fc%23d%20e%25%2E%2E");
    }
}
