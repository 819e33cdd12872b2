//! How far an import is, on a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};
use ledger::intake::{ImportProgress, ImportStage};

/// A bar on standard error; nothing where no person looks on.
pub struct Progress(Option<ProgressBar>);

impl Progress {
    /// A bar at its beginning.
    pub fn start() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new(0);
        let style =
            ProgressStyle::with_template("{msg} {bar:40} {human_pos}/{human_len}行 残り {eta}");
        Self(Some(match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }))
    }

    /// Moves the bar.
    pub fn show(&self, progress: ImportProgress) {
        if let Some(bar) = &self.0 {
            bar.set_length(progress.lines_total);
            bar.set_position(progress.lines);
            bar.set_message(match progress.stage {
                ImportStage::Reading => "読み込み中",
                ImportStage::Posting => "登録中　　",
            });
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
