//! One-time links, by which a person sets a password.

use chrono::{NaiveDate, TimeDelta};
use credentials::{Secret, SecretKind};
use serde::{Deserialize, Serialize};
use store::tables::one_time_links::{self, NewLink};
use utoipa::ToSchema;

use super::{PersonView, end_of};
use crate::tx::Tx;
use crate::{Ledger, Result};

/// Days that a link is good where no end is given.
const DAYS_DEFAULT: i64 = 7;
/// A link is good for no longer.
const DAYS_MAX: i64 = 30;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Invitation,
    Reset,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }
}

/// A person, and the link by which they set a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkGiven {
    /// The person.
    #[serde(flatten)]
    pub person: PersonView,
    /// The link to hand over. It is shown this once, and kept nowhere: none where the same request came
    /// before under its key.
    #[schema(example = "https://hitokuchi.example.jp/invitation#hkl_…")]
    pub link: Option<String>,
}

impl Ledger {
    /// The secret of a link that is to be made.
    pub(super) fn new_link(&self) -> Result<Secret> {
        Ok(Secret::new(SecretKind::Link, &self.random_bytes()?))
    }

    /// The link with this secret. It stands behind the `#`: browsers keep that to themselves, so that
    /// neither a proxy's log nor another site gets to see it.
    pub(super) fn link_of(&self, secret: &Secret) -> String {
        let public_url = self.settings().public_url.trim_end_matches('/');
        format!("{public_url}/invitation#{}", secret.expose())
    }
}

/// Gives a person the link with this secret, good to the end of a day; the one before is good no more.
pub(super) fn put(
    tx: &mut Tx<'_>,
    user_id: i64,
    purpose: Purpose,
    secret: &Secret,
    expires_on: Option<NaiveDate>,
) -> Result<()> {
    let last_day = expires_on.unwrap_or(tx.today + TimeDelta::days(DAYS_DEFAULT));
    let expires_at = end_of(tx.today, last_day, DAYS_MAX)?.naive_utc();
    let digest = secret.digest();
    let link = NewLink {
        user_id,
        purpose: purpose.as_str(),
        sha256: digest.as_str(),
        expires_at,
        created_by: tx.actor.as_str(),
        created_at: tx.recorded_at(),
    };
    one_time_links::put(tx.connection, &link)?;
    Ok(())
}
