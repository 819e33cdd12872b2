//! `confirm_second_factor`: the six digits, or a recovery code in their place.

use credentials::{RecoveryCode, TotpKey};
use serde::Serialize;
use store::tables::recovery_codes;
use store::tables::sessions;
use store::tables::users::{self, User};

use super::session::{Place, SessionOpened, SessionStage, mine, open};
use super::tries::Tries;
use crate::error::stored;
use crate::people::about;
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// The code of who has signed in by half.
#[derive(Clone)]
pub struct ConfirmSecondFactor {
    /// Six digits that the telephone shows, or a recovery code.
    pub code: String,
}

impl std::fmt::Debug for ConfirmSecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConfirmSecondFactor(…)")
    }
}

/// By what the second factor was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Shown {
    Totp,
    RecoveryCode,
}

impl Ledger {
    /// Turns a session in which a code is awaited into a whole one, under a new identity.
    ///
    /// # Errors
    /// `second_factor_refused` for a wrong code, one that was used before, and one of another time;
    /// `SlowDown` after wrong tries; `second_factor_not_awaited` in any other session.
    pub fn confirm_second_factor(
        &self,
        call: &Call,
        request: &ConfirmSecondFactor,
    ) -> Result<SessionOpened> {
        let secret = self.session_secret()?;
        let operation = Operation::ConfirmSecondFactor;
        let opened = self.write(&call.without_key(), operation, &(), |tx| {
            let (user, session) = mine(tx.connection, tx.access)?;
            if SessionStage::of(&session)? != SessionStage::SecondFactor {
                return Err(not_awaited());
            }
            store::lock::person_exclusive(tx.connection, user.id)?;
            let tries = Tries::of_code(&user.name, call.address);
            tries.begin(tx)?;
            let Some(shown) = judge(tx, &user, &request.code)? else {
                let event = about("second_factor_refused", &user.name);
                tx.audit::<(), ()>(&event, None, None)?;
                return Ok(None);
            };
            tries.were_right(tx)?;
            sessions::end(tx.connection, session.id, tx.recorded_at(), "renewed")?;
            let place = Place::of(&session);
            let opened = open(tx, &user, SessionStage::Full, &secret, &place)?;
            let event = about("confirm_second_factor", &user.name);
            tx.audit::<(), _>(&event, None, Some(&shown))?;
            Ok(Some(opened))
        })?;
        let session = opened.ok_or_else(code_refused)?;
        Ok(SessionOpened { session, secret })
    }
}

/// By what the second factor was shown, and uses it up; none where the code is wrong.
fn judge(tx: &mut Tx<'_>, user: &User, code: &str) -> Result<Option<Shown>> {
    if let Some(code) = RecoveryCode::parse(code) {
        let (digest, now) = (code.digest(), tx.recorded_at());
        let is_taken = recovery_codes::take(tx.connection, user.id, digest.as_str(), now)?;
        return Ok(is_taken.then_some(Shown::RecoveryCode));
    }
    let Some(key) = &user.totp_key else {
        return Ok(None);
    };
    let key = stored("users.totp_key", TotpKey::parse(key))?;
    let Some(step) = key.step_of(code, tx.now.timestamp(), user.totp_step) else {
        return Ok(None);
    };
    let is_taken = users::take_totp_step(tx.connection, user.id, step)?;
    Ok(is_taken.then_some(Shown::Totp))
}

/// The code is wrong, used, or of another time.
pub(super) fn code_refused() -> LedgerError {
    LedgerError::Unauthenticated {
        code: "second_factor_refused",
        message: "確認コードが違うか、使用済みです。アプリに出ている新しい6桁の数字か、まだ使っていない回復コードを入れてください"
            .to_owned(),
    }
}

fn not_awaited() -> LedgerError {
    LedgerError::refused(
        "second_factor_not_awaited",
        "いまは確認コードを待っていません。名前とパスワードのサインインから始めてください",
    )
}
