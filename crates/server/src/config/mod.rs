//! The settings in force, and where each came from.
//!
//! `table` is the one list of them. A setting has one name everywhere: `session_hours_max` in the file,
//! `HITOKUCHI_SESSION_HOURS_MAX` in the environment, `--session-hours-max` where a command takes it. The
//! later source wins: the default, the file, the environment, the command line. A name or a value that
//! is wrong is refused wherever it stands, also where another source overrules it.

mod file;
mod kinds;
mod nearest;
mod sources;
mod table;
mod url;

use std::path::PathBuf;

use ledger::SettingView;
use serde_json::Value as Json;

use crate::failure::Failure;

pub use kinds::LogFilter;
pub use sources::{Given, Origin};
pub use table::Config;
use table::SETTINGS;

/// The file that is read where none is named, when the folder that the program runs in has it.
pub const FILE_DEFAULT: &str = "hitokuchi.toml";

/// What names the settings' file in the environment.
pub const FILE_VARIABLE: &str = "HITOKUCHI_CONFIG";

/// What every variable of this program begins with.
const VARIABLE_PREFIX: &str = "HITOKUCHI_";

/// One line of the table, for what is the same with every kind of value.
#[derive(Debug)]
pub struct Setting {
    /// Its name in the file.
    pub name: &'static str,
    /// What it sets, in Japanese.
    pub words: &'static str,
    /// Its value where nobody sets it, as it would be written.
    pub default: &'static str,
    /// Reads a value and gives it as it may be shown (no password), or says in Japanese what is wrong.
    pub look: fn(&str) -> Result<Json, String>,
}

impl Setting {
    /// Its name in the environment.
    pub fn variable(&self) -> String {
        format!("{VARIABLE_PREFIX}{}", self.name.to_uppercase())
    }
}

/// A reader of the option that gives the setting of this name: it refuses what the setting does.
pub fn as_setting(name: &'static str) -> impl Fn(&str) -> Result<String, String> + Clone {
    move |text| match SETTINGS.iter().find(|setting| setting.name == name) {
        Some(setting) => (setting.look)(text).map(|_| text.to_owned()),
        None => Err(format!("{name} という設定はありません")),
    }
}

/// A setting as it is in force.
#[derive(Debug)]
pub struct InForce {
    /// Which.
    pub setting: &'static Setting,
    /// Its value, as it may be shown.
    pub value: Json,
    /// Where it came from.
    pub origin: Origin,
}

impl InForce {
    /// As the ledger shows it.
    pub fn view(&self) -> SettingView {
        SettingView {
            name: self.setting.name.to_owned(),
            words: self.setting.words.trim().to_owned(),
            value: written(&self.value),
            origin: self.origin.to_string(),
            is_default: matches!(self.origin, Origin::Default),
        }
    }
}

/// A value as it would be written; none where the program decides.
pub fn written(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        Json::Array(values) if values.is_empty() => None,
        Json::Array(values) => {
            let all: Vec<String> = values.iter().filter_map(written).collect();
            Some(all.join(","))
        }
        other => Some(other.to_string()),
    }
}

impl Config {
    /// Reads the file, the environment and what the command line gives.
    ///
    /// Refuses unknown names and unreadable values, all of them at once, with the nearest right ones.
    pub fn load(file: Option<PathBuf>, given: Vec<Given>) -> Result<Self, Failure> {
        let environment = std::env::vars_os().collect();
        sources::gather(file, environment, given)
    }
    /// Where the value of a setting came from; none for a name that is no setting.
    pub fn origin_of(&self, name: &str) -> Option<&Origin> {
        let found = self.in_force.iter().find(|one| one.setting.name == name);
        found.map(|one| &one.origin)
    }
}
