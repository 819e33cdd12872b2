//! The text of a file as UTF-8 bytes.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, SHIFT_JIS};

use super::Encoding;

const SOURCE_BYTES: usize = 32 * 1024;

/// The least room [`Decoded::read`] needs to make progress: one character.
const ROOM_BYTES_MIN: usize = 16;

/// Turns the bytes of a `Read` into UTF-8, without a byte order mark.
///
/// Bytes that come as UTF-8 are passed on unchecked; who cuts them into lines checks them.
pub(crate) enum Decoded<R> {
    Utf8 { source: R, at_start: bool },
    Cp932(Box<Cp932<R>>),
}

/// A CP932 source and what of it has been read ahead.
pub(crate) struct Cp932<R> {
    source: R,
    decoder: Decoder,
    bytes: Vec<u8>,
    from: usize,
    to: usize,
    at_end: bool,
    /// The decoder may not be asked again after its end.
    finished: bool,
}

impl<R: Read> Decoded<R> {
    /// Reads `source` in the encoding that [`super::inspect`] found.
    pub(crate) fn new(source: R, encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => Decoded::Utf8 {
                source,
                at_start: true,
            },
            Encoding::Cp932 => Decoded::Cp932(Box::new(Cp932 {
                source,
                decoder: SHIFT_JIS.new_decoder_without_bom_handling(),
                bytes: vec![0; SOURCE_BYTES],
                from: 0,
                to: 0,
                at_end: false,
                finished: false,
            })),
        }
    }
}

impl<R: Read> Decoded<R> {
    /// Fills the beginning of `room`, which holds at least [`ROOM_BYTES_MIN`] bytes, and gives
    /// the number of bytes filled; 0 is the end of the file.
    pub(crate) fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        debug_assert!(room.len() >= ROOM_BYTES_MIN);
        match self {
            Decoded::Utf8 { source, at_start } => {
                if !std::mem::take(at_start) {
                    return read_some(source, room);
                }
                let mut filled = 0;
                while filled < 3 {
                    match read_some(source, room.get_mut(filled..).unwrap_or_default())? {
                        0 => break,
                        count => filled += count,
                    }
                }
                if !room.starts_with(b"\xEF\xBB\xBF") || filled < 3 {
                    return Ok(filled);
                }
                if filled == 3 {
                    return read_some(source, room);
                }
                room.copy_within(3..filled, 0);
                Ok(filled - 3)
            }
            Decoded::Cp932(inner) => inner.read(room),
        }
    }
}

impl<R: Read> Cp932<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while !self.finished {
            if self.from == self.to && !self.at_end {
                self.from = 0;
                self.to = read_some(&mut self.source, &mut self.bytes)?;
                self.at_end = self.to == 0;
            }
            let bytes = self.bytes.get(self.from..self.to).unwrap_or_default();
            let (result, read, written) =
                self.decoder
                    .decode_to_utf8_without_replacement(bytes, room, self.at_end);
            self.from += read;
            match result {
                DecoderResult::Malformed(..) => return Err(changed_while_reading()),
                DecoderResult::InputEmpty => self.finished = self.at_end,
                DecoderResult::OutputFull => {}
            }
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

/// The error when bytes turn up that [`super::inspect`] did not let pass.
pub(crate) fn changed_while_reading() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "読み取り中にファイルの内容が変わりました。もう一度取り込んでください",
    )
}

fn read_some(source: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(room) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
