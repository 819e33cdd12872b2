//! From one total to another: a bar a step, each standing where the one before ends.

use askama::Template;

/// Space at the left for amounts, above, at the right and below for names.
const LEFT: i64 = 96;
const TOP: i64 = 24;
const RIGHT: i64 = 8;
const BELOW: i64 = 64;
/// Of a bar and the space beside it.
const STEP: i64 = 72;
const BAR: i64 = 44;
/// Height of the bars' field.
const FIELD: i64 = 260;
/// Characters of a name in one line.
const LINE_CHARS: usize = 5;

/// A step between the totals.
#[derive(Debug, Clone)]
pub struct Step {
    /// What it is called.
    pub name: String,
    /// Signed yen.
    pub amount: i64,
    /// Where its lines are listed; none where there are none.
    pub href: Option<String>,
}

/// The picture, to be put into a page with `|safe`. A table of the steps stands beside it.
#[derive(Debug, Template)]
#[template(path = "chart/waterfall.html")]
pub struct Waterfall {
    title: String,
    width: i64,
    height: i64,
    right: i64,
    zero: i64,
    bars: Vec<Bar>,
}

#[derive(Debug)]
struct Bar {
    lines: Vec<String>,
    shown: String,
    href: Option<String>,
    style: &'static str,
    x: i64,
    y: i64,
    height: i64,
    /// Where the next bar begins.
    ends: i64,
    is_last: bool,
}

impl Bar {
    fn middle(&self) -> i64 {
        self.x + BAR / 2
    }

    fn above(&self) -> i64 {
        self.y - 6
    }

    fn name(&self) -> String {
        self.lines.concat()
    }
}

impl Waterfall {
    /// Draws the way from one total over steps to another, which is the first with all steps added.
    /// `title` says in a sentence what it shows, `yen` how an amount is written.
    pub fn new(
        title: String,
        from: (String, i64),
        steps: &[Step],
        to: String,
        yen: impl Fn(i64) -> String,
    ) -> Self {
        let mut level = from.1;
        let mut levels = vec![0, level];
        for step in steps {
            level = level.saturating_add(step.amount);
            levels.push(level);
        }
        let scale = Scale::of(&levels);
        let mut bars = Vec::with_capacity(steps.len() + 2);
        let mut place =
            |name: &str, href: Option<String>, style, from: i64, to: i64, shown: i64| {
                let index = i64::try_from(bars.len()).unwrap_or(i64::MAX);
                let (a, b) = (scale.y(from), scale.y(to));
                bars.push(Bar {
                    lines: lines(name),
                    shown: yen(shown),
                    href,
                    style,
                    x: LEFT + index * STEP + (STEP - BAR) / 2,
                    y: a.min(b),
                    height: (a - b).abs().max(1),
                    ends: b,
                    is_last: false,
                });
            };
        place(&from.0, None, "total", 0, from.1, from.1);
        let mut at = from.1;
        for step in steps {
            let next = at.saturating_add(step.amount);
            let style = if step.amount < 0 { "down" } else { "up" };
            place(&step.name, step.href.clone(), style, at, next, step.amount);
            at = next;
        }
        place(&to, None, "total", 0, at, at);
        if let Some(last) = bars.last_mut() {
            last.is_last = true;
        }
        let width = LEFT + STEP * i64::try_from(bars.len()).unwrap_or(1) + RIGHT;
        Self {
            title,
            width,
            height: TOP + FIELD + BELOW,
            right: width - RIGHT,
            zero: scale.y(0),
            bars,
        }
    }

    fn left(&self) -> i64 {
        LEFT
    }

    fn names_at(&self) -> i64 {
        TOP + FIELD + 20
    }

    fn bar(&self) -> i64 {
        BAR
    }

    fn next_x(&self, bar: &Bar) -> i64 {
        bar.x + STEP
    }
}

/// From yen to places, the highest level at the top.
struct Scale {
    lowest: i64,
    span: i64,
}

impl Scale {
    fn of(levels: &[i64]) -> Self {
        let lowest = levels.iter().copied().min().unwrap_or(0);
        let highest = levels.iter().copied().max().unwrap_or(0);
        Self {
            lowest,
            span: highest.saturating_sub(lowest).max(1),
        }
    }

    fn y(&self, level: i64) -> i64 {
        let above = i128::from(level) - i128::from(self.lowest);
        let height = above * i128::from(FIELD) / i128::from(self.span);
        TOP + FIELD - i64::try_from(height).unwrap_or(0)
    }
}

/// A name in lines that fit under a bar: at spaces where it has any, else after so many characters.
fn lines(name: &str) -> Vec<String> {
    if name.contains(' ') {
        return name.split_inclusive(' ').map(str::to_owned).collect();
    }
    let letters: Vec<char> = name.chars().collect();
    let lines = letters.chunks(LINE_CHARS);
    lines.map(|line| line.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &str, amount: i64, href: Option<&str>) -> Step {
        Step {
            name: name.to_owned(),
            amount,
            href: href.map(str::to_owned),
        }
    }

    fn drawn() -> Waterfall {
        Waterfall::new(
            "9月から10月への動き".to_owned(),
            ("先月".to_owned(), 1_200),
            &[
                step("新規登録", 600, Some("/batches/01/2025-10/bridge/new")),
                step("減口", -300, Some("/batches/01/2025-10/bridge/lowered")),
                step("再開", 0, None),
            ],
            "今月".to_owned(),
            |yen| yen.to_string(),
        )
    }

    #[test]
    fn each_bar_stands_where_the_one_before_ends_and_the_last_is_their_sum() {
        let chart = drawn();

        for pair in chart.bars[..4].windows(2) {
            let (one, next) = (&pair[0], &pair[1]);
            let begins = match next.style {
                "down" => next.y,
                _ => next.y + next.height,
            };
            assert!((begins - one.ends).abs() <= 1, "{one:?} {next:?}");
        }
        assert_eq!(
            chart.bars.last().map(|bar| bar.shown.as_str()),
            Some("1500")
        );
        assert_eq!(chart.bars[3].ends, chart.bars[4].ends);
    }

    #[test]
    fn a_waterfall_is_drawn_with_links_to_the_lines_of_its_steps() {
        insta::assert_snapshot!(drawn().render().unwrap());
    }
}
