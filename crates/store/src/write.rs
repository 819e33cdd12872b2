//! The one writer of a SQLite database: callers queue for it and share commits.
//!
//! A commit costs a flush of the disk, whatever its size. So a caller that finds others waiting
//! leaves the transaction open for them; the last of the group commits for all, and each returns
//! only then. Every caller runs in a savepoint of its own: one that fails undoes only itself.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::result::Error as DieselError;
use diesel::{Connection, SqliteConnection};

use crate::open::transaction;
use crate::{DbConnection, StoreError};

/// Callers that share a commit at most.
const GROUP_MAX: usize = 64;

/// Queue and connection of the one writer.
pub(crate) struct SqliteWriter {
    state: Mutex<State>,
    waiting: AtomicUsize,
}

struct State {
    connection: DbConnection,
    group: Option<(Arc<Group>, usize)>,
}

/// Those who share one commit, and what became of it.
#[derive(Default)]
struct Group {
    fate: Mutex<Option<Result<(), String>>>,
    decided: Condvar,
}

impl Group {
    fn decide(&self, fate: Result<(), String>) {
        *lock(&self.fate) = Some(fate);
        self.decided.notify_all();
    }

    fn wait(&self) -> Result<(), StoreError> {
        let mut fate = lock(&self.fate);
        loop {
            match &*fate {
                Some(Ok(())) => return Ok(()),
                Some(Err(message)) => return Err(StoreError::Disk(message.clone())),
                None => {
                    fate = self
                        .decided
                        .wait(fate)
                        .unwrap_or_else(PoisonError::into_inner)
                }
            }
        }
    }
}

impl SqliteWriter {
    pub(crate) fn new(connection: DbConnection) -> Self {
        Self {
            state: Mutex::new(State {
                connection,
                group: None,
            }),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Runs `f` alone, in the current group's transaction; returns when that is on the disk.
    pub(crate) fn write<T, E>(
        &self,
        f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut state = lock(&self.state);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        let group = state.join_group()?;
        let mut panic = None;
        let outcome = transaction(&mut state.connection, |c| {
            catch_unwind(AssertUnwindSafe(|| f(c))).unwrap_or_else(|payload| {
                panic = Some(payload);
                close_inner_savepoints(c);
                Err(StoreError::Other("a write panicked".to_owned()).into())
            })
        });
        let others_wait = self.waiting.load(Ordering::SeqCst) > 0;
        state.leave_group(others_wait);
        drop(state);
        let committed = group.wait();
        if let Some(payload) = panic {
            resume_unwind(payload);
        }
        let value = outcome?;
        committed.map(|()| value).map_err(E::from)
    }
}

impl State {
    /// The group whose transaction is open, or a new one with a new transaction.
    fn join_group(&mut self) -> Result<Arc<Group>, StoreError> {
        if let Some((group, members)) = &mut self.group {
            *members += 1;
            return Ok(Arc::clone(group));
        }
        let sqlite = sqlite(&mut self.connection)?;
        AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?;
        let group = Arc::new(Group::default());
        self.group = Some((Arc::clone(&group), 1));
        Ok(group)
    }

    /// Leaves the transaction to those who wait, or commits it for everybody in it.
    fn leave_group(&mut self, others_wait: bool) {
        let is_broken = sqlite(&mut self.connection).map_or(true, |c| !is_whole(c));
        match self.group.take() {
            Some((group, members)) if others_wait && members < GROUP_MAX && !is_broken => {
                self.group = Some((group, members));
            }
            Some((group, _)) => group.decide(self.commit().map_err(|e| e.to_string())),
            None => {}
        }
    }

    fn commit(&mut self) -> Result<(), DieselError> {
        let DbConnection::Sqlite(connection) = &mut self.connection else {
            return Ok(());
        };
        let committed = AnsiTransactionManager::commit_transaction(connection);
        if committed.is_err() {
            restore(connection);
        }
        committed
    }
}

/// Undoes the savepoints that a panic left open inside the caller's own.
fn close_inner_savepoints(connection: &mut DbConnection) {
    let DbConnection::Sqlite(connection) = connection else {
        return;
    };
    while depth(connection).is_some_and(|depth| depth > CALLER_DEPTH) {
        if AnsiTransactionManager::rollback_transaction(connection).is_err() {
            return;
        }
    }
}

/// Depth of the group's transaction.
const GROUP_DEPTH: u32 = 1;
/// Depth of each caller's savepoint in it.
const CALLER_DEPTH: u32 = 2;

fn depth(connection: &mut SqliteConnection) -> Option<u32> {
    let status = AnsiTransactionManager::transaction_manager_status_mut(connection);
    status
        .transaction_depth()
        .ok()
        .flatten()
        .map(std::num::NonZeroU32::get)
}

/// Whether exactly the group's own transaction is open: SQLite undoes it all by itself when the
/// disk fails.
fn is_whole(connection: &mut SqliteConnection) -> bool {
    depth(connection) == Some(GROUP_DEPTH)
}

/// Brings the connection back to "no transaction" after a failed commit.
fn restore(connection: &mut SqliteConnection) {
    use diesel::connection::SimpleConnection;
    // The answer does not matter: where SQLite has rolled back already, this says so.
    let _already_rolled_back = connection.batch_execute("ROLLBACK");
    *<SqliteConnection as Connection>::TransactionManager::transaction_manager_status_mut(
        connection,
    ) = Default::default();
}

fn sqlite(connection: &mut DbConnection) -> Result<&mut SqliteConnection, StoreError> {
    match connection {
        DbConnection::Sqlite(c) => Ok(c),
        DbConnection::Postgres(_) => Err(StoreError::Other("not a SQLite writer".to_owned())),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
