//! The address of the service as its users see it.

use actix_web::http::Uri;
use serde_json::Value as Json;

use super::kinds::Value;

/// A scheme and a host, as `https://hitokuchi.example.jp`: no path, no slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The address, for a path to follow.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for PublicUrl {
    fn read(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| {
            Err(format!(
                "「{text}」は使えません。{why}。https://hitokuchi.example.jp のように書いてください"
            ))
        };
        let Ok(uri) = text.parse::<Uri>() else {
            return wrong("URL として読めません");
        };
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.authority()) else {
            return wrong("https:// か http:// で始めます");
        };
        if !["https", "http"].contains(&scheme) {
            return wrong("https:// か http:// で始めます");
        }
        if host.as_str().contains('@') || uri.path() != "/" || uri.query().is_some() {
            return wrong("ホスト名まで（必要ならポート番号まで）です");
        }
        Ok(Self(format!("{scheme}://{host}")))
    }

    fn shown(&self) -> Json {
        self.0.as_str().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_scheme_and_host() {
        let read = |text| PublicUrl::read(text).map(|url| url.as_str().to_owned());
        assert_eq!(
            read("https://hitokuchi.example.jp/"),
            Ok("https://hitokuchi.example.jp".to_owned())
        );
        assert_eq!(
            read("http://127.0.0.1:9000"),
            Ok("http://127.0.0.1:9000".to_owned())
        );
        for wrong in [
            "hitokuchi.example.jp",
            "ftp://host",
            "https://host/path",
            "https://host/?a=b",
            "https://me:secret@host",
            "https://",
            "",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
