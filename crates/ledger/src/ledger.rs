//! The ledger: a database, a clock and settings, and the two ways to work on them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDateTime;
use domain::{Clock, Salts};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use store::tables::idempotency_keys::{self, KeptAnswer};
use store::{DbConnection, OpenMode, Store};

use crate::people::Hasher;
use crate::rights::{Admission, admit};
use crate::tx::{Event, Tx, no_randomness, recorded, to_json};
use crate::{Access, Call, IdempotencyKey, LedgerError, Operation, Result, Settings};

/// The use cases of the solidarity fund's ledger. Cheap to clone; shared between threads.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    clock: Arc<dyn Clock>,
    salts: Arc<dyn Salts>,
    hasher: Arc<Hasher>,
    settings: Settings,
    /// How many writes of this process are over.
    writes: Arc<AtomicU64>,
}

impl Ledger {
    /// Opens the database at `url` (`sqlite://path` or `postgres://…`) and brings its schema up
    /// to date.
    pub fn open(
        url: &str,
        mode: OpenMode,
        clock: Arc<dyn Clock>,
        salts: Arc<dyn Salts>,
        settings: Settings,
    ) -> Result<Self> {
        Ok(Self {
            store: Store::open(url, mode)?,
            clock,
            salts,
            hasher: Arc::new(Hasher::new(settings.hashing)),
            settings,
            writes: Arc::default(),
        })
    }

    /// Today, in Japan.
    pub fn today(&self) -> chrono::NaiveDate {
        self.clock.today()
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether the database answers and its schema is this program's.
    pub fn is_ready(&self) -> Result<bool> {
        Ok(self.store.is_ready()?)
    }

    /// How many writes this process has done with. Who keeps an answer looks at it first: while it stays
    /// the same, nothing was changed from here. What other processes changed is not in it.
    pub fn writes_done(&self) -> u64 {
        self.writes.load(Ordering::SeqCst)
    }

    /// The database.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Who hashes passwords.
    pub(crate) fn hasher(&self) -> &Hasher {
        &self.hasher
    }

    /// The present moment.
    pub(crate) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    /// Whether the caller may do `operation`: for a front door that has to look something up before
    /// it comes to the use case, or comes to it many times. The use case asks again by itself.
    ///
    /// # Errors
    /// `Unauthenticated` or `Forbidden` where they may not (R17).
    pub fn require(&self, call: &Call, operation: Operation) -> Result<()> {
        self.read(call, operation, |_| Ok(()))
    }

    /// Runs `f` in one write transaction, for what is nobody's decision and leaves no audit event.
    pub(crate) fn write_unaudited<T>(
        &self,
        f: impl FnOnce(&mut DbConnection) -> Result<T>,
    ) -> Result<T> {
        self.store.write(f)
    }

    /// Lets the caller in to `operation` and runs `f`, in one read transaction (R17).
    pub(crate) fn read<T>(
        &self,
        call: &Call,
        operation: Operation,
        f: impl FnOnce(&mut DbConnection) -> Result<T>,
    ) -> Result<T> {
        self.read_as(call, operation, |connection, _| f(connection))
    }

    /// The same, for what depends on who asks.
    pub(crate) fn read_as<T>(
        &self,
        call: &Call,
        operation: Operation,
        f: impl FnOnce(&mut DbConnection, &Access) -> Result<T>,
    ) -> Result<T> {
        let (answer, used) = self.store.read(|connection| {
            let Admission { access, used } = self.admit(connection, call, operation)?;
            Ok::<_, LedgerError>((f(connection, &access)?, used))
        })?;
        if let Some(used) = used {
            // Who only looks does not wait for those who write, and the answer is right all the same:
            // the next request notes it again.
            let now = self.recorded_now();
            let _is_noted = self
                .store
                .write_if_free(|connection| used.note(connection, now));
        }
        Ok(answer)
    }

    /// The same, for what may be a look that the audit log has to know of: it is recorded before the
    /// answer is given (R17).
    pub(crate) fn read_logged<T, L: Into<Option<Look>>>(
        &self,
        call: &Call,
        operation: Operation,
        f: impl FnOnce(&mut DbConnection, &Access) -> Result<(T, L)>,
    ) -> Result<T> {
        let (answer, look, access) = self.read_as(call, operation, |connection, access| {
            let (answer, look) = f(connection, access)?;
            Ok((answer, look.into(), access.clone()))
        })?;
        self.record_look(operation, &access, look)?;
        Ok(answer)
    }

    /// Records a look, before what was seen is handed over.
    pub(crate) fn record_look(
        &self,
        operation: Operation,
        access: &Access,
        look: Option<Look>,
    ) -> Result<()> {
        let Some(look) = look else {
            return Ok(());
        };
        self.store.write(|connection| {
            let mut tx = self.tx(connection, access);
            let event = Event {
                action: operation.as_str(),
                coop_id: look.coop_id,
                subject: look.subject,
                reason: None,
            };
            tx.audit::<(), ()>(&event, None, None)?;
            tx.seal(&*self.salts)
        })
    }

    /// Lets the caller in to `operation`, runs `f` in one write transaction, and undoes whatever it
    /// wrote.
    pub(crate) fn try_out<T>(
        &self,
        call: &Call,
        operation: Operation,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        self.try_out_as(call, operation, f)
            .map(|(answer, _)| answer)
    }

    /// The same, for what is a look at a member as well: it is recorded before the answer is given
    /// (R17).
    pub(crate) fn try_out_logged<T, L: Into<Option<Look>>>(
        &self,
        call: &Call,
        operation: Operation,
        f: impl FnOnce(&mut Tx<'_>) -> Result<(T, L)>,
    ) -> Result<T> {
        let ((answer, look), access) = self.try_out_as(call, operation, f)?;
        self.record_look(operation, &access, look.into())?;
        Ok(answer)
    }

    fn try_out_as<T>(
        &self,
        call: &Call,
        operation: Operation,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<(T, Access)> {
        let mut outcome = None;
        let undone: Result<(), Undone> = self.store.write(|connection| {
            let admitted = self.admit(connection, call, operation);
            outcome = Some(admitted.and_then(|admission| {
                let mut tx = self.tx(connection, &admission.access);
                Ok((f(&mut tx)?, admission.access))
            }));
            Err(Undone(None))
        });
        match (outcome, undone) {
            (_, Err(Undone(Some(error)))) => Err(error.into()),
            (Some(outcome), _) => outcome,
            (None, _) => Err(LedgerError::Corrupt("try_out".to_owned())),
        }
    }

    /// Lets the caller in to `operation` (R17) and runs `f`, in one write transaction, and seals its
    /// audit events last. It does so once: when the call's key has been used for this very request,
    /// gives the answer kept then; for another request, refuses (R6).
    pub(crate) fn write<R, T>(
        &self,
        call: &Call,
        operation: Operation,
        request: &R,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T>
    where
        R: Serialize,
        T: Serialize + DeserializeOwned,
    {
        let written = self.store.write(|connection| {
            let Admission { access, used } = self.admit(connection, call, operation)?;
            if let Some(used) = used {
                used.note(connection, self.recorded_now())?;
            }
            let mut tx = self.tx(connection, &access);
            let Some(key) = &call.key else {
                let answer = f(&mut tx)?;
                tx.seal(&*self.salts)?;
                return Ok(answer);
            };
            let request_sha256 = hex::encode(Sha256::digest(to_json(request)?));
            let operation = operation.as_str();
            if let Some(kept) = kept_answer(&mut tx, operation, key, &request_sha256)? {
                return Ok(kept);
            }
            let answer = f(&mut tx)?;
            let kept = KeptAnswer {
                caller: tx.actor.as_str().to_owned(),
                operation: operation.to_owned(),
                key: key.as_str().to_owned(),
                request_sha256,
                body: to_json(&answer)?,
                recorded_at: tx.recorded_at(),
            };
            idempotency_keys::insert(tx.connection, &kept)?;
            tx.seal(&*self.salts)?;
            Ok(answer)
        });
        // Also where it failed: a disk may have kept what it did not acknowledge.
        self.writes.fetch_add(1, Ordering::SeqCst);
        written
    }

    /// Random bytes that nobody can guess, for a secret.
    pub(crate) fn random_bytes(&self) -> Result<[u8; 32]> {
        self.salts.next_salt().map_err(no_randomness)
    }

    /// Lets the caller in to an operation, or refuses (R17).
    pub(crate) fn admit(
        &self,
        connection: &mut DbConnection,
        call: &Call,
        operation: Operation,
    ) -> Result<Admission> {
        let now = self.recorded_now();
        admit(connection, call, operation, now, &self.settings)
    }

    /// The present moment as the database keeps it, to the microsecond.
    pub(crate) fn recorded_now(&self) -> NaiveDateTime {
        recorded(self.clock.now())
    }

    fn tx<'a>(&'a self, connection: &'a mut DbConnection, access: &'a Access) -> Tx<'a> {
        Tx {
            connection,
            actor: access.actor(),
            access,
            now: self.clock.now(),
            today: self.clock.today(),
            settings: &self.settings,
            events: Vec::new(),
        }
    }
}

/// A look that the audit log has to know of.
#[derive(Debug)]
pub(crate) struct Look {
    /// The co-op whose chain tells of it; the rest's where there is none.
    pub(crate) coop_id: Option<i64>,
    /// What was looked at: `member:12`.
    pub(crate) subject: String,
}

impl Look {
    /// At what a member gave, and is going to.
    pub(crate) fn at_member(coop_id: i64, member_id: i64) -> Self {
        Self {
            coop_id: Some(coop_id),
            subject: format!("member:{member_id}"),
        }
    }

    /// At everybody who has, or had, a member number: of one co-op, or of all.
    pub(crate) fn at_number(coop_id: Option<i64>, number: &str) -> Self {
        Self {
            coop_id,
            subject: format!("member_number:{number}"),
        }
    }
}

fn kept_answer<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    operation: &str,
    key: &IdempotencyKey,
    request_sha256: &str,
) -> Result<Option<T>> {
    store::lock::idempotency_key(tx.connection, tx.actor.as_str(), operation, key.as_str())?;
    let kept = idempotency_keys::find(tx.connection, tx.actor.as_str(), operation, key.as_str())?;
    match kept {
        None => Ok(None),
        Some(kept) if kept.request_sha256 != request_sha256 => Err(LedgerError::KeyReused),
        Some(kept) => serde_json::from_str(&kept.body)
            .map(Some)
            .map_err(|e| LedgerError::Corrupt(format!("idempotency key: {e}"))),
    }
}

/// Why a transaction was undone: because that was all it was for, or because the database failed.
struct Undone(Option<store::StoreError>);

impl From<store::StoreError> for Undone {
    fn from(error: store::StoreError) -> Self {
        Self(Some(error))
    }
}
