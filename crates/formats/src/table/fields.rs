//! The fields of one line, read by column, with every wrong one noted.

use std::fmt::Display;

use super::header::{Column, Header};
use super::problems::{LineProblem, shorten};
use super::record::Record;

/// The fields of one line. Reading a wrong field notes the problem and gives `None`; reading goes
/// on, so that every wrong field of a line is told.
pub struct Fields<'r, 'p> {
    record: Record<'r>,
    header: &'p Header,
    problems: &'p mut Vec<LineProblem>,
}

impl<'r, 'p> Fields<'r, 'p> {
    pub(crate) fn new(
        record: Record<'r>,
        header: &'p Header,
        problems: &'p mut Vec<LineProblem>,
    ) -> Self {
        Fields {
            record,
            header,
            problems,
        }
    }

    /// Whether the file has this column at all.
    pub fn has_column(&self, column: Column) -> bool {
        self.header.place(column).is_some()
    }

    /// The text of a field without surrounding spaces; empty when the file lacks the column.
    pub fn text(&self, column: Column) -> &'r str {
        self.header
            .place(column)
            .map_or("", |at| self.record.field(at))
    }

    /// A field that must have a value, read by `parse`; blank or wrong is a problem.
    pub fn required<T, E: Display>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&'r str) -> Result<T, E>,
    ) -> Option<T> {
        if self.text(column).is_empty() {
            self.refuse(column, "空です。必ず書いてください");
            return None;
        }
        self.optional(column, parse)?
    }

    /// A field that may be blank: `Some(None)` if it is, `None` if it is wrong.
    pub fn optional<T, E: Display>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&'r str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        let text = self.text(column);
        if text.is_empty() {
            return Some(None);
        }
        match parse(text) {
            Ok(value) => Some(Some(value)),
            Err(error) => {
                self.refuse(column, error);
                None
            }
        }
    }

    /// Notes that a field is wrong, and why.
    pub fn refuse(&mut self, column: Column, reason: impl Display) {
        let text = self.text(column);
        let problem = LineProblem::of_field(self.record.line, column.ja, text, reason.to_string());
        self.problems.push(problem);
    }
}

/// Checks a name or a title: at most `chars_max` characters, and no control characters.
pub(crate) fn plain_text(text: &str, chars_max: usize) -> Result<&str, String> {
    check_length(text, chars_max)?;
    if let Some(found) = text.chars().find(|c| c.is_control()) {
        return Err(control_character(text, found));
    }
    Ok(text)
}

/// Checks a note: at most `chars_max` characters; it may have tabs and several lines.
pub(crate) fn note_text(text: &str, chars_max: usize) -> Result<&str, String> {
    check_length(text, chars_max)?;
    let is_wrong = |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if let Some(found) = text.chars().find(is_wrong) {
        return Err(control_character(text, found));
    }
    Ok(text)
}

fn check_length(text: &str, chars_max: usize) -> Result<(), String> {
    // A character is a byte at least, so short texts need no counting.
    if text.len() > chars_max && text.chars().count() > chars_max {
        return Err(format!(
            "「{}」は長すぎます。{chars_max}文字までです",
            shorten(text)
        ));
    }
    Ok(())
}

fn control_character(text: &str, found: char) -> String {
    let what = match found {
        '\n' | '\r' => "改行".to_owned(),
        '\t' => "タブ".to_owned(),
        other => format!("制御文字（U+{:04X}）", u32::from(other)),
    };
    format!(
        "「{}」に{what}があります。取り除いてください",
        shorten(text)
    )
}
