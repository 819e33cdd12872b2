//! `look_at_keyed_line`: what a line comes to while it is being keyed, before it is left.

use chrono::NaiveDate;
use domain::{
    Channel, CollectionMonth, HoldReason, LineIn, MemberNumber, OfferingInCycle, OrderNumber,
    Units, Yen, parse_amount_i64,
};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::intake::classify_one;
use store::tables::members::{self, MemberInCoop};
use store::tables::sheets::Sheet;
use store::tables::{applications, pledges, sheet_lines};

use super::FIRST_KEYING;
use super::find_open::find_open;
use super::view::may_see;
use crate::error::stored;
use crate::intake::post::reasons_of;
use crate::intake::record_application::{ReasonExplained, explain};
use crate::intake::{Desk, Look};
use crate::reference::find_member::{key, pledge};
use crate::reference::look_up::{self, OrderNumberAnswer};
use crate::reference::{MemberKey, MemberPledgeView};
use crate::{Call, Ledger, LedgerError, Operation, Problem, Result};

/// Most applications of the member in the cycle that are told.
const APPLIED_MAX: i64 = 5;
/// Most characters of a field that are looked at.
const FIELD_CHARS_MAX: usize = 500;

/// A line as far as it is keyed: any field may be missing, and is as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineBeingKeyed {
    /// Which keying: 1, or 2 for the second; the first where none is given.
    #[serde(default)]
    pub keying: Option<i32>,
    /// The line on the sheet, where it is one that is there already.
    #[serde(default)]
    pub line_no: Option<i64>,
    /// The member's number.
    #[serde(default)]
    pub member_number: Option<String>,
    /// The order number.
    #[serde(default)]
    pub order_number: Option<String>,
    /// Units (口).
    #[serde(default)]
    pub units: Option<String>,
    /// Yen.
    #[serde(default)]
    pub amount: Option<String>,
    /// What else was written.
    #[serde(default)]
    pub note: Option<String>,
}

/// What a line comes to, as far as it is keyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyedLineLook {
    /// The member's number in its one spelling, once it can be read.
    pub member_number: Option<MemberNumber>,
    /// The member of that number; none where there is nobody.
    pub member: Option<KeyedMember>,
    /// What the order number means on the sheet's day, or why it means nothing (R1).
    pub order: Option<OrderNumberAnswer>,
    /// Units: as keyed, or as the amount comes to.
    pub units: Option<i64>,
    /// Yen: as keyed, or as the units come to; for a pledge, a month.
    pub amount: Option<i64>,
    /// The month of collection; for a pledge, the first.
    pub collection_month: Option<CollectionMonth>,
    /// Every reason for which it would be held as far as it is keyed, in the order of R3.
    pub reasons: Vec<ReasonExplained>,
    /// The other lines of this keying that bear the member's number.
    pub on_sheet: Vec<SameOnSheet>,
    /// The fields that cannot be read.
    pub problems: Vec<Problem>,
}

/// The member of a line that is being keyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyedMember {
    /// The name, where known.
    pub name: Option<String>,
    /// The last day as a member, for one who left.
    pub left_on: Option<NaiveDate>,
    /// As whom the member goes on, after a move.
    pub moved_to: Option<MemberKey>,
    /// The pledges that give something in the month of collection or later.
    pub pledges: Vec<KeyedPledge>,
    /// What the member applied for in this cycle, newest first.
    pub applied: Vec<AppliedAlready>,
}

/// A pledge of the member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyedPledge {
    /// The pledge, in the month of collection.
    #[serde(flatten)]
    pub pledge: MemberPledgeView,
    /// Whether it is for what the line applies for.
    pub is_same_fund: bool,
}

/// What the member applied for already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedAlready {
    /// The application.
    pub application_id: i64,
    /// Whether it is for what the line applies for (R5).
    pub is_same: bool,
    /// What the order sheet calls it.
    pub title: String,
    /// The order number.
    pub order_number: Option<String>,
    /// Units (口).
    pub units: Option<i64>,
    /// The day of receipt.
    pub received_on: NaiveDate,
    /// The way it came in.
    pub channel: Channel,
    /// `posted`, `held` or `mistake`.
    pub state: String,
}

/// Another line of the same keying with the same member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SameOnSheet {
    /// The line.
    pub line_no: i64,
    /// Its order number.
    pub order_number: Option<String>,
    /// Its units.
    pub units: Option<i64>,
    /// Whether it bears the same order number: the later of the two is held when the sheet is
    /// posted (R5).
    pub is_same: bool,
}

impl Ledger {
    /// Tells what a line of an open sheet comes to while it is keyed: the meaning of its order
    /// number, where its member stands, its yen, and why it would be held were it posted now
    /// (R1–R5), by the same classifier that posts it. Changes nothing, waits for nobody who
    /// writes, and leaves no event: [`begin_keying`](Self::begin_keying) does.
    ///
    /// Refuses a sheet that is not open, and a keying that the caller may not see.
    pub fn look_at_keyed_line(
        &self,
        call: &Call,
        sheet_id: i64,
        line: &LineBeingKeyed,
    ) -> Result<KeyedLineLook> {
        let over = self.settings().implausible_units_over;
        self.read_as(call, Operation::LookAtKeyedLine, |connection, access| {
            let (sheet, _) = find_open(connection, sheet_id)?;
            let keying = line.keying.unwrap_or(FIRST_KEYING);
            if !may_see(&sheet, access, keying) {
                return Err(LedgerError::refused(
                    "other_keying",
                    "突き合わせが済むまで、もう一方の入力は見られません",
                ));
            }
            let read = Read::of(line);
            look(connection, &sheet, keying, line.line_no, &read, over)
        })
    }
}

/// The fields that could be read.
struct Read<'a> {
    member_number: Option<MemberNumber>,
    order_number: Option<OrderNumber>,
    units: Option<Units>,
    amount: Option<Yen>,
    note: Option<&'a str>,
    problems: Vec<Problem>,
}

impl<'a> Read<'a> {
    fn of(line: &'a LineBeingKeyed) -> Self {
        let mut problems = Vec::new();
        let amount = |text: &str| {
            let amount = parse_amount_i64(text).map_err(|e| e.to_string())?;
            if amount > 0 {
                return Ok(Yen::new(amount));
            }
            Err("1円以上の金額を指定してください".to_owned())
        };
        Self {
            member_number: field(
                &mut problems,
                "member_number",
                &line.member_number,
                |text| text.parse().map_err(told),
            ),
            order_number: field(&mut problems, "order_number", &line.order_number, |text| {
                text.parse().map_err(told)
            }),
            units: field(&mut problems, "units", &line.units, |text| {
                text.parse().map_err(told)
            }),
            amount: field(&mut problems, "amount", &line.amount, amount),
            note: given(&line.note),
            problems,
        }
    }
}

fn told(error: impl ToString) -> String {
    error.to_string()
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty() && text.chars().count() <= FIELD_CHARS_MAX)
}

fn field<T>(
    problems: &mut Vec<Problem>,
    column: &str,
    text: &Option<String>,
    read: impl FnOnce(&str) -> std::result::Result<T, String>,
) -> Option<T> {
    match read(given(text)?) {
        Ok(value) => Some(value),
        Err(reason) => {
            problems.push(Problem {
                line: None,
                column: Some(column.to_owned()),
                reason,
            });
            None
        }
    }
}

fn look(
    connection: &mut DbConnection,
    sheet: &Sheet,
    keying: i32,
    line_no: Option<i64>,
    read: &Read<'_>,
    over: i64,
) -> Result<KeyedLineLook> {
    let channel = stored("sheets.channel", Channel::from_stored(&sheet.channel))?;
    let has_quantity = read.units.is_some() || read.amount.is_some();
    let line = LineIn {
        order_number: read.order_number,
        // While neither is keyed, one unit stands in: no reason that comes of a quantity comes of it.
        units: read.units.or_else(|| one_unit(has_quantity)),
        amount: read.amount,
        received_on: sheet.received_on,
        channel,
        note: read.note,
        cycle: None,
        not_before: None,
    };
    let is_free_text = line.order_number.is_none() && line.note.is_some();
    let desk = match (line.order_number.is_some(), is_free_text) {
        (false, false) => Desk::load_open_on(connection, over, line.received_on)?,
        _ => Desk::load_for(
            connection,
            over,
            line.order_number.as_ref(),
            line.received_on,
        )?,
    };
    // What its channel demands is asked for when the line is left, not while it is typed.
    let seen = desk.look_at(&line).ok();
    let staged = match &seen {
        Some(seen) => Look::of(sheet.coop_id, &line, seen),
        None => Look::of_member(sheet.coop_id, line.received_on, channel),
    };
    let number = read.member_number.as_ref().map_or("", MemberNumber::as_str);
    let classified = classify_one(connection, &staged.staged(1, None), number)?;
    let mut reasons = reasons_of(classified.reasons)?;
    if read.member_number.is_none() {
        reasons.remove(HoldReason::UnknownMember);
    }
    let offering = seen.as_ref().and_then(|seen| seen.offering);
    let member = match classified.member_id {
        Some(id) => members::find_by_id(connection, id)?
            .map(|one| member(connection, one, &desk, &line, offering))
            .transpose()?,
        None => None,
    };
    let quantity = seen.as_ref().filter(|_| has_quantity || is_free_text);
    Ok(KeyedLineLook {
        member,
        order: line
            .order_number
            .map(|number| look_up::answer(desk.catalogue(), number, line.received_on, channel)),
        units: quantity.and_then(|seen| seen.units).map(Units::get),
        amount: quantity.and_then(|seen| seen.amount).map(Yen::get),
        collection_month: seen.as_ref().and_then(|seen| seen.collection_month),
        reasons: reasons
            .iter()
            .map(|reason| ReasonExplained {
                reason,
                message: explain(reason, &line, &desk),
            })
            .collect(),
        on_sheet: on_sheet(connection, sheet, keying, line_no, read)?,
        member_number: read.member_number.clone(),
        problems: read.problems.clone(),
    })
}

fn one_unit(has_quantity: bool) -> Option<Units> {
    if has_quantity {
        return None;
    }
    Units::new(1).ok()
}

fn member(
    connection: &mut DbConnection,
    one: MemberInCoop,
    desk: &Desk,
    line: &LineIn<'_>,
    offering: Option<&OfferingInCycle>,
) -> Result<KeyedMember> {
    let month = match offering {
        Some(offering) => offering.collection_month,
        None => stored("received_on", CollectionMonth::from_date(line.received_on))?,
    };
    let moved_to = match one.member.moved_to {
        Some(id) => members::find_by_id(connection, id)?.map(key).transpose()?,
        None => None,
    };
    let fund = offering
        .filter(|one| one.kind.is_monthly())
        .and_then(|one| one.fund_code.as_ref());
    let mut open = Vec::new();
    for found in pledges::open_with_terms(connection, one.member.id, month.as_int())? {
        let pledge = pledge(found)?;
        open.push(KeyedPledge {
            is_same_fund: fund == Some(&pledge.fund),
            pledge,
        });
    }
    let mut cycles: Vec<i64> = match offering {
        Some(offering) => vec![offering.cycle_id],
        None => desk
            .catalogue()
            .open_on(line.received_on, line.channel)
            .map(|one| one.cycle_id)
            .collect(),
    };
    cycles.dedup();
    let applied =
        applications::of_member_in_cycles(connection, one.member.id, &cycles, APPLIED_MAX)?;
    Ok(KeyedMember {
        name: one.member.name,
        left_on: one.member.left_on,
        moved_to,
        pledges: open,
        applied: applied
            .into_iter()
            .map(|application| already(application, offering))
            .collect::<Result<_>>()?,
    })
}

fn already(
    one: applications::AppliedInCycle,
    offering: Option<&OfferingInCycle>,
) -> Result<AppliedAlready> {
    Ok(AppliedAlready {
        application_id: one.id,
        is_same: offering.is_some_and(|offering| offering.offering_id == one.offering_id),
        title: one.title,
        order_number: one.order_number,
        units: one.units,
        received_on: one.received_on,
        channel: stored("applications.channel", Channel::from_stored(&one.channel))?,
        state: one.state,
    })
}

fn on_sheet(
    connection: &mut DbConnection,
    sheet: &Sheet,
    keying: i32,
    line_no: Option<i64>,
    read: &Read<'_>,
) -> Result<Vec<SameOnSheet>> {
    let Some(number) = &read.member_number else {
        return Ok(Vec::new());
    };
    let lines = sheet_lines::of_member(connection, sheet.id, keying, number.as_str())?;
    let order_number = read.order_number.as_ref().map(OrderNumber::as_str);
    Ok(lines
        .into_iter()
        .filter(|line| Some(line.line_no) != line_no)
        .map(|line| SameOnSheet {
            line_no: line.line_no,
            is_same: order_number.is_some() && line.order_number.as_deref() == order_number,
            order_number: line.order_number,
            units: line.units,
        })
        .collect())
}
