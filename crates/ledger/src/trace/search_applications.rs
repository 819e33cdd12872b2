//! Looking for applications by what people remember of them.

use chrono::NaiveDate;
use domain::{
    ApplicationState, CollectionMonth, CoopCode, HoldReason, HoldReasons, OrderNumber, Yen,
};
use serde::{Deserialize, Serialize};
use store::application_search::{self, FoundApplication};

use super::look::look_at_number;
use crate::error::stored;
use crate::reference::find_cooperative;
use crate::{Call, Cursor, Ledger, LedgerError, Operation, Page, PageRequest, Result};

const LIST: &str = "applications";

/// Which applications to look for; what is none does not matter, and all that is given must fit.
#[derive(Debug, Clone, Default)]
pub struct ApplicationFilter {
    /// Of one co-op.
    pub coop: Option<CoopCode>,
    /// Of the member of this number, or with this number where there is no such member.
    pub member_number: Option<String>,
    /// With this order number.
    pub order_number: Option<OrderNumber>,
    /// Collected in this month.
    pub month: Option<CollectionMonth>,
    /// Charged in this batch.
    pub batch_id: Option<i64>,
    /// Of so many yen or more.
    pub amount_min: Option<Yen>,
    /// Of so many yen or fewer.
    pub amount_max: Option<Yen>,
    /// Received on this day or later.
    pub received_from: Option<NaiveDate>,
    /// Received on this day or earlier.
    pub received_to: Option<NaiveDate>,
    /// In this state.
    pub state: Option<ApplicationState>,
    /// From the import, sheet or request of this number.
    pub import_id: Option<i64>,
}

/// An application that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ApplicationFound {
    /// Its number.
    pub id: i64,
    /// Code of the co-op.
    #[schema(example = "01")]
    pub coop: String,
    /// The member number as written.
    pub member_number: String,
    /// The order number; none on a depot form of free text.
    pub order_number: Option<String>,
    /// Units (口), where known.
    pub units: Option<i64>,
    /// Yen, where known.
    #[schema(value_type = Option<i64>)]
    pub amount: Option<Yen>,
    /// The date of receipt.
    pub received_on: NaiveDate,
    /// The way it came in.
    #[schema(example = "web")]
    pub channel: String,
    /// What else was written.
    pub note: Option<String>,
    /// When it is collected; none while unknown.
    #[schema(value_type = Option<String>, example = "2025-08")]
    pub collection_month: Option<CollectionMonth>,
    /// `posted`, `held`, `mistake` or `voided`.
    #[schema(value_type = String, example = "posted")]
    pub state: ApplicationState,
    /// The main reason to hold it.
    #[schema(value_type = Option<String>)]
    pub reason: Option<HoldReason>,
    /// The import, sheet or request it arrived in.
    pub import_id: i64,
    /// Its line there.
    pub line: i64,
}

impl Ledger {
    /// The applications that fit, newest first.
    pub fn search_applications(
        &self,
        call: &Call,
        filter: &ApplicationFilter,
        page: &PageRequest,
    ) -> Result<Page<ApplicationFound>> {
        let rows = page.rows()?;
        let before_id = match &page.cursor {
            Some(cursor) => cursor.keys::<1>(LIST)?[0],
            None => i64::MAX,
        };
        self.read_logged(call, Operation::SearchApplications, |connection, _| {
            let coop_id = match &filter.coop {
                Some(coop) => Some(find_cooperative(connection, coop)?.id),
                None => None,
            };
            let asked = asked(filter, coop_id);
            let found = application_search::search(connection, &asked, before_id, rows + 1)?;
            let views = found.into_iter().map(view).collect::<Result<Vec<_>>>()?;
            let look = look_at_number(connection, coop_id, filter.member_number.as_deref())?;
            let page = Page::of(views, rows, |one| Cursor::after(LIST, &[one.id]));
            Ok((page, look))
        })
    }
}

fn asked(
    filter: &ApplicationFilter,
    coop_id: Option<i64>,
) -> application_search::ApplicationFilter {
    application_search::ApplicationFilter {
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
        received_from: filter.received_from,
        received_to: filter.received_to,
        state: filter.state.map(ApplicationState::as_str),
        intake_id: filter.import_id,
    }
}

/// An application that was found, as people see it.
pub(crate) fn view(found: FoundApplication) -> Result<ApplicationFound> {
    let reasons = u16::try_from(found.reasons)
        .ok()
        .and_then(HoldReasons::from_bits)
        .ok_or_else(|| LedgerError::Corrupt(format!("applications.reasons: {}", found.id)))?;
    let collection_month = found
        .collection_month
        .map(|month| stored("applications.month", CollectionMonth::from_int(month)))
        .transpose()?;
    Ok(ApplicationFound {
        id: found.id,
        coop: found.coop,
        member_number: found.member_number,
        order_number: found.order_number,
        units: found.units,
        amount: found.amount.map(Yen::new),
        received_on: found.received_on,
        channel: found.channel,
        note: found.note,
        collection_month,
        state: stored(
            "applications.state",
            ApplicationState::from_stored(&found.state),
        )?,
        reason: reasons.main(),
        import_id: found.intake_id,
        line: found.line_no,
    })
}
