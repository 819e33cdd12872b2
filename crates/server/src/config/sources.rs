//! Where settings come from, and which of them wins.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

use super::table::{Config, SETTINGS};
use super::{FILE_DEFAULT, FILE_VARIABLE, InForce, Setting, VARIABLE_PREFIX, file, nearest};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A line of the settings' file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// A variable of the environment.
    Environment(String),
    /// An option of the command line.
    Option(String),
}

impl Origin {
    /// The kind of source, for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File { .. } => "file",
            Self::Environment(_) => "environment",
            Self::Option(_) => "option",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("既定"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment(variable) => write!(f, "環境変数 {variable}"),
            Self::Option(option) => f.write_str(option),
        }
    }
}

/// What one source says of one name, right or wrong.
#[derive(Debug)]
pub struct Said {
    /// The name, as in the file.
    pub name: String,
    /// The value, as it would be written in the environment.
    pub text: String,
    /// Which source.
    pub origin: Origin,
}

/// An option that the command line gives: the setting's name and its value.
pub type Given = (&'static str, String);

/// The values that win, by name.
#[derive(Debug)]
pub struct Gathered {
    values: BTreeMap<&'static str, (String, Origin)>,
    /// The file that was read.
    pub file: Option<PathBuf>,
}

impl Gathered {
    /// The value of a setting as it is written, or its default.
    pub fn text<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.values.get(name).map_or(default, |(text, _)| text)
    }

    /// Every setting with what is in force and where it came from.
    pub fn in_force(&self) -> Result<Vec<InForce>, String> {
        let settings = SETTINGS.iter().map(|setting| {
            let value = (setting.look)(self.text(setting.name, setting.default))?;
            let origin = self.values.get(setting.name);
            let origin = origin.map_or(Origin::Default, |(_, origin)| origin.clone());
            Ok(InForce {
                setting,
                value,
                origin,
            })
        });
        settings.collect()
    }
}

/// Reads all sources and lets the later one win.
pub fn gather(
    file: Option<PathBuf>,
    environment: Vec<(OsString, OsString)>,
    given: Vec<Given>,
) -> Result<Config, Failure> {
    let mut wrong = Vec::new();
    let environment = of_the_environment(environment, &mut wrong);
    let file = file.or_else(|| named_file(&environment));
    let mut said = Vec::new();
    if let Some(path) = &file {
        let (lines, unreadable) = file::read(path).map_err(|words| refusal(&[words]))?;
        said.extend(lines);
        wrong.extend(unreadable);
    }
    said.extend(
        environment
            .into_iter()
            .filter(|one| one.origin != file_variable()),
    );
    said.extend(given.into_iter().map(|(name, text)| Said {
        name: name.to_owned(),
        text,
        origin: Origin::Option(format!("--{}", name.replace('_', "-"))),
    }));
    let mut values = BTreeMap::new();
    for one in said {
        match look(&one) {
            Ok(setting) => {
                values.insert(setting.name, (one.text, one.origin));
            }
            Err(words) => wrong.push(words),
        }
    }
    if !wrong.is_empty() {
        return Err(refusal(&wrong));
    }
    Config::of(Gathered { values, file }).map_err(Failure::new)
}

/// What the environment says that is meant for this program.
fn of_the_environment(
    environment: Vec<(OsString, OsString)>,
    wrong: &mut Vec<String>,
) -> Vec<Said> {
    let mut said = Vec::new();
    for (variable, value) in environment {
        let Some(variable) = variable.to_str().map(str::to_owned) else {
            continue;
        };
        let Some(name) = variable.strip_prefix(VARIABLE_PREFIX) else {
            continue;
        };
        // Names of the environment are known in capitals only.
        let name = if name == name.to_uppercase() {
            name.to_lowercase()
        } else {
            name.to_owned()
        };
        match value.into_string() {
            Ok(text) => said.push(Said {
                name,
                text,
                origin: Origin::Environment(variable),
            }),
            Err(_) => wrong.push(format!(
                "環境変数 {variable}: UTF-8 として読めません。値を書き直してください"
            )),
        }
    }
    said.sort_by(|one, other| one.name.cmp(&other.name));
    said
}

fn file_variable() -> Origin {
    Origin::Environment(FILE_VARIABLE.to_owned())
}

/// The file that the environment names, or the one in this folder when it is there.
fn named_file(environment: &[Said]) -> Option<PathBuf> {
    let named = environment
        .iter()
        .find(|one| one.origin == file_variable())
        .filter(|one| !one.text.is_empty());
    match named {
        Some(one) => Some(PathBuf::from(&one.text)),
        None => Some(Path::new(FILE_DEFAULT))
            .filter(|path| path.exists())
            .map(Path::to_owned),
    }
}

/// The setting that is meant, its value read; or what is wrong, with the nearest right one.
fn look(said: &Said) -> Result<&'static Setting, String> {
    let Some(setting) = SETTINGS.iter().find(|one| one.name == said.name) else {
        return Err(unknown(said));
    };
    match (setting.look)(&said.text) {
        Ok(_) => Ok(setting),
        Err(words) => Err(format!("{}: {}: {words}", said.origin, setting.name)),
    }
}

fn unknown(said: &Said) -> String {
    let names = SETTINGS.iter().map(|setting| setting.name);
    let nearest = nearest::of(&said.name, names.clone());
    // Shown as it is written there.
    let written = |name: &str| match said.origin {
        Origin::Environment(_) => format!("{VARIABLE_PREFIX}{}", name.to_uppercase()),
        _ => name.to_owned(),
    };
    let way_out = match nearest {
        Some(name) => format!("{} のことでしょうか", written(name)),
        None => {
            let mut all: Vec<String> = names.map(written).collect();
            if matches!(said.origin, Origin::Environment(_)) {
                all.push(FILE_VARIABLE.to_owned());
            }
            format!("あるのは {} です", all.join("、"))
        }
    };
    match &said.origin {
        Origin::Environment(_) => {
            format!("{}: そういう設定はありません。{way_out}", said.origin)
        }
        _ => format!(
            "{}: {} という設定はありません。{way_out}",
            said.origin, said.name
        ),
    }
}

fn refusal(wrong: &[String]) -> Failure {
    let listed: String = wrong.iter().map(|one| format!("\n  {one}")).collect();
    Failure::of_usage(format!(
        "設定に誤りがあります（何も変えていません）{listed}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
        pairs
            .iter()
            .map(|&(name, value)| (name.into(), value.into()))
            .collect()
    }

    fn origin(config: &Config, name: &str) -> String {
        let found = config.in_force.iter().find(|one| one.setting.name == name);
        found.map_or_else(String::new, |one| one.origin.to_string())
    }

    #[test]
    fn the_later_source_wins() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.toml");
        std::fs::write(
            &path,
            "# an office\nworkers = 3\nlisten = \"127.0.0.1:1\"\nlog = \"warn\"\n",
        )
        .unwrap();
        let config = gather(
            Some(path.clone()),
            environment(&[
                ("HITOKUCHI_LISTEN", "127.0.0.1:2"),
                ("HITOKUCHI_LOG", "debug"),
                ("HOME", "/"),
            ]),
            vec![("listen", "127.0.0.1:3".to_owned())],
        )
        .unwrap();

        assert_eq!(config.listen.port(), 3);
        assert_eq!(origin(&config, "listen"), "--listen");
        assert_eq!(origin(&config, "log"), "環境変数 HITOKUCHI_LOG");
        assert_eq!(origin(&config, "workers"), format!("{}:2", path.display()));
        assert_eq!(config.workers.map(|workers| workers.get()), Some(3));
        assert_eq!(origin(&config, "database_url"), "既定");
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once_with_the_nearest_right_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.toml");
        std::fs::write(
            &path,
            "lisen = \"127.0.0.1:1\"\nworkers = 0\n[server]\nlog = \"info\"\n",
        )
        .unwrap();
        let refused = gather(
            Some(path.clone()),
            environment(&[
                ("HITOKUCHI_WORKRES", "3"),
                // Overruled by the command line, and still wrong.
                ("HITOKUCHI_LISTEN", "8080"),
                ("HITOKUCHI_QQQQQ", "3"),
            ]),
            vec![("listen", "127.0.0.1:3".to_owned())],
        )
        .unwrap_err();

        assert!(refused.is_of_usage());
        let words = refused.to_string();
        for told in [
            format!(
                "{}:1: lisen という設定はありません。listen のことでしょうか",
                path.display()
            ),
            format!("{}:2: workers: 「0」は使えません", path.display()),
            format!("{}:3: server に書けるのは", path.display()),
            "HITOKUCHI_WORKRES: そういう設定はありません。HITOKUCHI_WORKERS のことでしょうか"
                .to_owned(),
            "HITOKUCHI_LISTEN: listen: 「8080」は".to_owned(),
            "HITOKUCHI_QQQQQ: そういう設定はありません。あるのは HITOKUCHI_DATABASE_URL、"
                .to_owned(),
        ] {
            assert!(words.contains(&told), "{told} in {words}");
        }
    }

    #[test]
    fn a_file_that_is_no_toml_or_not_there_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.toml");
        std::fs::write(&path, "log = \"info\"\nlisten = 127.0.0.1:1\n").unwrap();
        let words = |path: &Path| {
            gather(Some(path.to_owned()), Vec::new(), Vec::new())
                .unwrap_err()
                .to_string()
        };
        assert!(words(&path).contains(&format!("{}:2: TOML として", path.display())));
        let nowhere = folder.path().join("nowhere.toml");
        assert!(words(&nowhere).contains("nowhere.toml を読めません"));
    }
}
