//! What a check found: all counted, the first of them named.

use crate::trace::Check;

/// Findings named at most.
const NAMED_MAX: usize = 10;

/// What breaks a promise.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    count: u64,
    named: Vec<String>,
}

impl Findings {
    /// One more, told in Japanese.
    pub(crate) fn add(&mut self, words: impl FnOnce() -> String) {
        self.count = self.count.saturating_add(1);
        if self.named.len() < NAMED_MAX {
            self.named.push(words());
        }
    }

    /// More that are counted and not named.
    pub(crate) fn add_unnamed(&mut self, count: u64) {
        self.count = self.count.saturating_add(count);
    }

    /// The check that these are found by: it promises `promise`, in Japanese.
    pub(crate) fn into_check(self, name: &str, promise: &str) -> Check {
        Check {
            name: name.to_owned(),
            ok: self.count == 0,
            detail: if self.count == 0 {
                promise.to_owned()
            } else {
                let more = if self.count > self.named.len() as u64 {
                    " ほか"
                } else {
                    ""
                };
                format!(
                    "{promise}、ではないものが {} 件あります（{}{more}）",
                    self.count,
                    self.named.join("、")
                )
            },
        }
    }
}
