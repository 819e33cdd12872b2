//! The windows of one order number never overlap (R1).

use domain::{Channel, Window};
use formats::table::{LineProblem, Problems};

/// An order number as it would hold in a cycle once the file is taken.
#[derive(Debug, Clone)]
pub(super) struct NumberWindow<'a> {
    pub(super) order_number: &'a str,
    pub(super) cycle_label: &'a str,
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
        "注文番号 {} の受付期間が、{}（{}〜{}）と {}（{}〜{}）で重なります。番号か企画回の日付を直してください",
        told.order_number,
        told.cycle_label,
        told.window.opens_on,
        last_day(&told.window),
        other.cycle_label,
        other.window.opens_on,
        last_day(&other.window),
    );
    problems.push(LineProblem::of_field(line, column, "", reason));
}
