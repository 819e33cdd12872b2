//! `erase_member`: a member's name and free text go, the accounts stay true.

use domain::{CoopCode, MemberNumber};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::personal::{self, MemberRows, erase};
use store::tables::pledges;

use super::kept_answers;
use super::person::{self, Person};
use super::print_member_data::key;
use crate::call::given_reason;
use crate::error::stored;
use crate::reference::MemberKey;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Held applications named in a refusal at most.
const NAMED_MAX: usize = 10;

/// Where copies may be that this program does not keep.
pub(super) const COPIES_ELSEWHERE: [&str; 4] = [
    "申込の用紙とファイル（単協から届いた原本）",
    "単協に渡した請求データと、単協の記録（組合員番号・金額。氏名は入っていません）",
    "データベースのバックアップ（消去より前に作ったもの）",
    "書き出した監査記録・帳票・この一覧の控え",
];

/// A member to erase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseMember {
    /// Why: the member's wish, say. It stays on record, so it names nobody.
    #[schema(example = "本人の申し出")]
    pub reason: String,
}

/// How much was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Erased {
    /// Numbers with a name, kana or way of delivery.
    pub names: u64,
    /// Notes (備考) of applications and keyed lines.
    pub notes: u64,
    /// Reasons written about applications, pledges, corrections and results.
    pub reasons: u64,
    /// Events of the audit log whose copies of such reasons were erased; the events stay.
    pub audit_copies: u64,
    /// Answers kept for a repeated request in which a note was erased.
    pub kept_answers: u64,
}

/// What was erased of a member, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MemberErased {
    /// The member, by every number.
    pub members: Vec<MemberKey>,
    /// How much was erased.
    #[serde(flatten)]
    pub erased: Erased,
    /// Whether a pledge goes on: it is charged by number, as before.
    pub is_supporter: bool,
    /// What stays or may be elsewhere, and why, in Japanese.
    pub stays: Vec<String>,
}

impl Ledger {
    /// What erasing a member would erase, and what would stay. Changes nothing.
    ///
    /// # Errors
    /// Refuses what [`erase_member`](Self::erase_member) refuses.
    pub fn weigh_erasure(
        &self,
        call: &Call,
        coop: &CoopCode,
        number: &MemberNumber,
    ) -> Result<MemberErased> {
        self.try_out(call, Operation::WeighErasure, |tx| {
            let person = Person::find(tx.connection, coop, number)?;
            erase_person(tx, &person)
        })
    }

    /// Erases name, kana, way of delivery, notes and every reason written about a member, under
    /// every number that the member has had. Member numbers, units, yen, days and digests stay, so
    /// that the books stay true; files of members bring the name back no more. It cannot be undone.
    ///
    /// # Errors
    /// Refuses a member that there is not, one with held applications, and one on an open sheet:
    /// their notes are needed still.
    pub fn erase_member(
        &self,
        call: &Call,
        coop: &CoopCode,
        number: &MemberNumber,
        request: &EraseMember,
    ) -> Result<MemberErased> {
        let asked = (coop, number, request);
        self.write(call, Operation::EraseMember, &asked, |tx| {
            let reason = given_reason(&request.reason)?;
            let person = Person::find(tx.connection, coop, number)?;
            let erased = erase_person(tx, &person)?;
            let event = Event {
                action: "erase_member",
                coop_id: Some(person.asked.coop_id),
                subject: person::subject(person.asked.id),
                reason: Some(reason),
            };
            tx.audit(&event, None::<&()>, Some(&erased))?;
            Ok(erased)
        })
    }
}

/// Erases a person in this transaction; nobody else writes for their co-ops meanwhile.
fn erase_person(tx: &mut Tx<'_>, person: &Person) -> Result<MemberErased> {
    let rows = person.member_rows();
    lock_coops(tx.connection, &rows)?;
    refuse_needed(tx.connection, &rows)?;
    let corrections = personal::corrected_charges(tx.connection, &rows)?;
    let erased = erase_rows(tx, &rows)?;
    Ok(MemberErased {
        members: person.rows.iter().map(key).collect::<Result<_>>()?,
        is_supporter: is_supporter(tx, &rows)?,
        stays: stays(&corrections),
        erased,
    })
}

/// Nobody else writes for these members' co-ops until the transaction ends.
fn lock_coops(connection: &mut DbConnection, rows: &MemberRows) -> Result<()> {
    let mut coops: Vec<i64> = rows.numbers.iter().map(|(coop_id, _)| *coop_id).collect();
    coops.sort_unstable();
    coops.dedup();
    for coop_id in coops {
        store::lock::coop_exclusive(connection, coop_id)?;
    }
    Ok(())
}

/// Erases all that can be of some members.
pub(super) fn erase_rows(tx: &mut Tx<'_>, rows: &MemberRows) -> Result<Erased> {
    let at = tx.recorded_at();
    let connection = &mut *tx.connection;
    let about = person::subjects_of(connection, rows)?;
    let applications = personal::application_ids(connection, rows)?;
    let pledges = personal::pledge_ids(connection, rows)?;
    let held = personal::held_result_ids(connection, rows)?;
    let corrections: Vec<i64> = personal::corrected_charges(connection, rows)?
        .iter()
        .map(|one| one.correction_id)
        .collect();
    erase::overwrite(connection, true)?;
    let erased = Erased {
        names: erase::members(connection, rows, at)?,
        notes: erase::notes(connection, &applications)? + erase::keyed_notes(connection, rows)?,
        reasons: erase::decisions(connection, &applications)?
            + erase::pledge_reasons(connection, &pledges)?
            + erase::corrections(connection, &corrections)?
            + erase::held_results(connection, &held)?,
        audit_copies: erase::audit_copies(connection, &about)?,
        kept_answers: kept_answers::erase_of(connection, rows)?,
    };
    erase::overwrite(connection, false)?;
    Ok(erased)
}

/// Refuses while a person has to read the notes still.
pub(super) fn refuse_needed(connection: &mut DbConnection, rows: &MemberRows) -> Result<()> {
    let held = personal::held_application_ids(connection, rows)?;
    if !held.is_empty() {
        let named: Vec<String> = held.iter().take(NAMED_MAX).map(i64::to_string).collect();
        return Err(LedgerError::refused(
            "member_has_holds",
            format!(
                "要確認の申込（番号 {}）が残っていて、備考がまだ要ります。先に決めてください",
                named.join("、")
            ),
        ));
    }
    match personal::open_sheet_with(connection, rows)? {
        None => Ok(()),
        Some(sheet) => Err(LedgerError::refused(
            "member_on_open_sheet",
            format!(
                "入力中の入力束 {sheet} にこの組合員の行があります。先に入力束を確定するか、捨ててください"
            ),
        )),
    }
}

fn is_supporter(tx: &mut Tx<'_>, rows: &MemberRows) -> Result<bool> {
    let month = stored("today", domain::CollectionMonth::from_date(tx.today))?;
    let open = pledges::open_of_members(tx.connection, &rows.ids, month.as_int())?;
    Ok(!open.is_empty())
}

/// What stays, for the one who has to answer the member.
fn stays(corrections: &[personal::CorrectedCharge]) -> Vec<String> {
    let mut stays = vec![
        "組合員番号・口数・金額・日付・だれが操作したかは、会計の記録なので残ります".to_owned(),
        "監査記録の要約値（SHA-256）は残ります。塩を消したので、氏名や理由をそこから確かめることはできません"
            .to_owned(),
    ];
    let entries: Vec<String> = corrections
        .iter()
        .filter_map(|one| one.entry_id)
        .map(|id| id.to_string())
        .collect();
    if !entries.is_empty() {
        stays.push(format!(
            "仕訳 {} の理由の文は残ります（仕訳は書き換えられません）",
            entries.join("、")
        ));
    }
    let elsewhere = COPIES_ELSEWHERE.join("、");
    stays.push(format!(
        "このプログラムの外にある写しは消えません: {elsewhere}"
    ));
    stays
}
