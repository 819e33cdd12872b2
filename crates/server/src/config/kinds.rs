//! The kinds of value that a setting may have.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use front::{ProxiesUnreadable, TrustedProxies};
use serde_json::Value as Json;
use tracing_subscriber::EnvFilter;

use super::nearest;

/// A kind of value.
pub trait Value: Sized {
    /// Reads what is written, or says in Japanese what is wrong with it and what would be right.
    fn read(text: &str) -> Result<Self, String>;

    /// As it may be shown: without a password.
    fn shown(&self) -> Json;
}

/// May be empty: then the program decides.
impl<T: Value> Value for Option<T> {
    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(None);
        }
        T::read(text).map(Some)
    }

    fn shown(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::shown)
    }
}

/// Several, with commas between them; may be empty.
impl<T: Value> Value for Vec<T> {
    fn read(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim);
        parts.filter(|part| !part.is_empty()).map(T::read).collect()
    }

    fn shown(&self) -> Json {
        self.iter().map(T::shown).collect()
    }
}

/// Yes or no.
impl Value for bool {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => {
                let nearest = nearest::of(text, ["true", "false"]);
                Err(format!(
                    "「{text}」は使えません。true か false です{}",
                    nearest::guess(nearest)
                ))
            }
        }
    }

    fn shown(&self) -> Json {
        (*self).into()
    }
}

/// A whole number between two bounds, both of them allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> Whole<MIN, MAX> {
    /// The number.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> Value for Whole<MIN, MAX> {
    fn read(text: &str) -> Result<Self, String> {
        let bounds = format!("{MIN} から {MAX} までの整数です");
        let Ok(number) = text.parse::<i64>() else {
            return Err(format!(
                "「{text}」は使えません。{bounds}（半角の数字だけで書きます）"
            ));
        };
        let nearest = number.clamp(MIN, MAX);
        if nearest == number {
            return Ok(Self(number));
        }
        Err(format!(
            "「{text}」は使えません。{bounds}。いちばん近いのは {nearest} です"
        ))
    }

    fn shown(&self) -> Json {
        self.0.into()
    }
}

/// Where to listen.
impl Value for SocketAddr {
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| {
            let nearest = match text.parse::<u16>() {
                Ok(port) => format!("127.0.0.1:{port}"),
                Err(_) => match text.strip_prefix("localhost:") {
                    Some(port) if port.parse::<u16>().is_ok() => format!("127.0.0.1:{port}"),
                    _ => "127.0.0.1:8080".to_owned(),
                },
            };
            format!("「{text}」は待ち受ける場所として読めません。{nearest} のように書いてください")
        })
    }

    fn shown(&self) -> Json {
        self.to_string().into()
    }
}

/// The networks of one's own proxies.
impl Value for TrustedProxies {
    fn read(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|error: ProxiesUnreadable| error.to_string())
    }

    fn shown(&self) -> Json {
        let networks = self.networks().iter();
        networks.map(|network| network.to_string()).collect()
    }
}

/// A file or a folder.
impl Value for PathBuf {
    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("空です。ファイルかフォルダの場所を書いてください".to_owned());
        }
        Ok(Path::new(text).to_owned())
    }

    fn shown(&self) -> Json {
        self.display().to_string().into()
    }
}

/// The address of the database; whether there is one of that kind, `store` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The whole, with its password.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same, `***` in place of every password.
    pub fn without_password(&self) -> String {
        let (place, options) = match self.0.split_once('?') {
            Some((place, options)) => (place, Some(options)),
            None => (self.0.as_str(), None),
        };
        let mut shown = match (place.split_once("://"), place.rsplit_once('@')) {
            (Some((scheme, _)), Some((who, host))) => {
                let user = who.split_once("://").map_or("", |(_, user)| user);
                match user.split_once(':') {
                    Some((user, _)) => format!("{scheme}://{user}:***@{host}"),
                    None => format!("{scheme}://{user}@{host}"),
                }
            }
            _ => place.to_owned(),
        };
        let mut between = '?';
        for option in options.into_iter().flat_map(|all| all.split('&')) {
            shown.push(between);
            between = '&';
            match option.split_once('=') {
                Some((name, _)) if name.to_lowercase().contains("pass") => {
                    shown.push_str(name);
                    shown.push_str("=***");
                }
                _ => shown.push_str(option),
            }
        }
        shown
    }
}

impl Value for DatabaseUrl {
    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err(
                "空です。sqlite://data/hitokuchi.db か postgres://… のように書いてください"
                    .to_owned(),
            );
        }
        Ok(Self(text.to_owned()))
    }

    fn shown(&self) -> Json {
        self.without_password().into()
    }
}

/// What of the program's own notes is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter(String);

impl LogFilter {
    /// As `tracing` reads it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

impl Value for LogFilter {
    fn read(text: &str) -> Result<Self, String> {
        let levels = LEVELS.join("、");
        // A single word that is no level would count as the name of a part of the program, and turn
        // everything else off.
        let is_one_word = text.chars().all(char::is_alphanumeric);
        let is_level = LEVELS.contains(&text.to_lowercase().as_str());
        if (is_one_word && !is_level) || EnvFilter::try_new(text).is_err() {
            let nearest = nearest::of(text, LEVELS);
            return Err(format!(
                "「{text}」は使えません。{levels} のどれか、または api=debug,warn のように書いてください{}",
                nearest::guess(nearest)
            ));
        }
        Ok(Self(text.to_owned()))
    }

    fn shown(&self) -> Json {
        self.0.as_str().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused<T: Value>(text: &str) -> String {
        T::read(text).err().unwrap_or_default()
    }

    #[test]
    fn a_wrong_value_is_answered_with_the_nearest_right_one() {
        assert!(refused::<bool>("ture").contains("true のことでしょうか"));
        assert!(refused::<Whole<1, 256>>("0").contains("いちばん近いのは 1 です"));
        assert!(refused::<Whole<1, 256>>("999").contains("いちばん近いのは 256 です"));
        assert!(refused::<Whole<1, 256>>("many").contains("1 から 256 までの整数です"));
        assert!(refused::<SocketAddr>("8081").contains("127.0.0.1:8081 のように"));
        assert!(refused::<SocketAddr>("localhost:9000").contains("127.0.0.1:9000 のように"));
        assert!(refused::<LogFilter>("degub").contains("debug のことでしょうか"));
    }

    #[test]
    fn a_right_value_is_read() {
        assert_eq!(bool::read("true"), Ok(true));
        assert_eq!(Whole::<1, 256>::read("256").map(Whole::get), Ok(256));
        assert_eq!(Option::<bool>::read(""), Ok(None));
        assert_eq!(Vec::<bool>::read("true, false"), Ok(vec![true, false]));
        assert!(LogFilter::read("api=debug,warn").is_ok());
        assert!(LogFilter::read("INFO").is_ok());
    }

    #[test]
    fn no_password_of_a_database_is_shown() {
        let shown = |url| DatabaseUrl::read(url).unwrap().without_password();
        assert_eq!(
            shown("sqlite://data/hitokuchi.db"),
            "sqlite://data/hitokuchi.db"
        );
        assert_eq!(
            shown("postgres://me:se:cr@et@host:5432/db?sslmode=require&password=secret"),
            "postgres://me:***@host:5432/db?sslmode=require&password=***"
        );
        assert_eq!(shown("postgres://me@host/db"), "postgres://me@host/db");
        assert_eq!(
            shown("postgres:///db?sslpassword=secret"),
            "postgres:///db?sslpassword=***"
        );
    }
}
