//! `create_token`: a script may act for its person.

use chrono::NaiveDate;
use credentials::{Secret, SecretKind};
use domain::Roles;
use serde::{Deserialize, Serialize};
use store::lock;
use store::tables::tokens::{self, NewToken};
use store::tables::users::User;
use utoipa::ToSchema;

use super::about_token;
use super::list_tokens::own_name;
use super::person::person;
use super::{TokenView, end_of, plain_name};
use crate::error::stored;
use crate::rights::Scopes;
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A token lasts no longer.
const DAYS_MAX: i64 = 400;

/// What the token is to be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// For whom it acts: oneself where nobody is named; the operator of the machine names somebody.
    #[serde(default)]
    pub person: Option<String>,
    /// Its name, which the records show: 1 to 40 of a–z, 0–9, `.`, `_`, `-`, the first of them a letter or a
    /// digit.
    pub name: String,
    /// With which of the person's roles.
    #[schema(value_type = Vec<String>, example = json!(["clerk"]))]
    pub roles: Roles,
    /// For what: `all`, `all:read`, or areas such as `intake` or `billing:read`.
    #[schema(value_type = Vec<String>, example = json!(["intake", "billing:read"]))]
    pub scopes: Scopes,
    /// The last day on which it is good, in Japan; at most 400 days ahead.
    pub expires_on: NaiveDate,
}

/// A token that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
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
    let user = owner(tx, request)?;
    lock::person_exclusive(tx.connection, user.id)?;
    // Read again: their roles may have changed while the lock was waited for.
    let user = person(tx.connection, &user.name)?;
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
    let expires_at = end_of(tx.today, request.expires_on, DAYS_MAX)?;
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
    if tokens::find_by_name(tx.connection, user.id, name)?.is_some() {
        return Err(LedgerError::refused(
            "token_name_taken",
            format!(
                "「{name}」という名前のトークンは、もうあります（取り消したものも含めて）。別の名前にしてください"
            ),
        ));
    }
    let made = TokenView::of(&user.name, tokens::insert(tx.connection, &token)?)?;
    let event = about_token("create_token", &user.name, name);
    tx.audit(&event, None::<&()>, Some(&made))?;
    Ok(made)
}

/// For whom the token is to act.
fn owner(tx: &mut Tx<'_>, request: &CreateToken) -> Result<User> {
    let myself = tx.access.person().map(|person| person.name.clone());
    let name = match (&request.person, myself) {
        (Some(other), Some(myself)) if *other != myself => {
            return Err(LedgerError::refused(
                "token_of_another",
                "トークンは、自分の分だけ作れます",
            ));
        }
        (Some(name), _) => name.clone(),
        (None, _) => own_name(tx.access)?,
    };
    person(tx.connection, &name)
}
