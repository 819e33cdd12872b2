//! `record_payout`: passing on what a campaign collected, never more than that.

use chrono::NaiveDate;
use domain::{AccountCode, Accounting, EntrySource, NewPosting, Yen};
use serde::{Deserialize, Serialize};
use store::lock;
use store::tables::payouts::{self, NewPayout};
use utoipa::ToSchema;

use super::books::{BookedCampaign, Books};
use super::campaign_balance::CampaignBalance;
use super::payouts::{PayoutView, payout_view};
use super::post_journal_entry::{refuse_future, refuse_too_large};
use super::{NewEntry, post_entry};
use crate::call::given_note;
use crate::two_persons::{NeedsApproval, Outcome, PendingRequest, done_or_submitted};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Money passed on to an organisation, or returned by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPayout {
    /// Code of the campaign.
    #[schema(example = "kosumosu-2025")]
    pub campaign: String,
    /// The day it left the account, or came back; today where none is given.
    #[serde(default)]
    #[schema(example = "2025-10-31")]
    pub paid_on: Option<NaiveDate>,
    /// Yen.
    #[schema(value_type = i64, example = 9_500)]
    pub amount: Yen,
    /// Yen of the bank's fee, borne by the fund.
    #[serde(default)]
    #[schema(value_type = i64, example = 330)]
    pub fee: Yen,
    /// Whether the organisation gives back what it owes.
    #[serde(default)]
    pub returned: bool,
    /// What is worth noting.
    #[serde(default)]
    pub note: Option<String>,
}

impl Ledger {
    /// Records a payout: Dr 預り金 (agency) or 支払寄付金 (principal), Cr 普通預金; the fee is the
    /// fund's. Or, `returned`, what the organisation gives back of what it owes: Dr 普通預金, Cr
    /// 未収金(団体返還). Where that takes a second person, it waits (R17).
    ///
    /// # Errors
    /// Refuses more than was collected and not passed on yet, a return of more than is owed back, an
    /// amount below 1, a day after today, and the very same payout while it waits.
    pub fn record_payout(
        &self,
        call: &Call,
        request: &RecordPayout,
    ) -> Result<Outcome<PayoutView>> {
        self.write(call, Operation::RecordPayout, request, |tx| {
            done_or_submitted(tx, request)
        })
    }
}

impl NeedsApproval for RecordPayout {
    type Answer = PayoutView;

    fn carry_out(&self, tx: &mut Tx<'_>) -> Result<PayoutView> {
        record(tx, self)
    }

    fn dated(self, today: NaiveDate) -> PendingRequest {
        PendingRequest::RecordPayout(Self {
            paid_on: self.paid_on.or(Some(today)),
            ..self
        })
    }
}

fn record(tx: &mut Tx<'_>, request: &RecordPayout) -> Result<PayoutView> {
    let day = request.paid_on.unwrap_or(tx.today);
    refuse_future(tx, "paid_on", day)?;
    let note = given_note(request.note.as_deref())?;
    if request.amount <= Yen::ZERO || request.fee < Yen::ZERO {
        return Err(LedgerError::field(
            "amount_out_of_range",
            "amount",
            "送金額は1円以上、手数料は0円以上で書いてください",
        ));
    }
    refuse_too_large("amount", request.amount)?;
    refuse_too_large("fee", request.fee)?;
    lock::journal_exclusive(tx.connection)?;
    let books = Books::load(tx.connection)?;
    let campaign = books.campaign(&request.campaign)?;
    let balance = CampaignBalance::load(tx, campaign)?;
    check_covered(campaign, &balance, request)?;
    let payout = NewPayout {
        campaign_id: campaign.id,
        kind: if request.returned {
            payouts::RETURN
        } else {
            payouts::PAYOUT
        },
        paid_on: day,
        amount: request.amount.get(),
        fee: request.fee.get(),
        note,
        actor: tx.actor.as_str(),
        recorded_at: tx.recorded_at(),
    };
    let id = payouts::insert(tx.connection, &payout)?;
    let organization = &campaign.organization.name;
    let entry = NewEntry {
        date: day,
        source: EntrySource::Payout,
        source_id: Some(id),
        description: if request.returned {
            format!("{organization}からの返還: {}", campaign.title)
        } else {
            format!("{organization}への送金: {}", campaign.title)
        },
        reason: note,
        reverses: None,
        postings: postings(campaign, request)?,
    };
    post_entry(tx, &entry)?;
    let view = payout_view(tx.connection, id)?;
    let event = Event {
        action: "record_payout",
        coop_id: None,
        subject: format!("payout:{id}"),
        reason: note,
    };
    tx.audit(&event, None::<&()>, Some(&view))?;
    Ok(view)
}

/// Never more than was collected and not passed on; never more back than is owed.
fn check_covered(
    campaign: &BookedCampaign,
    balance: &CampaignBalance,
    request: &RecordPayout,
) -> Result<()> {
    let (most, code, message) = if request.returned {
        (
            balance.owed_back,
            "more_than_owed_back",
            format!(
                "{} が返す額は {}円です。それを超える返還は記録できません",
                campaign.organization.name,
                balance.owed_back.grouped()
            ),
        )
    } else {
        (
            balance.payable,
            "more_than_collected",
            format!(
                "募集「{}」で集金済み・未送金の額は {}円です。それを超えて送金することはできません。集金結果を先に取り込んでください",
                campaign.code,
                balance.payable.grouped()
            ),
        )
    };
    if request.amount <= most {
        return Ok(());
    }
    Err(LedgerError::Refused {
        code,
        message,
        details: Some(serde_json::json!({ "most": most })),
    })
}

fn postings(campaign: &BookedCampaign, request: &RecordPayout) -> Result<Vec<NewPosting>> {
    let out_of_range = || {
        LedgerError::field(
            "amount_out_of_range",
            "amount",
            "金額が大きすぎます。桁数を確かめてください",
        )
    };
    let negative = |yen: Yen| yen.checked_neg().ok_or_else(out_of_range);
    let for_campaign = |account, amount| NewPosting {
        campaign_id: Some(campaign.id),
        ..NewPosting::new(account, amount)
    };
    let mut postings = if request.returned {
        vec![
            for_campaign(AccountCode::BANK, request.amount),
            for_campaign(
                AccountCode::DUE_FROM_ORGANIZATIONS,
                negative(request.amount)?,
            ),
        ]
    } else {
        let account = match campaign.accounting {
            Accounting::Agency => AccountCode::HELD_FOR_ORGANIZATIONS,
            Accounting::Principal => AccountCode::GIFTS_PASSED_ON,
        };
        vec![
            for_campaign(account, request.amount),
            for_campaign(AccountCode::BANK, negative(request.amount)?),
        ]
    };
    if request.fee > Yen::ZERO {
        postings.push(for_campaign(AccountCode::FEES, request.fee));
        postings.push(for_campaign(AccountCode::BANK, negative(request.fee)?));
    }
    Ok(postings)
}
