//! Deciding, correcting, undoing; and then on to the next one.

use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use domain::{ApplicationState, Way};
use front::Problem;
use ledger::Call;
use ledger::review::{CorrectHold, HoldResolved, Resolution, UndoDecision};

use super::{asked, case};
use crate::page::{Fields, Form, Page, wrong};

#[post("/review/{id}")]
pub(super) async fn decide(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    match decided(&page, call, &fields, *id).await {
        Ok(resolved) => {
            let message = match resolved.state {
                ApplicationState::Posted => "review-done-posted",
                ApplicationState::Mistake => "review-done-mistake",
                _ => "review-done-held",
            };
            on_to_next(&page, &fields, *id, message).await
        }
        Err(problem) => case::show(&page, *id, fields.refused(problem)).await,
    }
}

async fn decided(
    page: &Page,
    call: Call,
    fields: &Fields,
    id: i64,
) -> Result<HoldResolved, Problem> {
    let chosen = fields.get("decision");
    let (way, cycle) = match chosen.split_once(':') {
        Some((way, cycle)) => (way, Some(cycle.to_owned())),
        None => (chosen, None),
    };
    let Ok(way) = way.parse::<Way>() else {
        return Err(wrong("decision", page.t("review-choose")));
    };
    let reason = fields.optional("reason");
    let reason = reason.ok_or_else(|| wrong("reason", page.t("review-say-why")))?;
    let correction = asked::correction(fields)?;
    let resolution = Resolution {
        way,
        reason,
        // A mistake is one in whatever week.
        cycle: cycle.or(correction.cycle).filter(|_| way != Way::Mistake),
        order_number: correction.order_number,
        units: correction.units,
        amount: correction.amount,
        member_number: correction.member_number,
    };
    page.run(move |ledger| ledger.resolve_hold(&call, id, &resolution))
        .await
}

#[post("/review/{id}/correct")]
pub(super) async fn correct(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let id = *id;
    match corrected(&page, call, &fields, id).await {
        Ok(resolved) if resolved.state == ApplicationState::Held => {
            let to = asked::address(&format!("/review/{id}"), &fields, &[]);
            Ok(page.done(&to, "review-done-corrected", None))
        }
        Ok(_) => on_to_next(&page, &fields, id, "review-done-posted").await,
        Err(problem) => case::show(&page, id, fields.refused(problem)).await,
    }
}

async fn corrected(
    page: &Page,
    call: Call,
    fields: &Fields,
    id: i64,
) -> Result<HoldResolved, Problem> {
    let reason = fields.optional("reason");
    let reason = reason.ok_or_else(|| wrong("reason", page.t("review-say-why")))?;
    let correction = asked::correction(fields)?;
    let request = CorrectHold {
        reason,
        order_number: correction.order_number,
        units: correction.units,
        amount: correction.amount,
        member_number: correction.member_number,
    };
    page.run(move |ledger| ledger.correct_hold(&call, id, &request))
        .await
}

#[post("/review/{id}/undo")]
pub(super) async fn undo(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let id = *id;
    let undone = async {
        let reason = fields.required("reason")?;
        let request = UndoDecision { reason };
        page.run(move |ledger| ledger.undo_decision(&call, id, &request))
            .await?;
        let to = asked::address(&format!("/review/{id}"), &fields, &[]);
        Ok(page.done(&to, "review-done-undone", None))
    };
    // The reason of an undoing is no reason of a decision.
    let kept = Fields::of(asked::filter_pairs(&fields));
    kept.answer(undone, |kept| case::show(&page, id, kept))
        .await
}

/// The next one that fits the filter, from the beginning again after the last; the list where none is
/// left.
async fn on_to_next(
    page: &Page,
    fields: &Fields,
    id: i64,
    message: &'static str,
) -> Result<HttpResponse, Problem> {
    let (filter, call) = (asked::filter(fields)?, page.call());
    let next = page
        .run(move |ledger| match ledger.next_hold(&call, &filter, id)? {
            Some(next) => Ok(Some(next)),
            None => {
                let first = ledger.next_hold(&call, &filter, 0)?;
                Ok(first.filter(|first| *first != id))
            }
        })
        .await?;
    let last = ("last", id.to_string());
    let to = match next {
        Some(next) => asked::address(&format!("/review/{next}"), fields, &[last]),
        None => asked::address("/review/decided", fields, &[]),
    };
    Ok(page.done(&to, message, None))
}
