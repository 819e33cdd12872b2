//! The one writer of a SQLite database: callers queue for it and share commits.
//!
//! A commit costs a flush of the disk, whatever its size. So a caller that finds others waiting
//! leaves the transaction open for them; the last of the group commits for all, and each returns
//! only then. Every caller runs in a savepoint of its own: one that fails undoes only itself.
//!
//! A commit that fails on the disk leaves its pages at the end of the write-ahead log, where a later
//! process may find them whole and take them for good. So the log is emptied then; when the disk
//! refuses that too, the callers are told that nobody knows, and nothing more is taken until the log
//! could be emptied.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{Connection, SqliteConnection};

use crate::open::transaction;
use crate::sqlite_file::BUSY_TIMEOUT_MS;
use crate::write_ahead_log::{LogIs, empty_log};
use crate::{DbConnection, StoreError};

/// Callers that share a commit at most.
const GROUP_MAX: usize = 64;
/// How long a caller waits for its turn before it is told that others are writing.
const TURN_TIMEOUT: Duration = Duration::from_secs(30);

/// Queue and connection of the one writer.
pub(crate) struct SqliteWriter {
    queue: Mutex<Queue>,
    is_free: Condvar,
    /// How long a caller waits for its turn.
    patience: Duration,
}

struct Queue {
    /// The writer itself, while nobody has it.
    state: Option<State>,
    /// Callers that wait for it.
    waiting: usize,
}

struct State {
    connection: DbConnection,
    group: Option<(Arc<Group>, usize)>,
    /// A failed commit may still lie in the log.
    is_log_in_doubt: bool,
}

/// A commit that did not come about, in SQLite's words.
#[derive(Debug, Clone)]
enum Failed {
    /// Nothing of it is left.
    Undone(String),
    /// It may come back when the log is read again.
    Unsure(String),
}

impl From<Failed> for StoreError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Undone(words) => Self::Disk(words),
            Failed::Unsure(words) => Self::Unsure(words),
        }
    }
}

/// Those who share one commit, and what became of it.
#[derive(Default)]
struct Group {
    fate: Mutex<Option<Result<(), Failed>>>,
    decided: Condvar,
}

impl Group {
    fn decide(&self, fate: Result<(), Failed>) {
        *lock(&self.fate) = Some(fate);
        self.decided.notify_all();
    }

    fn wait(&self) -> Result<(), StoreError> {
        let mut fate = lock(&self.fate);
        loop {
            match &*fate {
                Some(Ok(())) => return Ok(()),
                Some(Err(failed)) => return Err(failed.clone().into()),
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
            queue: Mutex::new(Queue {
                state: Some(State {
                    connection,
                    group: None,
                    is_log_in_doubt: false,
                }),
                waiting: 0,
            }),
            is_free: Condvar::new(),
            patience: TURN_TIMEOUT,
        }
    }

    /// Runs `f` alone, in the current group's transaction; returns when that is on the disk. Gives
    /// [`StoreError::Busy`] when the turn does not come in 30 seconds.
    pub(crate) fn write<T, E>(
        &self,
        f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let mut turn = self.wait_for_turn()?;
        let group = turn.state()?.join_group()?;
        turn.work(&group, f)
    }

    /// The same, but only where nobody else writes just now, in this process or another; nothing
    /// otherwise.
    pub(crate) fn write_if_free<T, E>(
        &self,
        f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
    ) -> Result<Option<T>, E>
    where
        E: From<StoreError>,
    {
        let Some(mut turn) = self.turn_if_free() else {
            return Ok(None);
        };
        let state = turn.state()?;
        let patience = |sqlite: &mut DbConnection, milliseconds| {
            let pragma = format!("PRAGMA busy_timeout = {milliseconds}");
            sqlite.batch_execute(&pragma).map_err(StoreError::from)
        };
        patience(&mut state.connection, 0)?;
        let joined = state.join_group();
        patience(&mut state.connection, BUSY_TIMEOUT_MS)?;
        match joined {
            Ok(group) => turn.work(&group, f).map(Some),
            Err(StoreError::Busy) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

impl Turn<'_> {
    /// Runs `f` in the transaction of the group, and waits until that is on the disk.
    fn work<T, E>(
        mut self,
        group: &Group,
        f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let state = self.state()?;
        let mut panic = None;
        let outcome = transaction(&mut state.connection, |c| {
            catch_unwind(AssertUnwindSafe(|| f(c))).unwrap_or_else(|payload| {
                panic = Some(payload);
                close_inner_savepoints(c);
                Err(StoreError::Other("a write panicked".to_owned()).into())
            })
        });
        self.end();
        let committed = group.wait();
        if let Some(payload) = panic {
            resume_unwind(payload);
        }
        let value = outcome?;
        committed.map(|()| value).map_err(E::from)
    }
}

impl SqliteWriter {
    /// The turn, where nobody has it and nobody waits for it.
    fn turn_if_free(&self) -> Option<Turn<'_>> {
        let mut queue = lock(&self.queue);
        if queue.waiting > 0 {
            return None;
        }
        let state = queue.state.take()?;
        Some(Turn {
            writer: self,
            state: Some(state),
        })
    }

    fn wait_for_turn(&self) -> Result<Turn<'_>, StoreError> {
        let mut queue = lock(&self.queue);
        queue.waiting += 1;
        let (mut queue, _) = self
            .is_free
            .wait_timeout_while(queue, self.patience, |queue| queue.state.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        queue.waiting -= 1;
        let state = queue.state.take().ok_or(StoreError::Busy)?;
        Ok(Turn {
            writer: self,
            state: Some(state),
        })
    }
}

/// The last to leave brings the log into the database, so that the one file has it all: a reader
/// that is still being closed keeps SQLite from doing so by itself.
impl Drop for SqliteWriter {
    fn drop(&mut self) {
        if let Some(DbConnection::Sqlite(connection)) =
            lock(&self.queue).state.as_mut().map(|s| &mut s.connection)
        {
            // What fails here stays in the log, where the next to open finds it.
            let _left_in_the_log = connection.batch_execute("PRAGMA wal_checkpoint(passive)");
        }
    }
}

/// The writer in one caller's hands. It goes back into the queue whatever happens.
struct Turn<'a> {
    writer: &'a SqliteWriter,
    state: Option<State>,
}

impl Turn<'_> {
    fn state(&mut self) -> Result<&mut State, StoreError> {
        self.state.as_mut().ok_or(StoreError::Busy)
    }

    /// Leaves the open transaction to those who wait, or commits it for everybody in it. Whether
    /// somebody waits is asked under the queue's lock, under which the transaction is handed over:
    /// who waits then takes it, even where its patience has just ended.
    fn end(mut self) {
        let mut queue = lock(&self.writer.queue);
        if let Some(mut state) = self.state.take() {
            if queue.waiting == 0 || !state.can_be_joined() {
                drop(queue);
                state.close_group();
                queue = lock(&self.writer.queue);
            }
            queue.state = Some(state);
        }
        drop(queue);
        self.writer.is_free.notify_one();
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(state) = self.state.take() {
            lock(&self.writer.queue).state = Some(state);
            self.writer.is_free.notify_one();
        }
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
        if self.is_log_in_doubt {
            empty_log(sqlite)?;
            self.is_log_in_doubt = false;
        }
        AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?;
        let group = Arc::new(Group::default());
        self.group = Some((Arc::clone(&group), 1));
        Ok(group)
    }

    /// Whether the group has room and its transaction is whole.
    fn can_be_joined(&mut self) -> bool {
        let has_room = self
            .group
            .as_ref()
            .is_some_and(|(_, members)| *members < GROUP_MAX);
        has_room && sqlite(&mut self.connection).is_ok_and(is_whole)
    }

    /// Commits for everybody in the group and tells them.
    fn close_group(&mut self) {
        if let Some((group, _)) = self.group.take() {
            group.decide(self.commit());
        }
    }

    fn commit(&mut self) -> Result<(), Failed> {
        let DbConnection::Sqlite(connection) = &mut self.connection else {
            return Ok(());
        };
        let Err(error) = AnsiTransactionManager::commit_transaction(connection) else {
            return Ok(());
        };
        restore(connection);
        match empty_log(connection) {
            Ok(LogIs::Empty) => Err(Failed::Undone(error.to_string())),
            // As long as this process lives, the next commit overwrites what was left.
            Ok(LogIs::InUse) => Err(Failed::Unsure(error.to_string())),
            Err(_) => {
                self.is_log_in_doubt = true;
                Err(Failed::Unsure(error.to_string()))
            }
        }
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

#[cfg(test)]
mod tests;
