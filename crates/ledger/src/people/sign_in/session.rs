//! Sessions: how far somebody has signed in, and until when.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use credentials::{Secret, SecretKind};
use domain::{Role, Roles};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::sessions::{self, NewSession, Session};
use store::tables::users::{self, User};
use store::tables::{organizations, recovery_codes};
use utoipa::ToSchema;

use crate::error::stored;
use crate::rights::Person;
use crate::tx::Tx;
use crate::{Access, Ledger, LedgerError, Result, Settings};

/// A session in which the second factor is awaited ends after so many minutes.
const HALF_MINUTES: i64 = 15;
/// Characters kept of what a browser says of itself.
const AGENT_CHARS_MAX: usize = 200;

/// How far somebody has signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionStage {
    /// The password was right; the second factor is awaited.
    SecondFactor,
    /// The password was right; the roles ask for a second factor, and there is none yet.
    Enrolment,
    /// All the way.
    Full,
}

impl SessionStage {
    fn as_str(self) -> &'static str {
        match self {
            Self::SecondFactor => "second_factor",
            Self::Enrolment => "enrolment",
            Self::Full => "full",
        }
    }

    pub(super) fn of(session: &Session) -> Result<Self> {
        [Self::SecondFactor, Self::Enrolment, Self::Full]
            .into_iter()
            .find(|stage| stage.as_str() == session.stage)
            .ok_or_else(|| LedgerError::Corrupt(format!("sessions.stage: {}", session.stage)))
    }

    /// How far a right password brings somebody.
    pub(super) fn after_password(user: &User, settings: &Settings) -> Result<Self> {
        if user.totp_key.is_some() {
            return Ok(Self::SecondFactor);
        }
        let needs = needs_second_factor(roles_of(user)?, settings);
        Ok(if needs { Self::Enrolment } else { Self::Full })
    }
}

/// Whether these roles ask for a second factor (R17).
pub(crate) fn needs_second_factor(roles: Roles, settings: &Settings) -> bool {
    settings.second_factor_required && (roles.has(Role::Finance) || roles.has(Role::Admin))
}

pub(super) fn roles_of(user: &User) -> Result<Roles> {
    stored("users.roles", user.roles.parse())
}

/// One's own session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    /// Its number.
    pub session_id: i64,
    /// What the person signs in with.
    pub name: String,
    /// What they are called on screen.
    pub display_name: Option<String>,
    /// What they may do: `clerk`, `finance`, `organization`, `auditor`, `admin`.
    #[schema(value_type = Vec<String>)]
    pub roles: Roles,
    /// Code of the organisation that they are bound to.
    pub organization: Option<String>,
    /// `full`; `second_factor` while a code is awaited; `enrolment` while a second factor has to be
    /// set up.
    pub stage: SessionStage,
    /// Whether they have a second factor.
    pub has_second_factor: bool,
    /// Recovery codes not used yet.
    pub recovery_codes_left: i64,
    /// When it began, UTC.
    pub created_at: DateTime<Utc>,
    /// When it ends at the latest, UTC.
    pub expires_at: DateTime<Utc>,
    /// Minutes without use after which it ends earlier.
    pub idle_minutes: i64,
}

/// A session that has just begun, with its secret for the cookie.
#[derive(Debug, Clone)]
pub struct SessionOpened {
    /// What it is.
    pub session: SessionView,
    /// The secret. It is kept nowhere.
    pub secret: Secret,
}

/// Where a session is held, as far as the network tells.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub(super) address: Option<String>,
    pub(super) agent: Option<String>,
}

impl Place {
    pub(super) fn of(session: &Session) -> Self {
        Self {
            address: session.address.clone(),
            agent: session.agent.clone(),
        }
    }

    /// What a browser says of itself, without what would break a line, and not too long.
    pub(super) fn agent(said: Option<&str>) -> Option<String> {
        let agent: String = said?
            .chars()
            .filter(|c| !c.is_control())
            .take(AGENT_CHARS_MAX)
            .collect();
        (!agent.trim().is_empty()).then_some(agent)
    }
}

impl Ledger {
    /// A secret for a new session.
    pub(super) fn session_secret(&self) -> Result<Secret> {
        Ok(Secret::new(SecretKind::Session, &self.random_bytes()?))
    }
}

/// Begins a session of a person.
pub(super) fn open(
    tx: &mut Tx<'_>,
    user: &User,
    stage: SessionStage,
    secret: &Secret,
    place: &Place,
) -> Result<SessionView> {
    let now = tx.recorded_at();
    let lasts = match stage {
        SessionStage::Full => TimeDelta::hours(tx.settings.session_hours_max),
        SessionStage::SecondFactor | SessionStage::Enrolment => TimeDelta::minutes(HALF_MINUTES),
    };
    open_until(tx, user, stage, secret, place, now + lasts)
}

/// The same, until a moment: where one session takes the place of another, it lasts no longer.
pub(super) fn open_until(
    tx: &mut Tx<'_>,
    user: &User,
    stage: SessionStage,
    secret: &Secret,
    place: &Place,
    expires_at: NaiveDateTime,
) -> Result<SessionView> {
    let now = tx.recorded_at();
    let digest = secret.digest();
    let session = NewSession {
        user_id: user.id,
        sha256: digest.as_str(),
        stage: stage.as_str(),
        address: place.address.clone(),
        agent: place.agent.as_deref(),
        created_at: now,
        last_seen_at: now,
        expires_at,
    };
    let session_id = sessions::insert(tx.connection, &session)?;
    if stage == SessionStage::Full {
        users::note_sign_in(tx.connection, user.id, now)?;
    }
    let session = sessions::find(tx.connection, session_id)?;
    let session = session.ok_or_else(|| LedgerError::Corrupt("sessions".to_owned()))?;
    view(tx.connection, user, &session, tx.settings)
}

/// A session as its person sees it.
pub(super) fn view(
    connection: &mut DbConnection,
    user: &User,
    session: &Session,
    settings: &Settings,
) -> Result<SessionView> {
    let organization = match user.organization_id {
        Some(id) => organizations::find(connection, id)?.map(|organization| organization.code),
        None => None,
    };
    Ok(SessionView {
        session_id: session.id,
        name: user.name.clone(),
        display_name: user.display_name.clone(),
        roles: roles_of(user)?,
        organization,
        stage: SessionStage::of(session)?,
        has_second_factor: user.totp_key.is_some(),
        recovery_codes_left: recovery_codes::count_left(connection, user.id)?,
        created_at: session.created_at.and_utc(),
        expires_at: session.expires_at.and_utc(),
        idle_minutes: settings.session_idle_minutes,
    })
}

/// Who asks by a session, with it.
pub(super) fn mine(connection: &mut DbConnection, access: &Access) -> Result<(User, Session)> {
    let person = access.person().ok_or_else(no_session)?;
    let session_id = person.session_id.ok_or_else(no_session)?;
    let (Some(user), Some(session)) = (
        users::find(connection, person.user_id)?,
        sessions::find(connection, session_id)?,
    ) else {
        return Err(no_session());
    };
    Ok((user, session))
}

/// What rights rest on, for who has just shown who they are.
pub(super) fn access_of(connection: &mut DbConnection, user: &User) -> Result<Access> {
    let organization = match user.organization_id {
        Some(id) => organizations::find(connection, id)?.map(|found| (id, found.code)),
        None => None,
    };
    Ok(Access::of_person(Person {
        user_id: user.id,
        name: user.name.clone(),
        roles: roles_of(user)?,
        organization,
        session_id: None,
        scopes: None,
    }))
}

/// The operator of the machine has no session, and a token none either.
pub(super) fn no_session() -> LedgerError {
    LedgerError::refused(
        "no_session",
        "これは、サインインした人が自分のために行う操作です。名前とパスワードでサインインしてから行ってください",
    )
}
