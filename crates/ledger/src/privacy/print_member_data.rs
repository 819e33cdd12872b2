//! `print_member_data`: everything that is held about a member, for the member who asks.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{CollectionMonth, CoopCode, MemberNumber};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::personal::{self, KeyedLine};
use store::tables::members::MemberInCoop;
use store::tables::{cooperatives, exports, pledges};

use super::Person;
use super::erase_member::COPIES_ELSEWHERE;
use crate::audit_log::{AuditEventView, events_of};
use crate::error::stored;
use crate::ledger::Look;
use crate::pledges::{PledgeHistory, history};
use crate::reference::MemberKey;
use crate::review::{ApplicationView, load_application};
use crate::settlement::{HeldResultView, load_held_result};
use crate::trace::{ChargeView, charge_view};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A member, by one number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NumberHeld {
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// Name of the co-op.
    pub coop_name: String,
    /// The number there.
    #[schema(value_type = String, example = "0010106")]
    pub member_number: MemberNumber,
    /// The name, where known.
    pub name: Option<String>,
    /// The name in kana, where known.
    pub kana: Option<String>,
    /// `han`, `individual` or `depot`, where known.
    pub delivery: Option<String>,
    /// The last day as a member.
    pub left_on: Option<NaiveDate>,
    /// As whom the member goes on, after a move.
    pub moved_to: Option<MemberKey>,
    /// When name, kana and delivery were erased.
    pub erased_at: Option<DateTime<Utc>>,
}

/// A line of a sheet as it was keyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct KeyedLineHeld {
    /// The sheet.
    pub sheet_id: i64,
    /// `open`, `posted` or `discarded`.
    pub state: String,
    /// 1, or 2 for the second keying.
    pub keying: i32,
    /// The line there.
    pub line_no: i64,
    /// The order number.
    pub order_number: Option<String>,
    /// Units (口).
    pub units: Option<i64>,
    /// Yen.
    pub amount: Option<i64>,
    /// What else was written.
    pub note: Option<String>,
    /// Who keyed it last.
    pub keyed_by: String,
    /// When.
    pub keyed_at: DateTime<Utc>,
}

/// A collection file with the member's number in it that was handed to a co-op.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FileHandedOver {
    /// The batch.
    pub batch_id: i64,
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The month of collection.
    #[schema(value_type = String, example = "2025-12")]
    pub month: CollectionMonth,
    /// In which format.
    pub profile: String,
    /// When first.
    pub exported_at: DateTime<Utc>,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// Everything that is held about a member, under every number that the member has had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MemberData {
    /// When this was written.
    pub printed_at: DateTime<Utc>,
    /// The member, by each number.
    pub numbers: Vec<NumberHeld>,
    /// Supporter registrations, with every change and who made it.
    pub pledges: Vec<PledgeHistory>,
    /// Applications, with where they came from and what was decided, by whom and why.
    pub applications: Vec<ApplicationView>,
    /// Lines keyed on sheets.
    pub keyed_lines: Vec<KeyedLineHeld>,
    /// Charges with their results and corrections.
    pub charges: Vec<ChargeView>,
    /// Lines of co-ops' answers that a person had to decide about.
    pub held_results: Vec<HeldResultView>,
    /// Collection files handed over with the member's number in them.
    pub files: Vec<FileHandedOver>,
    /// The audit log: who did what to any of it, and who looked; oldest first, without this look.
    pub events: Vec<AuditEventView>,
    /// Where copies may be that this program does not keep, in Japanese.
    pub elsewhere: Vec<String>,
}

impl Ledger {
    /// Everything that is held about the member of a number: under every number, should the member
    /// have moved. That it was looked at is in the audit log.
    ///
    /// # Errors
    /// Refuses a co-op or a number that there is not.
    pub fn print_member_data(
        &self,
        call: &Call,
        coop: &CoopCode,
        number: &MemberNumber,
    ) -> Result<MemberData> {
        self.read_logged(call, Operation::PrintMemberData, |connection, _| {
            let person = Person::find(connection, coop, number)?;
            let data = self.member_data(connection, &person)?;
            let look = Look::at_member(person.asked.coop_id, person.asked.id);
            Ok((data, look))
        })
    }

    fn member_data(&self, connection: &mut DbConnection, person: &Person) -> Result<MemberData> {
        let (rows, subjects) = (person.member_rows(), person.subjects(connection)?);
        let mut data = MemberData {
            printed_at: self.now(),
            numbers: numbers(connection, person)?,
            pledges: Vec::new(),
            applications: Vec::new(),
            keyed_lines: Vec::new(),
            charges: Vec::new(),
            held_results: Vec::new(),
            files: Vec::new(),
            events: events_of(connection, &subjects)?,
            elsewhere: COPIES_ELSEWHERE.map(str::to_owned).to_vec(),
        };
        for id in personal::pledge_ids(connection, &rows)? {
            let pledge = pledges::find(connection, id)?
                .ok_or_else(|| LedgerError::Corrupt(format!("pledge {id} is gone")))?;
            data.pledges
                .push(history(connection, &pledge, self.today())?);
        }
        for id in personal::application_ids(connection, &rows)? {
            data.applications
                .push(load_application(connection, self.settings(), id)?);
        }
        let keyed = personal::keyed_lines(connection, &rows)?;
        data.keyed_lines = keyed.into_iter().map(keyed_line).collect();
        for charge in personal::charges(connection, &rows)? {
            data.charges.push(charge_view(connection, charge)?);
        }
        for id in personal::held_result_ids(connection, &rows)? {
            data.held_results.push(load_held_result(connection, id)?);
        }
        data.files = files(connection, &data.charges)?;
        Ok(data)
    }
}

fn numbers(connection: &mut DbConnection, person: &Person) -> Result<Vec<NumberHeld>> {
    person
        .rows
        .iter()
        .map(|row| {
            let member = &row.member;
            let coop = cooperatives::find(connection, member.coop_id)?;
            let next = member.moved_to;
            let next = person.rows.iter().find(|row| Some(row.member.id) == next);
            let key = key(row)?;
            Ok(NumberHeld {
                coop: key.coop,
                coop_name: coop.map(|coop| coop.name).unwrap_or_default(),
                member_number: key.member_number,
                name: member.name.clone(),
                kana: member.kana.clone(),
                delivery: member.delivery.clone(),
                left_on: member.left_on,
                moved_to: next.map(self::key).transpose()?,
                erased_at: member.erased_at.map(|at| at.and_utc()),
            })
        })
        .collect()
}

/// A member's co-op and number.
pub(super) fn key(row: &MemberInCoop) -> Result<MemberKey> {
    Ok(MemberKey {
        coop: stored("cooperatives.code", row.coop_code.parse())?,
        member_number: stored("members.number", row.member.number.parse())?,
    })
}

fn keyed_line(line: KeyedLine) -> KeyedLineHeld {
    KeyedLineHeld {
        sheet_id: line.sheet_id,
        state: line.state,
        keying: line.keying,
        line_no: line.line_no,
        order_number: line.order_number,
        units: line.units,
        amount: line.amount,
        note: line.note,
        keyed_by: line.actor,
        keyed_at: line.recorded_at.and_utc(),
    }
}

fn files(connection: &mut DbConnection, charges: &[ChargeView]) -> Result<Vec<FileHandedOver>> {
    let batches: BTreeMap<i64, &ChargeView> = charges
        .iter()
        .map(|charge| (charge.batch_id, charge))
        .collect();
    let mut files = Vec::new();
    for (batch_id, charge) in batches {
        for export in exports::of_batch(connection, batch_id)? {
            files.push(FileHandedOver {
                batch_id,
                coop: charge.coop.clone(),
                month: charge.month,
                profile: export.profile,
                exported_at: export.exported_at.and_utc(),
                sha256: export.sha256,
            });
        }
    }
    Ok(files)
}
