//! The words of the office on the command line: read from arguments, written to people.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, Utc};
use domain::{
    ApplicationState, Channel, ChargeKey, CollectionMonth, CoopCode, EntrySource, HeldResultState,
    HoldReason, MemberNumber, OrderNumber, PendingState, ResultHoldReason, Way, Yen,
};

/// A channel that a file or a person may name.
pub fn channel(word: &str) -> Result<Channel, String> {
    parsed(word)
}

/// The code of a co-op.
pub fn coop(word: &str) -> Result<CoopCode, String> {
    parsed(word)
}

/// A month, as `2025-12`.
pub fn month(word: &str) -> Result<CollectionMonth, String> {
    parsed(word)
}

/// A member number.
pub fn member_number(word: &str) -> Result<MemberNumber, String> {
    parsed(word)
}

/// An order number.
pub fn order_number(word: &str) -> Result<OrderNumber, String> {
    parsed(word)
}

/// Yen, in digits of either width.
pub fn yen(word: &str) -> Result<Yen, String> {
    parsed(word)
}

/// What a journal entry came from.
pub fn entry_source(word: &str) -> Result<EntrySource, String> {
    parsed(word)
}

/// The state of an application.
pub fn state(word: &str) -> Result<ApplicationState, String> {
    parsed(word)
}

/// A way to decide.
pub fn way(word: &str) -> Result<Way, String> {
    parsed(word)
}

/// A reason to hold.
pub fn hold_reason(word: &str) -> Result<HoldReason, String> {
    parsed(word)
}

/// The key of a charge.
pub fn charge_key(word: &str) -> Result<ChargeKey, String> {
    parsed(word)
}

/// A reason to hold a result.
pub fn result_hold_reason(word: &str) -> Result<ResultHoldReason, String> {
    parsed(word)
}

/// The state of a held result.
pub fn held_result_state(word: &str) -> Result<HeldResultState, String> {
    parsed(word)
}

/// What became of something that waits for a second person.
pub fn pending_state(word: &str) -> Result<PendingState, String> {
    parsed(word)
}

fn parsed<T>(word: &str) -> Result<T, String>
where
    T: FromStr,
    T::Err: Display,
{
    word.parse().map_err(|error: T::Err| error.to_string())
}

/// A moment as the clock on the wall in Japan shows it: `2025-11-17 12:00`.
pub fn moment(at: DateTime<Utc>) -> String {
    let in_japan = FixedOffset::east_opt(9 * 60 * 60).map(|offset| at.with_timezone(&offset));
    in_japan.map_or_else(
        || at.to_rfc3339(),
        |at| at.format("%Y-%m-%d %H:%M").to_string(),
    )
}

/// A decision's way in Japanese; besides those a person chooses, applications are corrected and
/// taken back.
pub fn way_label(way: &str) -> &str {
    match (way, way.parse::<Way>()) {
        ("correct", _) => "訂正",
        ("void", _) => "取り消し",
        (_, Ok(way)) => way.label_ja(),
        (_, Err(_)) => way,
    }
}

/// A channel in Japanese, as the database keeps it.
pub fn channel_label(channel: &str) -> &str {
    match Channel::from_stored(channel) {
        Ok(channel) => channel.label_ja(),
        Err(_) => channel,
    }
}

/// What brought an application, in Japanese.
pub fn import_label(kind: &str) -> &str {
    match kind {
        "file" => "ファイル",
        "sheet" => "入力束",
        "request" => "一件ずつの受付",
        "member_changes" => "異動のファイル",
        other => other,
    }
}

/// Yen or a count with commas: `1,800`.
pub fn grouped(number: i64) -> String {
    Yen::new(number).grouped()
}

/// Yen with a sign, as a step of the bridge: `+1,800`, `-300`.
pub fn signed(number: i64) -> String {
    if number > 0 {
        format!("+{}", grouped(number))
    } else {
        grouped(number)
    }
}

/// A count with commas.
pub fn grouped_count(number: u64) -> String {
    i64::try_from(number).map_or_else(|_| number.to_string(), grouped)
}
