//! What a line comes to, in words: beside its number while it is keyed.

use askama::Template;
use domain::{Code, HoldReason};
use front::Problem;
use ledger::intake::sheets::KeyedLineLook;
use serde::Serialize;

use super::channel;
use crate::page::Page;

/// The member's state.
#[derive(Template)]
#[template(path = "sheets/look_member.html")]
pub(super) struct MemberLook<'a> {
    page: &'a Page,
    look: &'a KeyedLineLook,
    /// Code and name of each fund, where the member gives to one.
    funds: &'a [(String, String)],
}

/// The order number's meaning, and the amount.
#[derive(Template)]
#[template(path = "sheets/look_order.html")]
pub(super) struct OrderLook<'a> {
    page: &'a Page,
    look: &'a KeyedLineLook,
}

/// What a script of the page is answered.
#[derive(Serialize)]
pub(super) struct LookAnswer {
    /// The member's state, as HTML.
    pub(super) member: String,
    /// The meaning of the order number, as HTML.
    pub(super) order: String,
    /// Yen that the line comes to.
    amount: Option<i64>,
    /// Yen a unit, where the order number means something.
    unit_price: Option<i64>,
    /// Whether the line would be held.
    is_held: bool,
    /// Why, in a line.
    why: String,
}

impl LookAnswer {
    pub(super) async fn of(page: &Page, look: &KeyedLineLook) -> Result<Self, Problem> {
        let gives = look
            .member
            .as_ref()
            .is_some_and(|one| !one.pledges.is_empty());
        let funds = match gives {
            true => crate::review::funds(page).await?,
            false => Vec::new(),
        };
        let rendered = |html: Result<String, askama::Error>| {
            html.map_err(|error| {
                tracing::error!("a look could not be rendered: {error}");
                Problem::internal()
            })
        };
        let offering = look
            .order
            .as_ref()
            .and_then(|order| order.offering.as_ref());
        let mut why: Vec<String> = look
            .reasons
            .iter()
            .map(|one| reason_words(page, one.reason))
            .collect();
        if look.on_sheet.iter().any(|line| line.is_same) {
            why.push(page.t("sheets-look-same-on-sheet-short"));
        }
        let member = MemberLook {
            page,
            look,
            funds: &funds,
        };
        Ok(Self {
            member: rendered(member.render())?,
            order: rendered(OrderLook { page, look }.render())?,
            amount: look.amount,
            unit_price: offering.map(|one| one.unit_price.get()),
            is_held: !why.is_empty(),
            why: why.join(&page.t("sheets-comma")),
        })
    }
}

/// A reason to hold a line. messages: sheets-reason-*
pub(super) fn reason_words(page: &Page, reason: HoldReason) -> String {
    let word = reason.as_str().replace('_', "-");
    page.t(&format!("sheets-reason-{word}"))
}

impl MemberLook<'_> {
    /// The reasons that are the member's own.
    fn member_reasons(&self) -> Vec<String> {
        let own = self
            .look
            .reasons
            .iter()
            .filter(|one| !is_of_order(one.reason));
        own.map(|one| reason_words(self.page, one.reason)).collect()
    }

    fn fund(&self, code: &Code) -> &str {
        let known = self.funds.iter().find(|(known, _)| known == code.as_str());
        known.map_or("", |(_, name)| name)
    }

    fn channel(&self, word: &str) -> String {
        channel(self.page, word)
    }

    /// What became of an application. messages: sheets-applied-*
    fn applied_state(&self, state: &str) -> String {
        self.page.t(&format!("sheets-applied-{state}"))
    }
}

impl OrderLook<'_> {
    /// The reasons that are not told by the order number's own answer and not the member's.
    fn line_reasons(&self) -> Vec<String> {
        let told = |reason| {
            matches!(
                reason,
                HoldReason::UnknownOrderNumber | HoldReason::OutsideWindow
            )
        };
        let own = self.look.reasons.iter();
        own.filter(|one| is_of_order(one.reason) && !told(one.reason))
            .map(|one| reason_words(self.page, one.reason))
            .collect()
    }
}

/// Whether a reason lies in what is ordered, not in who orders.
fn is_of_order(reason: HoldReason) -> bool {
    !matches!(
        reason,
        HoldReason::UnknownMember
            | HoldReason::WithdrawnMember
            | HoldReason::DuplicateApplication
            | HoldReason::AlreadySupporter
    )
}
