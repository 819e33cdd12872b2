//! A table reads back the same however it was written.

use formats::table::TableRow;
use formats::tables::{Cell, MemberRow};
use proptest::prelude::*;

use crate::read;

/// How a program may write a table.
#[derive(Debug, Clone)]
struct Way {
    order: Vec<usize>,
    english: bool,
    line_end: &'static str,
    last_line_ended: bool,
    quote_all: bool,
    encoding: &'static str,
}

fn way() -> impl Strategy<Value = Way> {
    (
        Just((0..6).collect::<Vec<usize>>()).prop_shuffle(),
        any::<bool>(),
        prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        any::<bool>(),
        any::<bool>(),
        prop_oneof![Just("UTF-8"), Just("UTF-8 with BOM"), Just("CP932")],
    )
        .prop_map(
            |(order, english, line_end, last_line_ended, quote_all, encoding)| Way {
                order,
                english,
                line_end,
                last_line_ended,
                quote_all,
                encoding,
            },
        )
}

fn write(rows: &[[String; 6]], way: &Way) -> Vec<u8> {
    let header = MemberRow::COLUMNS
        .iter()
        .map(|column| (if way.english { column.en } else { column.ja }).to_owned());
    let header: Vec<String> = header.collect();
    let all = std::iter::once(header.as_slice()).chain(rows.iter().map(<[String; 6]>::as_slice));
    let lines: Vec<String> = all
        .map(|row| {
            let fields: Vec<String> = way
                .order
                .iter()
                .map(|&at| quote(&row[at], way.quote_all))
                .collect();
            fields.join(",")
        })
        .collect();
    let mut text = lines.join(way.line_end);
    if way.last_line_ended {
        text.push_str(way.line_end);
    }
    match way.encoding {
        "CP932" => {
            let (bytes, _, lost) = encoding_rs::SHIFT_JIS.encode(&text);
            assert!(!lost, "{text}");
            bytes.into_owned()
        }
        "UTF-8" => text.into_bytes(),
        _ => format!("\u{feff}{text}").into_bytes(),
    }
}

fn quote(text: &str, always: bool) -> String {
    if always || text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn member() -> impl Strategy<Value = [String; 6]> {
    (
        "0[1-5]",
        "[0-9A-Z]{1,3}-?[0-9]{1,8}",
        "(見本[ 　\",'=]?[花子髙﨑齋ー①㈱&,]{1,4})?",
        "(ﾐﾎﾝ|ミホン)?",
        "(han|individual|depot|班|個別|デポー)?",
        "(20[0-9]{2}-0[1-9]-[12][0-8])?",
    )
        .prop_map(|(coop, number, name, kana, delivery, left_on)| {
            [coop, number, name, kana, delivery, left_on]
        })
}

fn cell<T>(value: T, blank: bool) -> Cell<T> {
    if blank {
        Cell::Blank
    } else {
        Cell::Value(value)
    }
}

proptest! {
    #[test]
    fn members_read_back_the_same_however_they_were_written(
        rows in prop::collection::vec(member(), 1..12),
        way in way(),
    ) {
        let read = read::<MemberRow>(&write(&rows, &way)).map_err(TestCaseError::fail)?;
        prop_assert_eq!(read.len(), rows.len());
        for (row, [coop, number, name, kana, delivery, left_on]) in read.into_iter().zip(&rows) {
            prop_assert_eq!(row.coop.as_str(), coop);
            prop_assert_eq!(row.member_number.as_str(), number);
            prop_assert_eq!(row.name, cell(name.clone(), name.is_empty()));
            prop_assert_eq!(row.kana, cell(kana.clone(), kana.is_empty()));
            match row.delivery {
                Cell::Value(read) => prop_assert_eq!(delivery.parse(), Ok(read)),
                other => prop_assert!(delivery.is_empty(), "{other:?}"),
            }
            match row.left_on {
                Cell::Value(read) => prop_assert_eq!(&read.to_string(), left_on),
                other => prop_assert!(left_on.is_empty(), "{other:?}"),
            }
        }
    }
}
