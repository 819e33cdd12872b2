//! Members apply, change, pause, end and leave.

use chrono::Datelike;
use ledger::domain::Way;
use ledger::intake::NewApplication;
use ledger::review::{Resolution, VoidApplication};

use super::catalogue::{OFFERS, WEEKS, opens_on, order_number};
use super::model::{Gift, Pledge};
use super::{MEMBERS, Walk, member_number, units};
use crate::pledge_model::{Command, Model as Plan, month};

/// An order, as the sheet has it.
#[derive(Clone, Copy)]
struct Order {
    member: usize,
    offer: usize,
    at: usize,
    units: i64,
}

impl Walk {
    /// A member orders in one of the last weeks; where a person has to decide, one does.
    pub fn apply(&mut self) {
        let today = self.today();
        let weeks = (0..WEEKS).filter(|place| opens_on(*place) <= today).count();
        let mut order = Order {
            member: self.chance.below(MEMBERS),
            offer: self.offer(),
            at: weeks - 1 - self.chance.below(weeks.min(3)),
            units: units(&mut self.chance),
        };
        // Whose pledge ended for its failures often begins another.
        let ended = self.model.pledges.iter().rfind(|one| one.ended.is_some());
        let again = ended.map(|one| (one.member, one.offer));
        if let (Some((member, offer)), 0) = (again, self.chance.below(4)) {
            (order.member, order.offer, order.at) = (member, offer, weeks - 1);
        }
        let number = order_number(order.at, order.offer);
        self.say(format!(
            "{} orders {number} ×{} for {}",
            member_number(order.member),
            order.units,
            month(order.at)
        ));
        let reasons = self.reasons(&order);
        let application = NewApplication {
            coop: "01".to_owned(),
            member_number: member_number(order.member),
            order_number: Some(number.clone()),
            units: Some(order.units),
            received_on: Some(opens_on(order.at).to_string()),
            ..NewApplication::default()
        };
        let office = self.office.office();
        let taken = self.office.ledger.record_application(&office, application);
        let Some(taken) = self.agree(true, taken) else {
            return;
        };
        let held: Vec<String> = taken
            .reasons
            .iter()
            .map(|one| one.reason.to_string())
            .collect();
        assert_eq!(held, reasons, "{:?}", self.steps.last());
        self.model.ordered.push((order.member, number, taken.id));
        if reasons.is_empty() {
            self.make(&order, taken.id, (taken.pledge_id, taken.donation_id));
        } else {
            self.decide(&order, taken.id, &reasons);
        }
    }

    /// An offer; the one that ends for failures more often than others, for it takes some to do so.
    fn offer(&mut self) -> usize {
        match self.chance.below(OFFERS.len() + 6) {
            any if any < OFFERS.len() => any,
            _ => 2,
        }
    }

    /// Why a person has to look at an order (R3), in the rules' order.
    fn reasons(&self, order: &Order) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        let left = self.model.left[order.member];
        let received = opens_on(order.at);
        let is_gone = self.model.is_gone(order.member, order.at);
        if is_gone || left.is_some_and(|day| received > day) {
            reasons.push("withdrawn_member");
        }
        let number = order_number(order.at, order.offer);
        if self.model.has_ordered(order.member, &number) {
            reasons.push("duplicate_application");
        }
        // The pledge that this very week's order opened makes it a duplicate, and nothing more (R4).
        let open = self.model.open_pledges(order.member, order.offer, order.at);
        let mut weeks = open.iter().map(|one| self.model.pledges[*one].week);
        if OFFERS[order.offer].kind == "supporter" && weeks.any(|week| week != order.at) {
            reasons.push("already_supporter");
        }
        if order.at < self.model.first_open() {
            reasons.push("month_already_closed");
        }
        reasons
    }

    fn decide(&mut self, order: &Order, id: i64, reasons: &[&str]) {
        let is_supporter = OFFERS[order.offer].kind == "supporter";
        let open = self.model.open_pledges(order.member, order.offer, order.at);
        let ways: &[Way] = match (reasons, open.as_slice()) {
            (["already_supporter"], [one]) if self.model.pledges[*one].plan.first <= order.at => {
                &[Way::Add, Way::Add, Way::Replace, Way::Spot, Way::Mistake]
            }
            (["duplicate_application"], _) if !is_supporter => &[Way::Accept, Way::Mistake],
            (["month_already_closed"], _) => &[Way::Accept, Way::Mistake],
            _ => &[Way::Mistake],
        };
        let way = self.pick(ways).expect("a way");
        self.say(format!("  it is decided: {way}"));
        let office = self.office.office();
        let resolution = Resolution::new(way, "試し");
        let decided = self.office.ledger.resolve_hold(&office, id, &resolution);
        let Some(decided) = self.agree(true, decided) else {
            return;
        };
        match way {
            Way::Accept => self.make(order, id, (decided.pledge_id, decided.donation_id)),
            Way::Spot => self.make_gift(order, id, decided.donation_id),
            Way::Add | Way::Replace => self.raise(order, way, open[0]),
            _ => {}
        }
    }

    fn raise(&mut self, order: &Order, way: Way, place: usize) {
        let pledge = &mut self.model.pledges[place];
        pledge.ended = None;
        for month in &mut pledge.plan.units[order.at..] {
            if way == Way::Replace {
                *month = order.units;
            } else if *month > 0 {
                *month += order.units;
            }
        }
    }

    fn make(&mut self, order: &Order, application: i64, ids: (Option<i64>, Option<i64>)) {
        if OFFERS[order.offer].kind != "supporter" {
            self.make_gift(order, application, ids.1);
            return;
        }
        self.model.pledges.push(Pledge {
            id: ids.0.expect("a pledge"),
            member: order.member,
            offer: order.offer,
            week: order.at,
            plan: Plan::new(order.at, order.units),
            ended: None,
        });
    }

    fn make_gift(&mut self, order: &Order, application: i64, id: Option<i64>) {
        self.model.gifts.push(Gift {
            id: id.expect("a gift"),
            application,
            member: order.member,
            offer: order.offer,
            month: order.at,
            units: order.units,
            is_live: true,
        });
    }

    /// The office changes, pauses or ends a pledge to a fund, if there is one.
    pub fn command(&mut self) {
        let first_open = self.model.first_open();
        let from = (first_open + self.chance.below(4)).saturating_sub(1);
        let until = from + 1 + self.chance.below(4);
        let command = match self.chance.below(5) {
            0 | 1 => Command::Change {
                from,
                units: units(&mut self.chance),
            },
            2 | 3 => Command::Pause { from, until },
            _ => Command::End { from },
        };
        let (member, offer) = (self.chance.below(MEMBERS), self.chance.below(3));
        if self.model.left[member].is_some() {
            return;
        }
        self.say(format!("{} {offer}: {command:?}", member_number(member)));
        let open = self.model.open_pledges(member, offer, from);
        let mut may = from >= first_open && open.len() == 1;
        if may {
            let pledge = &mut self.model.pledges[open[0]];
            may = pledge.plan.obey(command);
            if may {
                pledge.ended = None;
            }
        }
        let did = self.obey(member, offer, command);
        self.agree(may, did);
    }

    fn obey(&self, member: usize, offer: usize, command: Command) -> ledger::Result<()> {
        use ledger::pledges::{ChangePledge, EndPledge, PausePledge};
        let (call, ledger) = (self.office.office(), &self.office.ledger);
        let (coop, fund) = ("01".to_owned(), OFFERS[offer].fund.to_owned());
        let (member_number, reason) = (member_number(member), "試し".to_owned());
        let done = match command {
            Command::Change { from, units } => {
                let from = month(from);
                let request = ChangePledge {
                    coop,
                    member_number,
                    fund,
                    from,
                    units,
                    reason,
                };
                ledger.change_pledge(&call, &request)
            }
            Command::Pause { from, until } => {
                let (from, until) = (month(from), month(until));
                let request = PausePledge {
                    coop,
                    member_number,
                    fund,
                    from,
                    until,
                    reason,
                };
                ledger.pause_pledge(&call, &request)
            }
            Command::End { from } => {
                let from = month(from);
                let request = EndPledge {
                    coop,
                    member_number,
                    fund,
                    from,
                    reason,
                };
                ledger.end_pledge(&call, &request)
            }
        };
        done.map(|_| ())
    }

    /// A member leaves the co-op, this month or the next; most stay.
    pub fn leave(&mut self) {
        let member = self.chance.below(MEMBERS);
        if self.model.left.iter().flatten().count() >= 2 || self.model.left[member].is_some() {
            return;
        }
        let ahead = self.chance.below(40);
        let day = self.today() + chrono::Days::new(ahead as u64);
        let day = day.with_day(day.day().min(28)).expect("a day");
        self.say(format!("{} leaves on {day}", member_number(member)));
        self.office.leaves(&member_number(member), &day.to_string());
        self.model.left[member] = Some(day);
    }

    /// The application of a gift is voided, until its month closes.
    pub fn void_application(&mut self) {
        let gifts: Vec<usize> = (0..self.model.gifts.len()).collect();
        let Some(place) = self.pick(&gifts) else {
            return;
        };
        let gift = &self.model.gifts[place];
        let may = gift.is_live && gift.month >= self.model.first_open();
        let (id, at) = (gift.application, gift.month);
        self.say(format!("application {id} for {} is voided", month(at)));
        let request = VoidApplication {
            reason: "試し".to_owned(),
        };
        let call = self.office.office();
        let did = self.office.ledger.void_application(&call, id, &request);
        if self.agree(may, did).is_some() {
            self.model.gifts[place].is_live = false;
            self.model.ordered.retain(|(_, _, by)| *by != id);
        }
    }
}
