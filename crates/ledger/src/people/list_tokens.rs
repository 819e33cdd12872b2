//! `list_tokens`, `list_tokens_of_person`: which scripts act for somebody.

use chrono::{DateTime, Utc};
use domain::Roles;
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::tokens::{self, Token};
use utoipa::ToSchema;

use super::person::person;
use crate::error::stored;
use crate::rights::Scopes;
use crate::{Access, Call, Cursor, Ledger, LedgerError, Operation, Page, PageRequest, Result};

const LIST: &str = "tokens";

/// A token as it is shown: never with its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenView {
    /// For whom it acts.
    #[schema(example = "aoki")]
    pub person: String,
    /// Its name, which the records show beside the person's.
    #[schema(example = "nightly-import")]
    pub name: String,
    /// With which of the person's roles.
    #[schema(value_type = Vec<String>)]
    pub roles: Roles,
    /// For what: `all`, `all:read`, or areas such as `intake` or `billing:read`.
    #[schema(example = json!(["intake", "billing:read"]))]
    pub scopes: Vec<String>,
    /// When it was made, UTC.
    pub created_at: DateTime<Utc>,
    /// When it ends, UTC.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, UTC, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked, UTC.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Who revoked it.
    pub revoked_by: Option<String>,
}

impl TokenView {
    pub(super) fn of(person: &str, token: Token) -> Result<Self> {
        Ok(Self {
            person: person.to_owned(),
            name: token.name,
            roles: stored("tokens.roles", token.roles.parse())?,
            scopes: token.scopes.parse::<Scopes>()?.into(),
            created_at: token.created_at.and_utc(),
            expires_at: token.expires_at.and_utc(),
            last_used_at: token.last_used_at.map(|at| at.and_utc()),
            revoked_at: token.revoked_at.map(|at| at.and_utc()),
            revoked_by: token.revoked_by,
        })
    }
}

impl Ledger {
    /// One's own tokens, the newest first, those that were revoked or ended among them.
    ///
    /// # Errors
    /// Refuses the operator of the machine, who has none.
    pub fn list_tokens(&self, call: &Call, page: &PageRequest) -> Result<Page<TokenView>> {
        self.read_as(call, Operation::ListTokens, |connection, access| {
            list(connection, &own_name(access)?, page)
        })
    }

    /// The tokens of a person, in the same order.
    ///
    /// # Errors
    /// Refuses a name that nobody has.
    pub fn list_tokens_of_person(
        &self,
        call: &Call,
        name: &str,
        page: &PageRequest,
    ) -> Result<Page<TokenView>> {
        self.read(call, Operation::ListTokensOfPerson, |connection| {
            list(connection, name, page)
        })
    }
}

/// The name of the person who asks.
pub(super) fn own_name(access: &Access) -> Result<String> {
    let name = access.person().map(|person| person.name.clone());
    name.ok_or_else(|| {
        LedgerError::field(
            "person_missing",
            "person",
            "だれのトークンかを指定してください",
        )
    })
}

fn list(connection: &mut DbConnection, name: &str, page: &PageRequest) -> Result<Page<TokenView>> {
    let rows = page.rows()?;
    let before_id = match &page.cursor {
        Some(cursor) => Some(cursor.keys::<1>(LIST)?[0]),
        None => None,
    };
    let user = person(connection, name)?;
    let found = tokens::page(connection, user.id, before_id, rows + 1)?;
    let page = Page::of(found, rows, |token| Cursor::after(LIST, &[token.id]));
    let items = page.items.into_iter();
    Ok(Page {
        items: items
            .map(|token| TokenView::of(&user.name, token))
            .collect::<Result<_>>()?,
        next_cursor: page.next_cursor,
    })
}
