//! The answers kept for requests that come again (R6): they stay, without the notes in them.

use std::collections::HashSet;

use chrono::NaiveDateTime;
use serde_json::Value;
use store::DbConnection;
use store::personal::MemberRows;
use store::tables::idempotency_keys::{self, KeptAnswer};

use crate::{LedgerError, Result};

/// Answers read at once.
const ANSWERS_AT_ONCE: i64 = 500;

/// Erases the notes of these members' lines. Gives in how many answers.
pub(super) fn erase_of(connection: &mut DbConnection, rows: &MemberRows) -> Result<u64> {
    let numbers: HashSet<&str> = rows
        .numbers
        .iter()
        .map(|(_, number)| number.as_str())
        .collect();
    erase(connection, None, &|object| {
        let number = object.get("member_number").and_then(Value::as_str);
        number.is_some_and(|number| numbers.contains(number))
    })
}

/// Erases the notes of all members' lines in answers given before a moment. Gives in how many.
pub(super) fn erase_before(connection: &mut DbConnection, before: NaiveDateTime) -> Result<u64> {
    erase(connection, Some(before), &|object| {
        object.contains_key("member_number")
    })
}

type Object = serde_json::Map<String, Value>;

fn erase(
    connection: &mut DbConnection,
    before: Option<NaiveDateTime>,
    is_meant: &dyn Fn(&Object) -> bool,
) -> Result<u64> {
    let mut erased = 0;
    let mut after: Option<KeptAnswer> = None;
    loop {
        let page =
            idempotency_keys::with_notes(connection, before, after.as_ref(), ANSWERS_AT_ONCE)?;
        for answer in &page {
            let mut body: Value = serde_json::from_str(&answer.body)
                .map_err(|e| LedgerError::Corrupt(format!("idempotency key: {e}")))?;
            if erase_notes(&mut body, is_meant) > 0 {
                idempotency_keys::set_body(connection, answer, &body.to_string())?;
                erased += 1;
            }
        }
        match page.into_iter().next_back() {
            Some(last) => after = Some(last),
            None => return Ok(erased),
        }
    }
}

/// Takes the notes out of the objects that are meant, wherever they are. Gives how many.
fn erase_notes(value: &mut Value, is_meant: &dyn Fn(&Object) -> bool) -> u64 {
    let erase_inner = |inner: &mut Value| erase_notes(inner, is_meant);
    match value {
        Value::Object(object) => {
            let had_note = is_meant(object)
                && object
                    .get_mut("note")
                    .is_some_and(|note| !note.take().is_null());
            u64::from(had_note) + object.values_mut().map(erase_inner).sum::<u64>()
        }
        Value::Array(values) => values.iter_mut().map(erase_inner).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_note_goes_wherever_the_line_is() {
        let mut body = json!({
            "lines": [
                {"member_number": "1", "note": "見本", "units": 2},
                {"member_number": "2", "note": "残る"},
                {"member_number": "1", "note": "二つ目"},
            ],
            "note": "束の覚え",
        });
        let is_first = |object: &Object| object.get("member_number") == Some(&json!("1"));

        assert_eq!(erase_notes(&mut body, &is_first), 2);
        assert_eq!(
            body,
            json!({
                "lines": [
                    {"member_number": "1", "note": null, "units": 2},
                    {"member_number": "2", "note": "残る"},
                    {"member_number": "1", "note": null},
                ],
                "note": "束の覚え",
            })
        );
        assert_eq!(erase_notes(&mut body, &is_first), 0, "nothing is left");
    }
}
