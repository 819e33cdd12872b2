//! A refusal in the words of a page.

use front::{Problem, titles};

use crate::messages::Language;

/// What a refusal of a form says, in the words of a language: the kind of problem where that is not
/// Japanese, then the occurrence, which the use cases tell in Japanese.
pub fn refusal_words(problem: &Problem, language: Language) -> (Option<String>, String) {
    let title = (language == Language::En).then(|| titles::title(problem.code));
    (title, occurrence(problem).to_owned())
}

/// What happened. Of a single field without its name, which only programs know: the same stands beside
/// the field.
fn occurrence(problem: &Problem) -> &str {
    match problem.problems.as_slice() {
        [field] if field.pointer.is_some() && problem.detail.ends_with(&field.detail) => {
            &field.detail
        }
        _ => &problem.detail,
    }
}
