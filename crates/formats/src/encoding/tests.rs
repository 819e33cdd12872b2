use std::io::Cursor;

use encoding_rs::SHIFT_JIS;

use super::*;

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

/// What is found must not depend on how the bytes arrive.
fn look(bytes: &[u8]) -> Result<FileFacts, String> {
    let at_once = inspect(Cursor::new(bytes)).map_err(|problem| problem.to_string());
    let one_by_one = inspect(OneByOne(bytes)).map_err(|problem| problem.to_string());
    assert_eq!(at_once, one_by_one);
    at_once
}

fn cp932(text: &str) -> Vec<u8> {
    SHIFT_JIS.encode(text).0.into_owned()
}

fn refusal(bytes: &[u8]) -> String {
    look(bytes).unwrap_err()
}

const MEMBERS: &str = "単協コード,組合員番号,氏名\r\n01,0001,見本 花子\r\n";

#[test]
fn the_encoding_is_told_by_content() {
    for (bytes, encoding) in [
        (MEMBERS.as_bytes().to_vec(), Encoding::Utf8),
        (format!("\u{feff}{MEMBERS}").into_bytes(), Encoding::Utf8Bom),
        (cp932(MEMBERS), Encoding::Cp932),
        (b"coop,member_number\n01,0001\n".to_vec(), Encoding::Utf8),
        (cp932("coop,name\n01,ﾐﾎﾝ ﾊﾅｺ\n"), Encoding::Cp932),
        (cp932("coop,name\n01,髙﨑①㈱\n"), Encoding::Cp932),
        (cp932("coop,name\n01,齋藤\n"), Encoding::Cp932),
    ] {
        let facts = look(&bytes).unwrap();
        assert_eq!(facts.encoding, encoding);
        assert_eq!(facts.bytes, bytes.len() as u64);
        assert_eq!(<[u8; 32]>::from(Sha256::digest(&bytes)), facts.sha256);
    }
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    for (text, lines) in [
        ("a", 1),
        ("a\n", 1),
        ("a\nb", 2),
        ("a\r\nb\r\n", 2),
        ("a\rb\r", 2),
        ("a\n\n\nb\n", 4),
        ("a\r\r\nb", 3),
    ] {
        assert_eq!(look(text.as_bytes()).unwrap().lines, lines, "{text:?}");
    }
}

#[test]
fn an_empty_file_is_refused() {
    let said = "ファイルが空です。見出し行とデータ行のあるCSVファイルを指定してください";
    assert_eq!(refusal(b""), said);
    assert_eq!(refusal(b"\xEF\xBB\xBF"), said);
}

#[test]
fn a_nul_byte_is_named_by_its_line() {
    insta::assert_snapshot!(
        refusal(b"coop,name\r\n01,A\r\n02,\0B\r\n"),
        @"3行目にNULバイト（00）があります（先頭から20バイトの位置）。CSVではないファイルか、UTF-16のファイルです。「CSV UTF-8」の形式で保存し直してください"
    );
}

#[test]
fn utf_16_is_refused_with_the_way_out() {
    let little: Vec<u8> = "\u{feff}単協コード"
        .encode_utf16()
        .flat_map(|unit| unit.to_le_bytes())
        .collect();
    let big: Vec<u8> = "\u{feff}単協コード"
        .encode_utf16()
        .flat_map(|unit| unit.to_be_bytes())
        .collect();
    for bytes in [little, big] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(
                refusal(&bytes),
                @"文字コードがUTF-16です。表計算ソフトで「CSV UTF-8」の形式で保存し直してください"
            );
        }
    }
}

#[test]
fn half_a_utf_8_character_at_the_end_is_no_cp932() {
    let text = "coop,name\n01,こすもす";
    let bytes = text.as_bytes();
    for cut in [1, 2] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(
                refusal(&bytes[..bytes.len() - cut]),
                @"2行目の文字がUTF-8として壊れています（先頭から22バイトの位置、文字が途中で切れています）。元のファイルから保存し直してください"
            );
        }
    }
}

#[test]
fn half_a_utf_8_character_in_the_middle_is_no_cp932() {
    let mut bytes = MEMBERS.repeat(3).into_bytes();
    let at = MEMBERS.len() * 2 + "単協コード,組合員番号,氏名\r\n01,0001,見".len();
    bytes.remove(at + 2);
    insta::assert_snapshot!(
        refusal(&bytes),
        @"6行目の文字がUTF-8として壊れています（先頭から177バイトの位置、文字が途中で切れています）。元のファイルから保存し直してください"
    );
}

#[test]
fn a_byte_order_mark_settles_what_the_file_was_meant_to_be() {
    let mut bytes = b"\xEF\xBB\xBFcoop,name\n01,".to_vec();
    bytes.extend(cp932("花子"));
    insta::assert_snapshot!(
        refusal(&bytes),
        @"2行目の文字がUTF-8として壊れています（先頭から16バイトの位置、どの文字でもないバイトです）。元のファイルから保存し直してください"
    );
}

#[test]
fn a_cp932_file_with_bytes_that_do_not_exist_names_the_place() {
    let mut bytes = cp932(MEMBERS);
    bytes.extend(cp932("01,0002,見本"));
    bytes.extend(b"\x85\x40\r\n");
    insta::assert_snapshot!(
        refusal(&bytes),
        @"3行目の文字がCP932（Shift_JIS）として壊れています（先頭から59バイトの位置、どの文字でもないバイトです）。元のファイルから保存し直すか、「CSV UTF-8」の形式で保存してください"
    );
}

#[test]
fn a_cp932_file_cut_in_half_a_character_says_so() {
    let mut bytes = cp932(MEMBERS);
    bytes.extend(cp932("01,0002,見本"));
    bytes.pop();
    insta::assert_snapshot!(
        refusal(&bytes),
        @"3行目の文字がCP932（Shift_JIS）として壊れています（先頭から57バイトの位置、文字が途中で切れています）。元のファイルから保存し直すか、「CSV UTF-8」の形式で保存してください"
    );
}

#[test]
fn a_medium_that_fails_is_reported() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("I/O error"))
        }
    }
    let said = inspect(Broken).unwrap_err().to_string();
    assert_eq!(said, "ファイルを読み取れません: I/O error");
}

proptest::proptest! {
    #[test]
    fn any_japanese_text_is_told_apart(
        lines in proptest::collection::vec("[ぁ-んァ-ヶ一-十,0-9a-z]{0,12}", 1..20)
    ) {
        let text = format!("単協コード,氏名\n{}", lines.join("\n"));
        proptest::prop_assert_eq!(look(text.as_bytes()).unwrap().encoding, Encoding::Utf8);
        proptest::prop_assert_eq!(look(&cp932(&text)).unwrap().encoding, Encoding::Cp932);
    }

    #[test]
    fn no_bytes_at_all_make_it_fall_over(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)
    ) {
        let _ = look(&bytes);
    }
}
