//! One application comes in by request.

use chrono::NaiveDate;
use domain::{Channel, CollectionMonth, HoldReason, HoldReasons, LineIn, LineLook, Resolution};
use serde::{Deserialize, Serialize};
use store::intake::{application_after, clear, last_application_id, pledge_opened_by};
use store::tables::{donations, members};

use super::desk::{Desk, Look};
use super::incoming::{Incoming, find_coop};
use super::post::{Arrival, post_staged, reasons_of};
use super::staging::{OneLine, stage_one};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// An application as it is told: by telephone, at the desk, or by another program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApplication {
    /// The co-op's code.
    #[schema(example = "01")]
    pub coop: String,
    /// The member's number.
    #[schema(example = "0010762")]
    pub member_number: String,
    /// The order number, six digits; only a depot form may lack it.
    #[serde(default)]
    #[schema(example = "108413")]
    pub order_number: Option<String>,
    /// Units (口), 1 to 99; or `amount`.
    #[serde(default)]
    #[schema(example = 2)]
    pub units: Option<i64>,
    /// Yen; or `units`.
    #[serde(default)]
    pub amount: Option<i64>,
    /// The day of receipt; today where none is given.
    #[serde(default)]
    #[schema(example = "2025-11-12")]
    pub received_on: Option<String>,
    /// `paper`, `web`, `depot` or `phone`; paper where none is given.
    #[serde(default)]
    #[schema(example = "phone")]
    pub channel: Option<String>,
    /// What else was said.
    #[serde(default)]
    pub note: Option<String>,
    /// The sender's own name for it.
    #[serde(default)]
    pub line_id: Option<String>,
}

/// What became of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ApplicationRecorded {
    /// Its number.
    pub id: i64,
    /// `posted` or `held`.
    #[schema(example = "posted")]
    pub state: String,
    /// The main reason to hold it (R3).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub reason: Option<HoldReason>,
    /// Every reason to hold it, in the order of R3; none for a posted one.
    pub reasons: Vec<ReasonExplained>,
    /// The co-op's code.
    pub coop: String,
    /// The member's number, in its one spelling.
    pub member_number: String,
    /// The order number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// What is applied for, as the order sheet calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Units (口).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// Yen; for a pledge, a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// The day of receipt.
    pub received_on: NaiveDate,
    /// The way in.
    #[schema(value_type = String)]
    pub channel: Channel,
    /// The month of collection; for a pledge, the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "2025-12")]
    pub collection_month: Option<CollectionMonth>,
    /// The pledge it opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pledge_id: Option<i64>,
    /// The gift it made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub donation_id: Option<i64>,
}

/// A reason to hold an application, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReasonExplained {
    /// The reason.
    #[schema(value_type = String, example = "outside_window")]
    pub reason: HoldReason,
    /// What it means here and what would have been right, in Japanese.
    pub message: String,
}

impl Ledger {
    /// Takes one application: posts it into a pledge or a gift, or holds it with every reason that
    /// applies (R3). Under a key, once only (R6).
    ///
    /// Refuses one that cannot be read: an unknown co-op, units outside 1 to 99, no order number
    /// but on a depot form with a note.
    pub fn record_application(
        &self,
        call: &Call,
        application: NewApplication,
    ) -> Result<ApplicationRecorded> {
        self.write(call, Operation::RecordApplication, &application, |tx| {
            record(tx, &application)
        })
    }
}

fn record(tx: &mut Tx<'_>, application: &NewApplication) -> Result<ApplicationRecorded> {
    let incoming = Incoming::read(application, tx.today)?;
    store::lock::reference_shared(tx.connection)?;
    let coop = find_coop(tx.connection, &incoming.coop)?;
    store::lock::coop_shared(tx.connection, coop.id)?;
    let number = incoming.member_number.as_str();
    if let Some(member) = members::find(tx.connection, coop.id, number)? {
        store::lock::member_exclusive(tx.connection, member.id)?;
    }
    let desk = Desk::load_for(
        tx.connection,
        tx.settings.implausible_units_over,
        incoming.order_number.as_ref(),
        incoming.received_on,
    )?;
    let line = incoming.line();
    let seen = desk
        .look_at(&line)
        .map_err(|lack| LedgerError::invalid("line_unreadable", lack.to_string()))?;
    let look = Look::of(coop.id, &line, &seen);
    let one = OneLine {
        member_number: number,
        note: line.note,
        line_id: incoming.line_id.as_deref(),
        self_id: None,
    };
    stage_one(tx.connection, &look, &one)?;
    let newest = last_application_id(tx.connection)?;
    let arrival = Arrival {
        kind: "request",
        name: None,
        fingerprint: None,
        last_round: 1,
    };
    let posted = post_staged(tx, &arrival)?;
    clear(tx.connection)?;
    let (id, bits) = application_after(tx.connection, posted.intake_id, newest)?;
    let reasons = reasons_of(bits)?;
    let recorded = ApplicationRecorded {
        pledge_id: match look.fund_id {
            Some(_) if reasons.is_empty() => pledge_opened_by(tx.connection, id)?,
            _ => None,
        },
        donation_id: match look.fund_id {
            None if reasons.is_empty() => {
                donations::find_live(tx.connection, id)?.map(|donation| donation.id)
            }
            _ => None,
        },
        ..tell(id, &coop.code, &incoming, &line, &seen, reasons, &desk)
    };
    let event = Event {
        action: "record_application",
        coop_id: Some(coop.id),
        subject: format!("application:{id}"),
        reason: None,
    };
    tx.audit(&event, None::<&()>, Some(&Taken::of(&recorded)))?;
    Ok(recorded)
}

fn tell(
    id: i64,
    coop: &str,
    incoming: &Incoming,
    line: &LineIn<'_>,
    seen: &LineLook<'_>,
    reasons: HoldReasons,
    desk: &Desk,
) -> ApplicationRecorded {
    ApplicationRecorded {
        id,
        state: if reasons.is_empty() { "posted" } else { "held" }.to_owned(),
        reason: reasons.main(),
        reasons: reasons
            .iter()
            .map(|reason| ReasonExplained {
                reason,
                message: explain(reason, line, desk),
            })
            .collect(),
        coop: coop.to_owned(),
        member_number: incoming.member_number.as_str().to_owned(),
        order_number: line.order_number.map(|number| number.to_string()),
        title: seen.offering.map(|one| one.title.clone()),
        units: seen.units.map(|units| units.get()),
        amount: seen.amount.map(|amount| amount.get()),
        received_on: line.received_on,
        channel: line.channel,
        collection_month: seen.collection_month,
        pledge_id: None,
        donation_id: None,
    }
}

/// A reason in words; a number that means nothing then explains itself (R1).
pub(super) fn explain(reason: HoldReason, line: &LineIn<'_>, desk: &Desk) -> String {
    let resolved = line.order_number.as_ref().map(|number| {
        desk.catalogue()
            .resolve(number, line.received_on, line.channel)
    });
    match (reason, resolved) {
        (
            HoldReason::UnknownOrderNumber | HoldReason::OutsideWindow,
            Some(Resolution::Unknown(miss) | Resolution::Outside(miss)),
        ) => miss.explain(),
        _ => reason.label_ja().to_owned(),
    }
}

/// An application as the audit log keeps it: nothing that names a person.
#[derive(Serialize)]
struct Taken<'a> {
    state: &'a str,
    reason: Option<HoldReason>,
    order_number: Option<&'a str>,
    units: Option<i64>,
    amount: Option<i64>,
}

impl<'a> Taken<'a> {
    fn of(recorded: &'a ApplicationRecorded) -> Self {
        Self {
            state: &recorded.state,
            reason: recorded.reason,
            order_number: recorded.order_number.as_deref(),
            units: recorded.units,
            amount: recorded.amount,
        }
    }
}
