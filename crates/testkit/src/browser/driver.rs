//! The one chromedriver of a test process, and the requests it takes (W3C WebDriver).
//!
//! A watchdog stops it, every Chromium it started, and deletes their folder when the process that
//! started it ends, in whatever way.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};

use crate::skipped::report_skipped;

/// A Chromium that gives no answer fails its test rather than hang it.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// A running chromedriver.
#[derive(Debug)]
pub(super) struct Driver {
    address: SocketAddr,
    folder: PathBuf,
    /// Stops everything when its standard input ends, which is when this process ends.
    _watchdog: Child,
    /// What it says; open, or else it would end when it says more.
    _said: BufReader<ChildStdout>,
}

/// What chromedriver says against a request.
#[derive(Debug)]
pub(super) struct Refused {
    /// The code, such as `no such element`.
    pub(super) code: String,
    /// What it says.
    pub(super) message: String,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl Driver {
    /// The one of this process, started at the first call.
    ///
    /// Gives `None` where Chromium and its driver are not installed, having said on standard error
    /// that the calling test is skipped. Panics there when `CI` is `true`.
    pub(super) fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Driver>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| {
            let (driver, chromium) = (on_path(&["chromedriver"])?, find_chromium()?);
            Some(start(&driver, &chromium))
        });
        if shared.is_none() {
            report_skipped(
                "Chromium and its driver are not installed (apt-get install chromium chromium-driver)",
            );
        }
        shared.as_ref()
    }

    /// A folder that goes when the process ends.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Sends a command and gives its value.
    pub(super) fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, Refused> {
        let body = match method {
            "POST" => body.to_string(),
            _ => String::new(),
        };
        let (is_good, mut answer) = exchange(self.address, method, path, &body)
            .unwrap_or_else(|error| panic!("chromedriver does not answer {path}: {error}"));
        let value = answer["value"].take();
        if is_good {
            return Ok(value);
        }
        let text = |field: &str| value[field].as_str().unwrap_or_default().to_owned();
        Err(Refused {
            code: text("error"),
            message: text("message"),
        })
    }

    /// Begins a session: a Chromium of its own. Gives its path.
    pub(super) fn begin(&self, options: &Value) -> String {
        let wanted = json!({ "capabilities": { "alwaysMatch": options } });
        let session = self
            .ask("POST", "/session", &wanted)
            .unwrap_or_else(|refused| panic!("Chromium does not start: {refused}"));
        let id = session["sessionId"].as_str().expect("a session's number");
        format!("/session/{id}")
    }
}

/// Sends a request and reads the answer by its length: chromedriver leaves every connection open.
fn exchange(
    address: SocketAddr,
    method: &str,
    path: &str,
    body: &str,
) -> io::Result<(bool, Value)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(ANSWER_WITHIN))?;
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\n\
         Content-Type: application/json; charset=utf-8\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
    let mut stream = BufReader::new(stream);
    let mut status = String::new();
    stream.read_line(&mut status)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok((status.contains(" 200 "), serde_json::from_slice(&body)?))
}

/// Whether Chromium has to do without its sandbox, which does not start as root.
pub(super) fn we_are_root(folder: &Path) -> bool {
    std::fs::metadata(folder)
        .expect("look at our temporary folder")
        .uid()
        == 0
}

fn start(driver: &Path, chromium: &Path) -> Driver {
    const SCRIPT: &str = r#"
        "$0" --port=0 & driver=$!
        read -r _
        trap '' TERM
        kill -TERM 0
        wait "$driver"
        # What a Chromium wrote while it ended.
        rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }"#;
    let folder = tempfile::Builder::new()
        .prefix("hitokuchi-chromium-")
        .tempdir()
        .expect("a temporary folder for Chromium")
        .keep();
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(SCRIPT)
        .arg(driver)
        .arg(&folder)
        // Profiles go where TMPDIR says.
        .env("TMPDIR", &folder)
        .env("CHROME_PATH", chromium)
        // Fields for days are written as at the office.
        .env("LANGUAGE", "ja")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut watchdog = shell.spawn().expect("start chromedriver");
    let said = watchdog.stdout.take().expect("what chromedriver says");
    let mut said = BufReader::new(said);
    let port = port_told(&mut said).expect("the port that chromedriver listens on");
    Driver {
        address: SocketAddr::from(([127, 0, 0, 1], port)),
        folder,
        _watchdog: watchdog,
        _said: said,
    }
}

/// Reads what chromedriver says until it names its port.
fn port_told(said: impl BufRead) -> Option<u16> {
    for line in said.lines() {
        let line = line.ok()?;
        if let Some((_, port)) = line.rsplit_once("started successfully on port ") {
            return port.trim_end_matches('.').parse().ok();
        }
    }
    None
}

/// Where Chromium is.
pub(super) fn find_chromium() -> Option<PathBuf> {
    on_path(&["chromium", "chromium-browser", "google-chrome"])
}

/// The first of these programs that is on the `PATH`.
pub(super) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    names.iter().find_map(|name| {
        std::env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|program| program.is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_what_chromedriver_says() {
        let said =
            "Starting ChromeDriver 150\nChromeDriver was started successfully on port 39215.\n";
        assert_eq!(port_told(said.as_bytes()), Some(39215));
        assert_eq!(port_told("address in use\n".as_bytes()), None);
    }
}
