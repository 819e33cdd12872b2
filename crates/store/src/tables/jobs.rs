//! `jobs`: long work that goes on after it was asked for, and what became of it.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::jobs;
use crate::{DbConnection, StoreError};

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = jobs)]
pub struct Job {
    /// Its name: a UUID.
    pub id: String,
    /// What it does.
    pub kind: String,
    /// `running`, `done`, `refused` or `failed`.
    pub state: String,
    /// The name of the file it works on.
    pub name: Option<String>,
    /// The process that works on it.
    pub instance: String,
    /// When it began, UTC.
    pub started_at: NaiveDateTime,
    /// When its process last said that it works on it, UTC.
    pub heartbeat_at: NaiveDateTime,
    /// When it ended, UTC.
    pub ended_at: Option<NaiveDateTime>,
    /// JSON of what became of it.
    pub outcome: Option<String>,
    /// Who asked for it.
    pub actor: Option<String>,
    /// JSON of what was asked for.
    pub request: Option<String>,
    /// Whether it only tells what it would do.
    pub is_trial: bool,
    /// The trial that it makes good.
    pub trial_id: Option<String>,
}

/// Records a job that begins. A second one of the same trial violates its uniqueness.
pub fn insert(connection: &mut DbConnection, job: &Job) -> Result<(), StoreError> {
    diesel::insert_into(jobs::table)
        .values(job)
        .execute(connection)?;
    Ok(())
}

/// The job of this name, if there is one.
pub fn find(connection: &mut DbConnection, id: &str) -> Result<Option<Job>, StoreError> {
    Ok(jobs::table
        .find(id)
        .select(Job::as_select())
        .get_result(connection)
        .optional()?)
}

/// The job that makes good a trial, if there is one.
pub fn find_of_trial(
    connection: &mut DbConnection,
    trial_id: &str,
) -> Result<Option<Job>, StoreError> {
    Ok(jobs::table
        .filter(jobs::trial_id.eq(trial_id))
        .select(Job::as_select())
        .first(connection)
        .optional()?)
}

/// Notes that a process still works on its job.
pub fn beat(
    connection: &mut DbConnection,
    id: &str,
    heartbeat_at: NaiveDateTime,
) -> Result<(), StoreError> {
    diesel::update(jobs::table.find(id))
        .filter(jobs::state.eq("running"))
        .set(jobs::heartbeat_at.eq(heartbeat_at))
        .execute(connection)?;
    Ok(())
}

/// Records what became of a job.
pub fn end(
    connection: &mut DbConnection,
    id: &str,
    state: &str,
    outcome: &str,
    ended_at: NaiveDateTime,
) -> Result<(), StoreError> {
    diesel::update(jobs::table.find(id))
        .set((
            jobs::state.eq(state),
            jobs::outcome.eq(outcome),
            jobs::ended_at.eq(ended_at),
        ))
        .execute(connection)?;
    Ok(())
}
