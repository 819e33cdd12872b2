//! The tables as Diesel sees them: one declaration for both databases.
#![allow(missing_docs)]

mod people;
mod settlement;
mod two_persons;

pub use people::*;
pub use settlement::*;
pub use two_persons::*;

diesel::table! {
    cooperatives (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
    }
}

diesel::table! {
    funds (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
    }
}

diesel::table! {
    organizations (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
    }
}

diesel::table! {
    campaigns (id) {
        id -> BigInt,
        code -> Text,
        organization_id -> BigInt,
        title -> Text,
        target -> BigInt,
        opens_on -> Date,
        closes_on -> Date,
        accounting -> Text,
        is_public -> Integer,
    }
}

diesel::table! {
    cycles (id) {
        id -> BigInt,
        label -> Text,
        iso_week -> Text,
        opens_on -> Date,
        closes_on -> Date,
        web_closes_on -> Nullable<Date>,
        collection_month -> Integer,
    }
}

diesel::table! {
    offerings (id) {
        id -> BigInt,
        cycle_id -> BigInt,
        order_number -> Text,
        kind -> Text,
        unit_price -> BigInt,
        fund_id -> Nullable<BigInt>,
        campaign_id -> Nullable<BigInt>,
        title -> Text,
        on_failure -> Text,
        failures_max -> Nullable<Integer>,
    }
}

diesel::table! {
    members (id) {
        id -> BigInt,
        coop_id -> BigInt,
        number -> Text,
        name -> Nullable<Text>,
        kana -> Nullable<Text>,
        delivery -> Nullable<Text>,
        left_on -> Nullable<Date>,
        moved_to -> Nullable<BigInt>,
        erased_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    staged_members (line) {
        line -> BigInt,
        coop_id -> BigInt,
        number -> Text,
        name -> Nullable<Text>,
        kana -> Nullable<Text>,
        delivery -> Nullable<Text>,
        left_on -> Nullable<Date>,
    }
}

diesel::table! {
    staged_pledges (line) {
        line -> BigInt,
        coop_id -> BigInt,
        number -> Text,
        fund_id -> BigInt,
        units -> BigInt,
        unit_price -> BigInt,
        from_month -> Integer,
        order_number -> Nullable<Text>,
    }
}

diesel::table! {
    intakes (id) {
        id -> BigInt,
        kind -> Text,
        name -> Nullable<Text>,
        fingerprint -> Nullable<Text>,
        lines -> BigInt,
        accepted -> BigInt,
        held -> BigInt,
        held_by_reason -> Nullable<Text>,
        actor -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    applications (id) {
        id -> BigInt,
        intake_id -> BigInt,
        line_no -> BigInt,
        line_id -> Nullable<Text>,
        coop_id -> BigInt,
        member_number -> Text,
        member_id -> Nullable<BigInt>,
        order_number -> Nullable<Text>,
        units -> Nullable<BigInt>,
        amount -> Nullable<BigInt>,
        received_on -> Date,
        channel -> Text,
        note -> Nullable<Text>,
        offering_id -> Nullable<BigInt>,
        collection_month -> Nullable<Integer>,
        not_before -> Nullable<Integer>,
        carried_pledge_id -> Nullable<BigInt>,
        state -> Text,
        reasons -> Integer,
    }
}

diesel::table! {
    pledges (id) {
        id -> BigInt,
        coop_id -> BigInt,
        member_id -> BigInt,
        fund_id -> BigInt,
        application_id -> Nullable<BigInt>,
        offering_id -> Nullable<BigInt>,
        intake_id -> Nullable<BigInt>,
        intake_line -> Nullable<BigInt>,
        order_number -> Nullable<Text>,
        from_month -> Integer,
        ends_from -> Nullable<Integer>,
        predecessor_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    donations (id) {
        id -> BigInt,
        application_id -> BigInt,
        coop_id -> BigInt,
        member_id -> BigInt,
        kind -> Text,
        fund_id -> Nullable<BigInt>,
        campaign_id -> Nullable<BigInt>,
        order_number -> Text,
        units -> BigInt,
        unit_price -> BigInt,
        collection_month -> Integer,
        state -> Text,
    }
}

diesel::table! {
    decisions (id) {
        id -> BigInt,
        application_id -> BigInt,
        way -> Text,
        reason -> Text,
        actor -> Text,
        decided_at -> Timestamp,
        reasons -> Integer,
        before -> Text,
        after -> Text,
        pledge_id -> Nullable<BigInt>,
        revision -> Nullable<Integer>,
        donation_id -> Nullable<BigInt>,
        undone_at -> Nullable<Timestamp>,
        undone_by -> Nullable<Text>,
        undo_reason -> Nullable<Text>,
    }
}

diesel::table! {
    pledge_terms (pledge_id, revision, from_month) {
        pledge_id -> BigInt,
        revision -> Integer,
        from_month -> Integer,
        units -> BigInt,
        unit_price -> BigInt,
        cause -> Text,
        application_id -> Nullable<BigInt>,
        decision_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        actor -> Nullable<Text>,
        recorded_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sheets (id) {
        id -> BigInt,
        coop_id -> BigInt,
        channel -> Text,
        received_on -> Date,
        state -> Text,
        control_lines -> Nullable<BigInt>,
        control_units -> Nullable<BigInt>,
        control_amount -> Nullable<BigInt>,
        control_member_sum -> Nullable<Text>,
        opened_by -> Text,
        opened_at -> Timestamp,
        second_keyed_by -> Nullable<Text>,
        compared_at -> Nullable<Timestamp>,
        posted_by -> Nullable<Text>,
        posted_at -> Nullable<Timestamp>,
        override_reason -> Nullable<Text>,
        discard_reason -> Nullable<Text>,
        intake_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    sheet_lines (sheet_id, keying, line_no) {
        sheet_id -> BigInt,
        keying -> Integer,
        line_no -> BigInt,
        member_number -> Text,
        order_number -> Nullable<Text>,
        units -> Nullable<BigInt>,
        amount -> Nullable<BigInt>,
        note -> Nullable<Text>,
        actor -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    batches (id) {
        id -> BigInt,
        coop_id -> BigInt,
        month -> Integer,
        sequence -> Integer,
        state -> Text,
        charges -> BigInt,
        units -> BigInt,
        amount -> BigInt,
        charges_sha256 -> Text,
        closed_by -> Text,
        closed_at -> Timestamp,
        reason -> Nullable<Text>,
        voided_by -> Nullable<Text>,
        voided_at -> Nullable<Timestamp>,
        void_reason -> Nullable<Text>,
    }
}

diesel::table! {
    batch_totals (batch_id, kind, order_number) {
        batch_id -> BigInt,
        kind -> Text,
        order_number -> Text,
        charges -> BigInt,
        units -> BigInt,
        amount -> BigInt,
    }
}

diesel::table! {
    month_closings (id) {
        id -> BigInt,
        coop_id -> BigInt,
        month -> Integer,
        batch_id -> Nullable<BigInt>,
        actor -> Text,
        closed_at -> Timestamp,
        reason -> Nullable<Text>,
        reopened_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    charges (batch_id, rank) {
        batch_id -> BigInt,
        rank -> BigInt,
        month -> Integer,
        pledge_id -> Nullable<BigInt>,
        revision -> Nullable<Integer>,
        donation_id -> Nullable<BigInt>,
        attempt -> Integer,
        repeats_batch_id -> Nullable<BigInt>,
        repeats_rank -> Nullable<BigInt>,
        member_id -> BigInt,
        member_number -> Text,
        order_number -> Text,
        kind -> Text,
        units -> BigInt,
        unit_price -> BigInt,
        amount -> BigInt,
        void_mark -> BigInt,
    }
}

diesel::table! {
    exports (batch_id, profile) {
        batch_id -> BigInt,
        profile -> Text,
        profile_version -> Integer,
        sha256 -> Text,
        rows -> BigInt,
        amount -> BigInt,
        actor -> Text,
        exported_at -> Timestamp,
    }
}

diesel::table! {
    idempotency_keys (caller, operation, key) {
        caller -> Text,
        operation -> Text,
        key -> Text,
        request_sha256 -> Text,
        body -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    jobs (id) {
        id -> Text,
        kind -> Text,
        state -> Text,
        name -> Nullable<Text>,
        instance -> Text,
        started_at -> Timestamp,
        heartbeat_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        outcome -> Nullable<Text>,
        actor -> Nullable<Text>,
        request -> Nullable<Text>,
        is_trial -> Bool,
        trial_id -> Nullable<Text>,
    }
}

diesel::table! {
    audit_events (chain, seq) {
        chain -> BigInt,
        seq -> BigInt,
        recorded_at -> Timestamp,
        actor -> Text,
        action -> Text,
        subject -> Text,
        content_sha256 -> Nullable<Text>,
        salt -> Nullable<Text>,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
        reason -> Nullable<Text>,
        before_sha256 -> Nullable<Text>,
        after_sha256 -> Nullable<Text>,
        reason_sha256 -> Nullable<Text>,
        sha256 -> Text,
    }
}

diesel::table! {
    accounts (code) {
        code -> Integer,
        name -> Text,
        kind -> Text,
        control -> Integer,
    }
}

diesel::table! {
    accounting_periods (month) {
        month -> Integer,
        actor -> Text,
        closed_at -> Timestamp,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    journal_entries (id) {
        id -> BigInt,
        occurred_on -> Date,
        posted_on -> Date,
        period -> Integer,
        source -> Text,
        source_id -> Nullable<BigInt>,
        description -> Text,
        reason -> Nullable<Text>,
        reverses_id -> Nullable<BigInt>,
        actor -> Text,
        recorded_at -> Timestamp,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    journal_postings (entry_id, line_no) {
        entry_id -> BigInt,
        line_no -> BigInt,
        account -> Integer,
        amount -> BigInt,
        fund_id -> Nullable<BigInt>,
        coop_id -> Nullable<BigInt>,
        campaign_id -> Nullable<BigInt>,
        batch_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    remittances (id) {
        id -> BigInt,
        coop_id -> BigInt,
        received_on -> Date,
        due -> BigInt,
        amount -> BigInt,
        fee -> BigInt,
        suspense -> BigInt,
        note -> Nullable<Text>,
        actor -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    remittance_allocations (remittance_id, batch_id) {
        remittance_id -> BigInt,
        batch_id -> BigInt,
        due -> BigInt,
        amount -> BigInt,
    }
}

diesel::table! {
    payouts (id) {
        id -> BigInt,
        campaign_id -> BigInt,
        kind -> Text,
        paid_on -> Date,
        amount -> BigInt,
        fee -> BigInt,
        note -> Nullable<Text>,
        actor -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::joinable!(campaigns -> organizations (organization_id));
diesel::joinable!(offerings -> cycles (cycle_id));
diesel::joinable!(offerings -> funds (fund_id));
diesel::joinable!(offerings -> campaigns (campaign_id));
diesel::joinable!(members -> cooperatives (coop_id));
diesel::joinable!(applications -> intakes (intake_id));
diesel::joinable!(applications -> cooperatives (coop_id));
diesel::joinable!(applications -> members (member_id));
diesel::joinable!(applications -> offerings (offering_id));
diesel::joinable!(pledges -> cooperatives (coop_id));
diesel::joinable!(pledges -> members (member_id));
diesel::joinable!(pledges -> funds (fund_id));
diesel::joinable!(pledges -> applications (application_id));
diesel::joinable!(pledges -> offerings (offering_id));
diesel::joinable!(pledges -> intakes (intake_id));
diesel::joinable!(donations -> applications (application_id));
diesel::joinable!(donations -> cooperatives (coop_id));
diesel::joinable!(donations -> members (member_id));
diesel::joinable!(donations -> funds (fund_id));
diesel::joinable!(donations -> campaigns (campaign_id));
diesel::joinable!(decisions -> applications (application_id));
diesel::joinable!(decisions -> pledges (pledge_id));
diesel::joinable!(decisions -> donations (donation_id));
diesel::joinable!(pledge_terms -> pledges (pledge_id));
diesel::joinable!(pledge_terms -> applications (application_id));
diesel::joinable!(pledge_terms -> decisions (decision_id));
diesel::joinable!(sheets -> cooperatives (coop_id));
diesel::joinable!(sheets -> intakes (intake_id));
diesel::joinable!(sheet_lines -> sheets (sheet_id));
diesel::joinable!(batches -> cooperatives (coop_id));
diesel::joinable!(batch_totals -> batches (batch_id));
diesel::joinable!(month_closings -> cooperatives (coop_id));
diesel::joinable!(month_closings -> batches (batch_id));
diesel::joinable!(charges -> batches (batch_id));
diesel::joinable!(charges -> pledges (pledge_id));
diesel::joinable!(charges -> donations (donation_id));
diesel::joinable!(charges -> members (member_id));
diesel::joinable!(exports -> batches (batch_id));
diesel::joinable!(held_results -> result_files (result_file_id));
diesel::joinable!(corrections -> settlements (settlement_id));

diesel::joinable!(journal_postings -> journal_entries (entry_id));
diesel::joinable!(journal_postings -> accounts (account));

diesel::allow_tables_to_appear_in_same_query!(
    cooperatives,
    funds,
    organizations,
    campaigns,
    cycles,
    offerings,
    members,
    intakes,
    applications,
    pledges,
    donations,
    decisions,
    pledge_terms,
    sheets,
    sheet_lines,
    batches,
    batch_totals,
    month_closings,
    charges,
    exports,
    idempotency_keys,
    jobs,
    audit_events,
    result_files,
    settlements,
    corrections,
    held_results,
    accounts,
    accounting_periods,
    journal_entries,
    journal_postings,
    remittances,
    remittance_allocations,
    payouts,
);
