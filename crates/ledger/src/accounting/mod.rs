//! The books: double entry, append-only, chained (R14), tied to what stands behind them (R15).
//!
//! An application is not income: closing a batch posts nothing, a collected charge does. Everything
//! that posts goes through `post_entry`, in the transaction of what it is posted for.

mod books;
mod campaign_balance;
mod campaign_news;
mod campaign_progress;
mod campaign_told_apart;
mod close_period;
mod export_journal;
mod list_accounts;
mod list_journal_entries;
mod matching;
mod own_campaigns;
mod payouts;
mod post_entry;
mod post_journal_entry;
mod public_campaign;
mod record_payout;
mod record_remittance;
mod remittances;
pub mod reports;
mod reverse_journal_entry;
pub(crate) mod seal;
mod show_fiscal_year;
mod trace_entry;
mod view;

pub use campaign_news::{CampaignNews, CampaignWatch, Reading};
pub use campaign_progress::{CampaignProgress, PaidOutStage, ProgressStage, progress_csv};
pub use campaign_told_apart::{CampaignDay, CampaignShare, CampaignToldApart, GiftSum};
pub use close_period::{CloseFiscalYear, ClosePeriod, PeriodClosed, PeriodView};
pub use export_journal::{ExportJournal, JournalExported, JournalFormat};
pub use list_accounts::AccountView;
pub use list_journal_entries::JournalFilter;
pub(crate) use matching::due as due_of;
pub use own_campaigns::{OwnCampaign, ShownStage};
pub use payouts::PayoutView;
pub(crate) use post_entry::{NewEntry, post_entry};
pub(crate) use post_journal_entry::refuse_future;
pub use post_journal_entry::{NewJournalLine, PostJournalEntry};
pub use public_campaign::PublicCampaign;
pub use record_payout::RecordPayout;
pub use record_remittance::{RecordRemittance, RemittanceShare};
pub use remittances::{RemittanceShareView, RemittanceView};
pub use reverse_journal_entry::ReverseJournalEntry;
pub use show_fiscal_year::{BookMonth, ClosePreviewed, FiscalYearShown, ToClose};
pub use trace_entry::{
    CorrectionTraced, EntryTraced, GiftOrigin, ResultsTraced, TracedGift, TracedSource,
};
pub use view::{JournalEntryView, PostingView};
