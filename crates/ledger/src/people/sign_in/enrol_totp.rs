//! Setting up a second factor: `start_totp`, `confirm_totp`, `renew_recovery_codes`.

use credentials::{RECOVERY_CODES, RecoveryCode, TotpKey};
use serde::Serialize;
use store::tables::{recovery_codes, sessions, users};
use utoipa::ToSchema;

use super::confirm_second_factor::code_refused;
use super::proof::{Asking, look_again};
use super::session::{Place, SessionOpened, SessionStage, mine, open};
use super::tries::Tries;
use crate::error::stored;
use crate::people::about;
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Asks for a key.
#[derive(Clone)]
pub struct StartTotp {
    /// The password, in a session that is whole; where a second factor has to be set up to go on at
    /// all, it has just been typed and is not asked for again.
    pub password: Option<String>,
}

/// The code that the app shows with the new key.
#[derive(Clone)]
pub struct ConfirmTotp {
    /// Six digits.
    pub code: String,
}

/// Asks for new recovery codes.
#[derive(Clone)]
pub struct RenewRecoveryCodes {
    /// The password.
    pub password: String,
}

/// A key for the person's app. It is in force when a code has confirmed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TotpOffered {
    /// The key in base32, to type into an app.
    pub key: String,
    /// The same for a QR code.
    pub uri: String,
}

/// A second factor that is in force.
#[derive(Debug, Clone)]
pub struct TotpConfirmed {
    /// The session, under a new identity.
    pub opened: SessionOpened,
    /// The recovery codes, shown this once.
    pub recovery_codes: Vec<String>,
}

/// New recovery codes, shown this once; the old ones are good no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each opens the door once in place of the second factor.
    pub recovery_codes: Vec<String>,
}

impl Ledger {
    /// Offers a key for a second factor; the present one stays in force until a code confirms the new.
    ///
    /// # Errors
    /// Refuses a session in which the present second factor is awaited: the password alone changes
    /// none. `password_refused` and `SlowDown` as `change_password`.
    pub fn start_totp(&self, call: &Call, request: &StartTotp) -> Result<TotpOffered> {
        let operation = Operation::StartTotp;
        let (asking, tries) = self.ask(call, operation, |asking| {
            let is_whole = may_enrol(asking)? == SessionStage::Full;
            match (is_whole, &request.password) {
                (true, None) => Err(LedgerError::field(
                    "password_missing",
                    "password",
                    "二段階認証を変えるには、パスワードをもう一度入れてください",
                )),
                (is_whole, _) => Ok(is_whole),
            }
        })?;
        let is_whole = may_enrol(&asking)? == SessionStage::Full;
        if let (true, Some(password)) = (is_whole, &request.password) {
            self.require_password(call, operation, &asking, password)?;
        }
        let key = TotpKey::new(&self.random_bytes()?);
        self.write(&call.without_key(), operation, &(), |tx| {
            look_again(tx, &asking)?;
            if is_whole {
                tries.were_right(tx)?;
            }
            sessions::offer_totp(tx.connection, asking.session.id, Some(&key.to_base32()))?;
            audit(tx, "start_totp")
        })?;
        Ok(TotpOffered {
            uri: key.provisioning_uri(&asking.user.name),
            key: key.to_base32(),
        })
    }

    /// Puts the offered key into force, gives recovery codes, and begins a whole session under a new
    /// identity; the person's other sessions end.
    ///
    /// # Errors
    /// `totp_not_started` where no key was offered in this session; `second_factor_refused` for a
    /// wrong code; `SlowDown` after wrong tries.
    pub fn confirm_totp(&self, call: &Call, request: &ConfirmTotp) -> Result<TotpConfirmed> {
        let (secret, codes) = (self.session_secret()?, self.new_recovery_codes()?);
        let operation = Operation::ConfirmTotp;
        let session = self.write(&call.without_key(), operation, &(), |tx| {
            let (user, session) = mine(tx.connection, tx.access)?;
            let asking = Asking { user, session };
            may_enrol(&asking)?;
            let Asking { user, session } = asking;
            let offered = session.totp_key.as_ref().ok_or_else(not_started)?;
            let key = stored("sessions.totp_key", TotpKey::parse(offered))?;
            store::lock::person_exclusive(tx.connection, user.id)?;
            let tries = Tries::of_code(&user.name, call.address);
            tries.begin(tx)?;
            let Some(step) = key.step_of(&request.code, tx.now.timestamp(), 0) else {
                audit(tx, "second_factor_refused")?;
                return Ok(None);
            };
            tries.were_right(tx)?;
            users::set_totp(tx.connection, user.id, offered, step)?;
            sessions::offer_totp(tx.connection, session.id, None)?;
            keep(tx, user.id, &codes)?;
            sessions::end_all(tx.connection, user.id, tx.recorded_at(), "renewed")?;
            audit(tx, "confirm_totp")?;
            let user = users::find(tx.connection, user.id)?.unwrap_or(user);
            let place = Place::of(&session);
            open(tx, &user, SessionStage::Full, &secret, &place).map(Some)
        })?;
        let session = session.ok_or_else(code_refused)?;
        Ok(TotpConfirmed {
            opened: SessionOpened { session, secret },
            recovery_codes: codes.iter().map(RecoveryCode::expose).collect(),
        })
    }

    /// Gives new recovery codes in the place of the old ones.
    ///
    /// # Errors
    /// `no_second_factor` where there is none to stand in for; `password_refused` and `SlowDown` as
    /// `change_password`.
    pub fn renew_recovery_codes(
        &self,
        call: &Call,
        request: &RenewRecoveryCodes,
    ) -> Result<RecoveryCodes> {
        let operation = Operation::RenewRecoveryCodes;
        let (asking, tries) = self.ask(call, operation, |asking| {
            if asking.user.totp_key.is_some() {
                return Ok(true);
            }
            Err(LedgerError::refused(
                "no_second_factor",
                "二段階認証がまだありません。先に二段階認証を設定してください",
            ))
        })?;
        self.require_password(call, operation, &asking, &request.password)?;
        let codes = self.new_recovery_codes()?;
        self.write(&call.without_key(), operation, &(), |tx| {
            look_again(tx, &asking)?;
            tries.were_right(tx)?;
            keep(tx, asking.user.id, &codes)?;
            audit(tx, "renew_recovery_codes")
        })?;
        Ok(RecoveryCodes {
            recovery_codes: codes.iter().map(RecoveryCode::expose).collect(),
        })
    }

    fn new_recovery_codes(&self) -> Result<Vec<RecoveryCode>> {
        (0..RECOVERY_CODES)
            .map(|_| Ok(RecoveryCode::new(&self.random_bytes()?)))
            .collect()
    }
}

/// Who waits for their second factor has shown the password only: they may not choose another factor.
fn may_enrol(asking: &Asking) -> Result<SessionStage> {
    let stage = SessionStage::of(&asking.session)?;
    // Somebody enrolled in another session meanwhile: then this half session changes nothing more.
    let is_taken = stage == SessionStage::Enrolment && asking.user.totp_key.is_some();
    if stage == SessionStage::SecondFactor || is_taken {
        return Err(LedgerError::refused(
            "second_factor_awaited",
            "先に、いまの二段階認証の確認コード（または回復コード）を入れてください",
        ));
    }
    Ok(stage)
}

fn not_started() -> LedgerError {
    LedgerError::refused(
        "totp_not_started",
        "二段階認証の設定が始まっていません。鍵を受け取るところからやり直してください",
    )
}

fn keep(tx: &mut Tx<'_>, user_id: i64, codes: &[RecoveryCode]) -> Result<()> {
    let digests: Vec<_> = codes.iter().map(RecoveryCode::digest).collect();
    let digests: Vec<&str> = digests.iter().map(|digest| digest.as_str()).collect();
    recovery_codes::replace(tx.connection, user_id, &digests)?;
    Ok(())
}

/// Neither key nor codes are anybody's to read in the audit log.
fn audit(tx: &mut Tx<'_>, action: &str) -> Result<()> {
    let name = tx.access.person().map_or("", |person| person.name.as_str());
    let event = about(action, name);
    tx.audit::<(), ()>(&event, None, None)
}
