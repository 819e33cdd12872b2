//! Reference data as lists, a page at a time.

use chrono::NaiveDate;
use domain::{
    Accounting, Code, CollectionMonth, CoopCode, IsoWeek, OfferingInCycle, OfferingKind,
    OrderNumber, Yen,
};
use serde::{Deserialize, Serialize};
use store::tables::{campaigns, cooperatives, cycles, funds, offerings, organizations};
use store::{DbConnection, StoreError};

use super::{catalogue, get_campaign};
use crate::error::stored;
use crate::{Call, Cursor, Ledger, LedgerError, Operation, Page, PageRequest, Result};

/// A co-op.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CooperativeView {
    /// Its code.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// Its name.
    pub name: String,
    /// Its number in the 請求キー, 1 to 999.
    pub number: i64,
}

/// A fund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FundView {
    /// Its code.
    #[schema(value_type = String, example = "inclufund")]
    pub fund: Code,
    /// Its name.
    pub name: String,
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OrganizationView {
    /// Its code.
    #[schema(value_type = String, example = "kosumosu")]
    pub organization: Code,
    /// Its name.
    pub name: String,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CampaignView {
    /// Its code.
    #[schema(value_type = String, example = "kosumosu-2025")]
    pub campaign: Code,
    /// The code of its organization.
    #[schema(value_type = String, example = "kosumosu")]
    pub organization: Code,
    /// Its title.
    pub title: String,
    /// What is wanted, in yen.
    #[schema(value_type = i64, example = 100_000)]
    pub target: Yen,
    /// The first day.
    pub opens_on: NaiveDate,
    /// The last day.
    pub closes_on: NaiveDate,
    /// Whose money its gifts are.
    #[schema(value_type = String, example = "agency")]
    pub accounting: Accounting,
}

/// A cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CycleView {
    /// Its label.
    #[schema(example = "2025年11月3回")]
    pub cycle: String,
    /// Its ISO week.
    #[schema(value_type = String, example = "2025-W46")]
    pub iso_week: IsoWeek,
    /// The first day of its window.
    pub opens_on: NaiveDate,
    /// The last day for paper, depots and the telephone.
    pub closes_on: NaiveDate,
    /// The last day for web orders, where there is another.
    pub web_closes_on: Option<NaiveDate>,
    /// The month it is collected in.
    #[schema(value_type = String, example = "2025-12")]
    pub collection_month: CollectionMonth,
}

/// An offering with what its cycle says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OfferingView {
    /// The label of its cycle.
    #[schema(example = "2025年11月3回")]
    pub cycle: String,
    /// Its number there.
    #[schema(value_type = String, example = "108413")]
    pub order_number: OrderNumber,
    /// What it asks for.
    #[schema(value_type = String, example = "supporter")]
    pub kind: OfferingKind,
    /// The price of one unit, in yen.
    #[schema(value_type = i64, example = 300)]
    pub unit_price: Yen,
    /// The fund, unless it is for a campaign.
    #[schema(value_type = Option<String>, example = "inclufund")]
    pub fund: Option<Code>,
    /// The campaign, if it is for one.
    #[schema(value_type = Option<String>)]
    pub campaign: Option<Code>,
    /// What the order sheet calls it.
    pub title: String,
    /// The first day of its window.
    pub opens_on: NaiveDate,
    /// The last day for paper, depots and the telephone.
    pub closes_on: NaiveDate,
    /// The last day for web orders, where there is another.
    pub web_closes_on: Option<NaiveDate>,
    /// The month it is collected in; for a pledge, the first.
    #[schema(value_type = String, example = "2025-12")]
    pub collection_month: CollectionMonth,
}

impl TryFrom<cooperatives::Cooperative> for CooperativeView {
    type Error = LedgerError;

    fn try_from(one: cooperatives::Cooperative) -> Result<Self> {
        Ok(Self {
            coop: stored("cooperatives.code", one.code.parse())?,
            name: one.name,
            number: one.id,
        })
    }
}

impl TryFrom<funds::Fund> for FundView {
    type Error = LedgerError;

    fn try_from(one: funds::Fund) -> Result<Self> {
        Ok(Self {
            fund: stored("funds.code", one.code.parse())?,
            name: one.name,
        })
    }
}

impl TryFrom<organizations::Organization> for OrganizationView {
    type Error = LedgerError;

    fn try_from(one: organizations::Organization) -> Result<Self> {
        Ok(Self {
            organization: stored("organizations.code", one.code.parse())?,
            name: one.name,
        })
    }
}

impl From<&OfferingInCycle> for OfferingView {
    fn from(one: &OfferingInCycle) -> Self {
        Self {
            cycle: one.cycle_label.clone(),
            order_number: one.order_number,
            kind: one.kind,
            unit_price: one.unit_price,
            fund: one.fund_code.clone(),
            campaign: one.campaign_code.clone(),
            title: one.title.clone(),
            opens_on: one.opens_on,
            closes_on: one.closes_on,
            web_closes_on: one.web_closes_on,
            collection_month: one.collection_month,
        }
    }
}

impl Ledger {
    /// The co-ops, in the order of their numbers.
    pub fn list_cooperatives(
        &self,
        call: &Call,
        page: &PageRequest,
    ) -> Result<Page<CooperativeView>> {
        self.list(
            call,
            Operation::ListCooperatives,
            page,
            cooperatives::page,
            |one| Ok((one.id, one.try_into()?)),
        )
    }

    /// The funds, in the order in which they came.
    pub fn list_funds(&self, call: &Call, page: &PageRequest) -> Result<Page<FundView>> {
        self.list(call, Operation::ListFunds, page, funds::page, |one| {
            Ok((one.id, one.try_into()?))
        })
    }

    /// The organizations, in the order in which they came.
    pub fn list_organizations(
        &self,
        call: &Call,
        page: &PageRequest,
    ) -> Result<Page<OrganizationView>> {
        self.list(
            call,
            Operation::ListOrganizations,
            page,
            organizations::page,
            |one| Ok((one.id, one.try_into()?)),
        )
    }

    /// The campaigns, in the order in which they came.
    pub fn list_campaigns(&self, call: &Call, page: &PageRequest) -> Result<Page<CampaignView>> {
        self.list(
            call,
            Operation::ListCampaigns,
            page,
            campaigns::page,
            |one| {
                let id = one.id;
                Ok((id, get_campaign::view(one)?))
            },
        )
    }

    /// The cycles, in the order in which they came.
    pub fn list_cycles(&self, call: &Call, page: &PageRequest) -> Result<Page<CycleView>> {
        self.list(call, Operation::ListCycles, page, cycles::page, |one| {
            Ok((one.id, cycle_view(one)?))
        })
    }

    /// The offerings, of one cycle where its label is given, in the order in which they came.
    pub fn list_offerings(
        &self,
        call: &Call,
        cycle: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<OfferingView>> {
        let cycle_id = match cycle {
            Some(label) => Some(
                self.read(call, Operation::ListOfferings, |connection| {
                    find_cycle(connection, label)
                })?
                .id,
            ),
            None => None,
        };
        let load = |connection: &mut DbConnection, after_id, rows| {
            offerings::page(connection, cycle_id, after_id, rows)
        };
        self.list(call, Operation::ListOfferings, page, load, |one| {
            let one = catalogue::in_cycle(one)?;
            Ok((one.offering_id, OfferingView::from(&one)))
        })
    }

    fn list<R, V>(
        &self,
        call: &Call,
        operation: Operation,
        page: &PageRequest,
        load: impl FnOnce(&mut DbConnection, i64, i64) -> Result<Vec<R>, StoreError>,
        view: impl Fn(R) -> Result<(i64, V)>,
    ) -> Result<Page<V>> {
        let list = operation.as_str();
        let rows = page.rows()?;
        let [after_id] = match &page.cursor {
            Some(cursor) => cursor.keys(list)?,
            None => [0],
        };
        let loaded = self.read(call, operation, |connection| {
            Ok(load(connection, after_id, rows + 1)?)
        })?;
        let views = loaded.into_iter().map(view).collect::<Result<Vec<_>>>()?;
        let page = Page::of(views, rows, |(id, _)| Cursor::after(list, &[*id]));
        Ok(Page {
            items: page.items.into_iter().map(|(_, view)| view).collect(),
            next_cursor: page.next_cursor,
        })
    }
}

/// A cycle as it is shown.
pub(super) fn cycle_view(one: cycles::Cycle) -> Result<CycleView> {
    let values = one.values;
    Ok(CycleView {
        cycle: values.label,
        iso_week: stored("cycles.iso_week", values.iso_week.parse())?,
        opens_on: values.opens_on,
        closes_on: values.closes_on,
        web_closes_on: values.web_closes_on,
        collection_month: stored(
            "cycles.collection_month",
            CollectionMonth::from_int(values.collection_month),
        )?,
    })
}

/// The cycle of a label. Refuses one that there is not.
pub(crate) fn find_cycle(connection: &mut DbConnection, label: &str) -> Result<cycles::Cycle> {
    let label = domain::to_half_width(label);
    cycles::find_by_label(connection, &label)?.ok_or_else(|| {
        let message = format!(
            "企画回「{label}」は登録されていません。書き方（例: 2025年11月3回）を確かめてください"
        );
        LedgerError::not_found("cycle_not_found", message)
    })
}

/// The co-op of a code. Refuses one that there is not.
pub(crate) fn find_cooperative(
    connection: &mut DbConnection,
    coop: &CoopCode,
) -> Result<cooperatives::Cooperative> {
    cooperatives::find_by_code(connection, coop.as_str())?.ok_or_else(|| {
        let message = format!(
            "単協コード「{coop}」は登録されていません。コードを確かめるか、先に単協のファイルを取り込んでください"
        );
        LedgerError::not_found("cooperative_not_found", message)
    })
}

/// The fund of a code. Refuses one that there is not.
pub(crate) fn find_fund(connection: &mut DbConnection, fund: &Code) -> Result<funds::Fund> {
    funds::find_by_code(connection, fund.as_str())?.ok_or_else(|| {
        let message = format!(
            "基金コード「{fund}」は登録されていません。コードを確かめるか、先に基金のファイルを取り込んでください"
        );
        LedgerError::not_found("fund_not_found", message)
    })
}

/// The organization of a code. Refuses one that there is not.
pub(crate) fn find_organization(
    connection: &mut DbConnection,
    organization: &Code,
) -> Result<organizations::Organization> {
    organizations::find_by_code(connection, organization.as_str())?.ok_or_else(|| {
        let message =
            format!("団体コード「{organization}」は登録されていません。コードを確かめてください");
        LedgerError::not_found("organization_not_found", message)
    })
}
