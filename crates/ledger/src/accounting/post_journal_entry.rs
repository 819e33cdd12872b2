//! `post_journal_entry`: an entry that finance writes by hand, with a reason.

use chrono::NaiveDate;
use domain::{EntrySource, NewPosting, Yen};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::books::{Account, Books};
use super::view::{JournalEntryView, entry_view};
use super::{NewEntry, post_entry};
use crate::call::given_reason;
use crate::two_persons::{NeedsApproval, Outcome, PendingRequest, done_or_submitted};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// The most yen a person may enter at once: a hundred trillion. Sums over the journal stay far within
/// 64 bits.
const ENTERED_YEN_MAX: Yen = Yen::new(100_000_000_000_000);

/// Longest description of an entry.
const DESCRIPTION_CHARS_MAX: usize = 200;

/// A line to post: either `debit` or `credit` is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewJournalLine {
    /// Number of the account.
    #[schema(example = "1121")]
    pub account: String,
    /// Yen on the debit side (借方).
    #[serde(default)]
    #[schema(value_type = Option<i64>, example = 10_000)]
    pub debit: Option<Yen>,
    /// Yen on the credit side (貸方).
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub credit: Option<Yen>,
    /// Code of the fund it belongs to.
    #[serde(default)]
    #[schema(example = "inclufund")]
    pub fund: Option<String>,
    /// Code of the co-op it is with.
    #[serde(default)]
    pub coop: Option<String>,
    /// Code of the campaign it is for.
    #[serde(default)]
    pub campaign: Option<String>,
}

/// An entry to post by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostJournalEntry {
    /// The true date; today where none is given.
    #[serde(default)]
    #[schema(example = "2025-08-27")]
    pub date: Option<NaiveDate>,
    /// What it is about.
    #[schema(example = "会員団体の年会費")]
    pub description: String,
    /// Why it is written.
    pub reason: String,
    /// Its lines, debit and credit summing to the same.
    pub lines: Vec<NewJournalLine>,
}

impl Ledger {
    /// Posts an entry by hand: dues, grants, what a refund cost. It counts from its true date, or from
    /// the first open month after it (R14). Where that takes a second person, it waits (R17).
    ///
    /// # Errors
    /// Refuses lines that do not balance, an account that is not in the chart, a control account (it
    /// is moved by settlements, remittances and payouts only, R15), a date after today, and the very
    /// same entry while it waits.
    pub fn post_journal_entry(
        &self,
        call: &Call,
        request: &PostJournalEntry,
    ) -> Result<Outcome<JournalEntryView>> {
        self.write(call, Operation::PostJournalEntry, request, |tx| {
            done_or_submitted(tx, request)
        })
    }
}

impl NeedsApproval for PostJournalEntry {
    type Answer = JournalEntryView;

    fn carry_out(&self, tx: &mut Tx<'_>) -> Result<JournalEntryView> {
        post(tx, self)
    }

    fn dated(self, today: NaiveDate) -> PendingRequest {
        PendingRequest::PostJournalEntry(Self {
            date: self.date.or(Some(today)),
            ..self
        })
    }
}

fn post(tx: &mut Tx<'_>, request: &PostJournalEntry) -> Result<JournalEntryView> {
    let reason = given_reason(&request.reason)?;
    let description = given_description(&request.description)?;
    let date = request.date.unwrap_or(tx.today);
    refuse_future(tx, "date", date)?;
    let books = Books::load(tx.connection)?;
    let postings = (0..)
        .zip(&request.lines)
        .map(|(place, line)| posting(&books, line).map_err(|error| in_line(place, error)))
        .collect::<Result<Vec<_>>>()?;
    let entry = NewEntry {
        date,
        source: EntrySource::Manual,
        source_id: None,
        description: description.to_owned(),
        reason: Some(reason),
        reverses: None,
        postings,
    };
    let id = post_entry(tx, &entry)?;
    let view = entry_view(tx.connection, id)?;
    let event = Event {
        action: "post_journal_entry",
        coop_id: None,
        subject: format!("journal_entry:{id}"),
        reason: Some(reason),
    };
    tx.audit(&event, None::<&()>, Some(&view))?;
    Ok(view)
}

/// Refuses a date after today, naming its field: what has not happened is not booked.
pub(crate) fn refuse_future(tx: &Tx<'_>, column: &str, date: NaiveDate) -> Result<()> {
    if date > tx.today {
        return Err(LedgerError::field(
            "date_in_future",
            column,
            format!(
                "{date} はまだ来ていません。今日（{}）までの日付にしてください",
                tx.today
            ),
        ));
    }
    Ok(())
}

/// Refuses yen beyond what anybody can have meant.
pub(crate) fn refuse_too_large(column: &str, amount: Yen) -> Result<()> {
    if amount > ENTERED_YEN_MAX {
        return Err(LedgerError::field(
            "amount_out_of_range",
            column,
            format!(
                "{}円は大きすぎます。{}円までにしてください",
                amount.grouped(),
                ENTERED_YEN_MAX.grouped()
            ),
        ));
    }
    Ok(())
}

/// A text of 1 to 200 characters without control characters.
fn given_description(text: &str) -> Result<&str> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > DESCRIPTION_CHARS_MAX || text.chars().any(char::is_control) {
        return Err(LedgerError::field(
            "description_unreadable",
            "description",
            format!("摘要は1〜{DESCRIPTION_CHARS_MAX}文字、改行なしで書いてください"),
        ));
    }
    Ok(text)
}

/// A refusal that says which line it is about: of many on a screen, one is wrong.
fn in_line(place: usize, error: LedgerError) -> LedgerError {
    let named = |message: String| format!("{}行目: {message}", place + 1);
    match error {
        LedgerError::Invalid {
            code,
            message,
            mut problems,
        } => {
            for problem in &mut problems {
                let column = problem.column.take();
                problem.column = column.map(|column| format!("lines/{place}/{column}"));
            }
            LedgerError::Invalid {
                code,
                message,
                problems,
            }
        }
        LedgerError::NotFound { code, message } => LedgerError::NotFound {
            code,
            message: named(message),
        },
        LedgerError::Refused {
            code,
            message,
            details,
        } => LedgerError::Refused {
            code,
            message: named(message),
            details,
        },
        other => other,
    }
}

fn posting(books: &Books, line: &NewJournalLine) -> Result<NewPosting> {
    let account = books.account_named(&line.account)?;
    refuse_control(account)?;
    let fund = line.fund.as_deref().map(|code| books.fund(code));
    let coop = line.coop.as_deref().map(|code| books.cooperative(code));
    let campaign = line.campaign.as_deref().map(|code| books.campaign(code));
    Ok(NewPosting {
        account: account.code,
        amount: signed(line)?,
        fund_id: fund.transpose()?.map(|fund| fund.id),
        coop_id: coop.transpose()?.map(|coop| coop.id),
        campaign_id: campaign.transpose()?.map(|campaign| campaign.id),
        batch_id: None,
    })
}

fn signed(line: &NewJournalLine) -> Result<Yen> {
    refuse_too_large("debit", line.debit.unwrap_or_default())?;
    refuse_too_large("credit", line.credit.unwrap_or_default())?;
    let amount = match (line.debit, line.credit) {
        (Some(debit), None) if debit > Yen::ZERO => Some(debit),
        (None, Some(credit)) if credit > Yen::ZERO => credit.checked_neg(),
        _ => None,
    };
    amount.ok_or_else(|| {
        LedgerError::field(
            "line_one_sided",
            "debit",
            format!(
                "勘定科目 {} の行は、借方（debit）か貸方（credit）のどちらか一つに、1円以上の金額を書いてください",
                line.account
            ),
        )
    })
}

fn refuse_control(account: &Account) -> Result<()> {
    if !account.is_control {
        return Ok(());
    }
    Err(LedgerError::refused(
        "control_account",
        format!(
            "{} {} は、集金結果・送金・団体への送金の記録からだけ動く勘定です。手入力の仕訳では使えません。それぞれの記録か、その取り消しで直してください",
            account.code, account.name
        ),
    ))
}
