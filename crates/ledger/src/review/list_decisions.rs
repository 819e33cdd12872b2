//! `list_decisions`: what was decided lately, to look at again or undo.

use chrono::{DateTime, Utc};
use domain::ApplicationState;
use serde::{Deserialize, Serialize};
use store::tables::decisions;
use utoipa::ToSchema;

use crate::error::stored;
use crate::{Call, Cursor, Ledger, Operation, Page, PageRequest, Result};

/// The list in a cursor.
const LIST: &str = "decisions";

/// A decision with the line it was about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecisionListed {
    /// Its number.
    pub decision_id: i64,
    /// The application.
    pub id: i64,
    /// Code of the co-op.
    pub coop: String,
    /// The member number.
    pub member_number: String,
    /// The order number.
    pub order_number: Option<String>,
    /// Units (口).
    pub units: Option<i64>,
    /// Yen.
    pub amount: Option<i64>,
    /// How the application stands now.
    #[schema(value_type = String)]
    pub state: ApplicationState,
    /// `add`, `replace`, `mistake`, `spot`, `accept`, `next-month`, `correct` or `void`.
    pub way: String,
    /// Why, in the person's own words.
    pub reason: String,
    /// Who.
    pub actor: String,
    /// When, UTC.
    pub decided_at: DateTime<Utc>,
    /// When it was undone, UTC; none while it stands.
    pub undone_at: Option<DateTime<Utc>>,
    /// Whether it is the newest about its application that stands: only that can be undone.
    pub is_newest: bool,
}

impl Ledger {
    /// The decisions, the newest first, those undone too.
    pub fn list_decisions(&self, call: &Call, page: &PageRequest) -> Result<Page<DecisionListed>> {
        let rows = page.rows()?;
        let before_id = match &page.cursor {
            Some(cursor) => cursor.keys::<1>(LIST)?[0],
            None => i64::MAX,
        };
        self.read(call, Operation::ListDecisions, |connection| {
            let found = decisions::page_before(connection, before_id, rows + 1)?;
            let views = found.into_iter().map(view).collect::<Result<_>>()?;
            Ok(Page::of(views, rows, |one: &DecisionListed| {
                Cursor::after(LIST, &[one.decision_id])
            }))
        })
    }
}

fn view(found: decisions::ListedDecision) -> Result<DecisionListed> {
    let state = ApplicationState::from_stored(&found.state);
    Ok(DecisionListed {
        decision_id: found.id,
        id: found.application_id,
        coop: found.coop,
        member_number: found.member_number,
        order_number: found.order_number,
        units: found.units,
        amount: found.amount,
        state: stored("applications.state", state)?,
        way: found.way,
        reason: found.reason,
        actor: found.actor,
        decided_at: found.decided_at.and_utc(),
        undone_at: found.undone_at.map(|at| at.and_utc()),
        is_newest: found.is_newest,
    })
}
