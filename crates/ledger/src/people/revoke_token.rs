//! `revoke_token`, `revoke_token_of_person`: a script acts no more.

use store::lock;
use store::tables::tokens;

use super::TokenView;
use super::about_token;
use super::list_tokens::own_name;
use super::person::person;
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

impl Ledger {
    /// Revokes a token of one's own, for good; the next request with it is refused. One that was
    /// revoked before stays as it is.
    ///
    /// # Errors
    /// Refuses a name that no token of one's own has.
    pub fn revoke_token(&self, call: &Call, token: &str) -> Result<TokenView> {
        self.write(call, Operation::RevokeToken, &token, |tx| {
            let name = own_name(tx.access)?;
            revoke(tx, &name, token, "revoke_token")
        })
    }

    /// Revokes a token of a person in the same way.
    ///
    /// # Errors
    /// Refuses a name that nobody has, or that no token of theirs has.
    pub fn revoke_token_of_person(
        &self,
        call: &Call,
        name: &str,
        token: &str,
    ) -> Result<TokenView> {
        self.write(call, Operation::RevokeTokenOfPerson, &(name, token), |tx| {
            revoke(tx, name, token, "revoke_token_of_person")
        })
    }
}

fn revoke(tx: &mut Tx<'_>, name: &str, token: &str, action: &str) -> Result<TokenView> {
    let user = person(tx.connection, name)?;
    lock::person_exclusive(tx.connection, user.id)?;
    let not_found = || {
        let shown: String = token.chars().take(40).collect();
        LedgerError::not_found(
            "token_not_found",
            format!("{name} に「{shown}」という名前のトークンはありません。名前を確かめてください"),
        )
    };
    let found = tokens::find_by_name(tx.connection, user.id, token)?.ok_or_else(not_found)?;
    let now = tx.recorded_at();
    let is_revoked_now = tokens::revoke(tx.connection, found.id, now, tx.actor.as_str())?;
    let before = TokenView::of(name, found)?;
    let after = tokens::find_by_name(tx.connection, user.id, token)?.ok_or_else(not_found)?;
    let after = TokenView::of(name, after)?;
    if is_revoked_now {
        let event = about_token(action, name, token);
        tx.audit(&event, Some(&before), Some(&after))?;
    }
    Ok(after)
}
