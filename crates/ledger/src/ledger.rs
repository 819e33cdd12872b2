//! The ledger: a database, a clock and settings, and the two ways to work on them.

use std::sync::Arc;

use domain::{Clock, Salts};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use store::tables::idempotency_keys::{self, KeptAnswer};
use store::{DbConnection, OpenMode, Store};

use crate::tx::{Tx, to_json};
use crate::{Call, IdempotencyKey, LedgerError, Result, Settings};

/// The use cases of the solidarity fund's ledger. Cheap to clone; shared between threads.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    clock: Arc<dyn Clock>,
    salts: Arc<dyn Salts>,
    settings: Settings,
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
            settings,
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

    /// The database.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The present moment.
    pub(crate) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    /// Runs `f` in one write transaction, for what is nobody's decision and leaves no audit event.
    pub(crate) fn write_unaudited<T>(
        &self,
        f: impl FnOnce(&mut DbConnection) -> Result<T>,
    ) -> Result<T> {
        self.store.write(f)
    }

    /// Runs `f` in one read transaction.
    pub(crate) fn read<T>(&self, f: impl FnOnce(&mut DbConnection) -> Result<T>) -> Result<T> {
        self.store.read(f)
    }

    /// Runs `f` in one write transaction and undoes whatever it wrote.
    pub(crate) fn try_out<T>(
        &self,
        call: &Call,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut outcome = None;
        let undone: Result<(), Undone> = self.store.write(|connection| {
            let mut tx = self.tx(connection, call);
            outcome = Some(f(&mut tx));
            Err(Undone(None))
        });
        match (outcome, undone) {
            (_, Err(Undone(Some(error)))) => Err(error.into()),
            (Some(outcome), _) => outcome,
            (None, _) => Err(LedgerError::Corrupt("try_out".to_owned())),
        }
    }

    /// Runs `f` in one write transaction, and seals its audit events last. It does so once: when the call's key has been used for this very
    /// request, gives the answer kept then; for another request, refuses (R6).
    pub(crate) fn write<R, T>(
        &self,
        call: &Call,
        operation: &'static str,
        request: &R,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T>
    where
        R: Serialize,
        T: Serialize + DeserializeOwned,
    {
        self.store.write(|connection| {
            let mut tx = self.tx(connection, call);
            let Some(key) = &call.key else {
                let answer = f(&mut tx)?;
                tx.seal(&*self.salts)?;
                return Ok(answer);
            };
            let request_sha256 = hex::encode(Sha256::digest(to_json(request)?));
            if let Some(kept) = kept_answer(&mut tx, operation, key, &request_sha256)? {
                return Ok(kept);
            }
            let answer = f(&mut tx)?;
            let kept = KeptAnswer {
                caller: call.actor.as_str().to_owned(),
                operation: operation.to_owned(),
                key: key.as_str().to_owned(),
                request_sha256,
                body: to_json(&answer)?,
                recorded_at: tx.recorded_at(),
            };
            idempotency_keys::insert(tx.connection, &kept)?;
            tx.seal(&*self.salts)?;
            Ok(answer)
        })
    }

    fn tx<'a>(&'a self, connection: &'a mut DbConnection, call: &'a Call) -> Tx<'a> {
        Tx {
            connection,
            actor: &call.actor,
            now: self.clock.now(),
            today: self.clock.today(),
            settings: &self.settings,
            events: Vec::new(),
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
