//! Counting lines as an editor does, over chunks.

use super::Place;

/// Counts line ends (LF, CRLF or CR alone) over any chunking of a file.
#[derive(Debug, Default)]
pub(super) struct LineCount {
    ends: u64,
    ends_with_cr: bool,
    inside_line: bool,
}

impl LineCount {
    /// Takes the next bytes of the file.
    pub(super) fn feed(&mut self, chunk: &[u8]) {
        let Some(&last) = chunk.last() else { return };
        self.ends = self.ends_with(chunk);
        self.ends_with_cr = last == b'\r';
        self.inside_line = last != b'\n' && last != b'\r';
    }

    /// All lines so far; an unended last line counts.
    pub(super) fn total(&self) -> u64 {
        self.ends + u64::from(self.inside_line)
    }

    /// The place of `chunk[at]`, `chunk` being the bytes that follow those fed so far and
    /// beginning at byte `start` of the file.
    pub(super) fn place(&self, chunk: &[u8], at: usize, start: u64) -> Place {
        let before = chunk.get(..at).unwrap_or(chunk);
        // A CR just before is the end of the line before, whatever follows.
        Place {
            line: self.ends_with(before) + 1,
            offset: start + at as u64,
        }
    }

    fn ends_with(&self, chunk: &[u8]) -> u64 {
        let line_feeds = chunk.iter().filter(|&&byte| byte == b'\n').count() as u64;
        let mut returns = 0;
        let mut pairs = u64::from(self.ends_with_cr && chunk.first() == Some(&b'\n'));
        for at in memchr::memchr_iter(b'\r', chunk) {
            returns += 1;
            pairs += u64::from(chunk.get(at + 1) == Some(&b'\n'));
        }
        self.ends + line_feeds + returns - pairs
    }
}
