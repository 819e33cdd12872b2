//! Reference data: what co-ops, funds, campaigns, cycles, offerings and members there are, and
//! the supporters from before this system.
//!
//! Every file is an upsert by code, taken whole or not at all. What would rewrite history is
//! refused, with the line and the way out.

pub(crate) mod catalogue;

mod by_hand;
mod campaigns;
mod cooperatives;
mod cycles;

pub(crate) mod find_member;
mod funds;
mod get_campaign;
mod leaving;
pub(crate) mod lists;
pub(crate) mod look_up;
mod member_changes;
mod members;
mod notes;
mod offerings;
mod organizations;
mod pledges;
mod public_page;
mod rows;
mod search_members;
mod windows;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use store::tables::intakes::{self, NewIntake};

pub use by_hand::{
    AddCycles, CalendarCycle, CopiedNumber, CopyOfferings, CycleCalendar, CycleCorrected,
    CycleDetail, CyclesAdded, OfferingDetail, OfferingsCopied, PROPOSED_WEEKS_MAX, TodaysOffering,
    TypedCampaign, TypedCycle, TypedName, TypedOffering,
};
pub use find_member::{MemberKey, MemberPledgeView, MemberState, MemberView};
pub use get_campaign::CampaignSettings;
pub(crate) use get_campaign::find_campaign;
pub(crate) use lists::find_cooperative;
pub use lists::{
    CampaignView, CooperativeView, CycleView, FundView, OfferingView, OrganizationView,
};
pub use look_up::OrderNumberAnswer;
pub use public_page::SwitchPublicPage;

use crate::table_file::TableFile;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result, Source};

/// A table that a file of reference data can fill (§6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReferenceTable {
    /// 単協.
    Cooperatives,
    /// 基金.
    Funds,
    /// 団体.
    Organizations,
    /// 団体寄付の募集.
    Campaigns,
    /// 企画回.
    Cycles,
    /// 募集（注文番号）.
    Offerings,
    /// 組合員.
    Members,
    /// サポーター登録 from before this system.
    Pledges,
    /// Members who move to another co-op or number.
    MemberChanges,
}

impl ReferenceTable {
    /// All of them, in the order in which one builds on the other.
    pub const ALL: [Self; 9] = [
        Self::Cooperatives,
        Self::Funds,
        Self::Organizations,
        Self::Campaigns,
        Self::Cycles,
        Self::Offerings,
        Self::Members,
        Self::Pledges,
        Self::MemberChanges,
    ];

    /// Its name on the command line and in URLs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cooperatives => "cooperatives",
            Self::Funds => "funds",
            Self::Organizations => "organizations",
            Self::Campaigns => "campaigns",
            Self::Cycles => "cycles",
            Self::Offerings => "offerings",
            Self::Members => "members",
            Self::Pledges => "pledges",
            Self::MemberChanges => "member-changes",
        }
    }

    /// What its files are called among the intakes.
    pub(crate) const fn intake_kind(self) -> &'static str {
        match self {
            Self::MemberChanges => "member_changes",
            table => table.as_str(),
        }
    }

    /// The table whose files are called so among the intakes.
    pub(crate) fn of_intake_kind(kind: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|table| table.intake_kind() == kind)
    }

    /// Its import, as the table of rights knows it.
    pub const fn operation(self) -> Operation {
        match self {
            Self::Cooperatives
            | Self::Funds
            | Self::Organizations
            | Self::Campaigns
            | Self::Cycles
            | Self::Offerings => Operation::ImportCatalogue,
            Self::Members | Self::Pledges | Self::MemberChanges => Operation::ImportMembers,
        }
    }

    /// What the audit log calls its import.
    const fn action(self) -> &'static str {
        match self {
            Self::Cooperatives => "import_cooperatives",
            Self::Funds => "import_funds",
            Self::Organizations => "import_organizations",
            Self::Campaigns => "import_campaigns",
            Self::Cycles => "import_cycles",
            Self::Offerings => "import_offerings",
            Self::Members => "import_members",
            Self::Pledges => "import_pledges",
            Self::MemberChanges => "import_member_changes",
        }
    }
}

impl fmt::Display for ReferenceTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ReferenceTable {
    type Err = LedgerError;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|table| table.as_str() == name)
            .ok_or_else(|| {
                let names: Vec<_> = Self::ALL.iter().map(|table| table.as_str()).collect();
                let reason = format!("{} のどれかを指定してください", names.join("、"));
                LedgerError::field("unknown_table", "table", reason)
            })
    }
}

/// What became of a file of reference data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReferenceImported {
    /// Which table.
    #[schema(value_type = String, example = "cycles")]
    pub table: ReferenceTable,
    /// The file's name.
    pub file: String,
    /// Rows read.
    pub lines: u64,
    /// Rows that were new.
    pub added: u64,
    /// Rows that said something else than what was known.
    pub changed: u64,
    /// Rows that said what was known already.
    pub unchanged: u64,
    /// What the desk should know about it, in Japanese.
    pub notes: Vec<String>,
}

/// What an import did to its table.
#[derive(Debug, Default)]
struct Outcome {
    added: u64,
    changed: u64,
    unchanged: u64,
    notes: Vec<String>,
    /// What the desk should know about single rows, by their lines.
    told: Vec<(u64, String)>,
    /// What else it touched, by number, for the audit log.
    touched: Option<serde_json::Value>,
}

impl Outcome {
    /// Tells the desk something about a row.
    fn note(&mut self, line: u64, words: String) {
        self.told.push((line, words));
    }

    /// All that the desk should know about a file.
    fn all_notes(self) -> Vec<String> {
        let told = self.told.into_iter();
        told.map(|(line, words)| format!("{line}行目: {words}"))
            .chain(self.notes)
            .collect()
    }

    fn count(&mut self, fate: Fate) {
        match fate {
            Fate::Added => self.added += 1,
            Fate::Changed => self.changed += 1,
            Fate::Unchanged => self.unchanged += 1,
        }
    }

    fn lines(&self) -> u64 {
        self.added + self.changed + self.unchanged
    }

    fn into_imported(self, table: ReferenceTable, file: &TableFile<'_>) -> ReferenceImported {
        ReferenceImported {
            table,
            file: file.name().to_owned(),
            lines: self.lines(),
            added: self.added,
            changed: self.changed,
            unchanged: self.unchanged,
            notes: self.all_notes(),
        }
    }
}

/// What a row did to its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Added,
    Changed,
    Unchanged,
}

/// An import as it is known by its idempotency key.
#[derive(Serialize)]
struct ImportRequest<'a> {
    table: ReferenceTable,
    file: &'a str,
    sha256: &'a str,
}

/// An import as the audit log keeps it.
#[derive(Serialize)]
struct ImportRecord<'a> {
    file: &'a str,
    sha256: &'a str,
    added: u64,
    changed: u64,
    unchanged: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    touched: Option<&'a serde_json::Value>,
}

impl Ledger {
    /// Takes a file of reference data: adds what is new, changes what differs, leaves what is as
    /// it was. All of it or nothing.
    ///
    /// Refuses a file with any bad line (each listed with line, column and reason), and what
    /// would rewrite history: another kind, price, fund or campaign of an offering that was
    /// applied for, another month of a cycle once that month is closed, windows of one number
    /// that overlap (R1).
    pub fn import_reference(
        &self,
        call: &Call,
        table: ReferenceTable,
        source: &dyn Source,
    ) -> Result<ReferenceImported> {
        let file = TableFile::inspect(source)?;
        let request = ImportRequest {
            table,
            file: file.name(),
            sha256: &file.sha256,
        };
        self.write(call, table.operation(), &request, |tx| {
            let outcome = import(tx, table, &file)?;
            note_intake(tx, table, &file, &outcome)?;
            record(tx, table, &file, &outcome)?;
            Ok(outcome.into_imported(table, &file))
        })
    }

    /// Tells what [`Ledger::import_reference`] would make of a file, and changes nothing.
    ///
    /// # Errors
    /// Refuses what the import would refuse, with the same list of lines.
    pub fn preview_reference(
        &self,
        call: &Call,
        table: ReferenceTable,
        source: &dyn Source,
    ) -> Result<ReferenceImported> {
        let file = TableFile::inspect(source)?;
        self.try_out(call, table.operation(), |tx| {
            Ok(import(tx, table, &file)?.into_imported(table, &file))
        })
    }
}

/// Notes a file that changed something among those that were taken. Pledges and moves have noted
/// theirs: their rows name it.
fn note_intake(
    tx: &mut Tx<'_>,
    table: ReferenceTable,
    file: &TableFile<'_>,
    outcome: &Outcome,
) -> Result<()> {
    let taken = outcome.added + outcome.changed;
    let is_noted = matches!(
        table,
        ReferenceTable::Pledges | ReferenceTable::MemberChanges
    );
    if is_noted || taken == 0 {
        return Ok(());
    }
    let count = |lines: u64| i64::try_from(lines).unwrap_or(i64::MAX);
    let intake = NewIntake {
        kind: table.intake_kind(),
        name: Some(file.name()),
        fingerprint: None,
        lines: count(outcome.lines()),
        accepted: count(taken),
        held: 0,
        held_by_reason: None,
        actor: tx.actor.as_str(),
        recorded_at: tx.recorded_at(),
    };
    intakes::insert(tx.connection, &intake)?;
    Ok(())
}

fn record(
    tx: &mut Tx<'_>,
    table: ReferenceTable,
    file: &TableFile<'_>,
    outcome: &Outcome,
) -> Result<()> {
    let record = ImportRecord {
        file: file.name(),
        sha256: &file.sha256,
        added: outcome.added,
        changed: outcome.changed,
        unchanged: outcome.unchanged,
        touched: outcome.touched.as_ref(),
    };
    let event = Event {
        action: table.action(),
        coop_id: None,
        subject: format!("file:{}", file.sha256),
        reason: None,
    };
    let content = Some(file.sha256.clone());
    tx.audit_content(&event, None::<&()>, Some(&record), content)
}

fn import(tx: &mut Tx<'_>, table: ReferenceTable, file: &TableFile<'_>) -> Result<Outcome> {
    match table {
        ReferenceTable::Members | ReferenceTable::Pledges | ReferenceTable::MemberChanges => {
            store::lock::reference_shared(tx.connection)?;
        }
        _ => store::lock::reference_exclusive(tx.connection)?,
    }
    match table {
        ReferenceTable::Cooperatives => cooperatives::import(tx, file),
        ReferenceTable::Funds => funds::import(tx, file),
        ReferenceTable::Organizations => organizations::import(tx, file),
        ReferenceTable::Campaigns => campaigns::import(tx, file),
        ReferenceTable::Cycles => cycles::import(tx, file),
        ReferenceTable::Offerings => offerings::import(tx, file),
        ReferenceTable::Members => members::import(tx, file),
        ReferenceTable::Pledges => pledges::import(tx, file),
        ReferenceTable::MemberChanges => member_changes::import(tx, file),
    }
}
