//! The collection file (請求データ): what a co-op gets to collect a month's charges (§6, R10).
//!
//! The file is a pure function of its rows and a named, versioned [`Profile`]; so its bytes, and
//! with them its SHA-256, are the same whenever and wherever it is written.
//!
//! Two passes keep a file from being half written: write to [`std::io::sink`] first, which brings
//! up a character the encoding lacks and gives rows, yen and hash, and then to the file.

mod profile;
mod row;
mod shape;
mod writer;

pub use profile::{Charset, Profile, UnknownProfile};
pub use row::CollectionRow;
pub use writer::{CollectionError, CollectionSummary, CollectionWriter, check_encodable};

#[cfg(test)]
mod tests;
