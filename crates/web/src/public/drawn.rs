//! What a campaign shows, drawn in each form.

use askama::Template;
use ledger::accounting::{PublicCampaign, ShownStage};
use ledger::domain::Yen;
use rust_decimal::Decimal;

use super::answer::Form;
use crate::chart::stages::{Stage, StagesChart};
use crate::messages::Language;
use crate::{assets, words};

/// Units of width of the picture on the page: a telephone's, less its margins.
const PICTURE_WIDTH: i64 = 328;
/// Units of width of the badge's bar, and letters of a title on it at most.
const BADGE_BAR: i64 = 296;
const BADGE_LETTERS_MAX: usize = 22;

/// Bytes of a form.
///
/// # Errors
/// Where the template fails.
pub fn draw(form: Form, shown: &PublicCampaign) -> Result<String, String> {
    let drawn = match form {
        Form::Page(language) => Page { language, shown }.render(),
        Form::Badge(language) => Badge { language, shown }.render(),
        Form::Json => return serde_json::to_string(shown).map_err(|error| error.to_string()),
    };
    drawn.map_err(|error| error.to_string())
}

#[derive(Template)]
#[template(path = "public/page.html")]
struct Page<'a> {
    language: Language,
    shown: &'a PublicCampaign,
}

#[derive(Template)]
#[template(path = "public/badge.svg", escape = "html")]
struct Badge<'a> {
    language: Language,
    shown: &'a PublicCampaign,
}

/// A stage as the page shows it.
struct Line {
    name: String,
    units: Option<String>,
    amount: String,
    percent: Decimal,
}

impl Page<'_> {
    fn t(&self, key: &str) -> String {
        self.language.text(key)
    }

    fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    fn period(&self) -> String {
        let (from, to) = (
            words::date(self.shown.opens_on, self.language),
            words::date(self.shown.closes_on, self.language),
        );
        let values: [(&str, &dyn std::fmt::Display); 2] = [("from", &from), ("to", &to)];
        self.language.text_with("public-period", &values)
    }

    fn of_target(&self) -> String {
        of_target(self.language, self.shown)
    }

    fn applied(&self) -> String {
        words::yen(self.shown.applied.amount)
    }

    // messages: public-stage-*
    fn lines(&self) -> Vec<Line> {
        let line = |name: &str, stage: &ShownStage| Line {
            name: self.t(&format!("public-stage-{name}")),
            units: Some(words::count(stage.units)),
            amount: words::yen(stage.amount),
            percent: stage.percent,
        };
        let paid = &self.shown.paid_out;
        vec![
            line("applied", &self.shown.applied),
            line("billed", &self.shown.billed),
            line("collected", &self.shown.collected),
            Line {
                name: self.t("public-stage-paid"),
                units: None,
                amount: words::yen(paid.amount),
                percent: paid.percent,
            },
        ]
    }

    fn picture(&self) -> StagesChart {
        let amounts = [
            ("applied", self.shown.applied.amount),
            ("billed", self.shown.billed.amount),
            ("collected", self.shown.collected.amount),
            ("paid", self.shown.paid_out.amount),
        ];
        let stages = self.lines().into_iter().zip(amounts);
        let stages = stages.map(|(line, (style, amount))| Stage {
            shown: format!("{} ({}%)", line.amount, line.percent),
            name: line.name,
            amount: amount.get(),
            style,
        });
        let target = words::yen(self.shown.target);
        let named = self
            .language
            .text_with("public-target", &[("target", &target)]);
        StagesChart::new(
            "stages",
            self.t("public-picture"),
            stages.collect(),
            (self.shown.target.get(), named),
            PICTURE_WIDTH,
        )
    }

    fn other_language(&self) -> Language {
        self.language.other()
    }
}

impl Badge<'_> {
    fn words(&self) -> String {
        let title = &self.shown.title;
        if title.chars().count() <= BADGE_LETTERS_MAX {
            return title.clone();
        }
        let kept: String = title.chars().take(BADGE_LETTERS_MAX - 1).collect();
        format!("{kept}…")
    }

    fn of_target(&self) -> String {
        of_target(self.language, self.shown)
    }

    fn applied(&self) -> String {
        words::yen(self.shown.applied.amount)
    }

    fn bar(&self) -> i64 {
        let whole = self
            .shown
            .target
            .max(self.shown.applied.amount)
            .max(Yen::new(1));
        crate::chart::stages::share(self.shown.applied.amount.get(), whole.get(), BADGE_BAR)
    }
}

fn of_target(language: Language, shown: &PublicCampaign) -> String {
    let (target, percent) = (words::yen(shown.target), shown.applied.percent);
    let values: [(&str, &dyn std::fmt::Display); 2] = [("target", &target), ("percent", &percent)];
    language.text_with("public-of-target", &values)
}
