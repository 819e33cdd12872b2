//! Looking for charges by what people remember of them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use domain::{ChargeKey, CollectionMonth, CoopCode, OfferingKind, OrderNumber, ResultCode, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::batches;
use store::tables::charges::{self, Charge};
use store::tables::cooperatives;

use super::look::look_at_number;
use super::outcome::{self, ChargeCorrection, ChargeResult};
use crate::error::stored;
use crate::reference::find_cooperative;
use crate::{Call, Cursor, Ledger, LedgerError, Operation, Page, PageRequest, Result};

const LIST: &str = "charges";
/// Japan is nine hours ahead of UTC, all year.
const JAPAN_AHEAD_HOURS: i64 = 9;

/// Which charges to look for; what is none does not matter, and all that is given must fit.
#[derive(Debug, Clone, Default)]
pub struct ChargeFilter {
    /// Of one co-op.
    pub coop: Option<CoopCode>,
    /// Of the member of this number.
    pub member_number: Option<String>,
    /// Under this order number.
    pub order_number: Option<OrderNumber>,
    /// Of one month.
    pub month: Option<CollectionMonth>,
    /// Of one batch.
    pub batch_id: Option<i64>,
    /// Of so many yen or more.
    pub amount_min: Option<Yen>,
    /// Of so many yen or fewer.
    pub amount_max: Option<Yen>,
    /// With this standing result (R13).
    pub result_code: Option<ResultCode>,
    /// Closed on this day in Japan or later.
    pub closed_from: Option<NaiveDate>,
    /// Closed on this day in Japan or earlier.
    pub closed_to: Option<NaiveDate>,
}

/// A charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChargeView {
    /// Its key (請求キー) in the collection file.
    #[schema(value_type = String, example = "00120250801000000012")]
    pub charge_key: ChargeKey,
    /// Its batch.
    pub batch_id: i64,
    /// Which batch of the month that is.
    pub sequence: i32,
    /// Its place in the file, from 1.
    pub rank: i64,
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// The member's number.
    pub member_number: String,
    /// The order number; empty for an imported pledge without one.
    pub order_number: String,
    /// The kind of gift.
    #[schema(value_type = String, example = "supporter")]
    pub kind: OfferingKind,
    /// Units (口).
    pub units: i64,
    /// Yen a unit.
    #[schema(value_type = i64)]
    pub unit_price: Yen,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Whether its batch was voided, so that it counts no more.
    pub is_voided: bool,
    /// The month that the gift is for: before `month`, where a failed collection is tried again.
    #[schema(value_type = String, example = "2025-08")]
    pub gift_month: CollectionMonth,
    /// Which try it is, from 1.
    pub attempt: i32,
    /// The key of the charge that it tries again.
    #[schema(value_type = Option<String>, example = "00120250801000000012")]
    pub repeats: Option<ChargeKey>,
    /// What became of it (R13); none while it is outstanding.
    pub result: Option<ChargeResult>,
    /// What was put right in its results, the oldest first.
    pub corrections: Vec<ChargeCorrection>,
    /// The pledge, where it is one.
    pub pledge_id: Option<i64>,
    /// The gift, where it is one.
    pub donation_id: Option<i64>,
    /// Who closed its batch.
    pub closed_by: String,
    /// When.
    pub closed_at: DateTime<Utc>,
}

impl Ledger {
    /// The charges that fit, voided ones too, in the order of batches and of their files.
    pub fn search_charges(
        &self,
        call: &Call,
        filter: &ChargeFilter,
        page: &PageRequest,
    ) -> Result<Page<ChargeView>> {
        self.page_of_charges(call, Operation::SearchCharges, filter, page)
    }

    /// The charge of a key.
    ///
    /// # Errors
    /// Refuses a key that no charge has.
    pub fn get_charge(&self, call: &Call, key: ChargeKey) -> Result<ChargeView> {
        self.read_logged(call, Operation::SearchCharges, |connection, _| {
            let charge = find_charge(connection, key)?.ok_or_else(|| {
                LedgerError::not_found(
                    "charge_not_found",
                    format!("請求キー {key} の請求明細はありません。請求データのファイルの番号と見比べてください"),
                )
            })?;
            let number = charge.member_number.clone();
            let look = look_at_number(connection, Some(charge.coop_id), Some(&number))?;
            Ok((view(connection, charge)?, look))
        })
    }

    fn page_of_charges(
        &self,
        call: &Call,
        operation: Operation,
        filter: &ChargeFilter,
        page: &PageRequest,
    ) -> Result<Page<ChargeView>> {
        let rows = page.rows()?;
        let after = match &page.cursor {
            Some(cursor) => cursor.keys::<2>(LIST)?.into(),
            None => (0, 0),
        };
        self.read_logged(call, operation, |connection, _| {
            let asked = asked(connection, filter)?;
            let found = charges::search(connection, &asked, after, rows + 1)?;
            let views = found
                .into_iter()
                .map(|charge| view(connection, charge))
                .collect::<Result<Vec<_>>>()?;
            let number = filter.member_number.as_deref();
            let look = look_at_number(connection, asked.coop_id, number)?;
            let page = Page::of(views, rows, |charge| {
                Cursor::after(LIST, &[charge.batch_id, charge.rank])
            });
            Ok((page, look))
        })
    }

    /// The charges of a batch in the order of its file.
    pub fn list_charges(
        &self,
        call: &Call,
        batch_id: i64,
        page: &PageRequest,
    ) -> Result<Page<ChargeView>> {
        let filter = ChargeFilter {
            batch_id: Some(batch_id),
            ..ChargeFilter::default()
        };
        self.page_of_charges(call, Operation::ListCharges, &filter, page)
    }
}

fn find_charge(connection: &mut DbConnection, key: ChargeKey) -> Result<Option<Charge>> {
    let (month, sequence) = (key.month().as_int(), key.sequence());
    let Ok(sequence) = i32::try_from(sequence) else {
        return Ok(None);
    };
    let batch = batches::find_sequence(connection, key.coop_number(), month, sequence)?;
    match batch {
        Some(batch) => Ok(charges::find(connection, batch.id, key.rank())?),
        None => Ok(None),
    }
}

fn asked(connection: &mut DbConnection, filter: &ChargeFilter) -> Result<charges::ChargeFilter> {
    let coop_id = match &filter.coop {
        Some(coop) => Some(find_cooperative(connection, coop)?.id),
        None => None,
    };
    Ok(charges::ChargeFilter {
        coop_id,
        member_number: filter
            .member_number
            .as_deref()
            .map(|number| domain::to_half_width(number).into_owned()),
        order_number: filter.order_number.as_ref().map(ToString::to_string),
        month: filter.month.map(CollectionMonth::as_int),
        batch_id: filter.batch_id,
        amount_min: filter.amount_min.map(Yen::get),
        amount_max: filter.amount_max.map(Yen::get),
        result_code: filter.result_code.map(|code| code.as_str().to_owned()),
        closed_from: filter.closed_from.map(begins_in_japan),
        closed_before: filter.closed_to.map(ends_in_japan),
    })
}

/// The moment, UTC, when a day begins in Japan.
pub(crate) fn begins_in_japan(day: NaiveDate) -> NaiveDateTime {
    let midnight = day.and_time(NaiveTime::MIN);
    midnight
        .checked_sub_signed(TimeDelta::hours(JAPAN_AHEAD_HOURS))
        .unwrap_or(midnight)
}

/// The moment, UTC, when a day has ended in Japan.
pub(crate) fn ends_in_japan(day: NaiveDate) -> NaiveDateTime {
    begins_in_japan(day.succ_opt().unwrap_or(day))
}

/// A charge as people see it.
pub(crate) fn view(connection: &mut DbConnection, charge: Charge) -> Result<ChargeView> {
    let coop = cooperatives::find(connection, charge.coop_id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("batches.coop_id: {}", charge.coop_id)))?;
    let month = stored("batches.month", CollectionMonth::from_int(charge.month))?;
    let key = ChargeKey::new(coop.id, month, i64::from(charge.sequence), charge.rank);
    let gift_month = CollectionMonth::from_int(charge.gift_month);
    let outcome = outcome::of_charge(connection, charge.batch_id, charge.rank)?;
    Ok(ChargeView {
        charge_key: stored("charges.rank", key)?,
        batch_id: charge.batch_id,
        sequence: charge.sequence,
        rank: charge.rank,
        coop: stored("cooperatives.code", coop.code.parse::<CoopCode>())?,
        month,
        member_number: charge.member_number,
        order_number: charge.order_number,
        kind: stored("charges.kind", OfferingKind::from_stored(&charge.kind))?,
        units: charge.units,
        unit_price: Yen::new(charge.unit_price),
        amount: Yen::new(charge.amount),
        is_voided: charge.void_mark != 0,
        gift_month: stored("charges.month", gift_month)?,
        attempt: charge.attempt,
        repeats: outcome::key_at(connection, charge.repeats_batch_id, charge.repeats_rank)?,
        result: outcome.result,
        corrections: outcome.corrections,
        pledge_id: charge.pledge_id,
        donation_id: charge.donation_id,
        closed_by: charge.closed_by,
        closed_at: charge.closed_at.and_utc(),
    })
}
