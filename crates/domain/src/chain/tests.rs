use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use proptest::prelude::*;

use super::*;

/// One field, as a test names it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Field {
    None,
    Text(String),
    Integer(i64),
    Date(NaiveDate),
    Bytes(Vec<u8>),
    Moment(NaiveDateTime),
}

fn encode(fields: &[Field]) -> Fields {
    fields
        .iter()
        .fold(Fields::new(), |list, field| match field {
            Field::None => list.text(None),
            Field::Text(text) => list.text(text.as_str()),
            Field::Integer(value) => list.integer(*value),
            Field::Date(day) => list.date(*day),
            Field::Bytes(bytes) => list.bytes(bytes.as_slice()),
            Field::Moment(moment) => list.moment(*moment),
        })
}

/// Reads the fields back: what can be read back cannot have come from another list.
fn decode(mut bytes: &[u8]) -> Vec<Field> {
    let mut fields = Vec::new();
    while let Some((tag, rest)) = bytes.split_first() {
        let (length, rest) = rest.split_at(8);
        let length = u64::from_be_bytes(length.try_into().unwrap());
        let (content, rest) = rest.split_at(usize::try_from(length).unwrap());
        let text = || String::from_utf8(content.to_vec()).unwrap();
        fields.push(match *tag {
            tag::NONE => Field::None,
            tag::TEXT => Field::Text(text()),
            tag::INTEGER => Field::Integer(i64::from_be_bytes(content.try_into().unwrap())),
            tag::DATE => Field::Date(text().parse().unwrap()),
            tag::BYTES => Field::Bytes(content.to_vec()),
            tag::MOMENT => Field::Moment(text().trim_end_matches('Z').parse().unwrap()),
            other => panic!("tag {other}"),
        });
        bytes = rest;
    }
    fields
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 8, 27).unwrap()
}

fn moment() -> NaiveDateTime {
    day().and_hms_nano_opt(3, 4, 5, 6_789).unwrap()
}

/// Contents that are easily taken for one another: short, and full of what tags and lengths are
/// made of.
fn any_field() -> impl Strategy<Value = Field> {
    let near_misses = prop::collection::vec(prop_oneof![0_u8..6, Just(8), Just(b'1')], 0..24);
    let midnight = NaiveDateTime::from(day());
    prop_oneof![
        Just(Field::None),
        "[\u{0}-\u{5}\u{8}a1一]{0,12}".prop_map(Field::Text),
        any::<i64>().prop_map(Field::Integer),
        (0_i64..9_999).prop_map(|days| Field::Date(day() + TimeDelta::days(days))),
        near_misses.prop_map(Field::Bytes),
        any::<i32>().prop_map(move |micros| Field::Moment(
            midnight + TimeDelta::microseconds(micros.into())
        )),
    ]
}

fn any_fields() -> impl Strategy<Value = Vec<Field>> {
    prop::collection::vec(any_field(), 0..8)
}

proptest! {
    #[test]
    fn what_was_encoded_can_be_read_back(fields in any_fields()) {
        prop_assert_eq!(decode(encode(&fields).as_bytes()), fields);
    }

    #[test]
    fn no_two_lists_of_fields_encode_alike(one in any_fields(), other in any_fields()) {
        let (encoded_one, encoded_other) = (encode(&one), encode(&other));
        prop_assert_eq!(one == other, encoded_one == encoded_other);
        let is_alike = link(&GENESIS, &encoded_one) == link(&GENESIS, &encoded_other);
        prop_assert_eq!(one == other, is_alike);
    }

    #[test]
    fn moving_a_letter_to_the_next_field_changes_the_bytes(text in "[a-z]{8}", at in 0_usize..8) {
        let (head, tail) = text.split_at(at);
        let split = Fields::new().text(head).text(tail);
        prop_assert_ne!(split, Fields::new().text(text.as_str()).text(""));
    }
}

/// Worked out with Python's hashlib from the layout in `docs/PROOF.md`, not with this program.
#[test]
fn golden_vectors() {
    let nothing = link(&GENESIS, &Fields::new());
    assert_eq!(
        to_hex(&nothing),
        "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
    );
    let row = Fields::new()
        .text("一口")
        .integer(300)
        .date(day())
        .text(None)
        .bytes([0, 255].as_slice())
        .moment(moment());
    assert_eq!(
        hex::encode(row.as_bytes()),
        "010000000000000006e4b880e58fa3020000000000000008000000000000012c03000000000000000a\
         323032352d30382d323700000000000000000004000000000000000200ff05000000000000001b\
         323032352d30382d32375430333a30343a30352e3030303030365a"
    );
    let first = link(&GENESIS, &row);
    assert_eq!(
        to_hex(&first),
        "b7fabae55ad5872ffd2160b2cbd79f2d83cc363e6560332c680cd25892f04e2e"
    );
    let row = row.emptied().text("").integer(-1).integer(i64::MIN);
    assert_eq!(
        to_hex(&link(&first, &row)),
        "b088570958c86cef0d53daffea4f2ddbc8329fc97f779b8dfff3839ee68f33b3"
    );
}

#[test]
fn a_missing_value_is_not_an_empty_one() {
    assert_ne!(Fields::new().text(None), Fields::new().text(""));
    assert_ne!(Fields::new().text(""), Fields::new().bytes([].as_slice()));
    assert_eq!(Fields::new().integer(None), Fields::new().date(None));
}

#[test]
fn a_link_is_shown_as_64_digits_and_read_back() {
    let shown = to_hex(&GENESIS);
    assert_eq!(shown, "0".repeat(64));
    assert_eq!(from_hex(&shown), Some(GENESIS));
    for no_link in ["", "00", &"0".repeat(65), &"g".repeat(64)] {
        assert_eq!(from_hex(no_link), None);
    }
}

#[test]
fn a_moment_as_the_database_writes_it_is_the_moment() {
    let whole = day().and_hms_opt(3, 4, 5).unwrap();
    assert_eq!(
        Fields::new().moment_as_written("2025-08-27 03:04:05"),
        Fields::new().moment(whole)
    );
    assert_eq!(
        Fields::new().moment_as_written("2025-08-27 03:04:05.000006"),
        Fields::new().moment(moment())
    );
    assert_ne!(
        Fields::new().moment_as_written("2025-08-27  3:04:05"),
        Fields::new().moment(whole)
    );
    assert_eq!(
        Fields::new().date_as_written("2025-08-27"),
        Fields::new().date(day())
    );
}

/// A chain of five rows: place, content, link.
fn five_rows() -> Vec<(i64, Fields, String)> {
    let mut previous = GENESIS;
    (1..=5)
        .map(|seq| {
            let fields = Fields::new()
                .integer(seq)
                .text(format!("row {seq}").as_str());
            previous = link(&previous, &fields);
            (seq, fields, to_hex(&previous))
        })
        .collect()
}

fn flaws(rows: &[(i64, Fields, String)]) -> Vec<Flaw> {
    let mut walk = Walk::default();
    rows.iter()
        .filter_map(|(seq, fields, link)| walk.step(*seq, fields, link))
        .collect()
}

#[test]
fn a_whole_chain_has_no_flaw_and_ends_in_its_head() {
    let rows = five_rows();
    let mut walk = Walk::default();
    for (seq, fields, link) in &rows {
        assert_eq!(walk.step(*seq, fields, link), None);
    }
    assert_eq!((walk.seq(), to_hex(walk.head())), (5, rows[4].2.clone()));
}

#[test]
fn a_changed_row_is_named_and_no_other() {
    let mut rows = five_rows();
    rows[2].1 = Fields::new().integer(3).text("row 4");
    assert_eq!(flaws(&rows), [Flaw::Changed(3)]);
}

#[test]
fn a_changed_link_is_named_and_no_other() {
    for digit in [0, 63] {
        let mut rows = five_rows();
        let changed = if &rows[2].2[digit..=digit] == "0" {
            "1"
        } else {
            "0"
        };
        rows[2].2.replace_range(digit..=digit, changed);
        assert_eq!(flaws(&rows), [Flaw::Changed(3)]);
    }
    let mut rows = five_rows();
    rows[2].2 = rows[2].2.to_uppercase();
    assert_eq!(flaws(&rows), [Flaw::Changed(3)]);
    rows[2].2 = "?".to_owned();
    assert_eq!(flaws(&rows), [Flaw::Changed(3)]);
}

#[test]
fn a_removed_row_is_missing() {
    let mut rows = five_rows();
    rows.remove(0);
    assert_eq!(flaws(&rows), [Flaw::Missing(1, 1)]);
    rows.drain(1..3);
    assert_eq!(flaws(&rows), [Flaw::Missing(1, 1), Flaw::Missing(3, 4)]);
}

#[test]
fn an_inserted_row_and_swapped_ones_are_named() {
    let mut rows = five_rows();
    rows.push((6, Fields::new().integer(6), to_hex(&GENESIS)));
    assert_eq!(flaws(&rows), [Flaw::Changed(6)]);

    let mut rows = five_rows();
    rows.swap(1, 3);
    (rows[1].0, rows[3].0) = (2, 4);
    let found = flaws(&rows);
    assert!(found.contains(&Flaw::Changed(2)), "{found:?}");
    assert!(found.contains(&Flaw::Changed(4)), "{found:?}");
}
