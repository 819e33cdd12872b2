//! Posting a sheet: its lines become applications, all at once.

use std::collections::BTreeMap;

use domain::{HoldReasons, LineIn, Role};
use serde::{Deserialize, Serialize};
use store::intake::clear;
use store::tables::applications;
use store::tables::sheet_lines::{self, SheetLine};
use store::tables::sheets::{self, Posting, Sheet};

use super::compare_keyings::side_by_side;
use super::find_open::find_open;
use super::totals::{self, SheetTotals, TotalDiffering, line_in, unreadable};
use super::{FIRST_KEYING, SECOND_KEYING};
use crate::call::given_reason;
use crate::intake::Desk;
use crate::intake::post::{Arrival, Posted, post_staged, reasons_of};
use crate::intake::staging::{IncomingLine, Stager};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// How to post a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostSheet {
    /// Finance's reason to post it although its totals or keyings differ; needed only then.
    #[serde(default)]
    pub override_reason: Option<String>,
}

/// What became of the lines of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SheetPosted {
    /// The sheet.
    pub sheet_id: i64,
    /// The import its lines became, as applications name it.
    pub import_id: i64,
    /// Its lines.
    pub lines: u64,
    /// How many were posted.
    pub accepted: u64,
    /// How many were held.
    pub held: u64,
    /// How many were held for which main reason.
    pub held_by_reason: BTreeMap<String, u64>,
}

/// Why a sheet does not post, for programs.
#[derive(Serialize)]
struct InTheWay<'a> {
    totals: &'a [TotalDiffering],
    lines: &'a [i64],
}

impl Ledger {
    /// Posts a sheet: every line becomes an application, posted or held (R3, R7).
    ///
    /// Refuses a sheet without lines, one that is not open, who keyed it the second time (R17), and,
    /// unless finance gives a reason (nobody else may), one whose lines do not come to the totals of its cover or whose two
    /// keyings differ.
    pub fn post_sheet(
        &self,
        call: &Call,
        sheet_id: i64,
        request: PostSheet,
    ) -> Result<SheetPosted> {
        self.write(call, Operation::PostSheet, &(sheet_id, &request), |tx| {
            let reason = request.override_reason.as_deref().map(given_reason);
            let answering = reason
                .transpose()?
                .map_or(Answering::Nobody, Answering::Poster);
            Ok(post(tx, sheet_id, answering)?.0)
        })
    }
}

/// What posting a sheet would come to now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostingPreview {
    /// Its lines.
    pub lines: u64,
    /// How many would be posted.
    pub accepted: u64,
    /// How many would be held.
    pub held: u64,
    /// Those that would be held, in order.
    pub held_lines: Vec<HeldOnPosting>,
    /// What stands in the way, in Japanese; finance may override it with a reason.
    pub in_the_way: Option<String>,
}

/// A line that would be held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldOnPosting {
    /// The line on the sheet.
    pub line_no: i64,
    /// Every reason, in the order of R3.
    pub reasons: HoldReasons,
}

impl Ledger {
    /// Tells what posting a sheet would do, by doing it and undoing it: how many of its lines would
    /// be posted, which would be held and why, and what stands in the way. Changes nothing.
    ///
    /// Refuses what `post_sheet` refuses whatever the reason given.
    pub fn preview_posting(&self, call: &Call, sheet_id: i64) -> Result<PostingPreview> {
        self.try_out(call, Operation::PreviewPosting, |tx| {
            let (posted, in_the_way) = post(tx, sheet_id, Answering::Trial)?;
            let held = applications::held_of_intake(tx.connection, posted.import_id)?;
            Ok(PostingPreview {
                lines: posted.lines,
                accepted: posted.accepted,
                held: posted.held,
                held_lines: held
                    .into_iter()
                    .map(|line| {
                        Ok(HeldOnPosting {
                            line_no: line.line_no,
                            reasons: reasons_of(line.reasons)?,
                        })
                    })
                    .collect::<Result<_>>()?,
                in_the_way: in_the_way.map(|error| error.to_string()),
            })
        })
    }
}

/// Who answers for a sheet that disagrees.
#[derive(Clone, Copy)]
enum Answering<'a> {
    /// Nobody.
    Nobody,
    /// Whoever posts it, with this reason; they have to be of finance (R7).
    Poster(&'a str),
    /// Nobody needs to: it is only tried out.
    Trial,
}

fn post(
    tx: &mut Tx<'_>,
    sheet_id: i64,
    answering: Answering<'_>,
) -> Result<(SheetPosted, Option<LedgerError>)> {
    store::lock::reference_shared(tx.connection)?;
    let (found, _) = find_open(tx.connection, sheet_id)?;
    store::lock::coop_exclusive(tx.connection, found.coop_id)?;
    let (sheet, _) = find_open(tx.connection, sheet_id)?;
    let lines = sheet_lines::of_keying(tx.connection, sheet_id, FIRST_KEYING)?;
    if lines.is_empty() {
        let message =
            format!("入力束 {sheet_id} には1行もありません。行を入力するか、破棄してください");
        return Err(LedgerError::refused("sheet_empty", message));
    }
    require_other_than_second_keyer(tx, &sheet)?;
    let desk = Desk::load(tx.connection, tx.settings.implausible_units_over)?;
    let disagreement = disagreement(tx, &desk, &sheet, &lines)?;
    let (override_reason, disagreement) = match (disagreement, answering) {
        (None, _) => (None, None),
        (Some(error), Answering::Nobody) => return Err(error),
        (Some(_), Answering::Poster(reason)) => {
            require_finance(tx)?;
            (Some(reason), None)
        }
        (Some(error), Answering::Trial) => (None, Some(error)),
    };
    let posted = post_lines(tx, &desk, &sheet, &lines)?;
    let posting = Posting {
        intake_id: posted.intake_id,
        actor: tx.actor.as_str(),
        at: tx.recorded_at(),
        override_reason,
    };
    sheets::set_posted(tx.connection, sheet_id, posting)?;
    let event = Event {
        action: "post_sheet",
        coop_id: Some(sheet.coop_id),
        subject: format!("sheet:{sheet_id}"),
        reason: override_reason,
    };
    tx.audit(&event, None::<&()>, Some(&posted))?;
    let posted = SheetPosted {
        sheet_id,
        import_id: posted.intake_id,
        lines: posted.lines(),
        accepted: posted.accepted,
        held: posted.held,
        held_by_reason: posted.held_by_reason,
    };
    Ok((posted, disagreement))
}

/// Only finance posts a sheet that disagrees (R7).
fn require_finance(tx: &Tx<'_>) -> Result<()> {
    if tx.access.has(Role::Finance) {
        return Ok(());
    }
    Err(LedgerError::Forbidden {
        code: "override_by_finance",
        message: "合計や2回の入力が違うまま登録できるのは経理だけです。行か合計を直すか、経理に頼んでください"
            .to_owned(),
    })
}

/// Who posts a sheet is not its second keyer, unless the office has one person (R17).
fn require_other_than_second_keyer(tx: &Tx<'_>, sheet: &Sheet) -> Result<()> {
    let Some(second) = &sheet.second_keyed_by else {
        return Ok(());
    };
    if tx.ground_to_approve(second).is_some() {
        return Ok(());
    }
    Err(LedgerError::refused(
        "needs_second_person",
        format!(
            "入力束 {} の2回目の入力は {second} がしました。登録は別の人がしてください",
            sheet.id
        ),
    ))
}

fn post_lines(tx: &mut Tx<'_>, desk: &Desk, sheet: &Sheet, lines: &[SheetLine]) -> Result<Posted> {
    let mut stager = Stager::new(desk);
    for line in lines {
        let incoming: LineIn<'_> = line_in(sheet, line)?;
        let incoming = IncomingLine {
            line_no: u64::try_from(line.line_no).unwrap_or_default(),
            coop_id: sheet.coop_id,
            member_number: &line.member_number,
            line: incoming,
            line_id: None,
        };
        stager
            .take(&incoming)
            .map_err(|lack| unreadable(line.line_no, &lack.to_string()))?;
    }
    clear(tx.connection)?;
    stager.take_run().stage(tx.connection)?;
    let arrival = Arrival {
        kind: "sheet",
        name: None,
        fingerprint: None,
        last_round: stager.last_round(),
    };
    let posted = post_staged(tx, &arrival)?;
    clear(tx.connection)?;
    Ok(posted)
}

/// The refusal of a sheet whose totals or keyings differ; none where they agree.
fn disagreement(
    tx: &mut Tx<'_>,
    desk: &Desk,
    sheet: &Sheet,
    lines: &[SheetLine],
) -> Result<Option<LedgerError>> {
    let keyed = totals::of_lines(desk, sheet, lines)?;
    let totals = SheetTotals::of_cover(sheet).differing(&keyed);
    let differing: Vec<i64> = if sheet_lines::count(tx.connection, sheet.id, SECOND_KEYING)? > 0 {
        let compared = side_by_side(tx.connection, sheet.id)?;
        compared.differing.iter().map(|line| line.line_no).collect()
    } else {
        Vec::new()
    };
    if totals.is_empty() && differing.is_empty() {
        return Ok(None);
    }
    let mut wrong: Vec<String> = totals.iter().map(TotalDiffering::told).collect();
    if !differing.is_empty() {
        let lines: Vec<String> = differing.iter().map(i64::to_string).collect();
        wrong.push(format!("2回の入力が違います（{}行目）", lines.join("、")));
    }
    let in_the_way = InTheWay {
        totals: &totals,
        lines: &differing,
    };
    Ok(Some(LedgerError::Refused {
        code: "sheet_disagrees",
        message: format!(
            "入力束 {} は登録できません: {}。行か合計を直してください。このまま登録するときは、経理が理由を付けてください",
            sheet.id,
            wrong.join("／")
        ),
        details: serde_json::to_value(in_the_way).ok(),
    }))
}
