//! Somebody at the pages, without a browser: what is sent and answered, byte for byte.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use ledger::credentials::Secret;

use crate::TestApp;
use crate::http::{self, Answer};
use crate::people::session_of;
use crate::visitors::Is;

/// Somebody who has signed in and looks at pages.
#[derive(Debug, Clone)]
pub struct Seat {
    address: SocketAddr,
    secret: Secret,
    language: &'static str,
}

impl TestApp {
    /// Somebody of the staff with these roles, such as `clerk,finance`, who has signed in.
    pub fn seat(&self, name: &str, roles: &str) -> Seat {
        self.seat_of(name, Is::staff(roles))
    }

    /// Somebody of the organisation with this code, who has signed in.
    pub fn seat_of_organization(&self, name: &str, code: &str) -> Seat {
        self.seat_of(name, Is::of_organization(code))
    }

    fn seat_of(&self, name: &str, is: Is<'_>) -> Seat {
        Seat {
            address: self.address,
            secret: session_of(&self.world, name, is),
            language: "ja",
        }
    }
}

impl Seat {
    /// The same person, reading English.
    #[must_use]
    pub fn in_english(&self) -> Self {
        Self {
            language: "en",
            ..self.clone()
        }
    }

    /// Opens a page.
    pub fn get(&self, path: &str) -> Answer {
        self.raw("GET", path, &[], &[])
    }

    /// Sends a form, as a page shows it: with the session's token and a new key.
    pub fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        static KEYS: AtomicU64 = AtomicU64::new(0);
        let key = format!("seat-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        self.submit_under(&key, path, fields)
    }

    /// Sends a form under a key of one's own: the same form twice, as a double click sends it.
    pub fn submit_under(&self, key: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.secret.csrf_token();
        let own = [("_csrf", token.as_str()), ("_key", key)];
        self.submit_as_is(path, &[&own, fields].concat())
    }

    /// Sends a form of these fields and no others.
    pub fn submit_as_is(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields.iter();
        let pairs = pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        self.raw("POST", path, &headers, body.as_bytes())
    }

    /// Sends a form with a file, as a page shows it: with the session's token and a new key. What is
    /// sent as `fields` comes before the file.
    pub fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        content: &[u8],
    ) -> Answer {
        static KEYS: AtomicU64 = AtomicU64::new(0);
        let key = format!("upload-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        let token = self.secret.csrf_token();
        let own = [("_csrf", token.as_str()), ("_key", &key)];
        self.upload_as_is(path, &[&own, fields].concat(), name, content)
    }

    /// Sends a form with a file and of these fields and no others.
    pub fn upload_as_is(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        content: &[u8],
    ) -> Answer {
        const BOUNDARY: &str = "a-line-that-no-file-has";
        let mut body = Vec::new();
        for (field, value) in fields {
            let part = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: text/csv\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let form = format!("multipart/form-data; boundary={BOUNDARY}");
        self.raw("POST", path, &[("Content-Type", &form)], &body)
    }

    /// Sends JSON as a script of a page does; without a key where it is empty.
    pub fn send_json(&self, path: &str, key: &str, body: &serde_json::Value) -> Answer {
        let token = self.secret.csrf_token();
        let mut headers = vec![
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
            ("X-CSRF-Token", &token),
        ];
        if !key.is_empty() {
            headers.push(("Idempotency-Key", key));
        }
        self.raw("POST", path, &headers, body.to_string().as_bytes())
    }

    /// Sends a request with headers of its own besides the cookies.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let cookies = format!(
            "hitokuchi_session={}; hitokuchi_language={}",
            self.secret.expose(),
            self.language
        );
        let mut headers = headers.to_vec();
        headers.push(("Cookie", &cookies));
        http::send(self.address, method, path, &headers, body)
    }

    /// The token that the session's pages show.
    pub fn csrf_token(&self) -> String {
        self.secret.csrf_token()
    }
}

/// A name or value as a form sends it (percent-encoded UTF-8).
fn encoded(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    });
    bytes.collect()
}
