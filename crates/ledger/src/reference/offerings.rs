//! `import offerings`: what an order number means in a cycle (R1), by cycle and number.

use std::collections::{HashMap, HashSet};

use domain::Window;
use formats::table::{LineProblem, Problems};
use formats::tables::OfferingRow;
use store::tables::cycles::{self, Cycle};
use store::tables::offerings::{self, Offering, OfferingValues};
use store::tables::{campaigns, funds};

use super::rows::{Check, Keys, unknown_code};
use super::windows::{NumberWindow, check_windows};
use super::{Fate, Outcome};
use crate::Result;
use crate::table_file::TableFile;
use crate::tx::Tx;

pub(super) const CYCLE: &str = "企画回";
pub(super) const ORDER_NUMBER: &str = "注文番号";

/// What codes stand for, and the offerings there are.
pub(super) struct Known {
    cycles: HashMap<String, Cycle>,
    funds: HashMap<String, i64>,
    campaigns: HashMap<String, i64>,
    offerings: HashMap<(i64, String), Offering>,
}

impl Known {
    pub(super) fn load(tx: &mut Tx<'_>) -> Result<Self> {
        Ok(Self {
            cycles: cycles::all(tx.connection)?
                .into_iter()
                .map(|one| (one.values.label.clone(), one))
                .collect(),
            funds: funds::all(tx.connection)?
                .into_iter()
                .map(|one| (one.code, one.id))
                .collect(),
            campaigns: campaigns::all(tx.connection)?
                .into_iter()
                .map(|one| (one.values.code, one.id))
                .collect(),
            offerings: offerings::all(tx.connection)?
                .into_iter()
                .map(|one| (key(&one.values), one))
                .collect(),
        })
    }

    /// The offering of a number in a cycle.
    pub(super) fn find(&self, cycle_id: i64, order_number: &str) -> Option<&Offering> {
        self.offerings.get(&(cycle_id, order_number.to_owned()))
    }

    /// From here on rows of this cycle under `order_number` speak of the offering whose number still is
    /// `before`.
    pub(super) fn renumber(&mut self, cycle_id: i64, before: &str, order_number: &str) {
        if let Some(one) = self.offerings.remove(&(cycle_id, before.to_owned())) {
            self.offerings
                .insert((cycle_id, order_number.to_owned()), one);
        }
    }

    fn before(&self, values: &OfferingValues) -> Option<&Offering> {
        self.offerings.get(&key(values))
    }
}

fn key(values: &OfferingValues) -> (i64, String) {
    (values.cycle_id, values.order_number.clone())
}

pub(super) fn import(tx: &mut Tx<'_>, file: &TableFile<'_>) -> Result<Outcome> {
    let rows: Vec<(u64, OfferingRow)> = file.read_rows()?;
    let known = Known::load(tx)?;
    let check: Check<'_> = &|problems: &Problems| file.check(problems);
    take(tx, &rows, &known, check)
}

/// Adds what is new, and changes what says something else.
pub(super) fn take(
    tx: &mut Tx<'_>,
    rows: &[(u64, OfferingRow)],
    known: &Known,
    check: Check<'_>,
) -> Result<Outcome> {
    let mut problems = Problems::new();
    let mut keys = Keys::new();
    let mut wanted = Vec::with_capacity(rows.len());
    for (line, row) in rows {
        if let Some(values) = resolve(*line, row, known, &mut problems) {
            let shown = row.order_number.as_str();
            if keys.note(key(&values), *line, ORDER_NUMBER, shown, &mut problems) {
                wanted.push((*line, values));
            }
        }
    }
    check_history(tx, &wanted, known, &mut problems)?;
    check_windows(windows(&wanted, known), ORDER_NUMBER, &mut problems);
    check(&problems)?;
    let mut outcome = Outcome::default();
    for (_, values) in &wanted {
        let fate = match known.before(values) {
            None => {
                offerings::insert(tx.connection, values)?;
                Fate::Added
            }
            Some(one) if one.values != *values => {
                offerings::update(tx.connection, one.id, values)?;
                Fate::Changed
            }
            Some(_) => Fate::Unchanged,
        };
        outcome.count(fate);
    }
    Ok(outcome)
}

/// The row with ids in place of codes; every code that is not known is noted.
fn resolve(
    line: u64,
    row: &OfferingRow,
    known: &Known,
    problems: &mut Problems,
) -> Option<OfferingValues> {
    let cycle = known.cycles.get(&row.cycle);
    if cycle.is_none() {
        problems.push(unknown_code(line, CYCLE, &row.cycle, "企画回"));
    }
    let mut find = |code: Option<&str>, among: &HashMap<String, i64>, column, what| {
        let Some(code) = code else {
            return Some(None);
        };
        let id = among.get(code).copied();
        if id.is_none() {
            problems.push(unknown_code(line, column, code, what));
        }
        id.map(Some)
    };
    let fund = row.fund.as_ref().map(|code| code.as_str());
    let fund = find(fund, &known.funds, "基金コード", "基金");
    let campaign = row.campaign.as_ref().map(|code| code.as_str());
    let campaign = find(campaign, &known.campaigns, "募集コード", "募集");
    Some(OfferingValues {
        cycle_id: cycle?.id,
        order_number: row.order_number.as_str().to_owned(),
        kind: row.kind.as_str().to_owned(),
        unit_price: row.unit_price.get(),
        fund_id: fund?,
        campaign_id: campaign?,
        title: row.title.clone(),
        on_failure: row.on_failure.on_failure().as_str().to_owned(),
        failures_max: row.on_failure.count(),
    })
}

/// What somebody applied for stays what it was: number, kind, price, fund and campaign.
fn check_history(
    tx: &mut Tx<'_>,
    wanted: &[(u64, OfferingValues)],
    known: &Known,
    problems: &mut Problems,
) -> Result<()> {
    let turned: Vec<_> = wanted
        .iter()
        .filter_map(|(line, values)| Some((*line, values, known.before(values)?)))
        .filter(|(_, values, one)| turned_column(&one.values, values).is_some())
        .collect();
    let ids: Vec<_> = turned.iter().map(|(_, _, one)| one.id).collect();
    let applied_for = offerings::with_applications(tx.connection, &ids)?;
    for (line, values, one) in turned {
        let Some((column, before)) = turned_column(&one.values, values) else {
            continue;
        };
        if applied_for.contains(&one.id) {
            let reason = format!(
                "{}の注文番号 {} にはすでに申込があるため、{column}は変えられません（登録済み: {before}）。元に戻すか、別の企画回・注文番号で登録してください",
                one.cycle_label, one.values.order_number
            );
            problems.push(LineProblem::of_field(line, column, "", reason));
        }
    }
    Ok(())
}

/// The first column of those that make an application what it is that would change, and what it
/// says now.
fn turned_column(
    before: &OfferingValues,
    after: &OfferingValues,
) -> Option<(&'static str, String)> {
    if before.order_number != after.order_number {
        Some((ORDER_NUMBER, before.order_number.clone()))
    } else if before.kind != after.kind {
        Some(("種別", before.kind.clone()))
    } else if before.unit_price != after.unit_price {
        Some(("単価", format!("{}円", before.unit_price)))
    } else if before.fund_id != after.fund_id {
        Some(("基金コード", "別の基金".to_owned()))
    } else if before.campaign_id != after.campaign_id {
        Some(("募集コード", "別の募集".to_owned()))
    } else {
        None
    }
}

/// Every number in every cycle as it would be, what the rows tell with their lines.
fn windows<'a>(wanted: &'a [(u64, OfferingValues)], known: &'a Known) -> Vec<NumberWindow<'a>> {
    let cycles: HashMap<i64, &Cycle> = known.cycles.values().map(|one| (one.id, one)).collect();
    let told: HashSet<i64> = wanted
        .iter()
        .filter_map(|(_, values)| Some(known.before(values)?.id))
        .collect();
    let there = known
        .offerings
        .values()
        .filter(|one| !told.contains(&one.id));
    let there = there.map(|one| NumberWindow {
        order_number: &one.values.order_number,
        cycle_label: &one.cycle_label,
        title: &one.values.title,
        window: Window {
            opens_on: one.opens_on,
            closes_on: one.closes_on,
            web_closes_on: one.web_closes_on,
        },
        line: None,
    });
    let new = wanted.iter().filter_map(|(line, values)| {
        let cycle = cycles.get(&values.cycle_id)?;
        Some(NumberWindow {
            order_number: &values.order_number,
            cycle_label: &cycle.values.label,
            title: &values.title,
            window: Window {
                opens_on: cycle.values.opens_on,
                closes_on: cycle.values.closes_on,
                web_closes_on: cycle.values.web_closes_on,
            },
            line: Some(*line),
        })
    });
    there.chain(new).collect()
}
