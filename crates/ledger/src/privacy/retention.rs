//! How long names and traces are kept: settings, and the two use cases that say what they would have
//! go, and let it go.

use chrono::{Days, Months, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::personal::{self, MemberRows, old};
use store::tables::cooperatives;

use super::erase_member::{erase_rows, refuse_needed};
use super::person::subject;
use super::{Person, kept_answers};
use crate::trace::begins_in_japan;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Members looked at together.
const MEMBERS_AT_ONCE: i64 = 500;

/// How long is kept what is not needed for the accounts. 0 keeps it for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Months after leaving for which a member's name and free text are kept.
    pub names_months: u32,
    /// Months after receipt for which notes (備考) are kept.
    pub notes_months: u32,
    /// Days for which what became of an import over REST is kept.
    pub imports_days: u32,
    /// Days after their end for which sessions, one-time links and wrong tries are kept.
    pub sign_in_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            names_months: 24,
            notes_months: 24,
            imports_days: 30,
            sign_in_days: 90,
        }
    }
}

/// What is kept for so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Names and free text of members who left.
    Names,
    /// Notes of applications and keyed lines.
    Notes,
    /// What became of imports over REST.
    Imports,
    /// Ended sessions, ended links, wrong tries.
    SignIn,
}

/// What is over its time of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RetentionRule {
    /// Which kind.
    pub kept: Kept,
    /// The same in Japanese, with the period.
    pub label: String,
    /// What left, came or ended before this day goes; none where it is kept for ever.
    pub before: Option<NaiveDate>,
    /// How much goes: members, notes, imports, traces.
    pub due: u64,
    /// Members who are over their time and stay for now: somebody has to decide about them first.
    pub waiting: u64,
}

/// What is over its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RetentionReport {
    /// Each kind.
    pub rules: Vec<RetentionRule>,
}

impl Ledger {
    /// What is over its time today and would go. Changes nothing.
    pub fn show_retention(&self, call: &Call) -> Result<RetentionReport> {
        self.try_out(call, Operation::ShowRetention, apply)
    }

    /// Lets go what is over its time: erases the names and free text of members who left long ago,
    /// old notes, and deletes old traces. An event tells how much, and one each whom. It cannot be
    /// undone.
    pub fn apply_retention(&self, call: &Call) -> Result<RetentionReport> {
        self.write(call, Operation::ApplyRetention, &(), |tx| {
            let report = apply(tx)?;
            let event = Event {
                action: "apply_retention",
                coop_id: None,
                subject: "retention".to_owned(),
                reason: None,
            };
            tx.audit(&event, None::<&()>, Some(&report))?;
            Ok(report)
        })
    }
}

fn apply(tx: &mut Tx<'_>) -> Result<RetentionReport> {
    let kept = tx.settings.retention;
    let rules = vec![
        names(tx, kept.names_months)?,
        notes(tx, kept.notes_months)?,
        rule(
            tx,
            Kept::Imports,
            "取り込みの経過（送られたファイルの誤りの行を含む）",
            Period::Days(kept.imports_days),
            |tx, _, at| Ok(old::delete_import_jobs(tx.connection, at)?),
        )?,
        rule(
            tx,
            Kept::SignIn,
            "終わったサインイン・使い終えたリンク・失敗の記録",
            Period::Days(kept.sign_in_days),
            |tx, _, at| Ok(old::delete_sign_in_traces(tx.connection, at)?),
        )?,
    ];
    Ok(RetentionReport { rules })
}

/// How long something is kept.
#[derive(Debug, Clone, Copy)]
enum Period {
    Months(u32),
    Days(u32),
}

impl Period {
    /// The day before which it is over; none where it is kept for ever.
    fn before(self, today: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Months(0) | Self::Days(0) => None,
            Self::Months(months) => today.checked_sub_months(Months::new(months)),
            Self::Days(days) => today.checked_sub_days(Days::new(days.into())),
        }
    }

    fn in_words(self) -> String {
        match self {
            Self::Months(0) | Self::Days(0) => "ずっと残す".to_owned(),
            Self::Months(months) => format!("{months}か月"),
            Self::Days(days) => format!("{days}日"),
        }
    }
}

fn rule(
    tx: &mut Tx<'_>,
    kept: Kept,
    what: &str,
    period: Period,
    let_go: impl FnOnce(&mut Tx<'_>, NaiveDate, NaiveDateTime) -> Result<u64>,
) -> Result<RetentionRule> {
    let before = period.before(tx.today);
    let due = match before {
        None => 0,
        Some(day) => let_go(tx, day, begins_in_japan(day))?,
    };
    Ok(RetentionRule {
        kept,
        label: format!("{what}（{}）", period.in_words()),
        before,
        due,
        waiting: 0,
    })
}

fn notes(tx: &mut Tx<'_>, months: u32) -> Result<RetentionRule> {
    let what = "受付から経過した申込の備考";
    rule(
        tx,
        Kept::Notes,
        what,
        Period::Months(months),
        |tx, day, at| {
            personal::erase::overwrite(tx.connection, true)?;
            let erased = old::erase_notes(tx.connection, day)?
                + old::erase_keyed_notes(tx.connection, day)?
                + kept_answers::erase_before(tx.connection, at)?;
            personal::erase::overwrite(tx.connection, false)?;
            Ok(erased)
        },
    )
}

fn names(tx: &mut Tx<'_>, months: u32) -> Result<RetentionRule> {
    let what = "脱退した組合員の氏名・備考・理由の文";
    let mut waiting = 0;
    let period = Period::Months(months);
    let reason = format!("保存期間（脱退から{months}か月）を過ぎた");
    let found = rule(tx, Kept::Names, what, period, |tx, day, _| {
        lock_all_coops(tx.connection)?;
        let (mut after, mut erased) = (0, 0);
        loop {
            let left = personal::left_before(tx.connection, day, after, MEMBERS_AT_ONCE)?;
            let Some(last) = left.last() else {
                return Ok(erased);
            };
            after = last.member.id;
            let mut people = Vec::new();
            for row in left {
                let person = Person::around(tx.connection, row)?;
                match refuse_needed(tx.connection, &person.member_rows()) {
                    Ok(()) => people.push(person),
                    Err(LedgerError::Refused { .. }) => waiting += 1,
                    Err(error) => return Err(error),
                }
            }
            erased += people.len() as u64;
            erase_people(tx, &people, &reason)?;
        }
    })?;
    Ok(RetentionRule { waiting, ..found })
}

/// Nobody else writes for any co-op until the transaction ends.
fn lock_all_coops(connection: &mut DbConnection) -> Result<()> {
    for coop in cooperatives::all(connection)? {
        store::lock::coop_exclusive(connection, coop.id)?;
    }
    Ok(())
}

fn erase_people(tx: &mut Tx<'_>, people: &[Person], reason: &str) -> Result<()> {
    let mut all = MemberRows::default();
    for person in people {
        let rows = person.member_rows();
        all.ids.extend(rows.ids);
        all.numbers.extend(rows.numbers);
    }
    erase_rows(tx, &all)?;
    for person in people {
        let event = Event {
            action: "erase_member",
            coop_id: Some(person.asked.coop_id),
            subject: subject(person.asked.id),
            reason: Some(reason),
        };
        tx.audit(&event, None::<&()>, None::<&()>)?;
    }
    Ok(())
}
