//! The books as an accountant would keep them on paper: what was posted, by month, account and yen.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

/// A month of the books, as 202508.
pub type Period = i32;

/// A posting: account and yen, debit above 0.
pub type Line = (i32, i64);

#[derive(Debug, Clone, Default)]
pub struct Books {
    lines: Vec<(Period, Line)>,
    pub last_closed: Option<Period>,
    campaigns: [Campaign; 2],
    /// What can be taken back as a whole, by the number of its entry.
    pub entries: Vec<Entry>,
}

/// Collected less taken back, given back and passed on.
#[derive(Debug, Clone, Copy, Default)]
struct Campaign {
    net: i64,
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub id: i64,
    lines: Vec<Line>,
    /// The campaign it moved, and by how much.
    campaign: Option<(usize, i64)>,
    pub is_reversed: bool,
}

pub fn period_of(day: NaiveDate) -> Period {
    day.year() * 100 + i32::try_from(day.month()).expect("a month")
}

pub fn next(period: Period) -> Period {
    if period % 100 == 12 {
        period + 89
    } else {
        period + 1
    }
}

impl Books {
    /// What is dated in a closed month counts in the first open one (R14).
    pub fn post(&mut self, day: NaiveDate, lines: &[Line]) {
        assert_eq!(lines.iter().map(|(_, yen)| yen).sum::<i64>(), 0);
        let open = self.last_closed.map_or(0, next);
        let period = period_of(day).max(open);
        self.lines.extend(lines.iter().map(|line| (period, *line)));
    }

    /// A posting that moves what a campaign has by so much.
    pub fn post_of(&mut self, day: NaiveDate, lines: &[Line], campaign: Option<(usize, i64)>) {
        self.post(day, lines);
        let Some((place, by)) = campaign else { return };
        let before = self.owed_back(place);
        self.campaigns[place].net += by;
        let more = self.owed_back(place) - before;
        // A return pays by itself what is owed back.
        let returned: i64 = lines
            .iter()
            .filter(|(account, _)| *account == 1141)
            .map(|(_, yen)| yen)
            .sum();
        let more = more - returned;
        if more != 0 {
            let other = if place == 0 { 2131 } else { 5112 };
            self.post(day, &[(1141, more), (other, -more)]);
        }
    }

    pub fn remember(&mut self, id: i64, lines: Vec<Line>, campaign: Option<(usize, i64)>) {
        self.entries.push(Entry {
            id,
            lines,
            campaign,
            is_reversed: false,
        });
    }

    pub fn reverse(&mut self, day: NaiveDate, place: usize) {
        self.entries[place].is_reversed = true;
        let entry = self.entries[place].clone();
        let opposite: Vec<Line> = entry
            .lines
            .iter()
            .map(|(account, yen)| (*account, -yen))
            .collect();
        let campaign = entry.campaign.map(|(which, by)| (which, -by));
        self.post_of(day, &opposite, campaign);
    }

    /// What may be passed on to an organisation.
    pub fn payable(&self, campaign: usize) -> i64 {
        self.campaigns[campaign].net.max(0)
    }

    /// What an organisation owes back.
    pub fn owed_back(&self, campaign: usize) -> i64 {
        (-self.campaigns[campaign].net).max(0)
    }

    pub fn balance(&self, account: i32) -> i64 {
        self.balances().get(&account).copied().unwrap_or(0)
    }

    /// Every account that is not at zero.
    pub fn balances(&self) -> BTreeMap<i32, i64> {
        let mut balances = BTreeMap::new();
        for (_, (account, yen)) in &self.lines {
            *balances.entry(*account).or_insert(0) += yen;
        }
        balances.retain(|_, yen| *yen != 0);
        balances
    }

    /// A fiscal year closes: revenue and expense up to its last month become net assets.
    pub fn close_year(&mut self, last: Period) {
        let mut carried: BTreeMap<i32, i64> = BTreeMap::new();
        for (period, (account, yen)) in &self.lines {
            if *period <= last && *account >= 4000 {
                *carried.entry(*account).or_default() += yen;
            }
        }
        for (account, yen) in carried {
            self.lines.push((last, (account, -yen)));
            self.lines.push((last, (3111, yen)));
        }
        self.last_closed = Some(last);
    }
}
