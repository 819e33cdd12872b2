//! What was done just now: said once, on the page that follows.

use actix_web::HttpRequest;
use front::session_cookie;

use crate::messages::Language;

const COOKIE: &str = "hitokuchi_notice";
/// Seconds within which the page that says it has to come.
const SECONDS: u32 = 60;

/// A message with a count. It lies in a cookie between the change and the page that follows.
pub struct Notice {
    /// Its key.
    pub message: &'static str,
    /// What fills its `{ $count }`.
    pub count: Option<i64>,
}

impl Notice {
    /// What a request brings. Only messages of ours, known as such by `-done`.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let value = session_cookie::value_of(request, COOKIE)?;
        let (key, count) = value.split_once('.')?;
        let message = known(key)?;
        Some(Self {
            message,
            count: count.parse().ok(),
        })
    }

    /// The value of `Set-Cookie` that leaves it.
    pub fn set(&self) -> String {
        let count = self
            .count
            .map_or_else(String::new, |count| count.to_string());
        let message = self.message;
        format!("{COOKIE}={message}.{count}; Path=/; Max-Age={SECONDS}; HttpOnly; SameSite=Lax")
    }

    /// The value of `Set-Cookie` that takes it away.
    pub fn clear() -> String {
        format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
    }
}

/// The message of a key that is said after something was done.
fn known(key: &str) -> Option<&'static str> {
    key.contains("-done").then(|| Language::key(key)).flatten()
}
