//! `get_application`: one application with where it came from, what it is for, what speaks
//! against it now, and everything that was decided about it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{ApplicationState, CollectionMonth, HoldReason, HoldReasons, Proposal, Way};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::applications::{self, Application, Origin};
use store::tables::decisions::{self, Decision};
use store::tables::{donations, sheet_lines, sheets};
use utoipa::ToSchema;

use super::case::{Case, find};
use super::line::{Correction, LineValues, reasons_of};
use super::look::Lookbook;
use crate::error::stored;
use crate::pledges::plan;
use crate::reference::OfferingView;
use crate::{Call, Ledger, LedgerError, Operation, Result, Settings};

/// One decision about an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecisionView {
    /// Its number.
    pub decision_id: i64,
    /// `add`, `replace`, `mistake`, `spot`, `accept`, `next-month`, `correct` or `void`.
    #[schema(example = "add")]
    pub way: String,
    /// Why, in the person's own words.
    pub reason: String,
    /// Who.
    pub actor: String,
    /// When, UTC.
    pub decided_at: DateTime<Utc>,
    /// The reasons to hold it that were shown.
    #[schema(value_type = Vec<String>)]
    pub reasons: HoldReasons,
    /// The application before.
    pub before: LineValues,
    /// And after.
    pub after: LineValues,
    /// The pledge it opened or changed.
    pub pledge_id: Option<i64>,
    /// The revision of that pledge's plan.
    pub revision: Option<i32>,
    /// The gift it made or cancelled.
    pub donation_id: Option<i64>,
    /// When it was undone, UTC; none while it stands.
    pub undone_at: Option<DateTime<Utc>>,
    /// Who undid it.
    pub undone_by: Option<String>,
    /// Why.
    pub undo_reason: Option<String>,
}

/// What a depot form's free text seems to say. A person confirms it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposalView {
    /// What it is for, when the text names one better than any other.
    pub offering: Option<OfferingView>,
    /// Yen, when the text has one amount and only one.
    pub amount: Option<i64>,
    /// Units (口), when the text has one number of them and only one.
    pub units: Option<i64>,
    /// Everything it may mean, the likeliest first.
    pub candidates: Vec<OfferingView>,
}

/// Who keyed a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Keying {
    /// 1, or 2 for the second, blind keying.
    pub keying: i32,
    /// Who keyed it last.
    pub keyed_by: String,
    /// When, UTC.
    pub keyed_at: DateTime<Utc>,
}

/// The line of a sheet that an application was keyed as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineKeyed {
    /// The sheet.
    pub sheet_id: i64,
    /// Its keyings: the first, and the second where there was one.
    pub keyings: Vec<Keying>,
}

/// One application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApplicationView {
    /// Its number.
    pub id: i64,
    /// Code of the co-op.
    pub coop: String,
    /// The member number.
    pub member_number: String,
    /// The order number; none on a depot form of free text.
    pub order_number: Option<String>,
    /// Units (口), where they are known.
    pub units: Option<i64>,
    /// Yen, where it is known.
    pub amount: Option<i64>,
    /// The date of receipt.
    pub received_on: NaiveDate,
    /// The way it came in.
    pub channel: String,
    /// What else was written.
    pub note: Option<String>,
    /// What the order number means.
    pub offering: Option<OfferingView>,
    /// When it is collected; none while unknown.
    #[schema(value_type = Option<String>)]
    pub collection_month: Option<CollectionMonth>,
    /// `posted`, `held`, `mistake` or `voided`.
    #[schema(value_type = String)]
    pub state: ApplicationState,
    /// The main reason to hold it.
    #[schema(value_type = Option<String>)]
    pub reason: Option<HoldReason>,
    /// Every reason that applied when it was last looked at.
    #[schema(value_type = Vec<String>)]
    pub reasons: HoldReasons,
    /// While it is held: the reasons that apply now.
    #[schema(value_type = Vec<String>)]
    pub fresh_reasons: HoldReasons,
    /// While it is held: the ways there are now.
    #[schema(value_type = Vec<String>)]
    pub ways: Vec<Way>,
    /// While it is held: what its free text seems to say.
    pub proposal: Option<ProposalView>,
    /// The import, sheet or request it arrived in.
    pub import_id: i64,
    /// What that was: `file`, `sheet`, `request` or `member_changes`.
    pub import_kind: String,
    /// Its name: that of the file.
    pub import_name: Option<String>,
    /// Its line there.
    pub line: i64,
    /// The line's own name, where the file gave one.
    pub line_id: Option<String>,
    /// Who brought it in.
    pub recorded_by: String,
    /// When, UTC.
    pub recorded_at: DateTime<Utc>,
    /// Where it was keyed, for a line of a sheet.
    pub keyed: Option<LineKeyed>,
    /// The pledge it opened or changed.
    pub pledge_id: Option<i64>,
    /// The gift it made.
    pub donation_id: Option<i64>,
    /// Everything decided about it, oldest first, what was undone too.
    pub decisions: Vec<DecisionView>,
}

impl ProposalView {
    pub(super) fn of(proposal: &Proposal<'_>) -> Self {
        Self {
            offering: proposal.offering.map(Into::into),
            amount: proposal.amount.map(domain::Yen::get),
            units: proposal.units.map(domain::Units::get),
            candidates: proposal
                .candidates
                .iter()
                .map(|one| (*one).into())
                .collect(),
        }
    }
}

impl DecisionView {
    pub(super) fn of(decision: Decision) -> Result<Self> {
        let values = |json: &str| {
            serde_json::from_str::<LineValues>(json)
                .map_err(|e| LedgerError::Corrupt(format!("decision {}: {e}", decision.id)))
        };
        Ok(Self {
            before: values(&decision.before)?,
            after: values(&decision.after)?,
            decision_id: decision.id,
            way: decision.way,
            reason: decision.reason,
            actor: decision.actor,
            decided_at: decision.decided_at.and_utc(),
            reasons: reasons_of(decision.reasons)?,
            pledge_id: decision.pledge_id,
            revision: decision.revision,
            donation_id: decision.donation_id,
            undone_at: decision.undone_at.map(|at| at.and_utc()),
            undone_by: decision.undone_by,
            undo_reason: decision.undo_reason,
        })
    }
}

impl Ledger {
    /// The application with this number. Refuses a number that is not there.
    pub fn get_application(&self, call: &Call, id: i64) -> Result<ApplicationView> {
        self.read(call, Operation::GetApplication, |connection| {
            load(connection, self.settings(), id)
        })
    }
}

/// The application with this number. Refuses a number that is not there.
pub(crate) fn load(
    connection: &mut DbConnection,
    settings: &Settings,
    id: i64,
) -> Result<ApplicationView> {
    let lookbook = Lookbook::load(connection, settings)?;
    let line = find(connection, id)?;
    let origin = applications::origin(connection, id)?;
    let case = if line.state == ApplicationState::Held.as_str() {
        let nothing = Correction::default();
        let case = Case::open(connection, &lookbook, line.clone(), &nothing, None)?;
        Some(case)
    } else {
        None
    };
    let decisions = decisions::of_application(connection, id)?
        .into_iter()
        .map(DecisionView::of)
        .collect::<Result<Vec<_>>>()?;
    let donation_id = donations::find_live(connection, id)?.map(|one| one.id);
    let pledge_id = plan::made_by(connection, &line)?.map(|made| made.pledge_id);
    let mut view = view(line, origin, &lookbook, decisions)?;
    view.keyed = keyed(connection, &view)?;
    view.pledge_id = pledge_id;
    view.donation_id = donation_id;
    if let Some(case) = case {
        view.fresh_reasons = case.fresh.reasons;
        view.ways = case.ways();
        view.proposal = case.fresh.proposal;
    }
    Ok(view)
}

fn keyed(connection: &mut DbConnection, view: &ApplicationView) -> Result<Option<LineKeyed>> {
    if view.import_kind != "sheet" {
        return Ok(None);
    }
    let Some(sheet_id) = sheets::of_intake(connection, view.import_id)? else {
        return Ok(None);
    };
    let mut keyings = Vec::new();
    for keying in 1..=2 {
        let line = sheet_lines::find(connection, sheet_id, keying, view.line)?;
        keyings.extend(line.map(|line| Keying {
            keying,
            keyed_by: line.actor,
            keyed_at: line.recorded_at.and_utc(),
        }));
    }
    Ok(Some(LineKeyed { sheet_id, keyings }))
}

fn view(
    line: Application,
    origin: Origin,
    lookbook: &Lookbook,
    decisions: Vec<DecisionView>,
) -> Result<ApplicationView> {
    let reasons = reasons_of(line.reasons)?;
    let offering = line
        .offering_id
        .and_then(|offering_id| lookbook.catalogue().by_id(offering_id));
    Ok(ApplicationView {
        id: line.id,
        coop: origin.coop,
        member_number: line.member_number,
        order_number: line.order_number,
        units: line.units,
        amount: line.amount,
        received_on: line.received_on,
        channel: line.channel,
        note: line.note,
        offering: offering.map(Into::into),
        collection_month: line
            .collection_month
            .map(|month| stored("applications.month", CollectionMonth::from_int(month)))
            .transpose()?,
        state: stored(
            "applications.state",
            ApplicationState::from_stored(&line.state),
        )?,
        reason: reasons.main(),
        reasons,
        fresh_reasons: HoldReasons::NONE,
        ways: Vec::new(),
        proposal: None,
        import_id: line.intake_id,
        import_kind: origin.kind,
        import_name: origin.name,
        line: line.line_no,
        line_id: line.line_id,
        recorded_by: origin.actor,
        recorded_at: origin.recorded_at.and_utc(),
        keyed: None,
        pledge_id: None,
        donation_id: None,
        decisions,
    })
}
