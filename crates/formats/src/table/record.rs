//! One record of a CSV text.

/// Where a field lies in the text of its record.
pub(super) type Bounds = (usize, usize);

/// One record: its line and its fields, quotes taken off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    /// The line it begins on, from 1.
    pub(crate) line: u64,
    pub(super) text: &'a str,
    pub(super) bounds: &'a [Bounds],
}

impl<'a> Record<'a> {
    /// How many fields there are.
    pub(crate) fn len(&self) -> usize {
        self.bounds.len()
    }

    /// The field at `index`, without surrounding spaces; empty if there is none.
    pub(crate) fn field(&self, index: usize) -> &'a str {
        let Some(&(from, to)) = self.bounds.get(index) else {
            return "";
        };
        let text = self.text.get(from..to).unwrap_or_default();
        let is_bare = |byte: Option<&u8>| matches!(byte, Some(0x21..=0x7E));
        if is_bare(text.as_bytes().first()) && is_bare(text.as_bytes().last()) {
            // Nearly every field: nothing to take off.
            return text;
        }
        text.trim()
    }
}
