//! A pledge in time: a column a month, as high as its units; what is charged is filled.

use askama::Template;

/// Months shown at most: the newest.
const MONTHS_MAX: usize = 36;
/// Width of a month's column and of what is between two.
const COLUMN: i64 = 18;
const GAP: i64 = 4;
/// Space above for the figures, and below for the months.
const TOP: i64 = 20;
const HEIGHT: i64 = 96;
const BELOW: i64 = 24;
const LEFT: i64 = 8;

/// A month of a pledge.
#[derive(Debug, Clone)]
pub struct Month {
    /// What the month is called in the picture: its year in January and at the beginning.
    pub label: String,
    /// Units (口).
    pub units: i64,
    /// Whether it is charged.
    pub is_charged: bool,
}

/// A column of the picture.
#[derive(Debug)]
struct Column {
    x: i64,
    y: i64,
    height: i64,
    middle: i64,
    label: String,
    /// Written above where it begins.
    figure: Option<i64>,
    is_charged: bool,
}

/// The picture, to be put into a page with `|safe`. A table of the months stands beside it.
#[derive(Debug, Template)]
#[template(path = "chart/timeline.html")]
pub struct TimelineChart {
    id: i64,
    title: String,
    width: i64,
    height: i64,
    floor: i64,
    column: i64,
    columns: Vec<Column>,
}

impl TimelineChart {
    /// The picture of these months; `id` tells it apart from others on the page.
    pub fn of(id: i64, title: String, months: &[Month]) -> Self {
        let skipped = months.len().saturating_sub(MONTHS_MAX);
        let most = months.iter().map(|month| month.units).max().unwrap_or(0);
        let floor = TOP + HEIGHT;
        let (mut columns, mut x, mut before) = (Vec::new(), LEFT, None);
        for month in months.iter().skip(skipped) {
            let height = match most {
                0 => 0,
                most => (month.units * HEIGHT) / most,
            };
            columns.push(Column {
                x,
                y: floor - height,
                height,
                middle: x + COLUMN / 2,
                label: month.label.clone(),
                figure: (before != Some(month.units)).then_some(month.units),
                is_charged: month.is_charged,
            });
            before = Some(month.units);
            x += COLUMN + GAP;
        }
        Self {
            id,
            title,
            width: x + LEFT,
            height: floor + BELOW,
            floor,
            column: COLUMN,
            columns,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(units: i64) -> Month {
        Month {
            label: String::new(),
            units,
            is_charged: false,
        }
    }

    #[test]
    fn a_column_is_as_high_as_its_units_and_a_pause_has_none() {
        let chart = TimelineChart::of(1, String::new(), &[month(2), month(0), month(4)]);
        let heights: Vec<i64> = chart.columns.iter().map(|one| one.height).collect();
        assert_eq!(heights, [HEIGHT / 2, 0, HEIGHT]);
    }

    #[test]
    fn a_figure_stands_where_it_changes() {
        let chart = TimelineChart::of(1, String::new(), &[month(2), month(2), month(3)]);
        let figures: Vec<_> = chart.columns.iter().map(|one| one.figure).collect();
        assert_eq!(figures, [Some(2), None, Some(3)]);
    }

    #[test]
    fn the_newest_months_are_shown() {
        let months: Vec<Month> = (0..100).map(month).collect();
        let chart = TimelineChart::of(1, String::new(), &months);
        assert_eq!(chart.columns.len(), MONTHS_MAX);
        assert_eq!(chart.columns[MONTHS_MAX - 1].height, HEIGHT);
    }
}
