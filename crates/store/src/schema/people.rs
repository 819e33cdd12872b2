//! The tables of people, and of how they prove who they are (R17).

use super::organizations;

diesel::table! {
    users (id) {
        id -> BigInt,
        name -> Text,
        display_name -> Nullable<Text>,
        roles -> Text,
        organization_id -> Nullable<BigInt>,
        state -> Text,
        password_hash -> Nullable<Text>,
        totp_key -> Nullable<Text>,
        totp_step -> BigInt,
        created_by -> Text,
        created_at -> Timestamp,
        signed_in_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    recovery_codes (user_id, sha256) {
        user_id -> BigInt,
        sha256 -> Text,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    one_time_links (id) {
        id -> BigInt,
        user_id -> BigInt,
        purpose -> Text,
        sha256 -> Text,
        expires_at -> Timestamp,
        created_by -> Text,
        created_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        ended_because -> Nullable<Text>,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        user_id -> BigInt,
        sha256 -> Text,
        stage -> Text,
        address -> Nullable<Text>,
        agent -> Nullable<Text>,
        totp_key -> Nullable<Text>,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        ended_because -> Nullable<Text>,
    }
}

diesel::table! {
    tokens (id) {
        id -> BigInt,
        user_id -> BigInt,
        name -> Text,
        sha256 -> Text,
        roles -> Text,
        scopes -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        revoked_by -> Nullable<Text>,
    }
}

diesel::table! {
    sign_in_failures (kind, sha256) {
        kind -> Text,
        sha256 -> Text,
        failures -> BigInt,
        last_failed_at -> Timestamp,
    }
}

diesel::joinable!(users -> organizations (organization_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(tokens -> users (user_id));
diesel::joinable!(one_time_links -> users (user_id));
diesel::joinable!(recovery_codes -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(
    organizations,
    users,
    recovery_codes,
    one_time_links,
    sessions,
    tokens,
);
