//! What a command prints: words for people or one JSON object, on standard output; refusals on
//! standard error.

use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;

use crate::failure::Failure;

/// What a command has to tell.
#[derive(Debug)]
pub struct Told {
    object: Value,
    words: String,
    is_good: bool,
    is_silent: bool,
}

impl Told {
    /// An answer, as it is for programs and in words for people.
    pub fn new<T: Serialize>(answer: &T, words: impl Into<String>) -> Result<Self, Failure> {
        let object = serde_json::to_value(answer).map_err(|e| Failure::new(e.to_string()))?;
        Ok(Self {
            object,
            words: words.into(),
            is_good: true,
            is_silent: false,
        })
    }

    /// The same, for a command that has printed its one JSON object already.
    pub fn silent(self) -> Self {
        Self {
            is_silent: true,
            ..self
        }
    }

    /// The same, ending with status 1 when it is not good.
    pub fn ending_well(self, is_good: bool) -> Self {
        Self { is_good, ..self }
    }
}

/// Prints an answer and gives the exit status.
pub fn tell(told: &Told, is_json: bool) -> ExitCode {
    let text = if is_json {
        told.object.to_string()
    } else {
        told.words.trim_end().to_owned()
    };
    if !told.is_silent {
        print(&text);
    }
    if told.is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Prints why a command was refused, and gives the exit status.
pub fn refuse(failure: &Failure) -> ExitCode {
    // Without standard error there is nobody left to tell; the status still says it.
    let _ = writeln!(std::io::stderr(), "hitokuchi: {failure}");
    if failure.is_of_usage() {
        ExitCode::from(2)
    } else {
        ExitCode::FAILURE
    }
}

/// Prints a line of text. A reader that has gone (`hitokuchi … | head`) has read enough.
pub fn print(text: &str) {
    if !text.is_empty() {
        let mut output = std::io::stdout().lock();
        let _ = writeln!(output, "{text}");
        let _ = output.flush();
    }
}
