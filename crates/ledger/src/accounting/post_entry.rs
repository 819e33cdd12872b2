//! Posting: the one way into the journal (R14).

use chrono::NaiveDate;
use domain::chain::{self, GENESIS, Link};
use domain::{CollectionMonth, EntrySource, NewPosting, check_balance};
use store::lock;
use store::tables::accounting_periods;
use store::tables::journal_entries::{self, JournalEntry};
use store::tables::journal_postings::{self, JournalPosting};

use super::{campaign_balance, seal};
use crate::error::stored;
use crate::tx::Tx;
use crate::{LedgerError, Result};

/// An entry to post.
pub(crate) struct NewEntry<'a> {
    /// The true date.
    pub(crate) date: NaiveDate,
    /// What it comes from.
    pub(crate) source: EntrySource,
    /// Which of those.
    pub(crate) source_id: Option<i64>,
    /// What it is about, in Japanese.
    pub(crate) description: String,
    /// Why, in a person's own words.
    pub(crate) reason: Option<&'a str>,
    /// The entry it takes back as a whole.
    pub(crate) reverses: Option<i64>,
    /// Its lines.
    pub(crate) postings: Vec<NewPosting>,
}

/// Posts an entry and gives its number, the next one without a gap. It counts from its true date, or
/// from the first day of the first open month after it where that month is closed (R14).
///
/// Takes the journal's lock: nothing else of the co-ops and members may be locked after it. Where an
/// entry takes back what was passed on to an organisation, a transfer follows it by itself
/// ([`super::campaign_balance`]).
///
/// # Errors
/// Refuses lines that do not balance, and a date before 2000 or after 2099.
pub(crate) fn post_entry(tx: &mut Tx<'_>, entry: &NewEntry<'_>) -> Result<i64> {
    let id = append(tx, entry)?;
    campaign_balance::transfer(tx, id, entry)?;
    Ok(id)
}

/// Adds one entry to the journal, and nothing by itself.
pub(super) fn append(tx: &mut Tx<'_>, entry: &NewEntry<'_>) -> Result<i64> {
    check_balance(&entry.postings)
        .map_err(|error| LedgerError::invalid("entry_unbalanced", error.to_string()))?;
    lock::journal_exclusive(tx.connection)?;
    let posted_on = first_open_day(tx, entry.date)?;
    let (last_id, previous) = match journal_entries::head(tx.connection)? {
        Some((id, hash)) => (id, stored_link(&hash)?),
        None => (0, GENESIS),
    };
    let id = last_id + 1;
    let lines: Vec<JournalPosting> = (1..)
        .zip(&entry.postings)
        .map(|(line_no, posting)| line(id, line_no, posting))
        .collect();
    let mut row = JournalEntry {
        id,
        occurred_on: entry.date,
        posted_on,
        period: month_of(posted_on)?.as_int(),
        source: entry.source.as_str().to_owned(),
        source_id: entry.source_id,
        description: entry.description.clone(),
        reason: entry.reason.map(str::to_owned),
        reverses_id: entry.reverses,
        actor: tx.actor.as_str().to_owned(),
        recorded_at: tx.recorded_at(),
        previous_hash: chain::to_hex(&previous),
        hash: String::new(),
    };
    row.hash = chain::to_hex(&seal::link(&previous, &row, &lines));
    journal_postings::insert(tx.connection, &lines)?;
    journal_entries::insert(tx.connection, &row)?;
    Ok(id)
}

/// The date itself, or the first day of the first open month after it.
fn first_open_day(tx: &mut Tx<'_>, date: NaiveDate) -> Result<NaiveDate> {
    let month = month_of(date)?;
    let Some(last_closed) = accounting_periods::last_closed(tx.connection)? else {
        return Ok(date);
    };
    if month.as_int() > last_closed {
        return Ok(date);
    }
    let last_closed = stored(
        "accounting_periods.month",
        CollectionMonth::from_int(last_closed),
    )?;
    let open = last_closed.next().ok_or_else(|| {
        LedgerError::refused(
            "no_open_period",
            "会計期間は2099年12月まで締められているので、記帳できません",
        )
    })?;
    Ok(open.first_day())
}

fn month_of(date: NaiveDate) -> Result<CollectionMonth> {
    CollectionMonth::from_date(date)
        .map_err(|error| LedgerError::invalid("date_out_of_range", error.to_string()))
}

fn stored_link(hash: &str) -> Result<Link> {
    chain::from_hex(hash)
        .ok_or_else(|| LedgerError::Corrupt(format!("journal_entries.hash: {hash}")))
}

fn line(entry_id: i64, line_no: i64, posting: &NewPosting) -> JournalPosting {
    JournalPosting {
        entry_id,
        line_no,
        account: posting.account.as_int(),
        amount: posting.amount.get(),
        fund_id: posting.fund_id,
        coop_id: posting.coop_id,
        campaign_id: posting.campaign_id,
        batch_id: posting.batch_id,
    }
}
