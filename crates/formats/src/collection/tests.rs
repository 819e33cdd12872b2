use std::io;

use domain::{CollectionMonth, OfferingKind, TermUnits, Yen};
use sha2::{Digest, Sha256};

use super::*;

fn row() -> CollectionRow<'static> {
    CollectionRow {
        coop: "01",
        member_number: "0001234",
        order_number: "108413",
        kind: OfferingKind::Supporter,
        units: TermUnits::new(3).unwrap(),
        unit_price: Yen::new(300),
        amount: Yen::new(900),
        month: CollectionMonth::new(2025, 12).unwrap(),
        charge_key: "00120251201000000017",
    }
}

fn file(profile: &Profile, rows: &[CollectionRow<'_>]) -> (Vec<u8>, CollectionSummary) {
    let mut writer = CollectionWriter::new(Vec::new(), profile);
    for row in rows {
        writer.write(row).unwrap();
    }
    writer.finish().unwrap()
}

fn three_rows() -> [CollectionRow<'static>; 3] {
    let one_time = CollectionRow {
        unit_price: Yen::new(500),
        amount: Yen::new(1_500),
        ..row()
    };
    [
        CollectionRow {
            order_number: "",
            ..row()
        },
        CollectionRow {
            kind: OfferingKind::Spot,
            ..one_time
        },
        CollectionRow {
            kind: OfferingKind::Campaign,
            coop: "多摩きた",
            ..one_time
        },
    ]
}

const THREE_ROWS: &str = "\
\"単協コード\",\"組合員番号\",\"注文番号\",\"区分\",\"口数\",\"単価\",\"金額\",\"集金年月\",\"請求キー\"\r\n\
\"01\",\"0001234\",\"\",\"サポーター\",\"3\",\"300\",\"900\",\"2025-12\",\"00120251201000000017\"\r\n\
\"01\",\"0001234\",\"108413\",\"スポット\",\"3\",\"500\",\"1500\",\"2025-12\",\"00120251201000000017\"\r\n\
\"多摩きた\",\"0001234\",\"108413\",\"団体寄付\",\"3\",\"500\",\"1500\",\"2025-12\",\"00120251201000000017\"\r\n";

#[test]
fn the_standard_file_is_cp932_with_every_field_quoted() {
    let (bytes, _) = file(&Profile::STANDARD, &three_rows());
    let (text, _, broken) = encoding_rs::SHIFT_JIS.decode(&bytes);
    assert!(!broken);
    assert_eq!(text, THREE_ROWS);
}

#[test]
fn the_utf_8_file_is_the_same_text_after_a_byte_order_mark() {
    let (bytes, _) = file(&Profile::STANDARD_UTF8, &three_rows());
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        format!("\u{feff}{THREE_ROWS}")
    );
}

#[test]
fn version_1_writes_these_very_bytes_for_ever() {
    // An exported file has its hash on record (R10): a change here needs a new version.
    for (profile, sha256) in [
        (
            &Profile::STANDARD,
            "ebd1ebf2ee56c240bca09325fb52318b1c89fcb9b9b5c02e7123f2997969b5ed",
        ),
        (
            &Profile::STANDARD_UTF8,
            "09e1684e84abf3c4f0e576402fb1e885688abd0c941da2a945342bbd4825806b",
        ),
    ] {
        let (_, summary) = file(profile, &three_rows());
        assert_eq!(
            (profile.version, hex::encode(summary.sha256).as_str()),
            (1, sha256)
        );
    }
}

#[test]
fn rows_yen_size_and_hash_are_those_of_the_file_however_long() {
    let rows = vec![row(); 5_000];
    let (bytes, summary) = file(&Profile::STANDARD, &rows);
    assert!(bytes.len() > 400_000);
    let expected = CollectionSummary {
        rows: 5_000,
        amount: Yen::new(4_500_000),
        bytes: bytes.len() as u64,
        sha256: Sha256::digest(&bytes).into(),
    };
    assert_eq!(summary, expected);
    let mut trial = CollectionWriter::new(io::sink(), &Profile::STANDARD);
    rows.iter().for_each(|row| trial.write(row).unwrap());
    assert_eq!(trial.finish().unwrap().1, expected);
}

#[test]
fn another_program_reads_the_file_back() {
    let odd = CollectionRow {
        coop: "多\"摩,\r\nきた",
        ..row()
    };
    let (bytes, _) = file(&Profile::STANDARD_UTF8, &[odd]);
    let mut reader = csv::Reader::from_reader(&bytes[3..]);
    let record = reader.records().next().unwrap().unwrap();
    assert_eq!(&record[0], odd.coop);
    assert_eq!(
        record.iter().skip(1).collect::<Vec<_>>(),
        [
            "0001234",
            "108413",
            "サポーター",
            "3",
            "300",
            "900",
            "2025-12",
            "00120251201000000017",
        ]
    );
}

#[test]
fn a_formula_is_exported_harmless() {
    let rows = [
        CollectionRow {
            coop: "=cmd|'/C calc'!A0",
            ..row()
        },
        CollectionRow {
            member_number: "-1",
            ..row()
        },
        CollectionRow {
            amount: Yen::new(-900),
            ..row()
        },
    ];
    let (bytes, _) = file(&Profile::STANDARD, &rows);
    let (text, ..) = encoding_rs::SHIFT_JIS.decode(&bytes);
    assert!(text.contains("\"'=cmd|'/C calc'!A0\""), "{text}");
    assert!(text.contains("\"'-1\""), "{text}");
    assert!(
        text.contains("\"300\",\"-900\""),
        "a negative number is no formula: {text}"
    );
}

#[test]
fn a_character_that_cp932_lacks_is_named_before_anything_is_written() {
    let mut trial = CollectionWriter::new(io::sink(), &Profile::STANDARD);
    trial.write(&row()).unwrap();
    let lacking = CollectionRow {
        coop: "多摩𠮷",
        ..row()
    };
    let error = trial.write(&lacking).unwrap_err();
    insta::assert_snapshot!(
        error.to_string(),
        @"請求データの3行目（組合員番号 0001234）の単協コードにある「𠮷」（U+20BB7）は、CP932（Shift_JIS）にない文字です。もとの値を直すか、出力形式 standard-utf8 で出力してください"
    );
    let same = check_encodable(&Profile::STANDARD, 3, &lacking).unwrap_err();
    assert_eq!(same.to_string(), error.to_string());
    assert!(check_encodable(&Profile::STANDARD_UTF8, 3, &lacking).is_ok());
}

#[test]
fn a_character_that_would_become_another_one_counts_as_lacking() {
    for text in ["¥", "‾", "−", "〜", "é", "한"] {
        let lacking = CollectionRow {
            coop: text,
            ..row()
        };
        assert!(
            check_encodable(&Profile::STANDARD, 2, &lacking).is_err(),
            "{text}"
        );
    }
    for text in ["￥", "～", "－", "髙", "①", "ｱ"] {
        let there = CollectionRow {
            coop: text,
            ..row()
        };
        assert!(
            check_encodable(&Profile::STANDARD, 2, &there).is_ok(),
            "{text}"
        );
    }
}

#[test]
fn a_sum_that_does_not_fit_is_refused() {
    let mut writer = CollectionWriter::new(io::sink(), &Profile::STANDARD);
    let most = CollectionRow {
        amount: Yen::new(i64::MAX),
        ..row()
    };
    writer.write(&most).unwrap();
    assert!(matches!(
        writer.write(&most),
        Err(CollectionError::Overflow(_))
    ));
}

#[test]
fn a_full_disk_is_reported() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = CollectionWriter::new(Full, &Profile::STANDARD)
        .finish()
        .err()
        .unwrap();
    assert!(
        error
            .to_string()
            .starts_with("請求データを書き込めません: "),
        "{error}"
    );
}

#[test]
fn profiles_are_asked_for_by_name_and_recorded_by_version() {
    assert_eq!(Profile::by_name("standard"), Ok(&Profile::STANDARD));
    assert_eq!(
        Profile::by_name("standard-utf8"),
        Ok(&Profile::STANDARD_UTF8)
    );
    assert_eq!(Profile::by_version("standard", 1), Ok(&Profile::STANDARD));
    insta::assert_snapshot!(Profile::by_name("zengin").unwrap_err(), @"出力形式「zengin」はありません。使えるのは standard、standard-utf8 です");
    insta::assert_snapshot!(Profile::by_version("standard", 9).unwrap_err(), @"出力形式「standard」の第9版はありません。使えるのは standard、standard-utf8 です");
}

proptest::proptest! {
    #[test]
    fn what_cp932_takes_reads_back_as_it_was(text in "\\PC{1,12}") {
        let row = CollectionRow { coop: &text, ..row() };
        if check_encodable(&Profile::STANDARD, 2, &row).is_ok() {
            let (bytes, _) = file(&Profile::STANDARD, &[row]);
            let (read, _, broken) = encoding_rs::SHIFT_JIS.decode(&bytes);
            proptest::prop_assert!(!broken);
            let mut reader = csv::Reader::from_reader(read.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            let expected = crate::formula::harmless(&text);
            proptest::prop_assert_eq!(&record[0], expected.as_ref());
        }
    }

    #[test]
    fn numbers_are_plain_digits(amount in proptest::num::i64::ANY) {
        let (bytes, _) = file(&Profile::STANDARD_UTF8, &[CollectionRow {
            amount: Yen::new(amount),
            ..row()
        }]);
        let text = String::from_utf8(bytes).unwrap();
        let expected = format!("\"300\",\"{amount}\",\"2025-12\"");
        proptest::prop_assert!(text.contains(&expected));
    }
}
