//! Writing the collection file, counting and hashing on the way.

use std::io::{self, Write};

use domain::{Yen, YenOverflow};
use sha2::{Digest, Sha256};

use super::profile::{Charset, Profile};
use super::row::{CollectionRow, RowColumn};
use super::shape::{Lack, Shape};

/// Bytes gathered before they are hashed and passed on.
const BUFFER_BYTES: usize = 64 * 1024;

/// What a written collection file amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionSummary {
    /// Rows, the header not counted.
    pub rows: u64,
    /// The sum of 金額, in yen.
    pub amount: Yen,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of all bytes.
    pub sha256: [u8; 32],
}

/// Why a collection file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    /// A character that the profile's encoding lacks.
    #[error(
        "請求データの{line}行目（組合員番号 {member_number}）の{column}にある「{character}」\
         （U+{:04X}）は、CP932（Shift_JIS）にない文字です。\
         もとの値を直すか、出力形式 standard-utf8 で出力してください",
        u32::from(*.character)
    )]
    Unencodable {
        /// The line of the file, the header being line 1.
        line: u64,
        /// The Japanese name of the column.
        column: &'static str,
        /// The member number of the row, to find it by.
        member_number: String,
        /// The character.
        character: char,
    },
    /// The sum of 金額 does not fit.
    #[error(transparent)]
    Overflow(#[from] YenOverflow),
    /// The medium refused.
    #[error("請求データを書き込めません: {0}")]
    Write(#[from] io::Error),
}

/// Writes a collection file in a [`Profile`].
pub struct CollectionWriter<W> {
    out: W,
    shape: Shape,
    buffer: Vec<u8>,
    hash: Sha256,
    bytes: u64,
    rows: u64,
    amount: Yen,
}

impl<W: Write> CollectionWriter<W> {
    /// Begins a file with its header.
    pub fn new(out: W, profile: &Profile) -> Self {
        let mut buffer = Vec::with_capacity(BUFFER_BYTES + 1024);
        let shape = Shape::new(profile.charset);
        if profile.charset == Charset::Utf8Bom {
            buffer.extend_from_slice(b"\xEF\xBB\xBF");
        }
        for (at, column) in RowColumn::ALL.iter().enumerate() {
            buffer.extend_from_slice(if at == 0 { b"\"" } else { b",\"" });
            shape.push_known(&mut buffer, column.ja());
            buffer.push(b'"');
        }
        buffer.extend_from_slice(b"\r\n");
        let hash = Sha256::new();
        CollectionWriter {
            out,
            shape,
            buffer,
            hash,
            bytes: 0,
            rows: 0,
            amount: Yen::ZERO,
        }
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Refuses a character that the encoding lacks, and a sum of yen that does not fit; passes on
    /// what the medium reports. After an error the file is not to be used.
    pub fn write(&mut self, row: &CollectionRow<'_>) -> Result<(), CollectionError> {
        self.amount = self.amount.checked_add(row.amount).ok_or(YenOverflow)?;
        let line = self.rows + 2;
        self.shape
            .push_row(&mut self.buffer, row)
            .map_err(|lack| lack.at(line, row))?;
        self.rows += 1;
        if self.buffer.len() >= BUFFER_BYTES {
            self.pass_on()?;
        }
        Ok(())
    }

    /// Ends the file: all of it has been handed to the medium, which is given back, flushed.
    ///
    /// # Errors
    /// Passes on what the medium reports.
    pub fn finish(mut self) -> Result<(W, CollectionSummary), CollectionError> {
        self.pass_on()?;
        self.out.flush()?;
        let summary = CollectionSummary {
            rows: self.rows,
            amount: self.amount,
            bytes: self.bytes,
            sha256: self.hash.finalize().into(),
        };
        Ok((self.out, summary))
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.hash.update(&self.buffer);
        self.out.write_all(&self.buffer)?;
        self.bytes += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

/// Tells whether a row can be written in a profile; `line` is its line in the file, the header
/// being line 1.
///
/// # Errors
/// Names line, column and character if the encoding lacks one.
pub fn check_encodable(
    profile: &Profile,
    line: u64,
    row: &CollectionRow<'_>,
) -> Result<(), CollectionError> {
    let mut shape = Shape::new(profile.charset);
    shape
        .push_row(&mut Vec::new(), row)
        .map_err(|lack| lack.at(line, row))
}

impl Lack {
    fn at(self, line: u64, row: &CollectionRow<'_>) -> CollectionError {
        CollectionError::Unencodable {
            line,
            column: self.column.ja(),
            member_number: row.member_number.to_owned(),
            character: self.character,
        }
    }
}
