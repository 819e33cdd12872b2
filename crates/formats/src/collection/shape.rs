//! How a row of the collection file becomes bytes.

use domain::{CollectionMonth, OfferingKind};
use encoding_rs::{EncoderResult, SHIFT_JIS};

use super::profile::Charset;
use super::row::{CollectionRow, RowColumn, kind_word};
use crate::formula::{SHIELD, looks_like_formula};

/// Characters that the encoder would turn into others that look alike (¥ into \, for one): they
/// count as lacking, so that what is read back is what was written.
const ALTERED_BY_CP932: [char; 3] = ['\u{a5}', '\u{203e}', '\u{2212}'];

/// A character that cannot be written, and its column.
pub(super) struct Lack {
    pub(super) column: RowColumn,
    pub(super) character: char,
}

/// How a row becomes bytes: fields in quotes, between commas, ended by CRLF.
pub(super) struct Shape {
    charset: Charset,
    kinds: [Vec<u8>; 3],
    /// The month written last: a file has but one.
    month: Option<(CollectionMonth, String)>,
}

impl Shape {
    pub(super) fn new(charset: Charset) -> Self {
        let mut shape = Shape {
            charset,
            kinds: Default::default(),
            month: None,
        };
        shape.kinds = [
            OfferingKind::Supporter,
            OfferingKind::Spot,
            OfferingKind::Campaign,
        ]
        .map(|kind| {
            let mut word = Vec::new();
            shape.push_known(&mut word, kind_word(kind));
            word
        });
        shape
    }

    pub(super) fn push_row(
        &mut self,
        out: &mut Vec<u8>,
        row: &CollectionRow<'_>,
    ) -> Result<(), Lack> {
        out.push(b'"');
        self.push_text(out, RowColumn::Coop, row.coop)?;
        out.extend_from_slice(b"\",\"");
        self.push_text(out, RowColumn::MemberNumber, row.member_number)?;
        out.extend_from_slice(b"\",\"");
        self.push_text(out, RowColumn::OrderNumber, row.order_number)?;
        out.extend_from_slice(b"\",\"");
        let [supporter, spot, campaign] = &self.kinds;
        out.extend_from_slice(match row.kind {
            OfferingKind::Supporter => supporter,
            OfferingKind::Spot => spot,
            OfferingKind::Campaign => campaign,
        });
        out.extend_from_slice(b"\",\"");
        push_number(out, row.units.get());
        out.extend_from_slice(b"\",\"");
        push_number(out, row.unit_price.get());
        out.extend_from_slice(b"\",\"");
        push_number(out, row.amount.get());
        out.extend_from_slice(b"\",\"");
        self.push_month(out, row.month);
        out.extend_from_slice(b"\",\"");
        self.push_text(out, RowColumn::ChargeKey, row.charge_key)?;
        out.extend_from_slice(b"\"\r\n");
        Ok(())
    }

    /// Text of a field, quotes doubled, shielded where it looks like a formula.
    fn push_text(&self, out: &mut Vec<u8>, column: RowColumn, text: &str) -> Result<(), Lack> {
        if looks_like_formula(text) {
            push_char(out, SHIELD);
        }
        if text.bytes().all(|byte| byte.is_ascii() && byte != b'"') {
            out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        let doubled = text.replace('"', "\"\"");
        self.push_encoded(out, &doubled)
            .map_err(|character| Lack { column, character })
    }

    /// A word of the program itself, which every encoding has.
    pub(super) fn push_known(&self, out: &mut Vec<u8>, word: &str) {
        let encoded = self.push_encoded(out, word);
        debug_assert!(encoded.is_ok(), "{word}");
    }

    /// Text in the charset, or the first character that it lacks.
    fn push_encoded(&self, out: &mut Vec<u8>, text: &str) -> Result<(), char> {
        if self.charset == Charset::Utf8Bom {
            out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        if let Some(altered) = text.chars().find(|c| ALTERED_BY_CP932.contains(c)) {
            return Err(altered);
        }
        let mut encoder = SHIFT_JIS.new_encoder();
        let mut encoded = vec![0; 2 * text.len() + 16];
        match encoder.encode_from_utf8_without_replacement(text, &mut encoded, true) {
            (EncoderResult::InputEmpty, _, written) => {
                out.extend_from_slice(encoded.get(..written).unwrap_or_default());
                Ok(())
            }
            (EncoderResult::Unmappable(character), ..) => Err(character),
            // Two bytes for every byte of UTF-8 are more than CP932 ever takes.
            (EncoderResult::OutputFull, ..) => Err(char::REPLACEMENT_CHARACTER),
        }
    }

    fn push_month(&mut self, out: &mut Vec<u8>, month: CollectionMonth) {
        match &self.month {
            Some((last, text)) if *last == month => out.extend_from_slice(text.as_bytes()),
            _ => {
                let text = month.to_string();
                out.extend_from_slice(text.as_bytes());
                self.month = Some((month, text));
            }
        }
    }
}

fn push_char(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// A number in plain digits.
fn push_number(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    let start = out.len();
    let mut rest = number.unsigned_abs();
    loop {
        // A remainder of ten is a single digit.
        out.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}
