//! What serde says about a value it cannot read, in the words of the desk.

const INTEGER_EXPECTED: &str =
    "整数ではないか、大きすぎます。引用符や小数点を付けずに、1 のような整数で書いてください";

/// Turns serde's English into Japanese; what is Japanese already (a domain type's own words) stays.
pub fn in_japanese(words: &str) -> String {
    let words = without_position(words);
    if let Some(rest) = words.strip_prefix("unknown field `") {
        let (name, rest) = rest.split_once('`').unwrap_or((rest, ""));
        let known = quoted(rest);
        return if known.is_empty() {
            format!("「{name}」という項目はありません")
        } else {
            format!("「{name}」という項目はありません。使えるのは {known} です")
        };
    }
    if let Some(name) = words.strip_prefix("missing field `") {
        return format!("「{}」がありません", name.trim_end_matches('`'));
    }
    if let Some(name) = words.strip_prefix("duplicate field `") {
        return format!("「{}」が2回あります", name.trim_end_matches('`'));
    }
    if let Some(rest) = words.strip_prefix("unknown variant `") {
        let (name, rest) = rest.split_once('`').unwrap_or((rest, ""));
        return format!("「{name}」は使えません。使えるのは {} です", quoted(rest));
    }
    if words.starts_with("invalid ") && words.ends_with("expected i64") {
        return INTEGER_EXPECTED.to_owned();
    }
    if words.starts_with("invalid ") || words.starts_with("expected ") {
        return format!("値を読めません（{words}）");
    }
    words.to_owned()
}

/// The names between backquotes, with commas.
fn quoted(words: &str) -> String {
    let names: Vec<&str> = words.split('`').skip(1).step_by(2).collect();
    names.join(", ")
}

fn without_position(words: &str) -> &str {
    match words.rfind(" at line ") {
        Some(position) if words[position..].contains(" column ") => &words[..position],
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::in_japanese;

    #[test]
    fn the_words_of_serde_are_told_in_japanese() {
        let cases = [
            (
                "unknown field `unit`, expected `units` or `amount` at line 1 column 9",
                "「unit」という項目はありません。使えるのは units, amount です",
            ),
            (
                "unknown field `a`, there are no fields",
                "「a」という項目はありません",
            ),
            ("missing field `coop`", "「coop」がありません"),
            ("duplicate field `coop`", "「coop」が2回あります"),
            (
                "unknown variant `post`, expected `paper` or `web`",
                "「post」は使えません。使えるのは paper, web です",
            ),
            (
                "invalid type: string \"1\", expected i64 at line 1 column 3",
                super::INTEGER_EXPECTED,
            ),
            (
                "invalid type: integer `1`, expected a string",
                "値を読めません（invalid type: integer `1`, expected a string）",
            ),
            ("月は 01 から 12 までです", "月は 01 から 12 までです"),
        ];
        for (words, told) in cases {
            assert_eq!(in_japanese(words), told);
        }
    }
}
