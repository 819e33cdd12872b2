//! Cutting text into lines and fields.

use std::io::{self, Read};
use std::str;

use super::problems::LineProblem;
use super::quoted::{QuoteFault, Quoted, scan_quoted};
use super::record::{Bounds, Record};
use crate::encoding::{Decoded, Encoding, changed_while_reading};

/// A record, with all its quoted lines, is at most this long.
pub(crate) const RECORD_BYTES_MAX: usize = 256 * 1024;

/// Room the decoder wants at least, and gets.
const ROOM_BYTES_MIN: usize = 16;

/// Reads a CSV text record by record into one buffer that is used over again.
pub(crate) struct RecordReader<R> {
    source: Decoded<R>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    source_ended: bool,
    /// The line that begins at `start`.
    line: u64,
    /// The last line ended with CR: an LF that follows belongs to it.
    after_cr: bool,
    /// The line could not be read: what is left of it is passed over.
    skipping: bool,
    bounds: Vec<Bounds>,
    unquoted: Vec<u8>,
}

/// What the start of the buffer holds.
enum Found {
    /// A line without quotes, up to this offset from `start`.
    Plain(usize),
    /// A record with quotes of this length, with so many line ends in it.
    Quoted { length: usize, lines: u64 },
    /// A record whose quotes go wrong after this length and so many line ends; the quote in
    /// question is `opened` lines down.
    Broken {
        length: usize,
        lines: u64,
        opened: u64,
        fault: QuoteFault,
    },
    /// Nothing more.
    End,
    /// A line longer than the buffer.
    TooLong,
}

impl<R: Read> RecordReader<R> {
    /// Reads `source` in the encoding that [`crate::encoding::inspect`] found.
    pub(crate) fn new(source: R, encoding: Encoding) -> Self {
        RecordReader {
            source: Decoded::new(source, encoding),
            buffer: vec![0; RECORD_BYTES_MAX + ROOM_BYTES_MIN],
            start: 0,
            end: 0,
            source_ended: false,
            line: 1,
            after_cr: false,
            skipping: false,
            bounds: Vec::new(),
            unquoted: Vec::new(),
        }
    }

    /// The line after the last one read.
    pub(crate) fn next_line_number(&self) -> u64 {
        self.line
    }

    /// The next record that is not blank, or what is wrong with it; `None` at the end.
    ///
    /// # Errors
    /// Passes on what the source reports, and refuses bytes that are not the text that was
    /// inspected.
    pub(crate) fn read(&mut self) -> io::Result<Option<Result<Record<'_>, LineProblem>>> {
        loop {
            self.skip_rest_of_broken()?;
            let line = self.line;
            match self.find()? {
                Found::End => return Ok(None),
                Found::TooLong => {
                    self.skipping = true;
                    return Ok(Some(Err(too_long(line))));
                }
                Found::Plain(length) => {
                    let from = self.start;
                    self.take_line(length);
                    if is_blank(self.buffer.get(from..from + length)) {
                        continue;
                    }
                    return self
                        .plain_record(line, from, length)
                        .map(|record| Some(Ok(record)));
                }
                Found::Quoted { length, lines } => {
                    self.line += lines;
                    self.take_line(length);
                    let text = text_of(&self.unquoted)?;
                    return Ok(Some(Ok(Record {
                        line,
                        text,
                        bounds: &self.bounds,
                    })));
                }
                Found::Broken {
                    length,
                    lines,
                    opened,
                    fault,
                } => {
                    self.line += lines;
                    self.start += length;
                    self.skipping = true;
                    if fault == QuoteFault::NeverCloses {
                        // It swallows the rest of the file: nothing after it can be judged.
                        self.start = self.end;
                        self.source_ended = true;
                    }
                    return Ok(Some(Err(LineProblem::of_line(
                        line + opened,
                        fault.reason(),
                    ))));
                }
            }
        }
    }

    /// Finds out what the buffer begins with, filling it as far as that takes.
    fn find(&mut self) -> io::Result<Found> {
        self.skip_second_half_of_crlf()?;
        let mut searched = 0;
        loop {
            let bytes = self.buffer.get(self.start..self.end).unwrap_or_default();
            let rest = bytes.get(searched..).unwrap_or_default();
            match memchr::memchr3(b'\n', b'\r', b'"', rest) {
                Some(at) if rest.get(at) == Some(&b'"') => return self.find_quoted(),
                Some(at) => return Ok(Found::Plain(searched + at)),
                None if self.source_ended && bytes.is_empty() => return Ok(Found::End),
                None if self.source_ended => return Ok(Found::Plain(bytes.len())),
                None if self.is_full() => return Ok(Found::TooLong),
                None => searched = bytes.len(),
            }
            self.fill()?;
        }
    }

    fn find_quoted(&mut self) -> io::Result<Found> {
        loop {
            let bytes = self.buffer.get(self.start..self.end).unwrap_or_default();
            let full = self.is_full();
            match scan_quoted(
                bytes,
                self.source_ended,
                &mut self.unquoted,
                &mut self.bounds,
            ) {
                Quoted::Unfinished {
                    opened: Some(opened),
                } if full => {
                    let fault = QuoteFault::NeverCloses;
                    let length = bytes.len();
                    return Ok(Found::Broken {
                        length,
                        lines: 0,
                        opened,
                        fault,
                    });
                }
                Quoted::Unfinished { .. } if full => return Ok(Found::TooLong),
                Quoted::Unfinished { .. } => self.fill()?,
                Quoted::Whole { length, lines } => return Ok(Found::Quoted { length, lines }),
                Quoted::Broken {
                    length,
                    lines,
                    opened,
                    fault,
                } => {
                    return Ok(Found::Broken {
                        length,
                        lines,
                        opened,
                        fault,
                    });
                }
            }
        }
    }

    fn plain_record(&mut self, line: u64, from: usize, length: usize) -> io::Result<Record<'_>> {
        let bytes = self.buffer.get(from..from + length).unwrap_or_default();
        let text = text_of(bytes)?;
        self.bounds.clear();
        let mut field = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == b',' {
                self.bounds.push((field, at));
                field = at + 1;
            }
        }
        self.bounds.push((field, length));
        Ok(Record {
            line,
            text,
            bounds: &self.bounds,
        })
    }

    /// Steps over `length` bytes and the line end after them.
    fn take_line(&mut self, length: usize) {
        self.start += length;
        if self.start < self.end {
            self.after_cr = self.buffer.get(self.start) == Some(&b'\r');
            self.start += 1;
            self.line += 1;
        }
    }

    fn skip_second_half_of_crlf(&mut self) -> io::Result<()> {
        if !self.after_cr {
            return Ok(());
        }
        if self.start == self.end {
            self.fill()?;
        }
        if self.start < self.end && self.buffer.get(self.start) == Some(&b'\n') {
            self.start += 1;
        }
        self.after_cr = false;
        Ok(())
    }

    fn skip_rest_of_broken(&mut self) -> io::Result<()> {
        while self.skipping {
            let bytes = self.buffer.get(self.start..self.end).unwrap_or_default();
            if let Some(at) = memchr::memchr2(b'\n', b'\r', bytes) {
                self.take_line(at);
                self.skipping = false;
            } else if self.source_ended {
                self.start = self.end;
                self.skipping = false;
            } else {
                self.start = self.end;
                self.fill()?;
            }
        }
        Ok(())
    }

    /// Whether the buffer holds unread text only and has room for no more.
    fn is_full(&self) -> bool {
        self.start == 0 && self.end + ROOM_BYTES_MIN > self.buffer.len()
    }

    /// Moves what is unread to the beginning and fills the buffer, or comes to the source's end.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        while !self.source_ended && !self.is_full() {
            let room = self.buffer.get_mut(self.end..).unwrap_or_default();
            let count = self.source.read(room)?;
            self.end += count;
            self.source_ended = count == 0;
        }
        Ok(())
    }
}

fn text_of(bytes: &[u8]) -> io::Result<&str> {
    str::from_utf8(bytes).map_err(|_| changed_while_reading())
}

fn is_blank(line: Option<&[u8]>) -> bool {
    line.is_none_or(|line| line.iter().all(|&byte| byte == b' ' || byte == b'\t'))
}

fn too_long(line: u64) -> LineProblem {
    let reason = format!("1行が長すぎます（{}KBまで）", RECORD_BYTES_MAX / 1024);
    LineProblem::of_line(line, reason)
}
