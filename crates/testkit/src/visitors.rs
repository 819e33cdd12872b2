//! People who come to the service, each with a session or a token that is simply there: how one signs
//! in is told elsewhere. Straight into the database, so that a test can have hundreds of them.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{NaiveDateTime, TimeDelta};
use domain::Clock;
use ledger::credentials::{Hashing, Password, Secret, SecretKind};
use store::tables::sessions::NewSession;
use store::tables::tokens::NewToken;
use store::tables::users::NewUser;
use store::tables::{organizations, sessions, tokens, users};
use store::{DbConnection, OpenMode, Store, StoreError};

use crate::World;
use crate::http::{self, Answer};

/// So long a session or token is good where nothing ends it.
const GOOD_FOR: TimeDelta = TimeDelta::hours(12);

/// The password of everybody here.
const NOBODYS_PASSWORD: &str = "nobody-types-this-47";

/// The door through which made-up people come in.
pub struct Visitors {
    store: Store,
    now: NaiveDateTime,
    made: AtomicU64,
    /// Of a password that nobody types.
    password_hash: String,
}

/// Somebody who asks.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// What they sign in with; empty for a stranger.
    pub name: String,
    /// What they show.
    pub shows: Shows,
}

/// What somebody shows.
#[derive(Debug, Clone)]
pub enum Shows {
    /// Nothing at all.
    Nothing,
    /// A session's cookie, and the proof that a page of the service sends it.
    Session(Secret),
    /// A token.
    Token(Secret),
}

/// Who somebody is to be.
#[derive(Debug, Clone, Copy)]
pub struct Is<'a> {
    /// Their roles, as `clerk,finance`.
    pub roles: &'a str,
    /// The code of their organisation.
    pub organization: Option<&'a str>,
}

impl<'a> Is<'a> {
    /// Of the staff, with these roles.
    pub fn staff(roles: &'a str) -> Self {
        Self {
            roles,
            organization: None,
        }
    }

    /// Of an organisation.
    pub fn of_organization(code: &'a str) -> Self {
        Self {
            roles: "organization",
            organization: Some(code),
        }
    }
}

impl Visitors {
    /// The door of a world, at the moment its clock shows.
    pub fn of(world: &World) -> Self {
        let store = Store::open(world.database.url(), OpenMode::MustExist)
            .unwrap_or_else(|error| panic!("open the database: {error}"));
        Self {
            store,
            now: world.clock.now().naive_utc(),
            made: AtomicU64::new(0),
            password_hash: hash_of(NOBODYS_PASSWORD),
        }
    }

    /// Somebody new with a session in a stage: `full`, `second_factor` or `enrolment`.
    pub fn session(&self, is: Is<'_>, stage: &str) -> Visitor {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let secret = secret(SecretKind::Session, number);
        let digest = secret.digest();
        self.write(|connection| {
            let user_id = self.user(connection, is, number)?;
            let session = NewSession {
                user_id,
                sha256: digest.as_str(),
                stage,
                address: None,
                agent: None,
                created_at: self.now,
                last_seen_at: self.now,
                expires_at: self.now + GOOD_FOR,
            };
            sessions::insert(connection, &session).map(|_| ())
        });
        Visitor {
            name: name(number),
            shows: Shows::Session(secret),
        }
    }

    /// Somebody new with a token for everything, good for so long.
    pub fn token(&self, is: Is<'_>, scopes: &str, good_for: TimeDelta) -> Visitor {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let secret = secret(SecretKind::Token, number);
        let digest = secret.digest();
        self.write(|connection| {
            let user_id = self.user(connection, is, number)?;
            let token = NewToken {
                user_id,
                name: "script",
                sha256: digest.as_str(),
                roles: is.roles,
                scopes,
                created_at: self.now,
                expires_at: self.now + good_for,
            };
            tokens::insert(connection, &token).map(|_| ())
        });
        Visitor {
            name: name(number),
            shows: Shows::Token(secret),
        }
    }

    /// Ends somebody's session, for a reason such as `signed_out`.
    pub fn end_session(&self, visitor: &Visitor, because: &str) {
        self.write(|connection| {
            let user = users::find_by_name(connection, &visitor.name)?.expect("the visitor");
            sessions::end_all(connection, user.id, self.now, because).map(|_| ())
        });
    }

    /// Revokes somebody's token.
    pub fn revoke_token(&self, visitor: &Visitor) {
        self.write(|connection| {
            let user = users::find_by_name(connection, &visitor.name)?.expect("the visitor");
            tokens::revoke_all(connection, user.id, self.now, "cli:test").map(|_| ())
        });
    }

    /// How many events the audit log has.
    pub fn audit_events(&self) -> usize {
        let mut events = 0;
        self.store
            .read(|connection| store::proof::audit_log::each(connection, |_| events += 1))
            .unwrap_or_else(|error| panic!("read: {error}"));
        events
    }

    fn write(&self, f: impl FnOnce(&mut DbConnection) -> Result<(), StoreError>) {
        self.store
            .write(f)
            .unwrap_or_else(|error| panic!("write: {error}"));
    }

    fn user(
        &self,
        connection: &mut DbConnection,
        is: Is<'_>,
        number: u64,
    ) -> Result<i64, StoreError> {
        let organization = match is.organization {
            None => None,
            Some(code) => organizations::all(connection)?
                .into_iter()
                .find(|one| one.code == code)
                .map(|one| one.id),
        };
        let name = name(number);
        let user = NewUser {
            name: &name,
            display_name: None,
            roles: is.roles,
            organization_id: organization,
            state: "invited",
            created_by: "cli:test",
            created_at: self.now,
        };
        let id = users::insert(connection, &user)?;
        users::set_password(connection, id, &self.password_hash)?;
        Ok(id)
    }
}

impl Visitor {
    /// Somebody who shows nothing.
    pub fn stranger() -> Self {
        Self {
            name: String::new(),
            shows: Shows::Nothing,
        }
    }

    /// Asks, showing what they have.
    pub fn ask(
        &self,
        address: SocketAddr,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let shown: Vec<(&str, String)> = match &self.shows {
            Shows::Nothing => Vec::new(),
            Shows::Session(secret) => vec![
                ("Cookie", format!("hitokuchi_session={}", secret.expose())),
                ("X-CSRF-Token", secret.csrf_token()),
            ],
            Shows::Token(secret) => vec![("Authorization", format!("Bearer {}", secret.expose()))],
        };
        let shown = shown.iter().map(|(name, value)| (*name, value.as_str()));
        let headers: Vec<(&str, &str)> = headers.iter().copied().chain(shown).collect();
        http::send(address, method, path, &headers, body)
    }
}

fn hash_of(password: &str) -> String {
    let password = Password::typed(password).expect("a password");
    let hash = Hashing::CHEAP.hash(&password, &[7; 32]);
    hash.expect("a hash")
}

fn name(number: u64) -> String {
    format!("visitor-{number}")
}

fn secret(kind: SecretKind, number: u64) -> Secret {
    let mut random = [0x5a; 32];
    random[..8].copy_from_slice(&number.to_be_bytes());
    Secret::new(kind, &random)
}
