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
        self.field(tag::DATE, day.as_deref().map(str::as_bytes))
    }

    /// Bytes as they are: another hash, a salt.
    pub fn bytes<'a>(self, value: impl Into<Option<&'a [u8]>>) -> Self {
        self.field(tag::BYTES, value.into())
    }

    /// A moment in UTC, as the letters `2025-08-27T03:04:05.000006Z`. What is finer than a
    /// microsecond, which PostgreSQL does not keep, is dropped.
    pub fn moment(self, value: impl Into<Option<NaiveDateTime>>) -> Self {
        let moment = value
            .into()
            .map(|moment| moment.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
        self.field(tag::MOMENT, moment.as_deref().map(str::as_bytes))
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
