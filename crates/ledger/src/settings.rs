//! What an office may set, and `show_settings`: what is in force.

use serde::{Deserialize, Serialize};

use crate::privacy::Retention;
use crate::{Call, Ledger, Operation, Result};

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Settings {
    /// An application of more units (口) than this is held as `implausible_units` (R3).
    pub implausible_units_over: i64,
    /// What is outstanding of a batch so many days after its first export is overdue (R13).
    pub overdue_after_days: i64,
    /// Whether the office has one person in finance, who then approves their own (R17).
    pub one_person_office: bool,
    /// A session that is not used for so many minutes has ended (R17).
    pub session_idle_minutes: i64,
    /// A session ends after so many hours, however it is used (R17).
    pub session_hours_max: i64,
    /// Finance and admins have to have a second factor (R17).
    pub second_factor_required: bool,
    /// What a password's hash costs. Tests, which sign in often, take the cheapest.
    pub hashing: credentials::Hashing,
    /// The service as its users reach it, as `https://hitokuchi.example.jp`: links begin with it.
    pub public_url: String,
    /// How long is kept what is not needed for the accounts.
    pub retention: Retention,
    /// All settings of the program as they may be shown: those above and those of its network.
    pub in_force: Vec<SettingView>,
}

/// A setting in force, as it may be shown: without passwords.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingView {
    /// Its name in the settings' file.
    pub name: String,
    /// What it sets, in Japanese.
    pub words: String,
    /// Its value as it would be written; none where the program decides.
    pub value: Option<String>,
    /// Where it came from, in words: a line of the file, a variable, the default.
    pub origin: String,
    /// Whether nobody set it.
    pub is_default: bool,
}

impl Ledger {
    /// The settings in force, none of them a secret. They are set on the machine.
    pub fn show_settings(&self, call: &Call) -> Result<Vec<SettingView>> {
        self.read(call, Operation::ShowSettings, |_| {
            Ok(self.settings().in_force.clone())
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            implausible_units_over: domain::settings::IMPLAUSIBLE_UNITS_OVER_DEFAULT,
            overdue_after_days: domain::settings::OVERDUE_AFTER_DAYS_DEFAULT,
            one_person_office: false,
            session_idle_minutes: domain::settings::SESSION_IDLE_MINUTES_DEFAULT,
            session_hours_max: domain::settings::SESSION_HOURS_MAX_DEFAULT,
            second_factor_required: true,
            hashing: credentials::Hashing::default(),
            public_url: "http://127.0.0.1:8080".to_owned(),
            retention: Retention::default(),
            in_force: Vec::new(),
        }
    }
}
