//! Codes as people type them.

use unicode_normalization::UnicodeNormalization;

/// More than any code with the separators people put in; the rest is not looked at.
const CHARS_MAX: usize = 64;

/// The letters and digits of a typed code, of the usual width and in capitals. Spaces and dashes of
/// all kinds fall away.
pub(crate) fn letters_and_digits(text: &str) -> String {
    text.chars()
        .take(CHARS_MAX)
        .nfkc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::letters_and_digits;

    #[test]
    fn full_width_and_separators_make_no_difference() {
        for text in [
            "ab12cd",
            "AB-12-CD",
            " ａｂ１２　ｃｄ ",
            "AB‐12ーCD".replace('ー', "—").as_str(),
        ] {
            assert_eq!(letters_and_digits(text), "AB12CD", "{text}");
        }
    }
}
