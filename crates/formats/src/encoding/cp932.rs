//! Is it CP932?

use encoding_rs::{Decoder, DecoderResult, SHIFT_JIS};

use super::{Broken, LineCount, Place};

/// Follows a file, chunk by chunk, as CP932 up to the first character that does not exist.
pub(super) struct Cp932Scan {
    decoder: Decoder,
    decoded: Vec<u8>,
    /// Place of a first byte whose second is in the next chunk.
    pending: Option<Place>,
    first: Option<Broken>,
}

impl Default for Cp932Scan {
    fn default() -> Self {
        Cp932Scan {
            decoder: SHIFT_JIS.new_decoder_without_bom_handling(),
            decoded: vec![0; 16 * 1024],
            pending: None,
            first: None,
        }
    }
}

impl Cp932Scan {
    /// Takes the next bytes, which begin at byte `start`; `lines` has counted those before.
    pub(super) fn feed(&mut self, chunk: &[u8], start: u64, lines: &LineCount) {
        if self.first.is_some() || (self.pending.is_none() && chunk.is_ascii()) {
            return;
        }
        let mut at = 0;
        loop {
            let rest = chunk.get(at..).unwrap_or_default();
            let (result, read, _) =
                self.decoder
                    .decode_to_utf8_without_replacement(rest, &mut self.decoded, false);
            at += read;
            match result {
                DecoderResult::OutputFull => {}
                DecoderResult::InputEmpty => {
                    self.note_pending(chunk, start, lines);
                    return;
                }
                DecoderResult::Malformed(wrong, after) => {
                    let back = usize::from(wrong) + usize::from(after);
                    let place = match (at.checked_sub(back), self.pending) {
                        (Some(at), _) => lines.place(chunk, at, start),
                        (None, Some(pending)) => pending,
                        (None, None) => lines.place(chunk, 0, start),
                    };
                    self.first = Some(Broken { place, half: false });
                    return;
                }
            }
        }
    }

    /// Ends the file: a first byte still waiting for its second is half a character.
    pub(super) fn finish(&mut self) {
        if let (None, Some(place)) = (self.first, self.pending) {
            self.first = Some(Broken { place, half: true });
        }
    }

    /// The first bytes that are no character of CP932, if any.
    pub(super) fn first_broken(&self) -> Option<Broken> {
        self.first
    }

    /// Remembers where a character begins that the end of `chunk` cuts.
    ///
    /// The decoder does not tell whether it holds a first byte back; at most the last byte can be
    /// one, and whether it is follows from the run of possible first bytes before it.
    fn note_pending(&mut self, chunk: &[u8], start: u64, lines: &LineCount) {
        let was_pending = self.pending.take();
        let Some(last) = chunk.len().checked_sub(1) else {
            self.pending = was_pending;
            return;
        };
        let run = chunk
            .iter()
            .rev()
            .take_while(|&&byte| is_first_byte(byte))
            .count();
        let reaches_back = run == chunk.len() && was_pending.is_some();
        if (run + usize::from(reaches_back)) % 2 == 1 {
            self.pending = Some(lines.place(chunk, last, start));
        }
    }
}

/// Whether a byte is the first of a character of two bytes (when it is not the second of one).
fn is_first_byte(byte: u8) -> bool {
    matches!(byte, 0x81..=0x9F | 0xE0..=0xFC)
}
