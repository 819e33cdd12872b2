//! What is wrong with a command line, in Japanese.

use std::error::Error as _;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The error in Japanese with the way out; none where it is no error (a help page was asked for), or
/// one that only clap can word.
pub fn in_words(error: &Error) -> Option<String> {
    let argument = told(error, ContextKind::InvalidArg).unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::ValueValidation => {
            format!("{argument}: {}", unreadable_value(error))
        }
        ErrorKind::InvalidValue => match told(error, ContextKind::InvalidValue) {
            Some(value) if !value.is_empty() => format!("{argument}: 「{value}」は使えません"),
            _ => format!("{argument}: 値を書いてください"),
        },
        ErrorKind::MissingRequiredArgument => format!("{argument} を書いてください"),
        ErrorKind::UnknownArgument => format!("「{argument}」という指定はありません"),
        ErrorKind::ArgumentConflict => match told(error, ContextKind::PriorArg) {
            Some(prior) if prior != argument => format!("{argument} と {prior} は一緒に使えません"),
            _ => format!("{argument} は一度だけ書いてください"),
        },
        ErrorKind::InvalidSubcommand => format!(
            "「{}」というコマンドはありません",
            told(error, ContextKind::InvalidSubcommand)?
        ),
        _ => return None,
    };
    let mut words = format!("hitokuchi: {what}");
    for kind in [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ] {
        if let Some(suggested) = told(error, kind) {
            words.push_str(&format!("。{suggested} のことでしょうか"));
        }
    }
    if let Some(usage) = told(error, ContextKind::Usage) {
        let usage = usage.trim();
        let usage = usage.strip_prefix("Usage: ").unwrap_or(usage);
        words.push_str(&format!("\n使い方: {usage}"));
    }
    words.push_str("\n何も変えていません。--help を付けると説明が出ます");
    Some(words)
}

/// Our own readers say in Japanese what is wrong; those of numbers only in English.
fn unreadable_value(error: &Error) -> String {
    let source = error.source().map(ToString::to_string);
    match source.filter(|words| !words.is_ascii()) {
        Some(words) => words,
        None => format!(
            "「{}」は使えません。範囲の中の数を、半角の数字で書いてください",
            told(error, ContextKind::InvalidValue).unwrap_or_default()
        ),
    }
}

/// What clap knows of one kind, several with `、` between them.
fn told(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(one) => Some(one.clone()),
        ContextValue::Strings(several) => Some(several.join("、")),
        ContextValue::StyledStr(words) => Some(words.to_string()),
        _ => None,
    }
}
