//! The cycles proposed for the weeks to come: corrected, merged, and saved together.

use actix_web::web::Query;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::Operation;
use ledger::reference::{AddCycles, PROPOSED_WEEKS_MAX, TypedCycle};
use serde::Deserialize;

use crate::page::{Fields, Form, Page};

/// So many weeks are proposed where nothing else is asked for.
const WEEKS_USUAL: usize = 4;

#[derive(Template)]
#[template(path = "catalogue/new_cycles.html")]
struct NewCycles<'a> {
    page: &'a Page,
    fields: &'a Fields,
    rows: Vec<Row>,
    weeks_max: usize,
}

/// The fields of a cycle, by their names in the form: those by which refusals name them.
struct Row {
    number: usize,
    is_last: bool,
    save: String,
    cycle: String,
    opens_on: String,
    closes_on: String,
    web_closes_on: String,
    collection_month: String,
}

impl Row {
    fn of(place: usize, rows: usize) -> Self {
        let name = |field: &str| format!("cycles/{place}/{field}");
        Self {
            number: place + 1,
            is_last: place + 1 == rows,
            save: name("save"),
            cycle: name("cycle"),
            opens_on: name("opens_on"),
            closes_on: name("closes_on"),
            web_closes_on: name("web_closes_on"),
            collection_month: name("collection_month"),
        }
    }

    /// What was typed in it.
    fn typed(&self, fields: &Fields) -> TypedCycle {
        let text = |name: &str| fields.get(name).to_owned();
        TypedCycle {
            cycle: text(&self.cycle),
            iso_week: String::new(),
            opens_on: text(&self.opens_on),
            closes_on: text(&self.closes_on),
            web_closes_on: text(&self.web_closes_on),
            collection_month: text(&self.collection_month),
        }
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    from: String,
    #[serde(default)]
    weeks: String,
}

#[get("/catalogue/cycles/new")]
pub(super) async fn new_cycles(page: Page, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let asked = Fields::of([("from", &asked.from), ("weeks", &asked.weeks)]);
    let from = asked.date_if_given("from")?;
    let weeks: Option<usize> = asked.read_if_given("weeks")?;
    let weeks = weeks.unwrap_or(WEEKS_USUAL);
    let call = page.call();
    let proposed = page
        .run(move |ledger| ledger.propose_cycles(&call, from, weeks))
        .await?;
    let saved = vec![true; proposed.len()];
    show(&page, &fields_of(&proposed, &saved))
}

#[post("/catalogue/cycles/new")]
pub(super) async fn add_cycles(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let rows = rows(&fields);
    if let Ok(place) = fields.number("merge") {
        return show(&page, &merged(&fields, &rows, place));
    }
    let wanted: Vec<&Row> = rows
        .iter()
        .filter(|row| fields.has(&row.save, "1"))
        .collect();
    let cycles = wanted.iter().map(|row| row.typed(&fields)).collect();
    let request = AddCycles { cycles };
    let added = page
        .run(move |ledger| ledger.add_cycles(&call, &request))
        .await;
    match added {
        Ok(added) => {
            let count = i64::try_from(added.cycles.len()).ok();
            let month = added.cycles.first().map(|one| one.opens_on.format("%Y-%m"));
            let to = month.map_or("/catalogue".to_owned(), |m| format!("/catalogue?month={m}"));
            Ok(page.done(&to, "catalogue-done-cycles", count))
        }
        Err(problem) => {
            let places: Vec<usize> = wanted.iter().map(|row| row.number - 1).collect();
            show(&page, &fields.clone().refused(placed(problem, &places)))
        }
    }
}

fn show(page: &Page, fields: &Fields) -> Result<HttpResponse, Problem> {
    page.show_form(
        fields,
        &NewCycles {
            page,
            fields,
            rows: rows(fields),
            weeks_max: PROPOSED_WEEKS_MAX,
        },
    )
}

/// The rows that a form has.
fn rows(fields: &Fields) -> Vec<Row> {
    let is_there = |place: &usize| {
        let row = Row::of(*place, 0);
        fields.all(&row.cycle).next().is_some()
    };
    let count = (0..PROPOSED_WEEKS_MAX).take_while(is_there).count();
    (0..count).map(|place| Row::of(place, count)).collect()
}

/// A form of these cycles, ticked where they are to be saved.
fn fields_of(cycles: &[TypedCycle], saved: &[bool]) -> Fields {
    let pairs = cycles.iter().zip(saved).enumerate();
    let pairs = pairs.flat_map(|(place, (one, is_saved))| {
        let row = Row::of(place, cycles.len());
        let mut pairs = vec![
            (row.cycle, one.cycle.clone()),
            (row.opens_on, one.opens_on.clone()),
            (row.closes_on, one.closes_on.clone()),
            (row.web_closes_on, one.web_closes_on.clone()),
            (row.collection_month, one.collection_month.clone()),
        ];
        if *is_saved {
            pairs.push((row.save, "1".to_owned()));
        }
        pairs
    });
    Fields::of(pairs)
}

/// The same form with one cycle in the place of that of a row and the next: a holiday week.
fn merged(fields: &Fields, rows: &[Row], place: i64) -> Fields {
    let mut saved: Vec<bool> = rows.iter().map(|row| fields.has(&row.save, "1")).collect();
    let mut cycles: Vec<TypedCycle> = rows.iter().map(|row| row.typed(fields)).collect();
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    if place.saturating_add(1) < cycles.len() {
        let later = cycles.remove(place + 1);
        saved.remove(place + 1);
        if let Some(one) = cycles.get_mut(place) {
            *one = std::mem::take(one).merged_with(later);
        }
    }
    fields_of(&cycles, &saved)
}

/// A refusal whose places are those of the rows that were sent, by the rows of the form.
fn placed(mut problem: Problem, places: &[usize]) -> Problem {
    for place in &mut problem.problems {
        let moved = place.pointer.as_deref().and_then(|pointer| {
            let (sent, field) = pointer.strip_prefix("/cycles/")?.split_once('/')?;
            let row = places.get(sent.parse::<usize>().ok()?)?;
            Some(format!("/cycles/{row}/{field}"))
        });
        if moved.is_some() {
            place.pointer = moved;
        }
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(cycle: &str, opens_on: &str, closes_on: &str) -> TypedCycle {
        TypedCycle {
            cycle: cycle.to_owned(),
            opens_on: opens_on.to_owned(),
            closes_on: closes_on.to_owned(),
            ..TypedCycle::default()
        }
    }

    #[test]
    fn merging_keeps_what_was_typed_elsewhere() {
        let typed = [
            week("甲", "2025-12-15", "2025-12-18"),
            week("乙", "2025-12-22", "2025-12-26"),
            week("丙", "2025-12-29", "2026-01-02"),
        ];
        let fields = fields_of(&typed, &[true, true, false]);

        let fields = merged(&fields, &rows(&fields), 1);

        let cycles: Vec<TypedCycle> = rows(&fields).iter().map(|r| r.typed(&fields)).collect();
        assert_eq!(
            cycles,
            [typed[0].clone(), week("乙", "2025-12-22", "2026-01-02")]
        );
        assert!(fields.has("cycles/1/save", "1"));
        let last = merged(&fields, &rows(&fields), 1);
        assert_eq!(rows(&last).len(), 2, "the last has none after it");
    }

    #[test]
    fn a_refusal_is_told_at_the_row_that_was_sent() {
        let problem = crate::page::wrong("cycles/1/opens_on", "違います".to_owned());
        let problem = placed(problem, &[0, 3]);
        assert_eq!(
            problem.problems[0].pointer.as_deref(),
            Some("/cycles/3/opens_on")
        );
    }
}
