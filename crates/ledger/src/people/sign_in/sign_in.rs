//! `sign_in`: a name and a password.

use credentials::{Password, Secret};
use domain::to_half_width;
use serde::Serialize;
use store::tables::sessions;
use store::tables::users::{self, User};

use super::session::{Place, SessionOpened, SessionStage, SessionView, access_of, open};
use super::tries::Tries;
use crate::call::Caller;
use crate::people::about;
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// More than a login name can have; what is longer is nobody's.
const NAME_CHARS_MAX: usize = 100;

/// Who wants to sign in.
#[derive(Clone)]
pub struct SignIn {
    /// The name; capitals and full-width letters make no difference.
    pub name: String,
    /// The password.
    pub password: String,
    /// What the browser says of itself.
    pub agent: Option<String>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignIn(…)")
    }
}

/// Who tried, as found before the password was judged.
struct Candidate {
    user: Option<User>,
    tries: Tries,
    /// The session in which they tried, which ends if they are right.
    session_before: Option<i64>,
}

/// What the audit log has of a sign-in.
#[derive(Serialize)]
struct Noted<'a> {
    address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<SessionStage>,
}

impl Ledger {
    /// Begins a session of who knows the password: all the way, or half where a second factor is
    /// awaited or has to be set up. A session that was shown along with it ends.
    ///
    /// # Errors
    /// `sign_in_refused` for a wrong password, an unknown name, a disabled person and one who has not
    /// set a password yet: neither the answer nor its time tells which. `SlowDown` after wrong tries.
    pub fn sign_in(&self, call: &Call, request: &SignIn) -> Result<SessionOpened> {
        let candidate = self.begin_sign_in(call, &request.name)?;
        let typed = Password::typed(&request.password);
        let kept = candidate
            .user
            .as_ref()
            .filter(|user| user.state == "active")
            .and_then(|user| user.password_hash.as_deref());
        let is_right = self.hasher().compare(typed.as_ref(), kept)?;
        let place = Place {
            address: call.address.map(|address| address.to_string()),
            agent: Place::agent(request.agent.as_deref()),
        };
        if let (true, Some(user), Some(typed)) = (is_right, &candidate.user, &typed) {
            let renewed = self.renewed_hash(user, typed)?;
            let opened = self.admit_person(call, user, &candidate, &place, renewed.as_deref())?;
            if let Some(opened) = opened {
                return Ok(opened);
            }
        }
        self.note_refusal(call, candidate.user.as_ref(), &place)?;
        Err(LedgerError::Unauthenticated {
            code: "sign_in_refused",
            message: "名前かパスワードが違います".to_owned(),
        })
    }

    /// How often Argon2id was computed in this process.
    pub fn passwords_hashed(&self) -> u64 {
        self.hasher().done()
    }

    fn begin_sign_in(&self, call: &Call, name: &str) -> Result<Candidate> {
        let name = as_login_name(name);
        let mut found = None;
        self.write(&call.without_key(), Operation::SignIn, &(), |tx| {
            let tries = Tries::of_password(&name, call.address);
            tries.begin(tx)?;
            found = Some(Candidate {
                user: users::find_by_name(tx.connection, &name)?,
                tries,
                session_before: tx.access.person().and_then(|person| person.session_id),
            });
            Ok(())
        })?;
        found.ok_or_else(|| LedgerError::Corrupt("sign_in".to_owned()))
    }

    /// The password hashed anew, where the kept hash costs less, or more, than one does now.
    fn renewed_hash(&self, user: &User, typed: &Password) -> Result<Option<String>> {
        let kept = user.password_hash.as_deref();
        if kept.is_none_or(|kept| self.hasher().is_current(kept)) {
            return Ok(None);
        }
        self.hasher().hash(typed, &self.random_bytes()?).map(Some)
    }

    /// Begins the session. None where the person was disabled, or got another password, meanwhile.
    fn admit_person(
        &self,
        call: &Call,
        judged: &User,
        candidate: &Candidate,
        place: &Place,
        renewed_hash: Option<&str>,
    ) -> Result<Option<SessionOpened>> {
        let secret = self.session_secret()?;
        let access = self
            .store()
            .read(|connection| access_of(connection, judged))?;
        let call = Call::by(Caller::Admitted(access)).at(call.address);
        let session = self.write(&call, Operation::SignIn, &(), |tx| {
            store::lock::person_exclusive(tx.connection, judged.id)?;
            let user = users::find(tx.connection, judged.id)?.filter(|user| {
                user.state == "active" && user.password_hash == judged.password_hash
            });
            let Some(user) = user else {
                return Ok(None);
            };
            candidate.tries.were_right(tx)?;
            if let Some(hash) = renewed_hash {
                users::set_password(tx.connection, user.id, hash)?;
            }
            if let Some(before) = candidate.session_before {
                sessions::end(tx.connection, before, tx.recorded_at(), "renewed")?;
            }
            begin(tx, &user, &secret, place).map(Some)
        })?;
        Ok(session.map(|session| SessionOpened { session, secret }))
    }

    /// The same for a name that nobody has, so that the time does not tell; but what was typed in
    /// place of a name may be a password, and is not kept.
    fn note_refusal(&self, call: &Call, user: Option<&User>, place: &Place) -> Result<()> {
        let name = user.map_or("unknown", |user| user.name.as_str());
        self.write(&call.without_key(), Operation::SignIn, &(), |tx| {
            let noted = Noted {
                address: place.address.as_deref(),
                session_id: None,
                stage: None,
            };
            tx.audit::<(), _>(&about("sign_in_refused", name), None, Some(&noted))
        })
    }
}

fn begin(tx: &mut Tx<'_>, user: &User, secret: &Secret, place: &Place) -> Result<SessionView> {
    let stage = SessionStage::after_password(user, tx.settings)?;
    let session = open(tx, user, stage, secret, place)?;
    let noted = Noted {
        address: place.address.as_deref(),
        session_id: Some(session.session_id),
        stage: Some(stage),
    };
    tx.audit::<(), _>(&about("sign_in", &user.name), None, Some(&noted))?;
    Ok(session)
}

/// A typed name as names are kept.
fn as_login_name(typed: &str) -> String {
    let typed: String = typed.chars().take(NAME_CHARS_MAX).collect();
    to_half_width(&typed).to_lowercase()
}
