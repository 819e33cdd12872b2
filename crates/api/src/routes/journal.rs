//! The journal: entries, the chart of accounts, and the whole of it for another program (R14).

use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use chrono::NaiveDate;
use domain::{CollectionMonth, EntrySource, Yen};
use ledger::Page;
use ledger::accounting::{
    AccountView, ExportJournal, JournalEntryView, JournalFilter, JournalFormat, PostJournalEntry,
    ReverseJournalEntry,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::pending_actions::{WaitsForApproval, done_or_waiting};
use super::{Answer, Items};
use crate::api::Api;
use crate::extract::{
    Asked, AskedOnce, Body, Caller, PageParameters, Paged, Parameters, RequiredKey, day,
};
use front::Problem;
use front::chunks;

/// The chart of accounts (勘定科目), by number.
#[utoipa::path(
    tag = "journal",
    operation_id = "list_accounts",
    responses((status = 200, description = "All of them", body = Items<AccountView>))
)]
#[get("/api/v1/accounts")]
pub async fn list_accounts(api: web::Data<Api>, caller: Caller) -> Answer<Items<AccountView>> {
    api.answer(move |ledger| {
        let items = ledger.list_accounts(&caller.0)?;
        Ok(Items { items })
    })
    .await
}

/// Which entries are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JournalParameters {
    /// Only those posted in this month.
    #[param(value_type = Option<String>, example = "2025-08")]
    month: Option<CollectionMonth>,
    /// Only those from this source: `settlement`, `refund`, `remittance`, `payout`, `transfer`,
    /// `reversal`, `manual` or `year_close`.
    #[param(value_type = Option<String>, example = "manual")]
    source: Option<EntrySource>,
    /// Only those that count from this day or later.
    #[param(value_type = Option<String>, format = Date)]
    #[serde(default, deserialize_with = "day::optional")]
    posted_from: Option<NaiveDate>,
    /// Only those that count from this day or earlier.
    #[param(value_type = Option<String>, format = Date)]
    #[serde(default, deserialize_with = "day::optional")]
    posted_to: Option<NaiveDate>,
    /// With a line on the account of this number; this and all that follow have to fit one line.
    #[param(example = "1121")]
    account: Option<String>,
    /// With a line of the fund with this code.
    fund: Option<String>,
    /// With a line of the co-op with this code.
    #[param(example = "01")]
    coop: Option<String>,
    /// With a line of the campaign with this code.
    campaign: Option<String>,
    /// With a line of this batch.
    batch_id: Option<i64>,
    /// With a line of so many yen or more, on either side.
    amount_min: Option<i64>,
    /// With a line of so many yen or fewer, on either side.
    amount_max: Option<i64>,
}

/// The entries of the journal (仕訳), the newest first.
#[utoipa::path(
    tag = "journal",
    operation_id = "list_journal_entries",
    params(JournalParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<JournalEntryView>),
        (status = 404, description = "`account_not_found`, `fund_not_found`, `cooperative_not_found`, `campaign_not_found`: there is no such account, fund, co-op or campaign"),
        (status = 422, description = "`account_unreadable`; `days_out_of_order`: the first day lies after the last"),
    )
)]
#[get("/api/v1/journal-entries")]
pub async fn list_journal_entries(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<JournalParameters>,
) -> Answer<Page<JournalEntryView>> {
    let Paged(asked, page) = asked;
    let filter = JournalFilter {
        period: asked.month,
        source: asked.source,
        posted_from: asked.posted_from,
        posted_to: asked.posted_to,
        account: asked.account,
        fund: asked.fund,
        coop: asked.coop,
        campaign: asked.campaign,
        batch_id: asked.batch_id,
        amount_min: asked.amount_min.map(Yen::new),
        amount_max: asked.amount_max.map(Yen::new),
    };
    api.answer(move |ledger| ledger.list_journal_entries(&caller.0, &filter, &page))
        .await
}

/// Posts an entry by hand, with a reason. One dated in a closed month posts into the first open one.
#[utoipa::path(
    tag = "journal",
    operation_id = "post_journal_entry",
    params(RequiredKey),
    request_body = PostJournalEntry,
    responses(
        (status = 200, description = "The entry", body = JournalEntryView),
        WaitsForApproval,
        (status = 404, description = "`account_not_found`, `fund_not_found`, `cooperative_not_found`, `campaign_not_found`: a line names what there is not"),
        (status = 409, description = "`pending_already`: the very same waits already; `control_account`: the account is moved by settlements, remittances and payouts only; `no_open_period`"),
        (status = 422, description = "`entry_unbalanced`: `detail` says by how much; `line_one_sided`; `amount_out_of_range`; `account_unreadable`; `description_unreadable`; `reason_missing`, `reason_unreadable`; `date_in_future`, `date_out_of_range`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/journal-entries")]
pub async fn post_journal_entry(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<PostJournalEntry>,
) -> Result<HttpResponse, Problem> {
    let outcome = api
        .run(move |ledger| ledger.post_journal_entry(&asked.0, &body.0))
        .await?;
    done_or_waiting(outcome)
}

/// In which format the journal is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JournalFormatParameters {
    /// `hledger`.
    #[param(inline, example = "hledger")]
    format: JournalFormat,
}

/// The whole journal, declared strictly; `hledger check --strict` accepts it.
#[utoipa::path(
    tag = "journal",
    operation_id = "export_journal",
    params(JournalFormatParameters),
    responses((status = 200, description = "The journal", body = String, content_type = "text/plain"))
)]
#[get("/api/v1/journal-entries/export")]
pub async fn export_journal(
    api: web::Data<Api>,
    asked: Asked,
    parameters: Parameters<JournalFormatParameters>,
) -> Result<HttpResponse, Problem> {
    let request = ExportJournal {
        format: parameters.0.format,
    };
    let call = asked.0;
    let (exported, file) = api
        .run(move |ledger| ledger.open_journal_file(&call, &request))
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"hitokuchi.journal\"",
        ))
        .insert_header((header::ETAG, format!("\"{}\"", exported.sha256)))
        .streaming(chunks(file)))
}

/// An entry with its lines.
#[utoipa::path(
    tag = "journal",
    operation_id = "get_journal_entry",
    params(("id" = i64, Path, description = "The entry's `entry_id`")),
    responses(
        (status = 200, description = "The entry", body = JournalEntryView),
        (status = 404, description = "`entry_not_found`: there is no such entry"),
    )
)]
#[get("/api/v1/journal-entries/{id}")]
pub async fn get_journal_entry(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<i64>,
) -> Answer<JournalEntryView> {
    api.answer(move |ledger| ledger.get_journal_entry(&caller.0, *id))
        .await
}

/// Why an entry is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryReversal {
    /// The date of the reversal; today where none is given.
    #[serde(default)]
    #[schema(example = "2025-08-27")]
    date: Option<NaiveDate>,
    /// Why.
    #[schema(example = "二重に記帳")]
    reason: String,
}

/// Takes an entry back, once, by its opposite, which names it.
#[utoipa::path(
    tag = "journal",
    operation_id = "reverse_journal_entry",
    params(("id" = i64, Path, description = "The entry's `entry_id`"), RequiredKey),
    request_body = EntryReversal,
    responses(
        (status = 200, description = "The reversal", body = JournalEntryView),
        WaitsForApproval,
        (status = 404, description = "`entry_not_found`: there is no such entry"),
        (status = 409, description = "`pending_already`: the very same waits already; `entry_already_reversed`; `entry_not_reversible`: it is taken back where it came from; `no_open_period`"),
        (status = 422, description = "`date_in_future`, `date_before_entry`, `date_out_of_range`; `reason_missing`, `reason_unreadable`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/journal-entries/{id}/reverse")]
pub async fn reverse_journal_entry(
    api: web::Data<Api>,
    asked: AskedOnce,
    id: web::Path<i64>,
    body: Body<EntryReversal>,
) -> Result<HttpResponse, Problem> {
    let request = ReverseJournalEntry {
        entry_id: *id,
        date: body.0.date,
        reason: body.0.reason,
    };
    let outcome = api
        .run(move |ledger| ledger.reverse_journal_entry(&asked.0, &request))
        .await?;
    done_or_waiting(outcome)
}
