//! What the members of the random office can order: every kind of gift under every policy, in one
//! week for each month of collection.

use chrono::{Datelike, Days, NaiveDate};
use ledger::ReferenceTable::{Campaigns, Cycles, Funds, Offerings};

use crate::office::Office;
use crate::pledge_model::month;

/// Months of collection that have a week, by place (0 is August 2025).
pub const WEEKS: usize = 13;
pub const CAMPAIGNS: [&str; 2] = ["held", "owned"];

/// What follows a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    Lapse,
    /// So many tries in all.
    Carry(i32),
    /// After so many failures in a row.
    End(usize),
}

/// An order number of every week.
#[derive(Debug)]
pub struct Offer {
    pub kind: &'static str,
    pub fund: &'static str,
    /// Place of its campaign.
    pub campaign: Option<usize>,
    pub price: i64,
    pub policy: Policy,
}

const fn offer(kind: &'static str, fund: &'static str, price: i64, policy: Policy) -> Offer {
    Offer {
        kind,
        fund,
        campaign: None,
        price,
        policy,
    }
}

pub const OFFERS: [Offer; 7] = [
    offer("supporter", "inclufund", 300, Policy::Lapse),
    offer("supporter", "machizukuri", 300, Policy::Carry(2)),
    offer("supporter", "third", 300, Policy::End(2)),
    offer("spot", "inclufund", 500, Policy::Lapse),
    offer("spot", "machizukuri", 500, Policy::Carry(3)),
    Offer {
        campaign: Some(0),
        ..offer("campaign", "", 500, Policy::Lapse)
    },
    Offer {
        campaign: Some(1),
        ..offer("campaign", "", 500, Policy::Carry(2))
    },
];

/// The first day of the week whose orders are collected in a month: the Monday in the first seven
/// days of the month before.
pub fn opens_on(place: usize) -> NaiveDate {
    let before = month(place).plus_months(-1).expect("a month");
    let first = before.first_day();
    let days = (7 - u64::from(first.weekday().num_days_from_monday())) % 7;
    first + Days::new(days)
}

pub fn order_number(place: usize, offer: usize) -> String {
    format!("{}", 500_000 + place * 10 + offer)
}

pub fn load(office: &Office) {
    office.import(Funds, "fund,name\nthird,見本の基金\n");
    office.import(
        Campaigns,
        "campaign,organization,title,target,opens_on,closes_on,accounting\n\
         held,kosumosu,預かる募集,100000,2025-04-01,2027-03-31,agency\n\
         owned,kosumosu,使途指定の募集,100000,2025-04-01,2027-03-31,principal\n",
    );
    let mut cycles = "cycle,iso_week,opens_on,closes_on,collection_month\n".to_owned();
    let mut offerings =
        "cycle,order_number,kind,unit_price,fund,campaign,title,on_failure,failures_max\n"
            .to_owned();
    for place in 0..WEEKS {
        let opens = opens_on(place);
        let closes = opens + Days::new(4);
        let label = format!("{}年{}月1回", opens.year(), opens.month());
        let week = opens.format("%G-W%V");
        cycles += &format!("{label},{week},{opens},{closes},{}\n", month(place));
        for (which, offer) in OFFERS.iter().enumerate() {
            let number = order_number(place, which);
            let policy = match offer.policy {
                Policy::Lapse => "lapse,".to_owned(),
                Policy::Carry(tries) => format!("carry_forward,{tries}"),
                Policy::End(failures) => format!("end_pledge,{failures}"),
            };
            let campaign = offer.campaign.map_or("", |place| CAMPAIGNS[place]);
            offerings += &format!(
                "{label},{number},{},{},{},{campaign},見本,{policy}\n",
                offer.kind, offer.price, offer.fund
            );
        }
    }
    office.import(Cycles, &cycles);
    office.import(Offerings, &offerings);
}
