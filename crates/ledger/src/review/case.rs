//! One held application before the person who decides: the line as it stands and as corrected,
//! what a fresh look says of it, and which ways there are.

use chrono::NaiveDate;
use domain::{
    ApplicationState, CollectionMonth, HoldReason, HoldReasons, OfferingKind, OrderNumber, Units,
    Way, japan_date,
};
use store::tables::applications::{self, Application};
use store::tables::members::Member;
use store::tables::{decisions, donations};
use store::{DbConnection, StoreError, lock};

use super::line::{Correction, reasons_of};
use super::look::{Applied, Fresh, Lookbook};
use crate::months::Months;
use crate::tx::Tx;
use crate::{LedgerError, Result};

/// A held application that is being decided.
pub(super) struct Case<'l> {
    pub(super) lookbook: &'l Lookbook,
    /// The application as it stands.
    pub(super) before: Application,
    /// The same with the corrections.
    pub(super) line: Application,
    pub(super) fresh: Fresh,
    /// The reasons shown to the person.
    pub(super) shown: HoldReasons,
    /// The cycle the person named, if any.
    pub(super) cycle: Option<String>,
    pub(super) months: Months,
}

/// A line with nothing missing.
pub(super) struct Complete<'a> {
    pub(super) member: &'a Member,
    pub(super) applied: &'a Applied,
    pub(super) units: Units,
    pub(super) month: CollectionMonth,
}

/// The application with this number.
pub(super) fn find(connection: &mut DbConnection, id: i64) -> Result<Application> {
    applications::find(connection, id)?.ok_or_else(|| {
        LedgerError::not_found(
            "application_not_found",
            format!("番号 {id} の申込はありません。番号を確かめてください"),
        )
    })
}

/// Takes the locks of its co-op, and of the one that its gift has followed its giver to, and then
/// reads the application: from here on nobody else changes it.
pub(super) fn lock_and_find(tx: &mut Tx<'_>, id: i64) -> Result<Application> {
    let coop_id = find(tx.connection, id)?.coop_id;
    let collects = collecting_coop(tx.connection, id)?.unwrap_or(coop_id);
    lock::reference_shared(tx.connection)?;
    lock::coop_exclusive(tx.connection, coop_id.min(collects))?;
    if collects != coop_id {
        lock::coop_exclusive(tx.connection, coop_id.max(collects))?;
    }
    if collecting_coop(tx.connection, id)?.is_some_and(|now| now != collects && now != coop_id) {
        // It has moved on in the meantime.
        return Err(StoreError::Busy.into());
    }
    find(tx.connection, id)
}

fn collecting_coop(connection: &mut DbConnection, id: i64) -> Result<Option<i64>> {
    let gift = donations::find_live(connection, id)?;
    Ok(gift.map(|gift| gift.coop_id))
}

/// Refuses an application that is not held (any more), saying who decided what.
pub(super) fn require_held(connection: &mut DbConnection, line: &Application) -> Result<()> {
    if line.state == ApplicationState::Held.as_str() {
        return Ok(());
    }
    let state = ApplicationState::from_stored(&line.state).map_or("", ApplicationState::label_ja);
    let decided = decisions::newest_standing(connection, line.id)?.map_or_else(
        String::new,
        |decision| {
            let day = japan_date(decision.decided_at.and_utc());
            format!(
                "。{day} に {} が {} と決めました（理由: {}）。変えるには、その決定を取り消してください",
                decision.actor, decision.way, decision.reason
            )
        },
    );
    Err(LedgerError::refused(
        "not_held",
        format!(
            "申込 {} は要確認ではありません（{state}）{decided}",
            line.id
        ),
    ))
}

impl<'l> Case<'l> {
    /// Opens the case of a held application.
    pub(super) fn open(
        connection: &mut DbConnection,
        lookbook: &'l Lookbook,
        before: Application,
        correction: &Correction<'_>,
        cycle: Option<&str>,
    ) -> Result<Self> {
        let line = correction.apply(&before)?;
        if let Some(label) = cycle {
            require_in_cycle(lookbook, &line, label)?;
        }
        let fresh = lookbook.look(connection, &line, cycle)?;
        Ok(Self {
            lookbook,
            shown: reasons_of(before.reasons)?,
            cycle: cycle.map(str::to_owned),
            months: Months::of_coop(connection, before.coop_id)?,
            before,
            line,
            fresh,
        })
    }

    /// The ways there are now, by the main reason of the fresh look. `accept` is there too when
    /// the person has named the cycle.
    pub(super) fn ways(&self) -> Vec<Way> {
        let mut ways = self.fresh.reasons.ways().to_vec();
        if self.cycle.is_some() && !ways.contains(&Way::Accept) {
            ways.insert(0, Way::Accept);
        }
        ways
    }

    /// Refuses a way that there is not, naming those that there are.
    pub(super) fn require_way(&self, way: Way) -> Result<()> {
        let ways = self.ways();
        if ways.contains(&way) {
            return Ok(());
        }
        let why = match self.fresh.reasons.main() {
            Some(reason) => format!("「{}」（{reason}）のため", reason.label_ja()),
            None => "いまは受け付けを妨げる理由がないため".to_owned(),
        };
        Err(LedgerError::refused(
            "way_not_available",
            format!(
                "申込 {} は{why}、{way}（{}）とは決められません。選べるのは {} です{}",
                self.before.id,
                way.label_ja(),
                list(&ways),
                self.hint()
            ),
        ))
    }

    /// What to do where the main reason leaves little to choose.
    fn hint(&self) -> String {
        match self.fresh.reasons.main() {
            Some(HoldReason::UnknownMember) => {
                "。組合員番号を訂正するか、名簿を取り込んでから決め直してください".to_owned()
            }
            Some(HoldReason::OutsideWindow) => format!("。{}", self.which_cycle()),
            _ => String::new(),
        }
    }

    /// Refuses to override a reason that the person has not seen.
    pub(super) fn require_shown(&self) -> Result<()> {
        if self.cycle.is_some() {
            return Ok(());
        }
        let new: HoldReasons = self
            .fresh
            .reasons
            .iter()
            .filter(|reason| !self.shown.contains(*reason))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let named: Vec<String> = new
            .iter()
            .map(|reason| format!("{}（{reason}）", reason.label_ja()))
            .collect();
        Err(LedgerError::refused(
            "new_reason",
            format!(
                "申込 {} には、一覧で見た理由のほかに新しい理由があります: {}。選べるのは {} です。先に行を訂正し直す（同じ値でもかまいません）と、この理由も確かめたうえで受け付けられます",
                self.before.id,
                named.join("、"),
                list(&self.ways())
            ),
        ))
    }

    /// The line with nothing missing; refuses what nobody can take: an unknown member, a number
    /// that names nothing, units that do not come out.
    pub(super) fn complete(&self) -> Result<Complete<'_>> {
        let id = self.before.id;
        let refused = |code, message: String| Err(LedgerError::refused(code, message));
        let Some(member) = &self.fresh.member else {
            return refused(
                "unknown_member",
                format!(
                    "申込 {id} の組合員番号 {} は名簿にありません。番号を訂正するか、名簿を取り込むか、書き間違いとしてください",
                    self.line.member_number
                ),
            );
        };
        let Some(applied) = &self.fresh.applied else {
            return self.names_nothing();
        };
        let (Some(units), false) = (
            self.fresh.units,
            self.fresh.reasons.contains(HoldReason::AmountNotMultiple),
        ) else {
            return refused(
                "units_unknown",
                format!(
                    "申込 {id} の口数が決まりません（口数 {}、金額 {}、単価 {}円）。口数か金額を訂正してください",
                    shown_number(self.line.units),
                    shown_number(self.line.amount),
                    applied.unit_price.grouped()
                ),
            );
        };
        let Some(month) = self.fresh.month else {
            return Err(LedgerError::Corrupt(format!("application {id}: no month")));
        };
        Ok(Complete {
            member,
            applied,
            units,
            month,
        })
    }

    fn names_nothing<T>(&self) -> Result<T> {
        let id = self.before.id;
        if self.line.order_number.is_none() {
            let named = self.fresh.proposal.as_ref().map(|one| &one.candidates);
            let candidates = named
                .filter(|all| !all.is_empty())
                .map_or_else(String::new, |all| {
                    let listed: Vec<String> = all
                        .iter()
                        .map(|one| format!("{} {}（{}）", one.order_number, one.title, one.cycle))
                        .collect();
                    format!("。候補: {}", listed.join("、"))
                });
            return Err(LedgerError::refused(
                "free_text_unclear",
                format!(
                    "申込 {id} の備考からは、どの団体への寄付か決まりません。注文番号を訂正してください{candidates}"
                ),
            ));
        }
        if self.fresh.reasons.contains(HoldReason::OutsideWindow) {
            return Err(LedgerError::refused("outside_window", self.which_cycle()));
        }
        let explained = self.explain_number();
        Err(LedgerError::refused(
            "unknown_order_number",
            format!("{explained}。注文番号を訂正してください"),
        ))
    }

    /// In which cycles the number means something.
    fn which_cycle(&self) -> String {
        let explained = self.explain_number();
        let cycles = self
            .number()
            .map_or_else(Vec::new, |number| cycles_of(self.lookbook, &number));
        format!(
            "{explained}。受け付けるには企画回を指定してください: {}",
            cycles.join("、")
        )
    }

    fn explain_number(&self) -> String {
        use domain::{Channel, Resolution};
        let channel = Channel::from_stored(&self.line.channel).unwrap_or(Channel::Paper);
        let resolve = |number: OrderNumber| {
            let catalogue = &self.lookbook.catalogue();
            match catalogue.resolve(&number, self.line.received_on, channel) {
                Resolution::Outside(miss) | Resolution::Unknown(miss) => miss.explain(),
                Resolution::Found(offering) => {
                    format!("{number} は {} の番号です", offering.cycle_label)
                }
            }
        };
        self.number().map_or_else(String::new, resolve)
    }

    fn number(&self) -> Option<OrderNumber> {
        self.line.order_number.as_deref()?.parse().ok()
    }
}

impl Complete<'_> {
    /// Refuses a first month after the one in which the member left: it would never be charged
    /// (R8).
    pub(super) fn require_member_in(&self, from: CollectionMonth) -> Result<()> {
        let left_before = |left_on: &NaiveDate| from.first_day() > *left_on;
        match self.member.left_on.filter(left_before) {
            None => Ok(()),
            Some(left_on) => Err(LedgerError::refused(
                "member_left",
                format!(
                    "組合員 {} は {left_on} に脱退しています。{}以降の分は請求されないので受け付けられません。書き間違いとするか、組合員番号か名簿の脱退日を直してください",
                    self.member.number,
                    from.label_ja()
                ),
            )),
        }
    }

    /// Refuses to open a pledge under a number that its member has moved away from: it would be
    /// charged to the end of that month only, beside the one that moved (R8).
    pub(super) fn require_not_moved(&self, id: i64) -> Result<()> {
        if self.member.moved_to.is_none() {
            return Ok(());
        }
        Err(LedgerError::refused(
            "member_moved",
            format!(
                "組合員 {} は別の番号へ異動しています。申込 {id} は、同じ単協なら異動先の番号に訂正して、別の単協なら書き間違いとして異動先の申込として入力し直してください",
                self.member.number
            ),
        ))
    }

    /// Whether it is a monthly gift.
    pub(super) fn is_monthly(&self) -> bool {
        self.applied.kind == OfferingKind::Supporter
    }
}

fn require_in_cycle(lookbook: &Lookbook, line: &Application, label: &str) -> Result<()> {
    let Some(number) = line.order_number.as_deref() else {
        let is_known = lookbook.catalogue().of_cycle(label).next().is_some();
        return if is_known {
            Ok(())
        } else {
            Err(LedgerError::refused(
                "not_in_cycle",
                format!("企画回「{label}」に募集はありません。企画回の名前を確かめてください"),
            ))
        };
    };
    let number: OrderNumber = crate::error::stored("applications.order_number", number.parse())?;
    if lookbook.catalogue().in_cycle(&number, label).is_some() {
        return Ok(());
    }
    let cycles = cycles_of(lookbook, &number);
    let way_out = if cycles.is_empty() {
        "この番号はどの企画回にもありません。注文番号を訂正してください".to_owned()
    } else {
        format!("この番号がある企画回: {}", cycles.join("、"))
    };
    Err(LedgerError::refused(
        "not_in_cycle",
        format!("注文番号 {number} は {label} にはありません。{way_out}"),
    ))
}

pub(super) fn cycles_of(lookbook: &Lookbook, number: &OrderNumber) -> Vec<String> {
    let offerings = lookbook.catalogue().with_number(number);
    offerings.map(|one| one.cycle_label.clone()).collect()
}

/// Ways as a list to choose from.
fn list(ways: &[Way]) -> String {
    let named: Vec<String> = ways
        .iter()
        .map(|way| format!("{way}（{}）", way.label_ja()))
        .collect();
    named.join("、")
}

fn shown_number(number: Option<i64>) -> String {
    number.map_or_else(|| "なし".to_owned(), |number| number.to_string())
}
