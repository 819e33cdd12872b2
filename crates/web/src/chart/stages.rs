//! How far something is on its way, in stages: a bar a stage against the target.

use askama::Template;

/// Height of a stage, of its bar, and of the space above, in units of the picture.
const STAGE_HEIGHT: i64 = 52;
const BAR_HEIGHT: i64 = 18;
const WORDS_ABOVE: i64 = 22;
const EDGE: i64 = 4;

/// A stage to draw.
#[derive(Debug, Clone)]
pub struct Stage {
    /// What it is called.
    pub name: String,
    /// How much, as shown beside the name.
    pub shown: String,
    /// How much, in yen.
    pub amount: i64,
    /// The style of its bar: `applied`, `billed`, `collected` or `paid`.
    pub style: &'static str,
}

/// The picture, to be put into a page with `|safe`. Its figures stand beside it in a table, which is its
/// alternative in text; the picture itself says in short what it shows.
#[derive(Debug, Template)]
#[template(path = "chart/stages.html")]
pub struct StagesChart {
    id: &'static str,
    title: String,
    target: String,
    width: i64,
    height: i64,
    target_x: i64,
    bars: Vec<Bar>,
}

#[derive(Debug)]
struct Bar {
    stage: Stage,
    /// Where its words stand, and its bar begins.
    words_y: i64,
    bar_y: i64,
    length: i64,
}

impl StagesChart {
    /// A picture of so many units in width. `title` says in a sentence what it shows; `target_shown` is
    /// what the line at `target` yen (1 or more) is called.
    pub fn new(
        id: &'static str,
        title: String,
        stages: Vec<Stage>,
        (target, target_shown): (i64, String),
        width: i64,
    ) -> Self {
        let most = stages.iter().map(|stage| stage.amount).max();
        let whole = most.unwrap_or_default().max(target).max(1);
        let room = width - 2 * EDGE;
        let bars: Vec<Bar> = stages
            .into_iter()
            .zip(0..)
            .map(|(stage, place)| Bar {
                words_y: place * STAGE_HEIGHT + WORDS_ABOVE - 6,
                bar_y: place * STAGE_HEIGHT + WORDS_ABOVE,
                length: share(stage.amount, whole, room),
                stage,
            })
            .collect();
        let below = bars.last().map_or(0, |bar| bar.bar_y + BAR_HEIGHT);
        Self {
            id,
            title,
            target: target_shown,
            width,
            height: below + 28,
            target_x: EDGE + share(target, whole, room),
            bars,
        }
    }
}

/// So much of a length as an amount is of a whole, at least 1 for what is not nothing.
pub fn share(amount: i64, whole: i64, length: i64) -> i64 {
    let part = i128::from(amount.max(0)) * i128::from(length) / i128::from(whole.max(1));
    let part = i64::try_from(part).unwrap_or(length).min(length);
    if amount > 0 { part.max(1) } else { part }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_share_and_never_leave_the_picture() {
        assert_eq!(share(50, 100, 300), 150);
        assert_eq!(share(1, 1_000_000, 300), 1, "what is there is seen");
        assert_eq!(share(0, 100, 300), 0);
        assert_eq!(share(-5, 100, 300), 0);
        assert_eq!(share(i64::MAX, i64::MAX, 300), 300);
    }

    #[test]
    fn words_of_people_stay_words() {
        let stage = Stage {
            name: "<b>申込".to_owned(),
            shown: "¥1".to_owned(),
            amount: 1,
            style: "applied",
        };
        let chart = StagesChart::new(
            "c",
            "x & y".to_owned(),
            vec![stage],
            (2, "目標".into()),
            320,
        );
        let drawn = chart.render().unwrap();
        assert!(
            !drawn.contains("<b>") && drawn.contains("&#60;b&#62;"),
            "{drawn}"
        );
    }
}
