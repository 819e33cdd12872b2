//! `create_token`: a script may act for its person.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use credentials::{Secret, SecretKind};
use domain::Roles;
use serde::{Deserialize, Serialize};
use store::tables::tokens::{self, NewToken};
use store::tables::users::{self, User};

use super::plain_name;
use crate::error::stored;
use crate::rights::Scopes;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A token lasts no longer.
const DAYS_MAX: i64 = 400;

/// What the token is to be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// For whom it acts: oneself where nobody is named; the operator of the machine names somebody.
    #[serde(default)]
    pub person: Option<String>,
    /// Its name, which the records show: 1 to 40 of a–z, 0–9, `.`, `_`, `-`.
    pub name: String,
    /// With which of the person's roles.
    pub roles: Roles,
    /// For what.
    pub scopes: Scopes,
    /// The last day on which it is good, in Japan; at most 400 days ahead.
    pub expires_on: NaiveDate,
}

/// A token as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// Its number.
    pub id: i64,
    /// For whom it acts.
    pub person: String,
    /// Its name.
    pub name: String,
    /// With which of the person's roles.
    pub roles: Roles,
    /// For what.
    pub scopes: Vec<String>,
    /// When it ends, UTC.
    pub expires_at: DateTime<Utc>,
}

/// A token that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenCreated {
    /// What it is.
    #[serde(flatten)]
    pub token: TokenView,
    /// The secret that a script sends. It is shown this once, and kept nowhere: none where the same
    /// request came before under its key.
    pub secret: Option<String>,
}

impl Ledger {
    /// Makes a token for oneself; the operator of the machine makes it for somebody.
    ///
    /// # Errors
    /// Refuses a role that the person has not, a name that a token of theirs has or had, and an end
    /// in the past or more than 400 days ahead.
    pub fn create_token(&self, call: &Call, request: &CreateToken) -> Result<TokenCreated> {
        let secret = Secret::new(SecretKind::Token, &self.random_bytes()?);
        let mut is_new = false;
        let token = self.write(call, Operation::CreateToken, request, |tx| {
            is_new = true;
            create(tx, request, &secret)
        })?;
        let secret = is_new.then(|| secret.expose().to_owned());
        Ok(TokenCreated { token, secret })
    }
}

fn create(tx: &mut Tx<'_>, request: &CreateToken, secret: &Secret) -> Result<TokenView> {
    let user = person(tx, request)?;
    let name = plain_name(&request.name)?;
    let roles: Roles = stored("users.roles", user.roles.parse())?;
    if !roles.include(request.roles) {
        return Err(LedgerError::refused(
            "role_not_held",
            format!(
                "{} の役割は {roles} です。トークンには、その中から付けてください",
                user.name
            ),
        ));
    }
    let expires_at = end_of(tx.today, request.expires_on)?;
    let (words, scopes) = (request.roles.to_string(), request.scopes.to_string());
    let digest = secret.digest();
    let token = NewToken {
        user_id: user.id,
        name,
        sha256: digest.as_str(),
        roles: &words,
        scopes: &scopes,
        created_at: tx.recorded_at(),
        expires_at: expires_at.naive_utc(),
    };
    if tokens::has_name(tx.connection, user.id, name)? {
        return Err(LedgerError::refused(
            "token_name_taken",
            format!(
                "「{name}」という名前のトークンは、もうあります（取り消したものも含めて）。別の名前にしてください"
            ),
        ));
    }
    let id = tokens::insert(tx.connection, &token)?;
    let event = Event {
        action: "create_token",
        coop_id: None,
        subject: format!("token:{}/{name}", user.name),
        reason: None,
    };
    tx.audit(&event, None::<&()>, Some(request))?;
    Ok(TokenView {
        id,
        person: user.name,
        name: name.to_owned(),
        roles: request.roles,
        scopes: request.scopes.clone().into(),
        expires_at,
    })
}

/// For whom the token is to act.
fn person(tx: &mut Tx<'_>, request: &CreateToken) -> Result<User> {
    let myself = tx.access.person().map(|person| person.name.clone());
    let name = match (&request.person, &myself) {
        (Some(other), Some(myself)) if other != myself => {
            return Err(LedgerError::refused(
                "token_of_another",
                "トークンは、自分の分だけ作れます",
            ));
        }
        (Some(name), _) | (None, Some(name)) => name,
        (None, None) => {
            return Err(LedgerError::field(
                "person_missing",
                "person",
                "だれのトークンかを指定してください",
            ));
        }
    };
    users::find_by_name(tx.connection, name)?.ok_or_else(|| {
        LedgerError::not_found(
            "person_not_found",
            format!("「{name}」という利用者はいません"),
        )
    })
}

/// The first moment after the last day, in Japan.
fn end_of(today: NaiveDate, last_day: NaiveDate) -> Result<DateTime<Utc>> {
    let days = (last_day - today).num_days();
    if !(0..=DAYS_MAX).contains(&days) {
        return Err(LedgerError::field(
            "expiry_out_of_range",
            "expires_on",
            format!("今日から{DAYS_MAX}日先までの日付を指定してください"),
        ));
    }
    let midnight = domain::japan_midnight(last_day + TimeDelta::days(1));
    midnight.ok_or_else(|| LedgerError::Corrupt("japan_midnight".to_owned()))
}
