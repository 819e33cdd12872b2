//! The general ledger of an account (総勘定元帳).

use chrono::{Datelike, NaiveDate};
use domain::{AccountCode, AccountKind, EntrySource, Yen};
use formats::report::ReportCsv;
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::reports::{self, AccountSums, Days, LedgerLine, LedgerPlace, PostingFilter};
use utoipa::ToSchema;

use super::ReportFilter;
use crate::accounting::books::{Account, Books};
use crate::accounting::view::code_of;
use crate::error::stored;
use crate::{Call, Cursor, Ledger, LedgerError, Operation, Page, PageRequest, Result};

const LIST: &str = "general-ledger";
/// Lines of one report at most.
const LINES_MAX: i64 = 100_000;

/// A posting of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GeneralLedgerLine {
    /// Number of the entry.
    pub entry_id: i64,
    /// The date it counts from.
    pub posted_on: NaiveDate,
    /// The true date.
    pub occurred_on: NaiveDate,
    /// What the entry came from.
    #[schema(value_type = String, example = "settlement")]
    pub source: EntrySource,
    /// What it is about.
    pub description: String,
    /// Code of the fund.
    pub fund: Option<String>,
    /// Code of the co-op.
    pub coop: Option<String>,
    /// Code of the campaign.
    pub campaign: Option<String>,
    /// Number of the batch.
    pub batch_id: Option<i64>,
    /// Yen on the debit side.
    #[schema(value_type = i64)]
    pub debit: Yen,
    /// Yen on the credit side.
    #[schema(value_type = i64)]
    pub credit: Yen,
    /// Yen after it: debit positive, credit negative.
    #[schema(value_type = i64)]
    pub balance: Yen,
}

/// Every posting of an account between two days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GeneralLedger {
    /// Number of the account.
    #[schema(value_type = String, example = "1131")]
    pub account: AccountCode,
    /// Its name.
    #[schema(example = "未収金(単協別)")]
    pub name: String,
    /// The first day, where one was given.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: NaiveDate,
    /// Yen before the first day: debit positive, credit negative.
    #[schema(value_type = i64)]
    pub opening: Yen,
    /// The postings, by day and entry.
    pub lines: Vec<GeneralLedgerLine>,
    /// Yen on the last day.
    #[schema(value_type = i64)]
    pub balance: Yen,
}

/// A page of the postings of an account, with what they are a part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneralLedgerPage {
    /// Number of the account.
    pub account: AccountCode,
    /// Its name.
    pub name: String,
    /// What it is of.
    pub kind: AccountKind,
    /// The first day, where one was given.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: NaiveDate,
    /// Yen before the first day: debit positive, credit negative.
    pub opening: Yen,
    /// Yen debited between the days.
    pub debit: Yen,
    /// Yen credited between the days.
    pub credit: Yen,
    /// Yen on the last day.
    pub balance: Yen,
    /// Yen before the first line of the page.
    pub carried: Yen,
    /// The lines of the page, by day and entry.
    pub lines: Page<GeneralLedgerLine>,
}

/// What of an account is asked for.
struct Asked<'a> {
    account: &'a Account,
    days: Days,
    postings: PostingFilter,
    opening: Yen,
    debit: Yen,
    credit: Yen,
}

impl<'a> Asked<'a> {
    fn load(
        connection: &mut DbConnection,
        books: &'a Books,
        account: &str,
        filter: &ReportFilter,
        today: NaiveDate,
    ) -> Result<Self> {
        let days = filter.days(today)?;
        let account = books.account_named(account)?;
        let postings = PostingFilter {
            account: Some(account.code.as_int()),
            ..filter.postings(books)?
        };
        let sums = reports::account_sums(connection, days, &postings)?;
        let total = |of: fn(&AccountSums) -> i64| {
            let yen = sums.iter().map(|sum| Yen::new(of(sum)));
            stored("journal_postings.amount", Yen::sum(yen))
        };
        Ok(Self {
            account,
            days,
            postings,
            opening: total(|sum| sum.opening)?,
            debit: total(|sum| sum.debit)?,
            credit: total(|sum| sum.credit)?,
        })
    }

    fn balance(&self) -> Result<Yen> {
        let balance = self.opening.checked_add(self.debit);
        let balance = balance.and_then(|yen| yen.checked_sub(self.credit));
        stored(
            "journal_postings.amount",
            balance.ok_or("金額が大きすぎます"),
        )
    }
}

impl Ledger {
    /// The postings of an account between two days, with the balance after each, of everything or of
    /// one fund, co-op or campaign.
    ///
    /// # Errors
    /// Refuses an account or a code that there is not, a first day after the last, and days with more
    /// than 100,000 postings.
    pub fn general_ledger(
        &self,
        call: &Call,
        account: &str,
        filter: &ReportFilter,
    ) -> Result<GeneralLedger> {
        let today = self.today();
        self.read(call, Operation::ShowGeneralLedger, |connection| {
            let books = Books::load(connection)?;
            let asked = Asked::load(connection, &books, account, filter, today)?;
            let rows = LINES_MAX + 1;
            let found = reports::ledger_lines(connection, asked.days, &asked.postings, None, rows)?;
            if i64::try_from(found.len()).is_ok_and(|lines| lines > LINES_MAX) {
                return Err(LedgerError::field(
                    "too_many_lines",
                    "from",
                    format!("{LINES_MAX}行を超えます。期間を狭めてください"),
                ));
            }
            let mut balance = asked.opening;
            let lines = found
                .into_iter()
                .map(|found| line(&books, found, &mut balance))
                .collect::<Result<_>>()?;
            Ok(GeneralLedger {
                account: asked.account.code,
                name: asked.account.name.clone(),
                from: asked.days.from,
                to: asked.days.to,
                opening: asked.opening,
                lines,
                balance,
            })
        })
    }

    /// The same a page at a time, however many postings there are.
    ///
    /// # Errors
    /// Refuses an account or a code that there is not, and a first day after the last.
    pub fn general_ledger_page(
        &self,
        call: &Call,
        account: &str,
        filter: &ReportFilter,
        page: &PageRequest,
    ) -> Result<GeneralLedgerPage> {
        let today = self.today();
        let rows = page.rows()?;
        let after = page.cursor.as_ref().map(place).transpose()?;
        self.read(call, Operation::ShowGeneralLedger, |connection| {
            let books = Books::load(connection)?;
            let asked = Asked::load(connection, &books, account, filter, today)?;
            let (days, postings) = (asked.days, &asked.postings);
            let carried = match after {
                Some(place) => Yen::new(reports::balance_up_to(connection, postings, place)?),
                None => asked.opening,
            };
            let found = reports::ledger_lines(connection, days, postings, after, rows + 1)?;
            let page = Page::of(found, rows, |line| {
                let day = i64::from(line.posted_on.num_days_from_ce());
                Cursor::after(LIST, &[day, line.entry_id, line.line_no])
            });
            let mut balance = carried;
            let items = page.items.into_iter();
            let lines = Page {
                items: items
                    .map(|found| line(&books, found, &mut balance))
                    .collect::<Result<_>>()?,
                next_cursor: page.next_cursor,
            };
            Ok(GeneralLedgerPage {
                account: asked.account.code,
                name: asked.account.name.clone(),
                kind: asked.account.kind,
                from: days.from,
                to: days.to,
                opening: asked.opening,
                debit: asked.debit,
                credit: asked.credit,
                balance: asked.balance()?,
                carried,
                lines,
            })
        })
    }
}

/// The place that a cursor stands for.
fn place(cursor: &Cursor) -> Result<LedgerPlace> {
    let [day, entry, line] = cursor.keys(LIST)?;
    let day = i32::try_from(day).ok();
    let day = day.and_then(NaiveDate::from_num_days_from_ce_opt);
    Ok((day.ok_or_else(Cursor::made_up)?, entry, line))
}

fn line(books: &Books, line: LedgerLine, balance: &mut Yen) -> Result<GeneralLedgerLine> {
    *balance = stored(
        "journal_postings.amount",
        balance
            .checked_add(Yen::new(line.amount))
            .ok_or("金額が大きすぎます"),
    )?;
    Ok(GeneralLedgerLine {
        entry_id: line.entry_id,
        posted_on: line.posted_on,
        occurred_on: line.occurred_on,
        source: stored(
            "journal_entries.source",
            EntrySource::from_stored(&line.source),
        )?,
        description: line.description,
        fund: code_of(line.fund_id, |id| books.fund_of(id).map(|fund| &fund.code))?,
        coop: code_of(line.coop_id, |id| {
            books.cooperative_of(id).map(|coop| &coop.code)
        })?,
        campaign: code_of(line.campaign_id, |id| {
            books.campaign_of(id).map(|campaign| &campaign.code)
        })?,
        batch_id: line.batch_id,
        debit: Yen::new(line.amount.max(0)),
        credit: Yen::new(line.amount.saturating_neg().max(0)),
        balance: *balance,
    })
}

impl GeneralLedger {
    /// The same as CSV for a spreadsheet; the first line has the opening balance.
    pub fn to_csv(&self) -> String {
        let mut csv = ReportCsv::new(&[
            "科目コード",
            "科目名",
            "計上日",
            "発生日",
            "仕訳番号",
            "起票元",
            "摘要",
            "基金コード",
            "単協コード",
            "募集コード",
            "請求データ",
            "借方",
            "貸方",
            "残高",
        ]);
        let code = self.account.to_string();
        csv.text(&code).text(&self.name);
        csv.text_or_empty(self.from.map(|day| day.to_string()).as_deref());
        csv.text("").text("").text("").text("前残高");
        csv.text("").text("").text("").text("").text("").text("");
        csv.yen(self.opening).end_line();
        for line in &self.lines {
            csv.text(&code)
                .text(&self.name)
                .day(line.posted_on)
                .day(line.occurred_on)
                .number(line.entry_id)
                .text(line.source.label_ja())
                .text(&line.description)
                .text_or_empty(line.fund.as_deref())
                .text_or_empty(line.coop.as_deref())
                .text_or_empty(line.campaign.as_deref())
                .number(line.batch_id)
                .yen(line.debit)
                .yen(line.credit)
                .yen(line.balance)
                .end_line();
        }
        csv.into_text()
    }
}
