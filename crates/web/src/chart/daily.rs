//! What came together day by day: a line a series, rising in steps.

use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::stages::share;

/// Space at the left for amounts, above, at the right and below for days.
const LEFT: i64 = 84;
const TOP: i64 = 12;
const RIGHT: i64 = 16;
const BELOW: i64 = 34;
/// Days named below the lines at most.
const DAYS_NAMED_MAX: i64 = 6;
/// Lines across, besides the one at nothing.
const LINES_ACROSS: i64 = 4;

/// A series: what is added on each day.
#[derive(Debug, Clone)]
pub struct Series {
    /// What it is called.
    pub name: String,
    /// Its style: `applied`, `billed`, `collected` or `paid`.
    pub style: &'static str,
    /// The yen of each day on which there were any, in the order of days.
    pub added: Vec<(NaiveDate, i64)>,
}

/// The picture, to be put into a page with `|safe`. A table of the days stands beside it.
#[derive(Debug, Template)]
#[template(path = "chart/daily.html")]
pub struct DailyChart {
    id: &'static str,
    title: String,
    width: i64,
    height: i64,
    left: i64,
    right: i64,
    floor: i64,
    across: Vec<(i64, String)>,
    days: Vec<(i64, String)>,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    name: String,
    style: &'static str,
    path: String,
    /// Where its sample in the legend stands.
    legend_x: i64,
}

/// Which days the picture spans, how high it reaches in yen, how large it is.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// The first day.
    pub from: NaiveDate,
    /// The last day; not before the first.
    pub to: NaiveDate,
    /// Yen that the picture reaches at least.
    pub reaches: i64,
    /// Units of the picture.
    pub width: i64,
    /// The same.
    pub height: i64,
}

impl DailyChart {
    /// Draws series in a frame; `title` says in a sentence what they show, `yen` and `day` how an amount
    /// and a day are written.
    pub fn new(
        id: &'static str,
        title: String,
        frame: Frame,
        series: &[Series],
        yen: impl Fn(i64) -> String,
        day: impl Fn(NaiveDate) -> String,
    ) -> Self {
        let totals = series.iter().map(|one| most(&one.added));
        let top = rounded_up(totals.max().unwrap_or_default().max(frame.reaches));
        let place = Places { frame, top };
        let lines = series.iter().zip(0..).map(|(one, index)| Line {
            name: one.name.clone(),
            style: one.style,
            path: place.path(&one.added),
            legend_x: LEFT + index * (frame.width - LEFT - RIGHT) / 4,
        });
        let across = (0..=LINES_ACROSS).map(|line| {
            let amount = top / LINES_ACROSS * line;
            (place.y(amount), yen(amount))
        });
        Self {
            id,
            title,
            width: frame.width,
            height: frame.height + 24,
            left: LEFT,
            right: frame.width - RIGHT,
            floor: place.y(0),
            across: across.collect(),
            days: place
                .days()
                .into_iter()
                .map(|(x, on)| (x, day(on)))
                .collect(),
            lines: lines.collect(),
        }
    }

    fn legend_y(&self) -> i64 {
        self.height - 6
    }
}

/// The most that a series comes to on any day.
fn most(added: &[(NaiveDate, i64)]) -> i64 {
    let mut sum = 0_i64;
    let mut most = 0;
    for (_, yen) in added {
        sum = sum.saturating_add(*yen);
        most = most.max(sum);
    }
    most
}

/// The next amount that the lines across divide into round ones.
fn rounded_up(amount: i64) -> i64 {
    let mut step = 1_i64;
    loop {
        for factor in [1, 2, 5] {
            let whole = step.saturating_mul(factor).saturating_mul(LINES_ACROSS);
            if whole >= amount {
                return whole;
            }
        }
        step = step.saturating_mul(10);
    }
}

struct Places {
    frame: Frame,
    top: i64,
}

impl Places {
    fn x(&self, day: NaiveDate) -> i64 {
        let all = (self.frame.to - self.frame.from).num_days().max(1);
        let gone = (day - self.frame.from).num_days().clamp(0, all);
        LEFT + (self.frame.width - LEFT - RIGHT) * gone / all
    }

    fn y(&self, yen: i64) -> i64 {
        let room = self.frame.height - TOP - BELOW;
        TOP + room - share(yen, self.top, room)
    }

    /// A line that rises on each day on which something was added.
    fn path(&self, added: &[(NaiveDate, i64)]) -> String {
        let mut sum = 0_i64;
        let mut path = format!("M{} {}", LEFT, self.y(0));
        for (day, yen) in added {
            sum = sum.saturating_add(*yen);
            path += &format!("H{}V{}", self.x(*day), self.y(sum));
        }
        path + &format!("H{}", self.frame.width - RIGHT)
    }

    /// The days named below, evenly.
    fn days(&self) -> Vec<(i64, NaiveDate)> {
        let all = (self.frame.to - self.frame.from).num_days().max(0);
        let named = all.clamp(1, DAYS_NAMED_MAX - 1);
        let mut days: Vec<NaiveDate> = (0..=named)
            .filter_map(|place| {
                let from_epoch = self.frame.from.num_days_from_ce();
                let gone = i32::try_from(all * place / named).ok()?;
                NaiveDate::from_num_days_from_ce_opt(from_epoch.checked_add(gone)?)
            })
            .collect();
        days.dedup();
        days.into_iter().map(|day| (self.x(day), day)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_divided_into_round_amounts() {
        for (amount, top) in [(0, 4), (4, 4), (5, 8), (100_000, 200_000), (80_000, 80_000)] {
            assert_eq!(rounded_up(amount), top, "{amount}");
        }
        assert!(rounded_up(i64::MAX) > 0);
    }

    #[test]
    fn a_line_rises_on_its_days_and_goes_on_to_the_end() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let frame = Frame {
            from: day("2025-11-10"),
            to: day("2025-11-20"),
            reaches: 400,
            width: 300,
            height: 246,
        };
        let place = Places { frame, top: 400 };
        let added = [(day("2025-11-10"), 100), (day("2025-11-15"), 300)];
        assert_eq!(place.path(&added), "M84 212H84V162H184V12H284");
        assert_eq!(place.days().len(), 6);
    }
}
