//! Is it UTF-8, and if not quite, how nearly?

use super::{Broken, LineCount, Place};

/// After so many broken sequences the file is certainly not UTF-8 and is looked at no further.
const BROKEN_MAX: u64 = 64;

/// Follows a file, chunk by chunk, as UTF-8.
#[derive(Debug, Default)]
pub(super) struct Utf8Scan {
    first: Option<Broken>,
    broken: u64,
    wide: u64,
    cut_at_end: bool,
    /// The beginning of a character whose rest is in the next chunk.
    pending: Vec<u8>,
    pending_place: Option<Place>,
}

impl Utf8Scan {
    /// Takes the next bytes, which begin at byte `start`; `lines` has counted those before.
    pub(super) fn feed(&mut self, chunk: &[u8], start: u64, lines: &LineCount) {
        if self.broken >= BROKEN_MAX || (self.pending.is_empty() && chunk.is_ascii()) {
            return;
        }
        let mut at = self.complete_pending(chunk);
        while let Some(rest) = chunk.get(at..).filter(|rest| !rest.is_empty()) {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.count_wide(text);
                    return;
                }
                Err(error) => {
                    let valid = rest.get(..error.valid_up_to()).unwrap_or_default();
                    self.count_wide(std::str::from_utf8(valid).unwrap_or_default());
                    at += error.valid_up_to();
                    let place = lines.place(chunk, at, start);
                    let Some(wrong) = error.error_len() else {
                        self.pending = chunk.get(at..).unwrap_or_default().to_vec();
                        self.pending_place = Some(place);
                        return;
                    };
                    self.note_broken(place, wrong > 1 || begins_character(chunk.get(at)));
                    at += wrong;
                }
            }
            if self.broken >= BROKEN_MAX {
                return;
            }
        }
    }

    /// Ends the file: a character still waiting for its rest is cut in half.
    pub(super) fn finish(&mut self) {
        if let Some(place) = self.pending_place.take() {
            self.cut_at_end = self.broken == 0;
            self.note_broken(place, true);
        }
    }

    /// The first sequence that is no UTF-8, if any.
    pub(super) fn first_broken(&self) -> Option<Broken> {
        self.first
    }

    /// How many broken sequences there are, up to [`BROKEN_MAX`].
    pub(super) fn broken_count(&self) -> u64 {
        self.broken
    }

    /// How many whole characters of three or four bytes there are.
    pub(super) fn wide_count(&self) -> u64 {
        self.wide
    }

    /// Whether all is well but for a character cut off by the end of the file.
    pub(super) fn cut_at_end_only(&self) -> bool {
        self.cut_at_end && self.broken == 1
    }

    /// Joins a character begun in the chunk before with its rest; gives how many bytes of `chunk`
    /// that took.
    fn complete_pending(&mut self, chunk: &[u8]) -> usize {
        let Some(place) = self.pending_place else {
            return 0;
        };
        let mut taken = 0;
        while let Some(&byte) = chunk.get(taken) {
            self.pending.push(byte);
            match std::str::from_utf8(&self.pending) {
                Ok(_) => {
                    self.wide += u64::from(self.pending.len() >= 3);
                    taken += 1;
                }
                Err(error) if error.error_len().is_none() => {
                    taken += 1;
                    continue;
                }
                // This byte does not belong to the character: it is looked at again.
                Err(_) => self.note_broken(place, true),
            }
            self.pending.clear();
            self.pending_place = None;
            return taken;
        }
        taken
    }

    fn count_wide(&mut self, text: &str) {
        self.wide += text.bytes().filter(|&byte| byte >= 0xE0).count() as u64;
    }

    fn note_broken(&mut self, place: Place, half: bool) {
        self.first.get_or_insert(Broken { place, half });
        self.broken += 1;
    }
}

/// Whether a byte can begin a character of several bytes.
fn begins_character(byte: Option<&u8>) -> bool {
    matches!(byte, Some(0xC2..=0xF4))
}
