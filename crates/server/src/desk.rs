//! What every command has: which database, which form of answer, who asks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use domain::Clock;
use ledger::{Actor, Call, Ledger, OpenMode, Settings};

use crate::clock::SystemClock;
use crate::failure::Failure;
use crate::salts::SystemSalts;

/// The database where none is named.
const DATABASE_URL_DEFAULT: &str = "sqlite://data/hitokuchi.db";

/// A command's own options come before those of every command in its help.
const LAST_OF_THE_OPTIONS: usize = 900;

/// The options of every command.
#[derive(Debug, Args)]
pub struct Desk {
    /// データベース（sqlite://パス または postgres://…）
    #[arg(
        long,
        global = true,
        display_order = LAST_OF_THE_OPTIONS,
        env = "HITOKUCHI_DATABASE_URL",
        hide_env_values = true,
        default_value = DATABASE_URL_DEFAULT,
        value_name = "URL"
    )]
    pub database_url: String,
    /// 結果を JSON ひとつで標準出力に出す
    #[arg(long, global = true, display_order = LAST_OF_THE_OPTIONS)]
    pub json: bool,
    /// これより多い口数を要確認にする
    #[arg(
        long,
        global = true,
        env = "HITOKUCHI_IMPLAUSIBLE_UNITS_OVER",
        default_value_t = Settings::default().implausible_units_over,
        hide = true,
        value_name = "N"
    )]
    implausible_units_over: i64,
    /// 出力からこの日数を過ぎても結果が来ない請求データを、遅れとして示す
    #[arg(
        long,
        global = true,
        env = "HITOKUCHI_OVERDUE_AFTER_DAYS",
        default_value_t = Settings::default().overdue_after_days,
        value_parser = clap::value_parser!(i64).range(0..=36_500),
        hide = true,
        value_name = "N"
    )]
    overdue_after_days: i64,
}

impl Desk {
    /// The ledger, by the machine's clock. It has to be there: one that is not is a path typed
    /// wrongly, and an empty one in its place would hide that.
    pub fn open(&self) -> Result<Ledger, Failure> {
        self.open_by(OpenMode::MustExist, Arc::new(SystemClock))
    }

    /// The same, made where there is none: for the commands that a ledger begins with.
    pub fn open_or_make(&self) -> Result<Ledger, Failure> {
        self.open_by(OpenMode::Migrate, Arc::new(SystemClock))
    }

    /// The ledger by another clock.
    pub fn open_by(&self, mode: OpenMode, clock: Arc<dyn Clock>) -> Result<Ledger, Failure> {
        let settings = Settings {
            implausible_units_over: self.implausible_units_over,
            overdue_after_days: self.overdue_after_days,
        };
        let salts = Arc::new(SystemSalts);
        let url = &self.database_url;
        Ok(Ledger::open(url, mode, clock, salts, settings)?)
    }

    /// A request of the operator of the machine.
    pub fn call(&self) -> Call {
        let user = ["USER", "LOGNAME"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()))
            .unwrap_or_else(|| "operator".to_owned());
        Call::by(Actor::command_line(&user))
    }

    /// How this program was called, for commands to try: with the database where it is not the
    /// usual one, unless its address may hold a password.
    pub fn program(&self) -> String {
        let name = std::env::args()
            .next()
            .unwrap_or_else(|| "hitokuchi".to_owned());
        if self.database_url == DATABASE_URL_DEFAULT || self.database_url.contains('@') {
            name
        } else {
            format!("{name} --database-url {}", self.database_url)
        }
    }

    /// Where files that belong to the database go: beside it, or `data` where it is on a server.
    pub fn data_folder(&self) -> PathBuf {
        self.database_url
            .strip_prefix("sqlite://")
            .and_then(|path| Path::new(path).parent())
            .map_or_else(|| PathBuf::from("data"), Path::to_owned)
    }
}
