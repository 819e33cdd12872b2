//! Reading a record that has quotes in it.

use super::record::Bounds;

/// What [`scan_quoted`] found. Lengths are in bytes, lines are line ends passed within quotes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Quoted {
    /// A whole record of `length` bytes, its line end not counted in.
    Whole { length: usize, lines: u64 },
    /// A record gone wrong after `length` bytes; the quote in question is `opened` lines below
    /// the record's first.
    Broken {
        length: usize,
        lines: u64,
        opened: u64,
        fault: QuoteFault,
    },
    /// The bytes end before the record does; a quote still open was opened so many lines down.
    Unfinished { opened: Option<u64> },
}

/// What can be wrong with quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuoteFault {
    NeverCloses,
    TextAfterClosing,
    WithinBareField,
}

impl QuoteFault {
    /// The fault in the words of the desk, with the way out.
    pub(super) fn reason(self) -> &'static str {
        match self {
            QuoteFault::NeverCloses => {
                "この行で開いた引用符「\"」が最後まで閉じていません。閉じる「\"」を補ってください"
            }
            QuoteFault::TextAfterClosing => {
                "この行で開いた引用符「\"」を閉じたあとに文字が続いています。\
                 閉じる「\"」の抜けや位置を確かめ、値の中の「\"」は2つ重ねてください"
            }
            QuoteFault::WithinBareField => {
                "引用符「\"」が値の途中にあります。\
                 値の全体を「\"」で囲み、値の中の「\"」は2つ重ねてください"
            }
        }
    }
}

/// How a field ended.
enum Ended {
    /// At a comma.
    Field,
    /// At the end of the line or of all bytes.
    Record,
}

/// Reads one record at the beginning of `bytes`: its fields, quotes taken off, go to `text` and
/// `bounds`. `whole` says that no bytes will follow.
pub(super) fn scan_quoted(
    bytes: &[u8],
    whole: bool,
    text: &mut Vec<u8>,
    bounds: &mut Vec<Bounds>,
) -> Quoted {
    text.clear();
    bounds.clear();
    let mut scan = Scan {
        bytes,
        whole,
        text,
        at: 0,
        lines: 0,
    };
    loop {
        let from = scan.text.len();
        let ended = match bytes.get(scan.at) {
            Some(b'"') => scan.quoted_field(),
            _ => scan.bare_field(),
        };
        bounds.push((from, scan.text.len()));
        match ended {
            Ok(Ended::Field) => scan.at += 1,
            Ok(Ended::Record) => {
                return Quoted::Whole {
                    length: scan.at,
                    lines: scan.lines,
                };
            }
            Err(other) => return other,
        }
    }
}

struct Scan<'a> {
    bytes: &'a [u8],
    whole: bool,
    text: &'a mut Vec<u8>,
    at: usize,
    lines: u64,
}

impl Scan<'_> {
    fn quoted_field(&mut self) -> Result<Ended, Quoted> {
        let opened = self.lines;
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(length) = memchr::memchr(b'"', rest) else {
                if !self.whole {
                    return Err(Quoted::Unfinished {
                        opened: Some(opened),
                    });
                }
                self.at = self.bytes.len();
                return Err(self.broken(opened, QuoteFault::NeverCloses));
            };
            let part = rest.get(..length).unwrap_or_default();
            self.text.extend_from_slice(part);
            self.lines += count_line_ends(part);
            self.at += length + 1;
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.text.push(b'"');
                    self.at += 1;
                }
                Some(b',') => return Ok(Ended::Field),
                Some(b'\n' | b'\r') => return Ok(Ended::Record),
                Some(_) => return Err(self.broken(opened, QuoteFault::TextAfterClosing)),
                None if self.whole => return Ok(Ended::Record),
                None => return Err(Quoted::Unfinished { opened: None }),
            }
        }
    }

    fn bare_field(&mut self) -> Result<Ended, Quoted> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| matches!(byte, b',' | b'\n' | b'\r' | b'"'));
        let part = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        self.text.extend_from_slice(part);
        self.at += part.len();
        match self.bytes.get(self.at) {
            Some(b',') => Ok(Ended::Field),
            Some(b'"') => Err(self.broken(self.lines, QuoteFault::WithinBareField)),
            None if !self.whole => Err(Quoted::Unfinished { opened: None }),
            _ => Ok(Ended::Record),
        }
    }

    fn broken(&self, opened: u64, fault: QuoteFault) -> Quoted {
        Quoted::Broken {
            length: self.at,
            lines: self.lines,
            opened,
            fault,
        }
    }
}

/// Line ends within a quoted field: LF, CRLF, or CR alone.
fn count_line_ends(part: &[u8]) -> u64 {
    let mut ends = 0;
    let mut after_cr = false;
    for &byte in part {
        ends += u64::from(byte == b'\r' || (byte == b'\n' && !after_cr));
        after_cr = byte == b'\r';
    }
    ends
}
