//! What somebody may have meant.

/// How unlike a word may be and still be meant: less than this many of a hundred characters.
const UNLIKE_PERCENT_MAX: usize = 50;

/// The nearest of the right words, unless none is near.
pub fn of<'a>(word: &str, right: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    let far = |one: &str| strsim::damerau_levenshtein(&word, one);
    let nearest = right.into_iter().min_by_key(|one| far(one))?;
    let length = nearest.chars().count().max(word.chars().count());
    (far(nearest) * 100 <= length * UNLIKE_PERCENT_MAX).then_some(nearest)
}

/// The words that propose it.
pub fn guess(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |one| format!("。{one} のことでしょうか"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_fingers_is_understood_and_nonsense_is_not() {
        let right = ["listen", "log", "upload_folder", "upload_bytes_max"];
        assert_eq!(of("listne", right), Some("listen"));
        assert_eq!(of("upload-folder", right), Some("upload_folder"));
        assert_eq!(of("UPLOAD_FOLDRE", right), Some("upload_folder"));
        assert_eq!(of("zzzzzzz", right), None);
    }
}
