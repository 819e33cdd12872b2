//! Members: one by number, or all of a co-op a page at a time.

use chrono::NaiveDate;
use domain::{Code, CollectionMonth, CoopCode, Delivery, MemberNumber, OrderNumber, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::members::{self, MemberInCoop};
use store::tables::pledges;

use super::lists::find_cooperative;
use crate::error::stored;
use crate::ledger::Look;
use crate::{Call, Ledger, LedgerError, Operation, Page, PageRequest, Result};

/// A member, named by co-op and number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MemberKey {
    /// The co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The number there.
    #[schema(value_type = String, example = "0010106")]
    pub member_number: MemberNumber,
}

/// Where a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// A member today.
    Member,
    /// Left the co-op before today.
    Left,
    /// Goes on in another co-op or under another number.
    Moved,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MemberView {
    /// The co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The number there.
    #[schema(value_type = String, example = "0010106")]
    pub member_number: MemberNumber,
    /// The name, where known.
    pub name: Option<String>,
    /// The name in kana, where known.
    pub kana: Option<String>,
    /// How the groceries come, where known.
    #[schema(value_type = Option<String>, example = "han")]
    pub delivery: Option<Delivery>,
    /// The last day as a member, for one who left.
    pub left_on: Option<NaiveDate>,
    /// Where the member stands today.
    pub state: MemberState,
    /// As whom the member goes on, after a move.
    pub moved_to: Option<MemberKey>,
    /// The pledges that give something this month or later.
    pub pledges: Vec<MemberPledgeView>,
}

/// An open pledge of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MemberPledgeView {
    /// Its number.
    pub pledge_id: i64,
    /// The fund.
    #[schema(value_type = String, example = "inclufund")]
    pub fund: Code,
    /// The units of this month; 0 before it begins and while it is paused.
    pub units: i64,
    /// The price of one unit, in yen.
    #[schema(value_type = i64, example = 300)]
    pub unit_price: Yen,
    /// Its first month.
    #[schema(value_type = String, example = "2025-08")]
    pub from_month: CollectionMonth,
    /// The first month without it, where an end is planned.
    #[schema(value_type = Option<String>)]
    pub ends_from: Option<CollectionMonth>,
    /// The order number it was applied for with, where known.
    #[schema(value_type = Option<String>)]
    pub order_number: Option<OrderNumber>,
}

impl Ledger {
    /// The member of a number in a co-op, with the open pledges. Refuses a co-op or a number that
    /// there is not.
    pub fn find_member(
        &self,
        call: &Call,
        coop: &CoopCode,
        number: &MemberNumber,
    ) -> Result<MemberView> {
        self.read_logged(call, Operation::FindMember, |connection, _| {
            let cooperative = find_cooperative(connection, coop)?;
            let member = members::find(connection, cooperative.id, number.as_str())?
                .ok_or_else(|| not_found(coop, number))?;
            let member = MemberInCoop {
                member,
                coop_code: cooperative.code,
            };
            let look = Look::at_member(member.member.coop_id, member.member.id);
            Ok((view(connection, member, self.today())?, look))
        })
    }

    /// The members, of one co-op where its code is given, in the order in which they came.
    pub fn list_members(
        &self,
        call: &Call,
        coop: Option<&CoopCode>,
        page: &PageRequest,
    ) -> Result<Page<MemberView>> {
        let rows = page.rows()?;
        let [after_id] = match &page.cursor {
            Some(cursor) => cursor.keys("members")?,
            None => [0],
        };
        self.read(call, Operation::ListMembers, |connection| {
            let coop_id = match coop {
                Some(coop) => Some(find_cooperative(connection, coop)?.id),
                None => None,
            };
            let loaded = members::page(connection, coop_id, after_id, rows + 1)?;
            let page = Page::of(loaded, rows, |one| {
                crate::Cursor::after("members", &[one.member.id])
            });
            let views = page
                .items
                .into_iter()
                .map(|one| view(connection, one, self.today()))
                .collect::<Result<Vec<_>>>()?;
            Ok(Page {
                items: views,
                next_cursor: page.next_cursor,
            })
        })
    }
}

/// The refusal of a member number that the co-op does not have.
pub(crate) fn not_found(coop: &CoopCode, number: &MemberNumber) -> LedgerError {
    let message = format!(
        "単協 {coop} に組合員番号 {number} はありません。番号を確かめるか、組合員のファイルを取り込んでください"
    );
    LedgerError::not_found("member_not_found", message)
}

/// A member as people see it on a day.
pub(crate) fn view(
    connection: &mut DbConnection,
    one: MemberInCoop,
    today: NaiveDate,
) -> Result<MemberView> {
    let month = stored("today", CollectionMonth::from_date(today))?;
    let member = one.member;
    let moved_to = match member.moved_to {
        Some(id) => members::find_by_id(connection, id)?.map(key).transpose()?,
        None => None,
    };
    let state = match (&moved_to, member.left_on) {
        (Some(_), _) => MemberState::Moved,
        (None, Some(day)) if day < today => MemberState::Left,
        (None, _) => MemberState::Member,
    };
    let open = pledges::open_with_terms(connection, member.id, month.as_int())?;
    Ok(MemberView {
        coop: stored("cooperatives.code", one.coop_code.parse())?,
        member_number: stored("members.number", member.number.parse())?,
        name: member.name,
        kana: member.kana,
        delivery: member
            .delivery
            .map(|word| stored("members.delivery", Delivery::from_stored(&word)))
            .transpose()?,
        left_on: member.left_on,
        state,
        moved_to,
        pledges: open.into_iter().map(pledge).collect::<Result<_>>()?,
    })
}

/// As whom a member is named.
pub(crate) fn key(one: MemberInCoop) -> Result<MemberKey> {
    Ok(MemberKey {
        coop: stored("cooperatives.code", one.coop_code.parse())?,
        member_number: stored("members.number", one.member.number.parse())?,
    })
}

/// An open pledge as it is shown.
pub(crate) fn pledge(one: pledges::OpenPledge) -> Result<MemberPledgeView> {
    let month = |month| stored("pledges month", CollectionMonth::from_int(month));
    Ok(MemberPledgeView {
        pledge_id: one.id,
        fund: stored("funds.code", one.fund_code.parse())?,
        units: one.units.unwrap_or(0),
        unit_price: Yen::new(one.unit_price),
        from_month: month(one.from_month)?,
        ends_from: one.ends_from.map(month).transpose()?,
        order_number: one
            .order_number
            .map(|number| stored("pledges.order_number", number.parse()))
            .transpose()?,
    })
}
