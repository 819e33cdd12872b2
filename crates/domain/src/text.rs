//! Text as people write it, made into what the program compares and counts.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::settings::QUOTED_CHARS_MAX;

/// Why a text is not a whole number that a count or an amount can be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Nothing there but spaces.
    #[error("数が空です。1 のような整数を書いてください")]
    Empty,
    /// A minus sign, a hyphen, a dash or ▲ stands before the number.
    #[error("「{0}」は負の数です。マイナスやハイフンを付けずに、正の整数を書いてください")]
    Negative(String),
    /// 一, 二, 十 and the like.
    #[error(
        "「{0}」に漢数字があります。漢数字は読めません。1、2、3 のような算用数字で書いてください"
    )]
    KanjiNumeral(String),
    /// Some other character that is no digit.
    #[error("「{0}」は整数ではありません。数字だけで書いてください（単位や小数点は付けません）")]
    NotANumber(String),
    /// A thousands separator that does not part groups of three.
    #[error(
        "「{0}」の桁区切りが正しくありません。「1,800」のように三桁ごとに区切るか、「1800」と書いてください"
    )]
    Grouping(String),
    /// More than a 64-bit integer holds.
    #[error("「{0}」は大きすぎて数えられません。桁数を確かめてください")]
    TooLarge(String),
}

/// Reads a whole number of ASCII or full-width digits, such as a count.
///
/// Surrounding spaces are dropped. Refuses an empty text, a sign of any kind, kanji numerals,
/// separators and whatever does not fit an `i64`. Digits in other dress (`①`, `²`) are refused
/// too: what somebody meant by them is not certain enough for money.
pub fn parse_digits_i64(text: &str) -> Result<i64, NumberError> {
    let trimmed = text.trim();
    check_number_shape(trimmed, false)?;
    accumulate(trimmed)
}

/// Reads an amount: as [`parse_digits_i64`], and with commas, ASCII or full-width, where they
/// part groups of three digits (`1,800`).
pub fn parse_amount_i64(text: &str) -> Result<i64, NumberError> {
    let trimmed = text.trim();
    check_number_shape(trimmed, true)?;
    if !is_grouped_correctly(trimmed) {
        return Err(NumberError::Grouping(quoted(trimmed)));
    }
    accumulate(trimmed)
}

/// Brings full-width letters and digits to the usual width (NFKC) and drops surrounding spaces.
/// Borrows when there is nothing to change.
pub fn to_half_width(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    if trimmed.is_ascii() || is_nfkc_quick(trimmed.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(trimmed);
    }
    let normalized: String = trimmed.nfkc().collect();
    Cow::Owned(normalized.trim().to_owned())
}

/// Brings a name into the form in which names are compared: width (NFKC, so ＆ is &), case and
/// spaces make no difference.
pub fn normalize_name(name: &str) -> String {
    name.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// At most [`QUOTED_CHARS_MAX`] characters of somebody's input, for a message.
pub(crate) fn quoted(text: &str) -> String {
    let mut kept: String = text
        .chars()
        .take(QUOTED_CHARS_MAX)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(QUOTED_CHARS_MAX).is_some() {
        kept.push('…');
    }
    kept
}

/// The value of an ASCII or full-width digit.
pub(crate) fn digit_of(c: char) -> Option<i64> {
    let zero = match c {
        '0'..='9' => '0',
        '０'..='９' => '０',
        _ => return None,
    };
    Some(i64::from(u32::from(c) - u32::from(zero)))
}

pub(crate) fn is_comma(c: char) -> bool {
    matches!(c, ',' | '，')
}

fn check_number_shape(trimmed: &str, commas_allowed: bool) -> Result<(), NumberError> {
    let fits = |c: char| digit_of(c).is_some() || (commas_allowed && is_comma(c));
    let Some(first) = trimmed.chars().next() else {
        return Err(NumberError::Empty);
    };
    if trimmed.chars().all(fits) {
        return Ok(());
    }
    let shown = quoted(trimmed);
    if is_minus_like(first) {
        Err(NumberError::Negative(shown))
    } else if trimmed.chars().any(is_kanji_numeral) {
        Err(NumberError::KanjiNumeral(shown))
    } else {
        Err(NumberError::NotANumber(shown))
    }
}

fn is_grouped_correctly(text: &str) -> bool {
    let mut groups = text.split(is_comma).map(|group| group.chars().count());
    let first = groups.next().unwrap_or(0);
    let mut rest = groups.peekable();
    rest.peek().is_none() || ((1..=3).contains(&first) && rest.all(|digits| digits == 3))
}

fn accumulate(text: &str) -> Result<i64, NumberError> {
    text.chars()
        .filter_map(digit_of)
        .try_fold(0_i64, |sum, digit| sum.checked_mul(10)?.checked_add(digit))
        .ok_or_else(|| NumberError::TooLarge(quoted(text)))
}

/// Whether a character before a number makes it a negative one for whoever wrote it: the minus
/// signs, hyphens and dashes of Unicode, the strokes that Japanese keyboards give instead of
/// them, and the triangles of Japanese bookkeeping.
pub(crate) fn is_minus_like(c: char) -> bool {
    matches!(c,
        '-' | '\u{ad}' | '\u{2d7}' | '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1806}'
        | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2052}' | '\u{207b}' | '\u{208b}'
        | '\u{2212}'..='\u{2213}' | '\u{2238}' | '\u{2296}' | '\u{229f}' | '\u{2500}' | '\u{2501}'
        | '\u{25b2}' | '\u{25b3}' | '\u{2796}' | '\u{2cba}' | '\u{2cbb}' | '\u{2e17}' | '\u{2e1a}'
        | '\u{2e3a}' | '\u{2e3b}' | '\u{2e40}' | '\u{2e5d}' | '\u{301c}' | '\u{3030}'
        | '\u{30a0}' | '\u{30fc}' | '\u{fe31}' | '\u{fe32}' | '\u{fe58}' | '\u{fe63}'
        | '\u{ff0d}' | '\u{ff5e}' | '\u{ff70}' | '\u{10d6e}' | '\u{10ead}')
}

pub(crate) fn is_kanji_numeral(c: char) -> bool {
    "〇零一二三四五六七八九十百千万億兆廿卅壱壹弐貳貮参參肆伍陸漆捌玖拾佰仟阡萬".contains(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_in_either_width() {
        for (text, number) in [
            ("3", 3),
            ("３", 3),
            ("１２", 12),
            ("1２", 12),
            (" 7 ", 7),
            ("　７　", 7),
            ("007", 7),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(parse_digits_i64(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn commas_part_groups_of_three_and_nothing_else() {
        for (text, number) in [
            ("1,800", 1800),
            ("１，８００", 1800),
            ("12,345,678", 12_345_678),
            ("1800", 1800),
            ("0", 0),
        ] {
            assert_eq!(parse_amount_i64(text), Ok(number), "{text}");
        }
        for text in ["1,80", "1,8000", ",800", "1800,", "1,,800", "1234,567", ","] {
            assert_eq!(
                parse_amount_i64(text),
                Err(NumberError::Grouping(text.to_owned())),
                "{text}"
            );
        }
        assert!(matches!(
            parse_digits_i64("1,800"),
            Err(NumberError::NotANumber(_))
        ));
    }

    #[test]
    fn a_minus_of_every_kind_is_refused_as_a_negative_number() {
        let signs = "-\u{ad}\u{2d7}\u{58a}\u{5be}\u{1400}\u{1806}\u{2010}\u{2011}\u{2012}\u{2013}\
            \u{2014}\u{2015}\u{2043}\u{2052}\u{207b}\u{208b}\u{2212}\u{2796}\u{2e17}\u{2e1a}\u{2e3a}\
            \u{2e3b}\u{2e40}\u{2e5d}\u{301c}\u{3030}\u{30a0}ー─━▲△\u{fe31}\u{fe32}\u{fe58}\u{fe63}\
            \u{ff0d}～ｰ\u{10ead}";
        for sign in signs.chars() {
            for digits in ["3", "３", " 3"] {
                let text = format!("{sign}{digits}");
                let refused = parse_digits_i64(&text);
                assert_eq!(
                    refused,
                    Err(NumberError::Negative(text.clone())),
                    "U+{:04X}",
                    sign as u32
                );
                assert_eq!(parse_amount_i64(&text), refused);
            }
        }
        let said = parse_digits_i64("−3").unwrap_err().to_string();
        assert!(said.contains("負の数") && said.contains("−3"), "{said}");
    }

    #[test]
    fn what_is_no_number_says_so() {
        assert_eq!(parse_digits_i64(""), Err(NumberError::Empty));
        assert_eq!(parse_digits_i64("　 "), Err(NumberError::Empty));
        for text in ["三", "二十", "3十", "〇", "壱"] {
            assert!(
                matches!(parse_digits_i64(text), Err(NumberError::KanjiNumeral(_))),
                "{text}"
            );
        }
        for text in [
            "+3", "3口", "1.5", "3-", "abc", "①", "²", "٣", "1 2", "0x1", "1e3", "３\u{0}",
        ] {
            assert!(
                matches!(parse_digits_i64(text), Err(NumberError::NotANumber(_))),
                "{text}"
            );
        }
        for text in ["9223372036854775808", "99999999999999999999999"] {
            assert!(
                matches!(parse_digits_i64(text), Err(NumberError::TooLarge(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_message_repeats_only_the_beginning_of_a_long_input() {
        let said = parse_digits_i64(&"あ".repeat(1000))
            .unwrap_err()
            .to_string();
        assert!(said.chars().count() < 120, "{said}");
        assert!(said.contains('…'));
    }

    #[test]
    fn names_are_alike_whatever_their_width_case_and_spaces() {
        let written = [
            "パン＆カフェ こすもす",
            "ﾊﾟﾝ&ｶﾌｪ　こすもす",
            "パン & カフェこすもす",
        ];
        for name in written {
            assert_eq!(normalize_name(name), "パン&カフェこすもす", "{name}");
        }
        assert_eq!(normalize_name("ＮＰＯ Ａｂｃ"), "npoabc");
    }

    proptest! {
        #[test]
        fn a_number_reads_back(number in 0_i64..) {
            prop_assert_eq!(parse_digits_i64(&number.to_string()), Ok(number));
        }

        #[test]
        fn no_text_at_all_makes_the_reader_fall_over(text in ".*") {
            let _ = parse_digits_i64(&text);
            let _ = parse_amount_i64(&text);
            prop_assert!(!to_half_width(&text).starts_with(' '));
            prop_assert!(!normalize_name(&text).contains(' '));
        }
    }
}
