//! The English title of each code.

/// The titles, by code.
const TITLES: &[(&str, &str)] = &[
    // of the front door
    ("body_too_large", "The body is larger than allowed"),
    ("body_unreadable", "The body could not be received whole"),
    ("busy", "Others are writing; try again shortly"),
    ("corrupt", "The records contradict themselves"),
    ("cursor_unreadable", "The cursor is not one of this list"),
    ("database", "The database failed"),
    ("database_unreachable", "The database cannot be reached"),
    ("disk", "The disk refused; nothing was written"),
    (
        "disk_unsure",
        "The disk failed at the very end; send it again under the same key",
    ),
    ("field_unreadable", "A field of the body cannot be read"),
    ("file", "A file could not be read or written"),
    ("idempotency_key", "The Idempotency-Key cannot be read"),
    (
        "idempotency_key_missing",
        "This operation needs an Idempotency-Key",
    ),
    (
        "idempotency_key_reused",
        "The Idempotency-Key was used for another request",
    ),
    ("internal", "The program failed"),
    ("json_unreadable", "The body is not JSON"),
    ("limit_out_of_range", "The page size is out of range"),
    ("method_not_allowed", "The path does not know this method"),
    ("not_ready", "The service is not ready"),
    ("path_not_found", "There is no such path"),
    ("path_unreadable", "A part of the path cannot be read"),
    ("query_unreadable", "A query parameter cannot be read"),
    ("reason_missing", "A reason is required"),
    (
        "reason_unreadable",
        "The reason is too long or has control characters",
    ),
    (
        "unsupported_media_type",
        "The content type is not the one expected",
    ),
];

/// The English title of a code; the code's own words where it has no title.
pub fn title(code: &str) -> String {
    TITLES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or_else(|| code.replace('_', " "), |(_, title)| (*title).to_owned())
}

/// Whether a code has a title of its own.
pub fn is_titled(code: &str) -> bool {
    TITLES.iter().any(|(known, _)| *known == code)
}
