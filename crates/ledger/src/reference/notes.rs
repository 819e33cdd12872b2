//! What an import tells the desk, without filling the screen for ever.

/// Notes listed one by one; further ones are only counted.
const NOTES_MAX: usize = 500;

/// Notes so far.
#[derive(Debug, Default)]
pub(super) struct Notes {
    listed: Vec<String>,
    unlisted: u64,
}

impl Notes {
    /// Whether the next note would still be listed.
    pub(super) fn has_room(&self) -> bool {
        self.listed.len() < NOTES_MAX
    }

    /// Adds a note.
    pub(super) fn push(&mut self, note: impl Into<String>) {
        if self.has_room() {
            self.listed.push(note.into());
        } else {
            self.unlisted += 1;
        }
    }

    /// The notes listed, and how many there are besides.
    pub(super) fn into_vec(self) -> Vec<String> {
        let mut notes = self.listed;
        if self.unlisted > 0 {
            notes.push(format!("ほかに{}件あります", self.unlisted));
        }
        notes
    }
}
