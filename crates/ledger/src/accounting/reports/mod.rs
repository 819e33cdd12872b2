//! Reports: sums over the journal on any date and between dates, by fund, co-op and campaign.
//!
//! An entry counts from its `posted_on`, so a report on a closed month never changes.

mod fiscal_years;
mod fund_balances;
mod general_ledger;
mod payables;
mod receivables;
mod trial_balance;

use chrono::NaiveDate;
use store::reports::{Days, PostingFilter};

pub use fiscal_years::{FiscalYears, YearRow, YearSums};
pub use fund_balances::{FundBalanceRow, FundBalances};
pub use general_ledger::{GeneralLedger, GeneralLedgerLine, GeneralLedgerPage};
pub use payables::{PayableRow, Payables};
pub use receivables::{ReceivableRow, Receivables};
pub use trial_balance::{SplitBy, TrialBalance, TrialBalanceRow};

use super::books::Books;
use crate::ledger::Look;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// What a report is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// The first day; from the beginning where none is given.
    pub from: Option<NaiveDate>,
    /// The last day; today where none is given.
    pub to: Option<NaiveDate>,
    /// Code of a fund.
    pub fund: Option<String>,
    /// Code of a co-op.
    pub coop: Option<String>,
    /// Code of a campaign.
    pub campaign: Option<String>,
    /// Without the entries that carry a fiscal year's revenue and expense over.
    pub before_year_close: bool,
}

impl ReportFilter {
    fn days(&self, today: NaiveDate) -> Result<Days> {
        let to = self.to.unwrap_or(today);
        if self.from.is_some_and(|from| from > to) {
            return Err(days_out_of_order("from", to));
        }
        Ok(Days {
            from: self.from,
            to,
        })
    }

    fn postings(&self, books: &Books) -> Result<PostingFilter> {
        let fund = self.fund.as_deref().map(|code| books.fund(code));
        let coop = self.coop.as_deref().map(|code| books.cooperative(code));
        let campaign = self.campaign.as_deref().map(|code| books.campaign(code));
        Ok(PostingFilter {
            account: None,
            fund_id: fund.transpose()?.map(|fund| fund.id),
            coop_id: coop.transpose()?.map(|coop| coop.id),
            campaign_id: campaign.transpose()?.map(|campaign| campaign.id),
            before_year_close: self.before_year_close,
            ..PostingFilter::default()
        })
    }
}

/// The refusal of a first day, in `column`, after the last.
pub(crate) fn days_out_of_order(column: &str, to: NaiveDate) -> LedgerError {
    LedgerError::field(
        "days_out_of_order",
        column,
        format!("始めの日付が終わりの日付（{to}）よりあとです"),
    )
}

impl Ledger {
    /// Records that a report is taken away as a file, to be done before it is handed over.
    pub fn record_download(&self, call: &Call, report: &str) -> Result<()> {
        self.read_logged(call, Operation::DownloadReport, |_, _| {
            let look = Look {
                coop_id: None,
                subject: format!("report:{report}"),
            };
            Ok(((), look))
        })
    }
}
