//! `void_application`: an application that should never have been.

use domain::{ApplicationState, CollectionMonth, HoldReasons};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::applications::Application;
use store::tables::members;
use utoipa::ToSchema;

use super::case::lock_and_find;
use super::decided::{Decided, put_into, record};
use super::effect::Effect;
use super::line::{LineValues, reasons_of};
use super::taking_back::taking_back;
use crate::call::given_reason;
use crate::months::Months;
use crate::trace::{Payer, Scale, WeighedMonth};
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Why an application is voided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidApplication {
    /// Why.
    pub reason: String,
}

/// An application that counts no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApplicationVoided {
    /// The application.
    pub id: i64,
    /// The decision, to be undone by.
    pub decision_id: i64,
    /// `voided`.
    #[schema(value_type = String, example = "voided")]
    pub state: ApplicationState,
    /// The month it would have been collected in.
    #[schema(value_type = Option<String>)]
    pub collection_month: Option<CollectionMonth>,
    /// The pledge whose plan was restored.
    pub pledge_id: Option<i64>,
    /// The gift that was cancelled.
    pub donation_id: Option<i64>,
}

impl Ledger {
    /// Voids an application until its month closes: its gift is cancelled, or what it made of a
    /// pledge is taken back. It counts as a duplicate of nothing any more (R5).
    ///
    /// Refuses: one voided already, a closed month, and a pledge changed since, naming the changes.
    pub fn void_application(
        &self,
        call: &Call,
        id: i64,
        request: &VoidApplication,
    ) -> Result<ApplicationVoided> {
        self.write(call, Operation::VoidApplication, &(id, request), |tx| {
            void(tx, id, request)
        })
    }

    /// What voiding it would do to what the member pays in the month of collection and the next, in
    /// yen; nothing where the member is unknown. Changes nothing; refuses what voiding refuses.
    pub fn weigh_void(
        &self,
        call: &Call,
        id: i64,
        request: &VoidApplication,
    ) -> Result<Vec<WeighedMonth>> {
        self.try_out(call, Operation::VoidApplication, |tx| {
            let line = lock_and_find(tx, id)?;
            let scale = scale(tx, &line)?;
            void(tx, id, request)?;
            match scale {
                Some(scale) => scale.again(tx.connection),
                None => Ok(Vec::new()),
            }
        })
    }
}

fn scale(tx: &mut Tx<'_>, line: &Application) -> Result<Option<Scale>> {
    let (Some(member_id), Some(month)) = (line.member_id, LineValues::of(line)?.collection_month)
    else {
        return Ok(None);
    };
    let Some(row) = members::find_by_id(tx.connection, member_id)? else {
        return Ok(None);
    };
    let payer = Payer::of_row(tx.connection, row)?;
    let months: Vec<CollectionMonth> = [Some(month), month.next()].into_iter().flatten().collect();
    Scale::of(tx.connection, payer, &months).map(Some)
}

fn void(tx: &mut Tx<'_>, id: i64, request: &VoidApplication) -> Result<ApplicationVoided> {
    let reason = given_reason(&request.reason)?;
    let before = lock_and_find(tx, id)?;
    if before.state == ApplicationState::Voided.as_str() {
        return Err(LedgerError::refused(
            "already_voided",
            format!("申込 {id} はすでに取り消されています"),
        ));
    }
    require_open_month(tx.connection, &before)?;
    let effect = if before.state == ApplicationState::Posted.as_str() {
        taking_back(tx.connection, &before)?
    } else {
        Effect::Nothing
    };
    let mut after = before.clone();
    put_into(&mut after, ApplicationState::Voided, HoldReasons::NONE);
    let voided = record(
        tx,
        &Decided {
            action: "void_application",
            way: "void",
            reason,
            shown: reasons_of(before.reasons)?,
            overrode: HoldReasons::NONE,
            before,
            after,
            effect,
        },
    )?;
    Ok(ApplicationVoided {
        id,
        decision_id: voided.decision_id,
        state: voided.state,
        collection_month: voided.collection_month,
        pledge_id: voided.pledge_id,
        donation_id: voided.donation_id,
    })
}

fn require_open_month(connection: &mut DbConnection, line: &Application) -> Result<()> {
    let Some(month) = LineValues::of(line)?.collection_month else {
        return Ok(());
    };
    if !Months::of_coop(connection, line.coop_id)?.is_closed(month) {
        return Ok(());
    }
    let way_out = match line.state.as_str() {
        "held" => "要確認で、書き間違いとして決めてください",
        _ => {
            "締めた後に受け付けてまだ請求していないものは、その決定を取り消せます。続くサポーター登録は、登録を変更するか終えることで変えられます"
        }
    };
    Err(LedgerError::refused(
        "month_closed",
        format!(
            "申込 {} の集金月（{}）はすでに締められているため、取り消せません。{way_out}",
            line.id,
            month.label_ja()
        ),
    ))
}
