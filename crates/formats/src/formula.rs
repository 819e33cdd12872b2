//! Text that a spreadsheet would take for a formula.

use std::borrow::Cow;

/// What is put before such text; a spreadsheet shows the rest as it is.
pub(crate) const SHIELD: char = '\'';

/// Whether a spreadsheet that opens a CSV file could run this text as a formula: it begins with
/// `=`, `+`, `-`, `@` (in either width), a tab or a line end.
pub fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Text for a field of a CSV file that people open in a spreadsheet: what looks like a formula
/// (`=cmd|…` as a name) gets an apostrophe before it and is shown as text. Only for text: a
/// negative number is no formula.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if looks_like_formula(text) {
        Cow::Owned(format!("{SHIELD}{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_in_a_name_is_shown_as_text() {
        for text in [
            "=cmd|'/C calc'!A0",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "＝1+1",
            "＠x",
        ] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in [
            "",
            "見本 花子",
            "パン＆カフェ こすもす",
            "a=b",
            "0001",
            "'quoted'",
        ] {
            assert!(
                matches!(harmless(text), Cow::Borrowed(same) if same == text),
                "{text}"
            );
        }
    }
}
