//! Hash chains: what is sealed, byte for byte, and how one link leads to the next.
//!
//! A row is sealed as a list of fields. Each field is a tag (one byte), the length of its content
//! (eight bytes, the highest first) and the content, so no two lists of fields are the same bytes.
//! A link is the SHA-256 of the link before it followed by those bytes; before the first stands
//! [`GENESIS`]. Nothing else goes in, so that an outsider can work it out again from the rows.

use chrono::{NaiveDate, NaiveDateTime};
use sha2::{Digest, Sha256};

/// One link: a SHA-256.
pub type Link = [u8; 32];

/// What stands before the first link of a chain: 32 zero bytes.
pub const GENESIS: Link = [0; 32];

/// The tags that say of which kind a field is.
mod tag {
    pub(super) const NONE: u8 = 0;
    pub(super) const TEXT: u8 = 1;
    pub(super) const INTEGER: u8 = 2;
    pub(super) const DATE: u8 = 3;
    pub(super) const BYTES: u8 = 4;
    pub(super) const MOMENT: u8 = 5;
}

/// The fields of one row, in the bytes that are sealed.
///
/// Every method takes a value or, for a column without one, `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    encoded: Vec<u8>,
}

impl Fields {
    /// No fields yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same list without its fields, its memory kept for the next row.
    pub fn emptied(mut self) -> Self {
        self.encoded.clear();
        self
    }

    /// A text, in UTF-8.
    pub fn text<'a>(self, value: impl Into<Option<&'a str>>) -> Self {
        self.field(tag::TEXT, value.into().map(str::as_bytes))
    }

    /// An integer: eight bytes, two's complement, the highest first.
    pub fn integer(self, value: impl Into<Option<i64>>) -> Self {
        let bytes = value.into().map(i64::to_be_bytes);
        self.field(tag::INTEGER, bytes.as_ref().map(<[u8; 8]>::as_slice))
    }

    /// A day, as the ten letters `2025-08-27`.
    pub fn date(self, value: impl Into<Option<NaiveDate>>) -> Self {
        let day = value.into().map(|day| day.format("%Y-%m-%d").to_string());
        self.date_as_written(day.as_deref())
    }

    /// A day in the very letters the database has, so that none of them can change unseen.
    pub fn date_as_written<'a>(self, letters: impl Into<Option<&'a str>>) -> Self {
        self.field(tag::DATE, letters.into().map(str::as_bytes))
    }

    /// Bytes as they are: another hash, a salt.
    pub fn bytes<'a>(self, value: impl Into<Option<&'a [u8]>>) -> Self {
        self.field(tag::BYTES, value.into())
    }

    /// A moment in UTC, as the letters `2025-08-27T03:04:05.000006Z`. What is finer than a
    /// microsecond, which PostgreSQL does not keep, is dropped.
    pub fn moment(self, value: impl Into<Option<NaiveDateTime>>) -> Self {
        let letters = |moment: NaiveDateTime| moment.format("%Y-%m-%d %H:%M:%S%.6f").to_string();
        self.moment_as_written(value.into().map(letters).as_deref())
    }

    /// A moment in the very letters the database has, `2025-08-27 03:04:05.000006`, so that none of
    /// them can change unseen. Places of a second that are not written are zero.
    pub fn moment_as_written<'a>(self, letters: impl Into<Option<&'a str>>) -> Self {
        let letters = letters.into().map(|letters| {
            let (day_and_time, places) = letters.split_once('.').unwrap_or((letters, ""));
            let (day, time) = day_and_time.split_once(' ').unwrap_or((day_and_time, ""));
            format!("{day}T{time}.{places:0<6}Z")
        });
        self.field(tag::MOMENT, letters.as_deref().map(str::as_bytes))
    }

    /// The bytes that are sealed.
    pub fn as_bytes(&self) -> &[u8] {
        &self.encoded
    }

    fn field(mut self, tag: u8, content: Option<&[u8]>) -> Self {
        let (tag, content) = content.map_or((tag::NONE, [].as_slice()), |bytes| (tag, bytes));
        let length = content.len() as u64;
        self.encoded.push(tag);
        self.encoded.extend_from_slice(&length.to_be_bytes());
        self.encoded.extend_from_slice(content);
        self
    }
}

/// The link of a row after `previous`: SHA-256 over the 32 bytes of `previous` and the row's.
pub fn link(previous: &Link, fields: &Fields) -> Link {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(fields.as_bytes());
    hash.finalize().into()
}

/// What is wrong at one place of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// These places, from the first to the last, have no row.
    Missing(i64, i64),
    /// The row at this place is not the one that was sealed there, or does not follow the one
    /// before it.
    Changed(i64),
}

/// Goes along a chain from its first row and finds what is wrong with it.
#[derive(Debug, Clone)]
pub struct Walk {
    seq: i64,
    /// What the last row says its link is.
    recorded: Link,
    /// What its content says; the same in a whole chain.
    worked_out: Link,
    /// The last row could not be read.
    is_link_unknown: bool,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            seq: 0,
            recorded: GENESIS,
            worked_out: GENESIS,
            is_link_unknown: false,
        }
    }
}

impl Walk {
    /// Takes the next row: its place, from 1 without a gap, its content and the link it has on
    /// record in hexadecimal digits.
    ///
    /// A row follows when its link fits either what the row before has on record or what that
    /// row's content comes to; so a row that was changed does not make the one after it look so.
    pub fn step(&mut self, seq: i64, fields: &Fields, recorded: &str) -> Option<Flaw> {
        let expected = self.seq.saturating_add(1);
        let recorded_link = from_hex(recorded).filter(|link| to_hex(link) == recorded);
        let mut worked_out = link(&self.recorded, fields);
        if recorded_link != Some(worked_out) && self.worked_out != self.recorded {
            worked_out = link(&self.worked_out, fields);
        }
        self.seq = seq;
        self.recorded = recorded_link.unwrap_or(worked_out);
        let was_link_unknown = std::mem::take(&mut self.is_link_unknown);
        if seq > expected || was_link_unknown {
            self.worked_out = self.recorded;
            let missing = Flaw::Missing(expected, seq.saturating_sub(1));
            return (seq > expected).then_some(missing);
        }
        self.worked_out = worked_out;
        let fits = seq == expected && recorded_link == Some(worked_out);
        (!fits).then_some(Flaw::Changed(seq))
    }

    /// Whether this link, in hexadecimal digits, is that of the last row: the one on record or the
    /// one its content comes to.
    pub fn leads_to(&self, previous: &str) -> bool {
        let is = |link: &Link| to_hex(link) == previous;
        self.is_link_unknown || is(&self.recorded) || is(&self.worked_out)
    }

    /// Passes over a row that cannot be read: the one after it is taken as it stands.
    pub fn skip(&mut self, seq: i64) {
        self.seq = seq;
        self.is_link_unknown = true;
    }

    /// The place of the last row; 0 before the first.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// The link of the last row, as it is on record; [`GENESIS`] before the first.
    pub fn head(&self) -> &Link {
        &self.recorded
    }
}

/// A link as it is shown and kept: 64 hexadecimal digits in lower case.
pub fn to_hex(link: &Link) -> String {
    hex::encode(link)
}

/// A link from its 64 hexadecimal digits; none where the text is no such thing.
pub fn from_hex(text: &str) -> Option<Link> {
    let mut link = GENESIS;
    hex::decode_to_slice(text, &mut link).ok()?;
    Some(link)
}

#[cfg(test)]
mod tests;
