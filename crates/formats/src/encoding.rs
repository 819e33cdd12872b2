//! What a file is made of: its hash, its size and its character encoding.
//!
//! [`inspect`] looks at a file once, in bounded memory, before anything of it is read as a table.
//! Only a file that passed may be read with [`crate::table`].

mod cp932;
mod decoded;
mod line_count;
mod utf8;

use std::fmt;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use cp932::Cp932Scan;
pub(crate) use decoded::{Decoded, changed_while_reading};
use line_count::LineCount;
use utf8::Utf8Scan;

/// Bytes looked at in one step of [`inspect`].
const CHUNK_BYTES: usize = 64 * 1024;

/// The character encodings that are read, told apart by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8 without a byte order mark; plain ASCII is this as well.
    Utf8,
    /// UTF-8 that begins with a byte order mark, as spreadsheets write it.
    Utf8Bom,
    /// CP932 (Windows-31J, what spreadsheets on Japanese Windows call Shift_JIS).
    Cp932,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Bom => "UTF-8（BOM付き）",
            Encoding::Cp932 => "CP932（Shift_JIS）",
        })
    }
}

/// What [`inspect`] found out about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// SHA-256 of all bytes; a file sent again is known by it (R6).
    pub sha256: [u8; 32],
    /// Size in bytes.
    pub bytes: u64,
    /// Number of lines as an editor counts them, the header among them; a last line without an
    /// end counts.
    pub lines: u64,
    /// The encoding to read the file in.
    pub encoding: Encoding,
}

/// Why a file cannot be read as text at all. Lines count from 1, byte offsets from 0.
#[derive(Debug, thiserror::Error)]
pub enum FileProblem {
    /// No bytes, or a byte order mark and nothing else.
    #[error("ファイルが空です。見出し行とデータ行のあるCSVファイルを指定してください")]
    Empty,
    /// A byte order mark of UTF-16.
    #[error("文字コードがUTF-16です。表計算ソフトで「CSV UTF-8」の形式で保存し直してください")]
    Utf16,
    /// A NUL byte: not text, or UTF-16 without a byte order mark.
    #[error(
        "{line}行目にNULバイト（00）があります（先頭から{offset}バイトの位置）。\
         CSVではないファイルか、UTF-16のファイルです。「CSV UTF-8」の形式で保存し直してください"
    )]
    Nul {
        /// Line of the first NUL byte.
        line: u64,
        /// Its place in the file.
        offset: u64,
    },
    /// Surely meant as UTF-8, but a character is cut or a byte is wrong.
    #[error(
        "{line}行目の文字がUTF-8として壊れています（先頭から{offset}バイトの位置、{}）。\
         元のファイルから保存し直してください",
        fault(.half)
    )]
    BrokenUtf8 {
        /// Line of the first wrong byte.
        line: u64,
        /// Where the broken character begins in the file.
        offset: u64,
        /// Whether a character begins properly but is cut short.
        half: bool,
    },
    /// Neither encoding fits; nearer to CP932, in which this character does not exist.
    #[error(
        "{line}行目の文字がCP932（Shift_JIS）として壊れています（先頭から{offset}バイトの位置、{}）。\
         元のファイルから保存し直すか、「CSV UTF-8」の形式で保存してください",
        fault(.half)
    )]
    BrokenCp932 {
        /// Line of the first wrong byte.
        line: u64,
        /// Where the broken character begins in the file.
        offset: u64,
        /// Whether the file ends within a character.
        half: bool,
    },
    /// The file could not be read from its medium.
    #[error("ファイルを読み取れません: {0}")]
    Read(#[from] io::Error),
}

fn fault(half: &bool) -> &'static str {
    if *half {
        "文字が途中で切れています"
    } else {
        "どの文字でもないバイトです"
    }
}

/// Where in a file something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    line: u64,
    offset: u64,
}

/// A byte sequence that is no character of an encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Broken {
    place: Place,
    half: bool,
}

/// Reads all of `reader` once, in bounded memory, and tells its hash, size, line count and
/// encoding.
///
/// Valid UTF-8 is UTF-8. What is not, but is valid CP932, is CP932, unless it is so nearly UTF-8
/// that it can only be a damaged UTF-8 file.
///
/// # Errors
/// Refuses an empty file, UTF-16, NUL bytes and bytes that are characters in neither encoding,
/// naming line and byte; passes on what `reader` reports.
pub fn inspect(mut reader: impl Read) -> Result<FileFacts, FileProblem> {
    let mut hash = Sha256::new();
    let mut bytes = 0_u64;
    let mut head = Head::default();
    let mut lines = LineCount::default();
    let mut utf8 = Utf8Scan::default();
    let mut cp932 = Cp932Scan::default();
    let mut chunk = vec![0_u8; CHUNK_BYTES];
    loop {
        let count = match reader.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        let new = chunk.get(..count).unwrap_or_default();
        head.feed(new);
        if head.is_utf16() {
            return Err(FileProblem::Utf16);
        }
        if let Some(at) = memchr::memchr(0, new) {
            let Place { line, offset } = lines.place(new, at, bytes);
            return Err(FileProblem::Nul { line, offset });
        }
        hash.update(new);
        utf8.feed(new, bytes, &lines);
        cp932.feed(new, bytes, &lines);
        lines.feed(new);
        bytes += new.len() as u64;
    }
    utf8.finish();
    cp932.finish();
    if bytes == 0 || (head.is_utf8_bom() && bytes == 3) {
        return Err(FileProblem::Empty);
    }
    let encoding = decide(&head, &utf8, &cp932)?;
    Ok(FileFacts {
        sha256: hash.finalize().into(),
        bytes,
        lines: lines.total(),
        encoding,
    })
}

fn decide(head: &Head, utf8: &Utf8Scan, cp932: &Cp932Scan) -> Result<Encoding, FileProblem> {
    let Some(utf8_broken) = utf8.first_broken() else {
        return Ok(if head.is_utf8_bom() {
            Encoding::Utf8Bom
        } else {
            Encoding::Utf8
        });
    };
    let meant_as_utf8 = head.is_utf8_bom() || looks_like_utf8(utf8, cp932);
    match cp932.first_broken() {
        _ if meant_as_utf8 => {
            let Place { line, offset } = utf8_broken.place;
            Err(FileProblem::BrokenUtf8 {
                line,
                offset,
                half: utf8_broken.half,
            })
        }
        Some(Broken {
            place: Place { line, offset },
            half,
        }) => Err(FileProblem::BrokenCp932 { line, offset, half }),
        None => Ok(Encoding::Cp932),
    }
}

/// Whether a file that is not valid UTF-8 was still meant as such.
///
/// Japanese text in UTF-8 is three bytes a character; CP932 text hardly ever has such sequences
/// by chance, and never many of them with few errors between. Where CP932 does not fit either,
/// a simple majority decides; where it does, the evidence has to be strong, since a short CP932
/// text may contain one such sequence by chance.
fn looks_like_utf8(utf8: &Utf8Scan, cp932: &Cp932Scan) -> bool {
    let (wide, broken) = (utf8.wide_count(), utf8.broken_count());
    match cp932.first_broken() {
        Some(_) => wide > broken,
        None => wide > 3 * broken || (utf8.cut_at_end_only() && wide > 0),
    }
}

/// The first three bytes of a file, for its byte order mark.
#[derive(Debug, Default)]
struct Head {
    bytes: [u8; 3],
    len: usize,
}

impl Head {
    fn feed(&mut self, new: &[u8]) {
        for &byte in new.iter().take(3 - self.len) {
            self.bytes[self.len] = byte;
            self.len += 1;
        }
    }

    fn is_utf8_bom(&self) -> bool {
        self.len == 3 && self.bytes == *b"\xEF\xBB\xBF"
    }

    fn is_utf16(&self) -> bool {
        self.len >= 2 && matches!(self.bytes, [0xFF, 0xFE, _] | [0xFE, 0xFF, _])
    }
}

#[cfg(test)]
mod tests;
