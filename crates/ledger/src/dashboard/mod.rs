//! What waits for the one who asks, today, by role: counted in the database, so that it is quick
//! however much waits.

mod audit;
mod billing;
mod intake;
mod money;
mod people;

use chrono::NaiveDate;
use domain::{CollectionMonth, CoopCode, HoldReason, Role, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;

use crate::billing::settlement::Overdue;
use crate::{Access, Call, Ledger, Operation, Result, Settings};

/// Details of one kind of work shown at most.
const DETAILS_MAX: usize = 12;

/// A kind of work that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingKind {
    /// Sheets that the one who asks opened and that are not posted.
    OwnSheets,
    /// Sheets that others opened and that are not posted.
    OtherSheets,
    /// Second keyings that were begun and not laid beside the first.
    SecondKeyings,
    /// Imports that were refused or failed in the last days.
    FailedImports,
    /// Held applications.
    Holds,
    /// Months that may be closed.
    MonthsToClose,
    /// Batches that others closed and that wait for an approval.
    BatchesToApprove,
    /// Batches that the one who asks closed, and somebody else has to approve.
    OwnBatches,
    /// Approved batches that were not handed over.
    BatchesToExport,
    /// Batches whose results are outstanding for too long.
    ResultsOverdue,
    /// Batches whose results are outstanding.
    ResultsOutstanding,
    /// Lines of result files that were held.
    HeldResults,
    /// What others entered and the one who asks may decide.
    PendingActions,
    /// What the one who asks entered, and somebody else has to decide.
    OwnPendingActions,
    /// What co-ops collected and have not handed over for long.
    OldReceivables,
    /// Months of the books that are over and not closed.
    PeriodsToClose,
    /// Events of the audit log of the last days.
    RecentChanges,
    /// People who were invited and have not come.
    Invitations,
    /// People who should have a second factor and have none.
    WithoutSecondFactor,
    /// Tokens that end soon.
    EndingTokens,
}

/// One line of what waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingDetail {
    /// Code of the co-op.
    pub coop: Option<CoopCode>,
    /// Its name.
    pub coop_name: Option<String>,
    /// The month.
    pub month: Option<CollectionMonth>,
    /// Which batch of the month.
    pub sequence: Option<i32>,
    /// Why it is held.
    pub reason: Option<HoldReason>,
    /// Somebody's name, or a token's after its person's: `aoki`, `aoki/scripts`.
    pub name: Option<String>,
    /// A day that matters: of the end, or since when.
    pub day: Option<NaiveDate>,
    /// How many.
    pub count: i64,
    /// Yen.
    pub amount: Option<Yen>,
    /// Whether it is late.
    pub is_late: bool,
}

/// What waits of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The kind.
    pub kind: WaitingKind,
    /// How many.
    pub count: i64,
    /// Yen in all, where it is about money.
    pub amount: Option<Yen>,
    /// Since when, where that is known.
    pub since: Option<NaiveDate>,
    /// Whether any of it is late.
    pub is_late: bool,
    /// The first of it, at most twelve.
    pub details: Vec<WaitingDetail>,
}

impl Waiting {
    /// So many of a kind.
    fn of(kind: WaitingKind, count: i64) -> Self {
        Self {
            kind,
            count,
            amount: None,
            since: None,
            is_late: false,
            details: Vec::new(),
        }
    }

    /// As many as the details say, which may be more than are shown.
    fn with(kind: WaitingKind, mut details: Vec<WaitingDetail>) -> Self {
        let amounts = details.iter().filter_map(|detail| detail.amount);
        let has_amounts = amounts.clone().next().is_some();
        let amount = has_amounts.then(|| Yen::sum(amounts).ok()).flatten();
        let waiting = Self {
            amount,
            is_late: details.iter().any(|detail| detail.is_late),
            since: details.iter().filter_map(|detail| detail.day).min(),
            ..Self::of(kind, details.iter().map(|detail| detail.count).sum())
        };
        details.truncate(DETAILS_MAX);
        Self { details, ..waiting }
    }
}

/// What waits for the one who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Today, in Japan.
    pub today: NaiveDate,
    /// Their roles; all of them for the operator of the machine.
    pub roles: Vec<Role>,
    /// What waits, in the order of the work; kinds of which nothing waits are left out.
    pub waiting: Vec<Waiting>,
}

impl Ledger {
    /// What waits for the one who asks, by their roles (R17). Of an organisation nothing does: its own
    /// campaigns are what it looks at.
    pub fn dashboard(&self, call: &Call) -> Result<Dashboard> {
        self.read_as(call, Operation::ShowDashboard, |connection, access| {
            let asking = Asking {
                access,
                today: self.today(),
                now: self.recorded_now(),
                overdue: self.overdue(),
                settings: self.settings(),
            };
            let mut waiting = Vec::new();
            asking.gather(connection, &mut waiting)?;
            waiting.retain(|one: &Waiting| one.count > 0);
            Ok(Dashboard {
                today: asking.today,
                roles: Role::ALL
                    .into_iter()
                    .filter(|role| access.has(*role))
                    .collect(),
                waiting,
            })
        })
    }
}

/// Who asks, and when.
struct Asking<'a> {
    access: &'a Access,
    today: NaiveDate,
    now: chrono::NaiveDateTime,
    overdue: Overdue,
    settings: &'a Settings,
}

impl Asking<'_> {
    fn gather(&self, connection: &mut DbConnection, waiting: &mut Vec<Waiting>) -> Result<()> {
        let (clerk, finance) = (self.access.has(Role::Clerk), self.access.has(Role::Finance));
        if clerk {
            self.sheets(connection, waiting)?;
            self.failed_imports(connection, waiting)?;
        }
        if clerk || finance {
            self.holds(connection, waiting)?;
        }
        if finance {
            self.months_to_close(connection, waiting)?;
            self.batches(connection, waiting)?;
            self.money(connection, waiting)?;
        }
        if self.access.has(Role::Auditor) {
            self.recent_changes(connection, waiting)?;
        }
        if self.access.has(Role::Admin) {
            self.people(connection, waiting)?;
        }
        Ok(())
    }
}
