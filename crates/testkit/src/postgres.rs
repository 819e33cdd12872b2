//! A throw-away PostgreSQL server, made for the tests of one process and gone with it.
//!
//! The server lives in a temporary folder, listens on 127.0.0.1 only, and is stopped and deleted by a
//! watchdog when the process that started it ends, in whatever way: by returning, by a panic, by a
//! signal that cannot be caught.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use crate::skipped::report_skipped;

const START_TRIES_MAX: usize = 5;
const POLLS_MAX: u32 = 3_000;
const POLL_INTERVAL: Duration = Duration::from_millis(20);
const SUPERUSER: &str = "hitokuchi";

/// Whether the server pushes what it commits through to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// `fsync=off`: quick, and worth nothing after a power cut. For ordinary stories.
    Fast,
    /// `fsync=on`, PostgreSQL's default, and memory and log for millions of rows: for stories about
    /// durability and for measuring.
    Durable,
}

/// How the text of a database is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collation {
    /// By bytes (`C`).
    Bytes,
    /// As a Japanese dictionary sorts (ICU, `ja-JP`): what byte order hides, this one shows.
    Japanese,
}

/// A PostgreSQL server of our own. Stopped and deleted on drop and, if that never comes, at the end
/// of the process.
#[derive(Debug)]
pub struct PostgresServer {
    programs: PathBuf,
    folder: PathBuf,
    owner: Option<Owner>,
    port: u16,
    watchdog: Child,
}

/// The user that runs the server where the tests run as root, whom PostgreSQL refuses.
#[derive(Debug, Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

impl PostgresServer {
    /// The one [`Durability::Fast`] server of this process, started at the first call.
    ///
    /// Gives `None` where PostgreSQL's server programs are not installed, having said on standard error
    /// that the calling test is skipped. Panics there when `CI` is `true`: a skipped test must not
    /// turn CI green.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<PostgresServer>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Self::start(Durability::Fast));
        if shared.is_none() {
            report_no_server();
        }
        shared.as_ref()
    }

    /// Starts a server. `None` where PostgreSQL's server programs are not installed; panics with the
    /// server's own words when it does not start.
    pub fn start(durability: Durability) -> Option<Self> {
        let programs = find_server_programs()?;
        let folder = tempfile::Builder::new()
            .prefix("hitokuchi-postgres-")
            .tempdir()
            .expect("a temporary folder for PostgreSQL")
            .keep();
        let owner = owner_of_a_server_in(&folder);
        if let Some(Owner { uid, gid }) = owner {
            chown(&folder, Some(uid), Some(gid)).expect("hand the folder to PostgreSQL's user");
        }
        let watchdog = start_watchdog(&programs, &folder, owner);
        let mut server = Self {
            programs,
            folder,
            owner,
            port: 0,
            watchdog,
        };
        server.initialize();
        server.listen(durability);
        Some(server)
    }

    /// Makes an empty database and gives its URL. `name` is ours to choose: letters, digits and `_`.
    pub fn create_database(&self, name: &str, collation: Collation) -> String {
        let collation = match collation {
            Collation::Bytes => "",
            Collation::Japanese => " LOCALE_PROVIDER icu ICU_LOCALE 'ja-JP'",
        };
        self.administer(&format!(
            "CREATE DATABASE {name} TEMPLATE template0{collation}"
        ))
        .expect("make a database");
        self.url_of(name)
    }

    /// Makes a database like `original`, with all that is in it, and gives its URL. Nobody may be
    /// connected to the original meanwhile.
    pub fn copy_database(&self, original: &str, name: &str) -> String {
        self.administer(&format!("CREATE DATABASE {name} TEMPLATE {original}"))
            .expect("copy a database");
        self.url_of(name)
    }

    /// Deletes a database, throwing out whoever is connected to it; or says why it could not.
    pub fn drop_database(&self, name: &str) -> Result<(), String> {
        self.administer(&format!("DROP DATABASE {name} WITH (FORCE)"))
    }

    /// Waits until the server has done with everybody who was connected to a database: when a client
    /// is killed, the server goes on until it notices. Panics after a minute.
    pub fn wait_until_nobody_is_connected(&self, database: &str) {
        let count = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'");
        for _ in 0..POLLS_MAX {
            if self.ask(&count).expect("ask who is connected") == "0" {
                return;
            }
            sleep(POLL_INTERVAL);
        }
        panic!("somebody is still connected to {database}");
    }

    /// The URL of a database of this server.
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/{database}", self.port)
    }

    fn initialize(&self) {
        let mut initdb = self.program("initdb");
        initdb.args([
            "-D",
            "data",
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]);
        finish(initdb.args(["--no-sync", "--no-instructions"])).expect("make a PostgreSQL cluster");
    }

    fn listen(&mut self, durability: Durability) {
        let mut settings = vec![
            "listen_addresses=127.0.0.1".to_owned(),
            format!("unix_socket_directories={}", self.folder.display()),
            "max_connections=400".to_owned(),
        ];
        let more: &[&str] = match durability {
            Durability::Fast => &["shared_buffers=64MB", "fsync=off", "full_page_writes=off"],
            Durability::Durable => &["shared_buffers=1GB", "max_wal_size=8GB"],
        };
        settings.extend(more.iter().map(|setting| (*setting).to_owned()));
        let log = self.folder.join("log");
        for _ in 0..START_TRIES_MAX {
            self.port = free_port();
            let mut options = format!("-p {}", self.port);
            for setting in &settings {
                options.push_str(&format!(" -c {setting}"));
            }
            let mut start = self.program("pg_ctl");
            start.args([
                "start", "-w", "-s", "-D", "data", "-l", "log", "-o", &options,
            ]);
            if start
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|s| s.success())
            {
                return;
            }
        }
        let words = fs::read_to_string(log).unwrap_or_default();
        panic!("PostgreSQL did not start in {START_TRIES_MAX} tries; its log says:\n{words}");
    }

    fn administer(&self, sql: &str) -> Result<(), String> {
        let mut psql = self.program("psql");
        psql.args([
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            &self.url_of("postgres"),
            "-c",
            sql,
        ]);
        finish(&mut psql)
    }

    /// The one value that a query gives.
    fn ask(&self, sql: &str) -> io::Result<String> {
        let mut psql = self.program("psql");
        psql.args(["-X", "-qAt", "-d", &self.url_of("postgres"), "-c", sql]);
        let output = psql.output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn program(&self, name: &str) -> Command {
        program_of(&self.programs, name, &self.folder, self.owner)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        // The watchdog ends by itself; a failure to wait for it only leaves a zombie behind.
        let _ = self.watchdog.wait();
    }
}

/// A process that waits for the end of its standard input, whose other end only we hold, and then
/// stops the server and deletes its folder.
fn start_watchdog(programs: &Path, folder: &Path, owner: Option<Owner>) -> Child {
    const SCRIPT: &str = r#"read -r _; "$0" stop -s -D data -m immediate; cd /; rm -rf -- "$1""#;
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(SCRIPT)
        .arg(programs.join("pg_ctl"))
        .arg(folder);
    confine(&mut shell, folder, owner);
    // A process group of its own: Ctrl-C at the terminal ends the tests, not their watchdog.
    shell
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    shell
        .spawn()
        .expect("start the watchdog that deletes the PostgreSQL server")
}

fn program_of(programs: &Path, name: &str, folder: &Path, owner: Option<Owner>) -> Command {
    let mut command = Command::new(programs.join(name));
    confine(&mut command, folder, owner);
    command.stdin(Stdio::null());
    command
}

/// Runs the command as the server's user, in the server's folder, untouched by the developer's own
/// `PG…` variables and language.
fn confine(command: &mut Command, folder: &Path, owner: Option<Owner>) {
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
    command
        .env_clear()
        .env("PATH", path)
        .env("LC_ALL", "C")
        .current_dir(folder);
    if let Some(Owner { uid, gid }) = owner {
        command.uid(uid).gid(gid);
    }
}

/// Runs the command to its end; an error is what it said on standard error.
fn finish(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let words = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("{}: {words}", output.status))
    }
}

/// The folder of `initdb`, `pg_ctl` and `psql`: the newest under Debian's place, else on the `PATH`,
/// else where `pg_config` says.
fn find_server_programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|version| {
            let number = version.file_name().to_str()?.parse().ok()?;
            Some((number, version.path().join("bin")))
        })
        .collect();
    versions.sort();
    let debians = versions.into_iter().rev().map(|(_, folder)| folder);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    debians
        .chain(on_path)
        .chain(pg_config_folder())
        .find(|folder| {
            ["initdb", "pg_ctl", "psql"]
                .iter()
                .all(|name| folder.join(name).is_file())
        })
}

fn pg_config_folder() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}

/// Who has to run a server in a folder that we made: `None` for ourselves, and where we are root the
/// user `postgres`, or else `nobody`.
fn owner_of_a_server_in(folder: &Path) -> Option<Owner> {
    let we_are_root = fs::metadata(folder)
        .expect("look at our temporary folder")
        .uid()
        == 0;
    we_are_root.then(|| {
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| owner_named(&users, name))
            .expect("PostgreSQL refuses to run as root, and there is no user postgres or nobody")
    })
}

fn owner_named(users: &str, name: &str) -> Option<Owner> {
    let line = users
        .lines()
        .find(|line| line.split(':').next() == Some(name))?;
    let mut ids = line.split(':').skip(2).map(str::parse);
    Some(Owner {
        uid: ids.next()?.ok()?,
        gid: ids.next()?.ok()?,
    })
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on 127.0.0.1");
    listener
        .local_addr()
        .expect("the number of the free port")
        .port()
}

fn report_no_server() {
    report_skipped("PostgreSQL's server programs are not installed (apt-get install postgresql)");
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_server_that_is_dropped_leaves_nothing_behind() {
        let Some(server) = PostgresServer::start(Durability::Durable) else {
            return report_no_server();
        };
        let (folder, address) = (server.folder.clone(), format!("127.0.0.1:{}", server.port));
        assert!(folder.join("data").is_dir());
        assert!(TcpStream::connect(&address).is_ok());

        drop(server);

        assert!(!folder.exists());
        assert!(TcpStream::connect(&address).is_err());
    }

    #[test]
    fn a_copied_database_has_what_the_original_has() {
        let Some(server) = PostgresServer::shared() else {
            return;
        };
        server.create_database("an_original", Collation::Japanese);
        let say = |database: &str, sql: &str| {
            let mut psql = server.program("psql");
            let output = psql
                .args(["-X", "-qAt", "-d", &server.url_of(database), "-c", sql])
                .output();
            String::from_utf8(output.expect("run psql").stdout).expect("words in UTF-8")
        };
        say(
            "an_original",
            "CREATE TABLE words (word TEXT); INSERT INTO words VALUES ('B'), ('a')",
        );

        server.copy_database("an_original", "a_copy");

        assert_eq!(
            say("a_copy", "SELECT word FROM words ORDER BY word"),
            "a\nB\n"
        );
        assert_eq!(server.drop_database("a_copy"), Ok(()));
        assert!(server.drop_database("a_copy").is_err());
    }

    #[test]
    fn the_owner_of_a_server_is_read_from_the_list_of_users() {
        let users = "root:x:0:0::/root:/bin/sh\npostgres:x:101:104::/var/lib/postgresql:/bin/sh\n";
        let owner = owner_named(users, "postgres").map(|Owner { uid, gid }| (uid, gid));
        assert_eq!(owner, Some((101, 104)));
        assert!(owner_named(users, "post").is_none());
    }
}
