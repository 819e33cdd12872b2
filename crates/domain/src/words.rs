//! How a closed list is declared: each entry with its word in files and its label on screens.

/// A word that is not in its list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}「{text}」は使えません。{allowed} のどれかを書いてください")]
pub struct UnknownWord {
    /// What the list is of.
    pub what: &'static str,
    /// What was written.
    pub text: String,
    /// The words there are.
    pub allowed: String,
}

macro_rules! words {
    (
        $(#[$doc:meta])* $type:ident, $what:literal:
        $($(#[$variant_doc:meta])* $variant:ident = $word:literal, $label:literal;)+
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $type {
            /// All there are, in their order.
            pub const ALL: &'static [$type] = &[$($type::$variant),+];

            /// The word in files, in JSON and in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($type::$variant => $word,)+
                }
            }

            /// The label on Japanese screens and in messages.
            pub const fn label_ja(self) -> &'static str {
                match self {
                    $($type::$variant => $label,)+
                }
            }

            /// Reads the word the database keeps.
            pub fn from_stored(word: &str) -> Result<Self, $crate::words::UnknownWord> {
                Self::find(word, Self::ALL)
            }

            fn find(text: &str, among: &[$type]) -> Result<Self, $crate::words::UnknownWord> {
                let word = $crate::text::to_half_width(text);
                let is_meant = |one: &$type| {
                    word.eq_ignore_ascii_case(one.as_str()) || word == one.label_ja()
                };
                among.iter().copied().find(is_meant).ok_or_else(|| $crate::words::UnknownWord {
                    what: $what,
                    text: $crate::text::quoted(&word),
                    allowed: among.iter().map(|one| one.as_str()).collect::<Vec<_>>().join("、"),
                })
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        $crate::wire::serde_as_text!($type);
    };
}

macro_rules! words_from_text {
    ($($type:ident),+) => {
        $(
            /// The word of files, or the label of screens; case and width make no difference.
            impl std::str::FromStr for $type {
                type Err = $crate::words::UnknownWord;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    Self::find(text, Self::ALL)
                }
            }
        )+
    };
}

pub(crate) use {words, words_from_text};
