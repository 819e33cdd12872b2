//! Payouts as people see them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{EntrySource, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::journal_entries;
use store::tables::payouts::{self, Payout};
use utoipa::ToSchema;

use super::books::Books;
use crate::{Call, Ledger, LedgerError, Operation, Page, PageRequest, Result};

const LIST: &str = "payouts";

/// Money passed on to an organisation (団体への送金), or returned by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PayoutView {
    /// Its number.
    pub payout_id: i64,
    /// Code of the campaign.
    pub campaign: String,
    /// Code of the organisation.
    pub organization: String,
    /// The day it left the account, or came back.
    pub paid_on: NaiveDate,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Yen of fee, borne by the fund.
    #[schema(value_type = i64)]
    pub fee: Yen,
    /// Whether the organisation gave it back.
    pub returned: bool,
    /// What was noted.
    pub note: Option<String>,
    /// Its entry in the journal.
    pub entry_id: i64,
    /// The entry that takes it back.
    pub reversed_by: Option<i64>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

impl Ledger {
    /// Payouts, newest first, of one campaign where one is given.
    pub fn list_payouts(
        &self,
        call: &Call,
        campaign: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<PayoutView>> {
        let asked = page.newest_first(LIST)?;
        self.read(call, Operation::ListPayouts, |connection| {
            let books = Books::load(connection)?;
            let campaign = campaign.map(|code| books.campaign(code)).transpose()?;
            let campaign = campaign.map(|campaign| campaign.id);
            let rows = asked.rows_to_find();
            let found = payouts::page(connection, campaign, asked.before_id, rows)?;
            asked.page(
                found,
                |payout| view(connection, &books, payout),
                |payout| payout.payout_id,
            )
        })
    }

    /// A payout.
    ///
    /// # Errors
    /// Refuses a number that no payout has.
    pub fn get_payout(&self, call: &Call, payout_id: i64) -> Result<PayoutView> {
        self.read(call, Operation::GetPayout, |connection| {
            payout_view(connection, payout_id)
        })
    }
}

/// The payout of a number.
pub(crate) fn payout_view(connection: &mut DbConnection, id: i64) -> Result<PayoutView> {
    let payout = payouts::find(connection, id)?.ok_or_else(|| {
        LedgerError::not_found(
            "payout_not_found",
            format!("団体への送金 {id} はありません"),
        )
    })?;
    let books = Books::load(connection)?;
    view(connection, &books, payout)
}

fn view(connection: &mut DbConnection, books: &Books, payout: Payout) -> Result<PayoutView> {
    let source = EntrySource::Payout.as_str();
    let entry = journal_entries::find_of_source(connection, source, payout.id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("payouts: {} に仕訳がない", payout.id)))?;
    let reversed_by = journal_entries::reversal_of(connection, entry.id)?.map(|entry| entry.id);
    let campaign = books.campaign_of(payout.campaign_id)?;
    Ok(PayoutView {
        payout_id: payout.id,
        campaign: campaign.code.clone(),
        organization: campaign.organization.code.clone(),
        paid_on: payout.paid_on,
        amount: Yen::new(payout.amount),
        fee: Yen::new(payout.fee),
        returned: payout.kind == payouts::RETURN,
        note: payout.note,
        entry_id: entry.id,
        reversed_by,
        recorded_by: payout.actor,
        recorded_at: payout.recorded_at.and_utc(),
    })
}
