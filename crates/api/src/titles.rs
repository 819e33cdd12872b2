//! The English title of each code.

/// The titles, by code, in alphabetical order.
const TITLES: &[(&str, &str)] = &[
    ("already_charged", "The charge is made already"),
    ("already_closed", "The month is closed and nothing is new"),
    ("already_voided", "It is voided already"),
    ("amount_out_of_range", "The amount is out of range"),
    ("amount_overflow", "The amounts are too large to add up"),
    ("application_not_found", "There is no such application"),
    ("application_unreadable", "The application cannot be read"),
    ("batch_already_voided", "The batch is voided already"),
    ("batch_empty", "The month was closed with nothing to charge"),
    ("batch_exported", "The batch was exported"),
    (
        "batch_not_exported",
        "The batch has not been exported in this profile",
    ),
    ("batch_not_found", "There is no such batch"),
    (
        "batch_not_latest",
        "The batch is not the newest of its month",
    ),
    (
        "batch_too_large",
        "The batch has more charges than a batch can have",
    ),
    ("batch_voided", "The batch is voided"),
    ("body_too_large", "The body is larger than allowed"),
    ("body_unreadable", "The body could not be received whole"),
    ("busy", "Others are writing; try again shortly"),
    ("changed_since", "A later change stands on it"),
    (
        "character_not_encodable",
        "A character is not in the file's encoding",
    ),
    ("coop_unreadable", "The co-op's code cannot be read"),
    ("cooperative_not_found", "There is no such co-op"),
    ("corrupt", "The records contradict themselves"),
    ("cursor_unreadable", "The cursor is not one of this list"),
    ("cycle_not_found", "There is no such cycle"),
    ("cycle_not_used", "A cycle is of no use here"),
    ("database", "The database failed"),
    ("database_unreachable", "The database cannot be reached"),
    ("date_out_of_range", "The date is out of range"),
    ("disk", "The disk refused; nothing was written"),
    (
        "disk_unsure",
        "The disk failed at the very end; send it again under the same key",
    ),
    ("export_differs", "The file is not the one first exported"),
    ("field_unreadable", "A field of the body cannot be read"),
    ("file", "A file could not be read or written"),
    (
        "file_exists",
        "The file is there already and is another one",
    ),
    ("file_refused", "The file has lines that cannot be taken"),
    ("first_keyer", "Who keyed first cannot key the second time"),
    ("free_text_unclear", "The free text does not say enough"),
    ("fund_not_found", "There is no such fund"),
    ("fund_unreadable", "The fund's code cannot be read"),
    (
        "gifts_before_first",
        "Gifts of earlier months are not charged yet",
    ),
    ("holds_in_the_way", "Held applications stand in the way"),
    ("idempotency_key", "The Idempotency-Key cannot be read"),
    (
        "idempotency_key_missing",
        "This operation needs an Idempotency-Key",
    ),
    (
        "idempotency_key_reused",
        "The Idempotency-Key was used for another request",
    ),
    ("import_interrupted", "The import was interrupted"),
    ("import_not_found", "There is no such import"),
    ("internal", "The program failed"),
    ("json_unreadable", "The body is not JSON"),
    ("keying_unknown", "There are only two keyings"),
    ("later_month_closed", "A later month is closed"),
    ("limit_out_of_range", "The page size is out of range"),
    ("line_no_out_of_range", "The line number is out of range"),
    ("line_unreadable", "The line cannot be read"),
    ("member_left", "The member has left"),
    ("member_moved", "The member has moved to another number"),
    ("member_not_found", "There is no such member"),
    (
        "member_number_unreadable",
        "The member number cannot be read",
    ),
    (
        "members_moved_since",
        "Members have been carried over since",
    ),
    ("method_not_allowed", "The path does not know this method"),
    (
        "month_ahead",
        "The month is too far ahead to close without a reason",
    ),
    (
        "month_before_first",
        "The month lies before the first one closed",
    ),
    ("month_closed", "The month is closed"),
    ("month_open", "The month is open still"),
    ("month_out_of_order", "Months close in order"),
    ("new_reason", "A reason has come up that was not shown"),
    ("no_next_month", "There is no next month"),
    ("not_held", "The application is not held"),
    ("not_in_cycle", "The order number is not in this cycle"),
    ("not_ready", "The service is not ready"),
    ("nothing_held", "Nothing of this kind is held"),
    ("nothing_to_undo", "There is no decision to undo"),
    ("operator_unreadable", "The operator's name cannot be read"),
    ("order_number_unreadable", "The order number cannot be read"),
    ("other_second_keyer", "Another person keys the second time"),
    ("outside_window", "The order number is not open on this day"),
    ("path_not_found", "There is no such path"),
    ("path_unreadable", "A part of the path cannot be read"),
    ("pledge_not_found", "There is no such pledge"),
    ("pledge_not_open", "The pledge has ended"),
    ("pledge_open", "A pledge is open"),
    ("profile_unknown", "There is no such profile"),
    ("query_unreadable", "A query parameter cannot be read"),
    ("reason_missing", "A reason is required"),
    (
        "reason_unreadable",
        "The reason is too long or has control characters",
    ),
    (
        "second_keyer",
        "Who keys the second time cannot key the first",
    ),
    (
        "second_keying_unfinished",
        "The second keying is not finished",
    ),
    ("sheet_already_posted", "The sheet is posted already"),
    (
        "sheet_disagrees",
        "The sheet disagrees with its cover or its second keying",
    ),
    ("sheet_discarded", "The sheet was discarded"),
    ("sheet_empty", "The sheet has no lines"),
    ("sheet_line_not_found", "The sheet has no such line"),
    ("sheet_not_found", "There is no such sheet"),
    ("today_out_of_range", "The machine's clock is out of range"),
    ("total_too_large", "The total is too large"),
    ("total_unreadable", "The total cannot be read"),
    (
        "two_pledges",
        "Two pledges follow one another in this month",
    ),
    ("units_out_of_range", "The units are out of range"),
    ("units_unknown", "The units are not known"),
    ("unknown_coop", "There is no such co-op"),
    ("unknown_member", "There is no such member"),
    ("unknown_order_number", "No cycle has this order number"),
    ("unknown_table", "There is no such table"),
    (
        "unsupported_media_type",
        "The content type is not the one expected",
    ),
    ("way_not_available", "The reason does not leave this way"),
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
