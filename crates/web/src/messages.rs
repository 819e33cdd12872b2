//! Every string of the pages, in both languages: Fluent files under `messages/`, in the binary.

use std::fmt::Display;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::areas::MESSAGES;

/// A language that the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ja, Self::En];

    /// As BCP 47 has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// The language of a tag; none that the pages do not speak.
    pub fn named(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == tag)
    }

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Ja => Self::En,
            Self::En => Self::Ja,
        }
    }

    /// A message. One that is not there shows as its key; a test fails before anybody sees that.
    pub fn text(self, key: &str) -> String {
        self.formatted(key, None)
    }

    /// A message with what it names filled in, as `("count", "5")`.
    pub fn text_with(self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set((*name).to_owned(), value.to_string());
        }
        self.formatted(key, Some(&args))
    }

    /// A key as the message files have it; none where there is no such message.
    pub fn key(key: &str) -> Option<&'static str> {
        let lines = MESSAGES.iter().flat_map(|(_, ja, _)| ja.lines());
        lines
            .filter_map(|line| line.split_once(" ="))
            .find_map(|(known, _)| (known == key).then_some(known))
    }

    /// Whether there is such a message.
    pub fn has(self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    fn formatted(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let pattern = bundle.get_message(key).and_then(|message| message.value());
        match pattern {
            Some(pattern) => bundle
                .format_pattern(pattern, args, &mut Vec::new())
                .into_owned(),
            None => key.to_owned(),
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static JA: LazyLock<FluentBundle<FluentResource>> =
            LazyLock::new(|| bundle(Language::Ja, |(_, ja, _)| ja));
        static EN: LazyLock<FluentBundle<FluentResource>> =
            LazyLock::new(|| bundle(Language::En, |(_, _, en)| en));
        match self {
            Self::Ja => &JA,
            Self::En => &EN,
        }
    }
}

fn bundle(
    language: Language,
    file: impl Fn(&'static (&str, &str, &str)) -> &'static str,
) -> FluentBundle<FluentResource> {
    let identifier: LanguageIdentifier = language.as_str().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    bundle.set_use_isolating(false);
    for area in MESSAGES {
        // What cannot be read is left out here and named by a test, as is a key that is there twice.
        let resource = match FluentResource::try_new(file(area).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}
