//! What every command has: the settings, which form of answer, who asks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use domain::Clock;
use ledger::privacy::Retention;
use ledger::{Call, Ledger, OpenMode, Settings};

use crate::clock::SystemClock;
use crate::config::{Config, Given, InForce, Origin, as_setting};
use crate::failure::Failure;
use crate::salts::SystemSalts;

/// A command's own options come before those of every command in its help.
const LAST_OF_THE_OPTIONS: usize = 900;

/// The options of every command.
#[derive(Debug, Args)]
pub struct Options {
    /// データベース（sqlite://パス または postgres://…）
    #[arg(
        long,
        global = true,
        display_order = LAST_OF_THE_OPTIONS,
        value_parser = as_setting("database_url"),
        value_name = "URL"
    )]
    database_url: Option<String>,
    /// 設定ファイル（hitokuchi config で、いまの設定が出ます）
    #[arg(
        long,
        global = true,
        display_order = LAST_OF_THE_OPTIONS,
        value_name = "FILE"
    )]
    config: Option<PathBuf>,
    /// 結果を JSON ひとつで標準出力に出す
    #[arg(long, global = true, display_order = LAST_OF_THE_OPTIONS)]
    pub json: bool,
    #[arg(
        long,
        global = true,
        value_parser = as_setting("implausible_units_over"),
        hide = true,
        value_name = "N"
    )]
    implausible_units_over: Option<String>,
    #[arg(
        long,
        global = true,
        value_parser = as_setting("overdue_after_days"),
        hide = true,
        value_name = "N"
    )]
    overdue_after_days: Option<String>,
}

/// The settings in force, and how to answer.
#[derive(Debug)]
pub struct Desk {
    /// The settings in force.
    pub config: Config,
    /// Whether to answer with one JSON object.
    pub json: bool,
}

impl Desk {
    /// The desk of a command: its settings from the options of every command, those of its own, the
    /// environment and the file.
    pub fn of(options: Options, own: Vec<Given>) -> Result<Self, Failure> {
        let of_every_command = [
            ("database_url", options.database_url),
            ("implausible_units_over", options.implausible_units_over),
            ("overdue_after_days", options.overdue_after_days),
        ];
        let given = of_every_command
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        Ok(Self {
            config: Config::load(options.config, given.chain(own).collect())?,
            json: options.json,
        })
    }

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
            implausible_units_over: self.config.implausible_units_over.get(),
            overdue_after_days: self.config.overdue_after_days.get(),
            one_person_office: self.config.one_person_office,
            public_url: self.public_url(),
            retention: self.retention(),
            session_idle_minutes: self.config.session_idle_minutes.get(),
            session_hours_max: self.config.session_hours_max.get(),
            second_factor_required: self.config.second_factor_required,
            in_force: self.config.in_force.iter().map(InForce::view).collect(),
            ..Settings::default()
        };
        let salts = Arc::new(SystemSalts);
        let url = self.config.database_url.as_str();
        Ok(Ledger::open(url, mode, clock, salts, settings)?)
    }

    /// The service as its users reach it, with which links begin.
    fn public_url(&self) -> String {
        match &self.config.public_url {
            Some(url) => url.as_str().to_owned(),
            None if self.config.tls_certificate.is_some() => {
                format!("https://{}", self.config.listen)
            }
            None => format!("http://{}", self.config.listen),
        }
    }

    fn retention(&self) -> Retention {
        // The table keeps them far below.
        let kept = |period: i64| u32::try_from(period).unwrap_or(u32::MAX);
        Retention {
            names_months: kept(self.config.retention_names_months.get()),
            notes_months: kept(self.config.retention_notes_months.get()),
            imports_days: kept(self.config.retention_imports_days.get()),
            sign_in_days: kept(self.config.retention_sign_in_days.get()),
        }
    }

    /// A request of the operator of the machine.
    pub fn call(&self) -> Call {
        let user = ["USER", "LOGNAME"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()))
            .unwrap_or_else(|| "operator".to_owned());
        Call::of_operator(&user)
    }

    /// How this program was called, for commands to try: with the database where it is not the
    /// usual one, unless its address may hold a password.
    pub fn program(&self) -> String {
        let name = std::env::args()
            .next()
            .unwrap_or_else(|| "hitokuchi".to_owned());
        let url = self.config.database_url.as_str();
        match self.config.origin_of("database_url") {
            None | Some(Origin::Default) => name,
            Some(Origin::File { path, .. }) => format!("{name} --config {}", path.display()),
            Some(_) if url.contains('@') => name,
            Some(_) => format!("{name} --database-url {url}"),
        }
    }

    /// Where files that belong to the database go: beside it, or `data` where it is on a server.
    pub fn data_folder(&self) -> PathBuf {
        let url = self.config.database_url.as_str();
        url.strip_prefix("sqlite://")
            .and_then(|path| Path::new(path).parent())
            .map_or_else(|| PathBuf::from("data"), Path::to_owned)
    }
}
