//! `hitokuchi config`.

use clap::Args;
use serde::Serialize;
use serde_json::Value as Json;

use crate::config::{self, InForce};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;

/// いまの設定を、どこから来たかとともに見せる（パスワードは伏せる）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi config\n    hitokuchi --config /etc/hitokuchi.toml config --json\n設定は、設定ファイル（--config、環境変数 HITOKUCHI_CONFIG、なければこのフォルダの hitokuchi.toml）に\n  listen = \"127.0.0.1:9000\"\nのように、または環境変数に HITOKUCHI_LISTEN=127.0.0.1:9000 のように書きます。\n強さの順は、コマンドの指定、環境変数、設定ファイル、既定。名前や値の誤りは、どこにあっても断ります。"
)]
pub struct Show {}

/// What is in force.
#[derive(Debug, Serialize)]
struct ConfigShown {
    /// The file that was read.
    file: Option<String>,
    /// Every setting.
    settings: Vec<SettingShown>,
}

/// One setting.
#[derive(Debug, Serialize)]
struct SettingShown {
    /// Its name in the file.
    name: &'static str,
    /// Its name in the environment.
    variable: String,
    /// What is in force, without passwords; null where the program decides.
    value: Json,
    /// `default`, `file`, `environment` or `option`.
    origin: &'static str,
    /// The place, in words.
    place: String,
    /// What it sets.
    words: &'static str,
}

impl Show {
    /// Shows the settings in force.
    pub fn run(&self, desk: &Desk) -> Result<Told, Failure> {
        let in_force = &desk.config.in_force;
        let file = desk.config.file.as_ref();
        let shown = ConfigShown {
            file: file.map(|path| path.display().to_string()),
            settings: in_force.iter().map(shown).collect(),
        };
        let width = |of: fn(&SettingShown) -> String| {
            let widths = shown.settings.iter().map(|one| of(one).chars().count());
            widths.max().unwrap_or_default()
        };
        let names = width(|one| one.name.to_owned());
        let values = width(|one| in_words(&one.value));
        let mut words = match &shown.file {
            Some(file) => format!("設定ファイル {file}\n"),
            None => format!(
                "設定ファイルはありません（--config、{}、このフォルダの {}）\n",
                config::FILE_VARIABLE,
                config::FILE_DEFAULT
            ),
        };
        for one in &shown.settings {
            let value = in_words(&one.value);
            words.push_str(&format!(
                "{:names$}  {value:values$}  {}\n",
                one.name, one.place
            ));
        }
        words.push_str("それぞれの意味は hitokuchi config --json と docs/CONFIGURATION.md に");
        Told::new(&shown, words)
    }
}

fn shown(one: &InForce) -> SettingShown {
    SettingShown {
        name: one.setting.name,
        variable: one.setting.variable(),
        value: one.value.clone(),
        origin: one.origin.kind(),
        place: one.origin.to_string(),
        words: one.setting.words.trim(),
    }
}

/// A value as it would be written; `-` where the program decides.
fn in_words(value: &Json) -> String {
    config::written(value).unwrap_or_else(|| "-".to_owned())
}
