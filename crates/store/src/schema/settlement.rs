//! The tables of what became of the charges (R13).

diesel::table! {
    result_files (id) {
        id -> BigInt,
        name -> Text,
        fingerprint -> Text,
        lines -> BigInt,
        collected -> BigInt,
        collected_amount -> BigInt,
        failed -> BigInt,
        failed_amount -> BigInt,
        held -> BigInt,
        unchanged -> BigInt,
        held_by_reason -> Text,
        actor -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    settlements (id) {
        id -> BigInt,
        batch_id -> BigInt,
        rank -> BigInt,
        result_file_id -> BigInt,
        line_no -> BigInt,
        result_code -> Text,
        collected_on -> Nullable<Date>,
        amount -> BigInt,
        carry_month -> Nullable<Integer>,
        entry_id -> Nullable<BigInt>,
        correction_mark -> BigInt,
    }
}

diesel::table! {
    corrections (id) {
        id -> BigInt,
        settlement_id -> BigInt,
        kind -> Text,
        corrected_on -> Date,
        amount -> BigInt,
        account -> Nullable<Text>,
        entry_id -> Nullable<BigInt>,
        reason -> Text,
        actor -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    held_results (id) {
        id -> BigInt,
        result_file_id -> BigInt,
        line_no -> BigInt,
        reason -> Text,
        coop_id -> Nullable<BigInt>,
        charge_key -> Nullable<Text>,
        coop_code -> Nullable<Text>,
        member_number -> Nullable<Text>,
        month -> Nullable<Integer>,
        order_number -> Nullable<Text>,
        result_code -> Text,
        collected_on -> Nullable<Date>,
        amount -> Nullable<BigInt>,
        batch_id -> Nullable<BigInt>,
        rank -> Nullable<BigInt>,
        state -> Text,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        decision_reason -> Nullable<Text>,
        settlement_id -> Nullable<BigInt>,
    }
}
