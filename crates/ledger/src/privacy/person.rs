//! A person, under every number that they have had.

use std::collections::{BTreeMap, VecDeque};

use domain::{ChargeKey, CollectionMonth, CoopCode, MemberNumber};
use store::DbConnection;
use store::personal::{self, MemberRows};
use store::tables::charges::Charge;
use store::tables::members::{self, Member, MemberInCoop};

use crate::Result;
use crate::error::stored;
use crate::reference::find_cooperative;
use crate::reference::find_member::not_found;

/// The rows of one person: whoever moved to another co-op or number has one for each.
pub(crate) struct Person {
    /// The row that was asked for.
    pub(crate) asked: Member,
    /// By id, so that locks are taken in one order.
    pub(crate) rows: Vec<MemberInCoop>,
}

impl Person {
    /// The person whom a number in a co-op names, under whichever of their numbers. Refuses a co-op
    /// or a number that there is not.
    pub(crate) fn find(
        connection: &mut DbConnection,
        coop: &CoopCode,
        number: &MemberNumber,
    ) -> Result<Self> {
        let cooperative = find_cooperative(connection, coop)?;
        let member = members::find(connection, cooperative.id, number.as_str())?
            .ok_or_else(|| not_found(coop, number))?;
        let named = MemberInCoop {
            member,
            coop_code: cooperative.code,
        };
        Self::around(connection, named)
    }

    /// The person of a row.
    pub(crate) fn around(connection: &mut DbConnection, named: MemberInCoop) -> Result<Self> {
        let mut rows: BTreeMap<i64, MemberInCoop> = BTreeMap::new();
        let asked = named.member.clone();
        let mut to_follow = VecDeque::from([named]);
        while let Some(row) = to_follow.pop_front() {
            if rows.contains_key(&row.member.id) {
                continue;
            }
            to_follow.extend(members::moved_into(connection, row.member.id)?);
            if let Some(next) = row.member.moved_to {
                to_follow.extend(members::find_by_id(connection, next)?);
            }
            rows.insert(row.member.id, row);
        }
        Ok(Self {
            asked,
            rows: rows.into_values().collect(),
        })
    }

    /// What the tables know the person by.
    pub(crate) fn member_rows(&self) -> MemberRows {
        let members = || self.rows.iter().map(|row| &row.member);
        MemberRows {
            ids: members().map(|member| member.id).collect(),
            numbers: members()
                .map(|member| (member.coop_id, member.number.clone()))
                .collect(),
        }
    }

    /// What the audit log calls the person and everything of theirs.
    pub(crate) fn subjects(&self, connection: &mut DbConnection) -> Result<Vec<String>> {
        let rows = self.member_rows();
        let mut subjects: Vec<String> = rows.ids.iter().map(|id| subject(*id)).collect();
        let numbers = rows.numbers.iter();
        subjects.extend(numbers.map(|(_, number)| format!("member_number:{number}")));
        subjects.extend(subjects_of(connection, &rows)?);
        Ok(subjects)
    }
}

/// What the audit log calls a member.
pub(super) fn subject(member_id: i64) -> String {
    format!("member:{member_id}")
}

/// What the audit log calls everything of these members, themselves apart.
pub(super) fn subjects_of(connection: &mut DbConnection, rows: &MemberRows) -> Result<Vec<String>> {
    let mut subjects = Vec::new();
    let applications = personal::application_ids(connection, rows)?;
    subjects.extend(applications.iter().map(|id| format!("application:{id}")));
    let pledges = personal::pledge_ids(connection, rows)?;
    subjects.extend(pledges.iter().map(|id| format!("pledge:{id}")));
    let held = personal::held_result_ids(connection, rows)?;
    subjects.extend(held.iter().map(|id| format!("held_result:{id}")));
    for corrected in personal::corrected_charges(connection, rows)? {
        subjects.push(charge_subject(&corrected.charge)?);
    }
    Ok(subjects)
}

/// What the audit log calls a charge.
fn charge_subject(charge: &Charge) -> Result<String> {
    let month = stored("batches.month", CollectionMonth::from_int(charge.month))?;
    let sequence = i64::from(charge.sequence);
    let key = ChargeKey::new(charge.coop_id, month, sequence, charge.rank);
    Ok(format!("charge:{}", stored("charges.rank", key)?))
}
