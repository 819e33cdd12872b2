use std::io::{self, Read};

use super::records::{RECORD_BYTES_MAX, RecordReader};
use super::*;
use crate::encoding::Encoding;

/// A source that gives one byte at a time, so that every boundary falls everywhere.
struct OneByOne<'a>(&'a [u8]);

impl Read for OneByOne<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let (Some((&first, rest)), Some(slot)) = (self.0.split_first(), room.first_mut()) else {
            return Ok(0);
        };
        *slot = first;
        self.0 = rest;
        Ok(1)
    }
}

fn collect(source: impl Read, encoding: Encoding) -> Vec<String> {
    let mut reader = RecordReader::new(source, encoding);
    let mut found = Vec::new();
    while let Some(read) = reader.read().unwrap() {
        found.push(match read {
            Ok(record) => {
                let fields: Vec<&str> = (0..record.len()).map(|at| record.field(at)).collect();
                format!("{}|{}", record.line, fields.join("|"))
            }
            Err(problem) => problem.to_string(),
        });
    }
    found
}

/// The records of a text: line and fields, or the problem. How the bytes arrive and in which
/// encoding makes no difference.
fn records(text: &str) -> Vec<String> {
    let found = collect(text.as_bytes(), Encoding::Utf8);
    assert_eq!(collect(OneByOne(text.as_bytes()), Encoding::Utf8), found);
    let marked = format!("\u{feff}{text}");
    assert_eq!(collect(marked.as_bytes(), Encoding::Utf8Bom), found);
    assert_eq!(
        collect(OneByOne(marked.as_bytes()), Encoding::Utf8Bom),
        found
    );
    let (cp932, _, lost) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!lost);
    assert_eq!(collect(cp932.as_ref(), Encoding::Cp932), found);
    assert_eq!(collect(OneByOne(&cp932), Encoding::Cp932), found);
    found
}

#[test]
fn every_kind_of_line_end_is_read() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["単協,番号", "01,1", "02,2"].join(end);
        let expected = ["1|単協|番号", "2|01|1", "3|02|2"];
        assert_eq!(
            records(&text),
            expected,
            "{end:?}, the last line without an end"
        );
        assert_eq!(records(&format!("{text}{end}")), expected, "{end:?}");
    }
}

#[test]
fn blank_lines_are_passed_over_and_counted() {
    assert_eq!(records("a,b\n\n1,2\n\n\n"), ["1|a|b", "3|1|2"]);
    assert_eq!(records("\r\n \t\r\na,b\r\n"), ["3|a|b"]);
    assert_eq!(records("a,b\r\r1,2\r\r"), ["1|a|b", "3|1|2"]);
    assert_eq!(records(""), [""; 0]);
}

#[test]
fn fields_may_be_empty_spaced_and_quoted() {
    assert_eq!(records(",,\n"), ["1|||"]);
    assert_eq!(records(" 01 ,　花子　\n"), ["1|01|花子"]);
    assert_eq!(records("\"a,b\",\"\"\n"), ["1|a,b|"]);
    assert_eq!(records("\"こう\"\"言う\"\"\",1"), ["1|こう\"言う\"|1"]);
    assert_eq!(records("\"\"\"\"\n"), ["1|\""]);
}

#[test]
fn a_quoted_field_may_have_several_lines_and_the_count_goes_on() {
    for end in ["\n", "\r\n", "\r"] {
        let text = format!("a,b{end}\"x{end}y{end}z\",1{end}2,3{end}");
        assert_eq!(
            records(&text),
            ["1|a|b".into(), format!("2|x{end}y{end}z|1"), "5|2|3".into()]
        );
    }
}

#[test]
fn a_quote_that_never_closes_names_the_line_where_it_opened() {
    insta::assert_snapshot!(
        records("a,b\n1,2\n\"x\ny\",\"open\n3,4\n5,6\n").join("\n"),
        @r#"
    1|a|b
    2|1|2
    4: この行で開いた引用符「"」が最後まで閉じていません。閉じる「"」を補ってください
    "#
    );
}

#[test]
fn a_quote_that_never_closes_in_a_large_file_takes_no_more_memory() {
    let text = format!("a,b\n1,\"2\n{}", "3,4\n".repeat(RECORD_BYTES_MAX));
    let found = records(&text);
    assert_eq!(found.len(), 2);
    assert!(
        found[1].starts_with("2: この行で開いた引用符"),
        "{}",
        found[1]
    );
}

#[test]
fn text_after_a_closing_quote_names_the_line_where_the_quote_opened() {
    insta::assert_snapshot!(
        records("a,b\n\"1\"x,2\n\"3,4\n\"5\",6\n7,8\n").join("\n"),
        @r#"
    1|a|b
    2: この行で開いた引用符「"」を閉じたあとに文字が続いています。閉じる「"」の抜けや位置を確かめ、値の中の「"」は2つ重ねてください
    3: この行で開いた引用符「"」を閉じたあとに文字が続いています。閉じる「"」の抜けや位置を確かめ、値の中の「"」は2つ重ねてください
    5|7|8
    "#
    );
}

#[test]
fn a_quote_within_a_bare_field_is_refused() {
    insta::assert_snapshot!(
        records("a,b\n1,5\"x\n2,3\n").join("\n"),
        @r#"
    1|a|b
    2: 引用符「"」が値の途中にあります。値の全体を「"」で囲み、値の中の「"」は2つ重ねてください
    3|2|3
    "#
    );
}

#[test]
fn a_line_longer_than_any_table_has_is_refused_and_the_next_one_read() {
    for long in [
        "x".repeat(RECORD_BYTES_MAX + 100),
        format!("\"\",{}", "x".repeat(300_000)),
    ] {
        let found = records(&format!("a,b\n{long}\n1,2\n"));
        assert_eq!(found, ["1|a|b", "2: 1行が長すぎます（256KBまで）", "3|1|2"]);
    }
}

#[test]
fn a_file_larger_than_the_buffer_is_read_whole() {
    let lines = 60_000;
    let text: String = (1..=lines)
        .map(|line| format!("{line},見本 花子\r\n"))
        .collect();
    assert!(text.len() > 4 * RECORD_BYTES_MAX);
    let found = records(&text);
    assert_eq!(found.len(), lines);
    assert!(
        found
            .iter()
            .enumerate()
            .all(|(at, line)| *line == format!("{0}|{0}|見本 花子", at + 1))
    );
}

#[test]
fn a_file_that_changes_between_the_passes_is_noticed() {
    for (bytes, encoding) in [
        (&b"a,b\n\xFF,2\n"[..], Encoding::Utf8),
        (b"a,b\n\"\xFF\",2\n", Encoding::Utf8),
        (b"a,b\n\x85\x40,2\n", Encoding::Cp932),
    ] {
        let mut reader = RecordReader::new(bytes, encoding);
        let error = loop {
            match reader.read() {
                Ok(read) => assert!(read.is_some(), "{encoding}"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(error.to_string().contains("もう一度取り込んでください"));
    }
}

#[test]
fn only_so_many_problems_are_listed_and_the_rest_counted() {
    let mut problems = Problems::new();
    problems.extend((1..=1_234).map(|line| LineProblem::of_line(line, "読めません")));
    assert_eq!(problems.listed().len(), PROBLEMS_MAX);
    assert_eq!(problems.total(), 1_234);
    let text = problems.display("申込.csv").to_string();
    assert_eq!(text.lines().count(), PROBLEMS_MAX + 1);
    assert_eq!(text.lines().next(), Some("申込.csv:1: 読めません"));
    assert_eq!(
        text.lines().last(),
        Some("申込.csv: ほかに234件の誤りがあります")
    );
}

/// What the csv crate writes, our reader reads, whatever the texts and the line ends.
fn written(rows: &[Vec<String>], end: csv::Terminator) -> String {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(end)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

proptest::proptest! {
    #[test]
    fn what_another_program_wrote_reads_back(
        rows in proptest::collection::vec(
            proptest::collection::vec("[!-~ぁ-んｱ-ﾝ愛見本髙﨑齋ー①]([ -~ぁ-ん\n\r\t]{0,6}[!-~ぁ-ん])?", 2..5),
            1..8,
        ),
        end in 0..3_usize,
    ) {
        let end =
            [csv::Terminator::CRLF, csv::Terminator::Any(b'\n'), csv::Terminator::Any(b'\r')][end];
        let found = records(&written(&rows, end));
        let fields: Vec<String> = rows.iter().map(|row| row.join("|")).collect();
        let read: Vec<&str> =
            found.iter().map(|line| line.split_once('|').map_or("", |(_, rest)| rest)).collect();
        proptest::prop_assert_eq!(read, fields);
    }

    #[test]
    fn no_text_at_all_makes_it_fall_over(text in "[a\",\n\r ]{0,40}") {
        let _ = records(&text);
    }
}
