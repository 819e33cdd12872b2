//! `show_member`: everything about a member on one screen.

use domain::{CollectionMonth, CoopCode, MemberNumber, OfferingKind, Yen};
use serde::{Deserialize, Serialize};
use store::tables::members::{self, MemberInCoop};
use store::tables::{campaigns, cooperatives, funds, pledges};
use store::{DbConnection, application_search, personal};

use super::member_months::Payer;
use super::search_applications::{self, ApplicationFound};
use super::search_charges::{self, ChargeView};
use crate::error::stored;
use crate::ledger::Look;
use crate::months::Months;
use crate::pledges::{PledgeHistory, history};
use crate::privacy::Person;
use crate::reference::find_member::{not_found, view as member_view};
use crate::reference::{MemberKey, MemberView, find_cooperative};
use crate::{Call, Cursor, Ledger, LedgerError, Operation, Page, PageRequest, Result};

/// Gifts shown at most.
const GIFTS_MAX: usize = 100;
/// Months to come that are shown.
const MONTHS_AHEAD: usize = 2;
const CHARGES: &str = "member_charges";
const APPLICATIONS: &str = "member_applications";

/// A pledge with its history and the name of its fund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PledgeShown {
    /// The fund's name.
    pub fund_name: String,
    /// The pledge, every change of its plan, and month by month.
    pub history: PledgeHistory,
}

/// A one-time gift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GiftShown {
    /// Its number.
    pub donation_id: i64,
    /// The application that made it.
    pub application_id: i64,
    /// Spot or campaign.
    #[schema(value_type = String, example = "spot")]
    pub kind: OfferingKind,
    /// The fund's name, or the campaign's title.
    pub title: String,
    /// The order number.
    pub order_number: String,
    /// Units (口).
    pub units: i64,
    /// Yen a unit.
    #[schema(value_type = i64)]
    pub unit_price: Yen,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// When it is collected.
    #[schema(value_type = String, example = "2025-12")]
    pub month: CollectionMonth,
    /// Whether it was taken back.
    pub is_cancelled: bool,
}

/// What a member pays in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MonthShown {
    /// The month.
    #[schema(value_type = String, example = "2025-12")]
    pub month: CollectionMonth,
    /// Yen charged in it.
    pub charged: i64,
    /// Yen that its next close would charge.
    pub due: i64,
}

/// Everything about a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MemberShown {
    /// The member.
    pub member: MemberView,
    /// Name of the co-op.
    pub coop_name: String,
    /// Under which numbers before.
    pub moved_from: Vec<MemberKey>,
    /// Every pledge, the newest first.
    pub pledges: Vec<PledgeShown>,
    /// One-time gifts, the newest first, 100 at most.
    pub gifts: Vec<GiftShown>,
    /// Applications, the newest first.
    pub applications: Page<ApplicationFound>,
    /// Charges, the newest month first.
    pub charges: Page<ChargeView>,
    /// The first month in which something can still be changed, and the one after it.
    pub ahead: Vec<MonthShown>,
}

impl Ledger {
    /// Everything about the member of a number: where they stand, pledges with every change, gifts,
    /// applications whatever became of them, charges with their results, and the months to come. It is a
    /// look at a member.
    ///
    /// Refuses a co-op or a number that there is not.
    pub fn show_member(
        &self,
        call: &Call,
        (coop, number): (&CoopCode, &MemberNumber),
        applications: &PageRequest,
        charges: &PageRequest,
    ) -> Result<MemberShown> {
        self.read_logged(call, Operation::ShowMember, |connection, _| {
            let cooperative = find_cooperative(connection, coop)?;
            let member = members::find(connection, cooperative.id, number.as_str())?
                .ok_or_else(|| not_found(coop, number))?;
            let look = Look::at_member(member.coop_id, member.id);
            let row = MemberInCoop {
                member,
                coop_code: cooperative.code,
            };
            Ok((self.shown(connection, row, applications, charges)?, look))
        })
    }

    fn shown(
        &self,
        connection: &mut DbConnection,
        row: MemberInCoop,
        applications: &PageRequest,
        charges: &PageRequest,
    ) -> Result<MemberShown> {
        let payer = Payer::of_row(connection, row.clone())?;
        let person = Person::around(connection, row.clone())?;
        let rows = person.member_rows();
        let before = members::moved_into(connection, row.member.id)?;
        let coop = cooperatives::find(connection, row.member.coop_id)?
            .ok_or_else(|| LedgerError::Corrupt(format!("members.coop_id: {}", row.member.id)))?;
        Ok(MemberShown {
            coop_name: coop.name,
            moved_from: before.iter().map(key).collect::<Result<_>>()?,
            pledges: self.pledges_shown(connection, row.member.id)?,
            gifts: gifts(connection, &payer)?,
            applications: applications_page(connection, &rows, applications)?,
            charges: charges_page(connection, &rows, charges)?,
            ahead: self.ahead(connection, &payer)?,
            member: member_view(connection, row, self.today())?,
        })
    }

    fn pledges_shown(
        &self,
        connection: &mut DbConnection,
        member_id: i64,
    ) -> Result<Vec<PledgeShown>> {
        let funds = funds::all(connection)?;
        let mut shown = Vec::new();
        for pledge in pledges::of_member(connection, member_id)?.iter().rev() {
            let fund = funds.iter().find(|fund| fund.id == pledge.fund_id);
            shown.push(PledgeShown {
                fund_name: fund.map_or_else(String::new, |fund| fund.name.clone()),
                history: history(connection, pledge, self.today())?,
            });
        }
        Ok(shown)
    }

    fn ahead(&self, connection: &mut DbConnection, payer: &Payer) -> Result<Vec<MonthShown>> {
        let today = stored("today", CollectionMonth::from_date(self.today()))?;
        let months = Months::of_coop(connection, payer.coop_id)?;
        let first = months.first_open().unwrap_or(today);
        std::iter::successors(Some(first), |month| month.next())
            .take(MONTHS_AHEAD)
            .map(|month| {
                let (charged, due) = payer.pays(connection, month)?;
                Ok(MonthShown {
                    month,
                    charged,
                    due,
                })
            })
            .collect()
    }
}

fn key(row: &MemberInCoop) -> Result<MemberKey> {
    Ok(MemberKey {
        coop: stored("cooperatives.code", row.coop_code.parse())?,
        member_number: stored("members.number", row.member.number.parse())?,
    })
}

fn gifts(connection: &mut DbConnection, payer: &Payer) -> Result<Vec<GiftShown>> {
    let funds = funds::all(connection)?;
    let campaigns = campaigns::all(connection)?;
    let mut all = payer.gifts(connection)?;
    all.sort_by_key(|gift| std::cmp::Reverse((gift.collection_month, gift.id)));
    all.into_iter()
        .take(GIFTS_MAX)
        .map(|gift| {
            let fund = funds.iter().find(|one| Some(one.id) == gift.fund_id);
            let campaign = campaigns
                .iter()
                .find(|one| Some(one.id) == gift.campaign_id);
            let title = fund.map(|one| one.name.clone());
            let title = title.or_else(|| campaign.map(|one| one.values.title.clone()));
            Ok(GiftShown {
                donation_id: gift.id,
                application_id: gift.application_id,
                kind: stored("donations.kind", OfferingKind::from_stored(&gift.kind))?,
                title: title.unwrap_or_default(),
                order_number: gift.order_number,
                units: gift.units,
                unit_price: Yen::new(gift.unit_price),
                amount: Yen::new(gift.units.saturating_mul(gift.unit_price)),
                month: stored(
                    "donations.collection_month",
                    CollectionMonth::from_int(gift.collection_month),
                )?,
                is_cancelled: gift.state == "cancelled",
            })
        })
        .collect()
}

fn applications_page(
    connection: &mut DbConnection,
    rows: &personal::MemberRows,
    page: &PageRequest,
) -> Result<Page<ApplicationFound>> {
    let limit = page.rows()?;
    let before_id = match &page.cursor {
        Some(cursor) => cursor.keys::<1>(APPLICATIONS)?[0],
        None => i64::MAX,
    };
    let found = application_search::of_members(connection, &rows.ids, before_id, limit + 1)?;
    let views = found.into_iter().map(search_applications::view);
    let views = views.collect::<Result<Vec<_>>>()?;
    Ok(Page::of(views, limit, |one| {
        Cursor::after(APPLICATIONS, &[one.id])
    }))
}

fn charges_page(
    connection: &mut DbConnection,
    rows: &personal::MemberRows,
    page: &PageRequest,
) -> Result<Page<ChargeView>> {
    let limit = page.rows()?;
    let before = match &page.cursor {
        Some(cursor) => cursor.keys::<3>(CHARGES)?,
        None => [i64::MAX; 3],
    };
    let mut all = personal::charges(connection, rows)?;
    all.sort_by_key(|one| std::cmp::Reverse((one.month, one.batch_id, one.rank)));
    let after = all
        .into_iter()
        .filter(|one| [i64::from(one.month), one.batch_id, one.rank] < before);
    let wanted = after.take(usize::try_from(limit + 1).unwrap_or(usize::MAX));
    let views = wanted
        .map(|charge| search_charges::view(connection, charge))
        .collect::<Result<Vec<_>>>()?;
    Ok(Page::of(views, limit, |one| {
        let month = i64::from(one.month.as_int());
        Cursor::after(CHARGES, &[month, one.batch_id, one.rank])
    }))
}
