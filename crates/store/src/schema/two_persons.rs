//! The tables of what one person did and another approved (R17).

use super::batches;

diesel::table! {
    batch_approvals (batch_id) {
        batch_id -> BigInt,
        ground -> Text,
        approved_by -> Text,
        approved_at -> Timestamp,
    }
}

diesel::table! {
    pending_actions (id) {
        id -> BigInt,
        operation -> Text,
        request -> Text,
        request_sha256 -> Text,
        submitted_by -> Text,
        submitted_at -> Timestamp,
        state -> Text,
        ground -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        decision_reason -> Nullable<Text>,
        entry_id -> Nullable<BigInt>,
    }
}

diesel::joinable!(batch_approvals -> batches (batch_id));
diesel::allow_tables_to_appear_in_same_query!(batch_approvals, batches);
