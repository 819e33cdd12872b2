//! The windows of one order number never overlap (R1).

use domain::{Channel, Window};
use formats::table::{LineProblem, Problems};

/// An order number as it would hold in a cycle once the file is taken.
#[derive(Debug, Clone)]
pub(super) struct NumberWindow<'a> {
    pub(super) order_number: &'a str,
    pub(super) cycle_label: &'a str,
    /// What the order sheet calls it there.
    pub(super) title: &'a str,
    pub(super) window: Window,
    /// The line of the file that says so; none for what was there before.
    pub(super) line: Option<u64>,
}

/// Notes each pair of windows of one number that share a day, at the line that brings it about.
pub(super) fn check_windows(
    mut windows: Vec<NumberWindow<'_>>,
    column: &'static str,
    problems: &mut Problems,
) {
    windows.sort_by(|a, b| {
        (a.order_number, a.window.opens_on, a.line).cmp(&(
            b.order_number,
            b.window.opens_on,
            b.line,
        ))
    });
    let mut longest: Option<&NumberWindow<'_>> = None;
    for one in &windows {
        let before = longest.filter(|before| before.order_number == one.order_number);
        if let Some(before) = before
            && before.window.overlaps(&one.window)
        {
            note_overlap(before, one, column, problems);
        }
        let ends_later =
            before.is_none_or(|before| last_day(&before.window) <= last_day(&one.window));
        if ends_later {
            longest = Some(one);
        }
    }
}

fn last_day(window: &Window) -> chrono::NaiveDate {
    window.last_day(Channel::Web)
}

fn note_overlap(
    before: &NumberWindow<'_>,
    one: &NumberWindow<'_>,
    column: &'static str,
    problems: &mut Problems,
) {
    let (told, other) = if one.line >= before.line {
        (one, before)
    } else {
        (before, one)
    };
    let Some(line) = told.line else {
        return;
    };
    let reason = format!(
        "注文番号 {} の受付期間が、{}（{}〜{}）と、{}（{}〜{}）の「{}」で重なります。番号か企画回の日付を直してください",
        told.order_number,
        told.cycle_label,
        told.window.opens_on,
        last_day(&told.window),
        other.cycle_label,
        other.window.opens_on,
        last_day(&other.window),
        other.title,
    );
    problems.push(LineProblem::of_field(line, column, "", reason));
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 11, number).expect("a day of November")
    }

    /// Every window of the first four days, each also with a web order that runs a day longer.
    fn all_windows() -> Vec<Window> {
        let spans = (1..=4).flat_map(|from| (from..=4).map(move |to| (from, to)));
        spans
            .flat_map(|(from, to)| {
                [None, Some(day(to + 1))].map(|web_closes_on| Window {
                    opens_on: day(from),
                    closes_on: day(to),
                    web_closes_on,
                })
            })
            .collect()
    }

    #[test]
    fn three_windows_are_refused_exactly_when_two_of_them_overlap() {
        let all = all_windows();
        let mut refused_count = 0;
        for first in &all {
            for second in &all {
                for third in &all {
                    let three = [*first, *second, *third];
                    let overlap =
                        first.overlaps(second) || first.overlaps(third) || second.overlaps(third);
                    let numbered = (1..).zip(three).map(|(line, window)| NumberWindow {
                        order_number: "108413",
                        cycle_label: "2025年11月3回",
                        title: "見本",
                        window,
                        line: Some(line),
                    });
                    let mut problems = Problems::new();
                    check_windows(numbered.collect(), "注文番号", &mut problems);
                    assert_eq!(!problems.is_empty(), overlap, "{three:?}");
                    refused_count += u32::from(overlap);
                }
            }
        }
        assert!(
            refused_count < 20 * 20 * 20,
            "some three fit beside one another"
        );
    }

    #[test]
    fn two_numbers_may_share_their_days() {
        let window = all_windows().remove(0);
        let numbered = ["108413", "133540"].map(|order_number| NumberWindow {
            order_number,
            cycle_label: "2025年11月3回",
            title: "見本",
            window,
            line: Some(2),
        });
        let mut problems = Problems::new();
        check_windows(numbered.to_vec(), "注文番号", &mut problems);
        assert!(problems.is_empty());
    }
}
