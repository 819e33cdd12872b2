//! `import campaigns`: 団体寄付の募集, by code.

use std::collections::HashMap;

use formats::table::{LineProblem, Problems};
use formats::tables::CampaignRow;
use store::tables::campaigns::{self, Campaign, CampaignValues};
use store::tables::organizations;

use super::rows::{Check, Keys, unknown_code};
use super::{Fate, Outcome};
use crate::Result;
use crate::table_file::TableFile;
use crate::tx::Tx;

pub(super) const CAMPAIGN: &str = "募集コード";
const ORGANIZATION: &str = "団体コード";
const ACCOUNTING: &str = "会計区分";

pub(super) fn import(tx: &mut Tx<'_>, file: &TableFile<'_>) -> Result<Outcome> {
    let rows: Vec<(u64, CampaignRow)> = file.read_rows()?;
    let check: Check<'_> = &|problems: &Problems| file.check(problems);
    take(tx, &rows, check)
}

/// Adds what is new, and changes what says something else.
pub(super) fn take(
    tx: &mut Tx<'_>,
    rows: &[(u64, CampaignRow)],
    check: Check<'_>,
) -> Result<Outcome> {
    let mut problems = Problems::new();
    let organizations: HashMap<_, _> = organizations::all(tx.connection)?
        .into_iter()
        .map(|one| (one.code, one.id))
        .collect();
    let known: HashMap<_, _> = campaigns::all(tx.connection)?
        .into_iter()
        .map(|one| (one.values.code.clone(), one))
        .collect();
    let mut keys = Keys::new();
    let mut wanted = Vec::with_capacity(rows.len());
    for (line, row) in rows {
        let code = row.campaign.as_str();
        keys.note(code, *line, CAMPAIGN, code, &mut problems);
        let organization = row.organization.as_str();
        match organizations.get(organization) {
            Some(id) => wanted.push((*line, values(row, *id))),
            None => problems.push(unknown_code(*line, ORGANIZATION, organization, "団体")),
        }
    }
    check_history(tx, &wanted, &known, &mut problems)?;
    check(&problems)?;
    let mut outcome = Outcome::default();
    for (_, values) in &wanted {
        let fate = match known.get(&values.code) {
            None => {
                campaigns::insert(tx.connection, values)?;
                Fate::Added
            }
            Some(one) if one.values != *values => {
                campaigns::update(tx.connection, one.id, values)?;
                Fate::Changed
            }
            Some(_) => Fate::Unchanged,
        };
        outcome.count(fate);
    }
    Ok(outcome)
}

fn values(row: &CampaignRow, organization_id: i64) -> CampaignValues {
    CampaignValues {
        code: row.campaign.as_str().to_owned(),
        organization_id,
        title: row.title.clone(),
        target: row.target.get(),
        opens_on: row.opens_on,
        closes_on: row.closes_on,
        accounting: row.accounting.as_str().to_owned(),
    }
}

/// Whose money a campaign's gifts are stays as it was once there are gifts.
fn check_history(
    tx: &mut Tx<'_>,
    wanted: &[(u64, CampaignValues)],
    known: &HashMap<String, Campaign>,
    problems: &mut Problems,
) -> Result<()> {
    let turned: Vec<_> = wanted
        .iter()
        .filter_map(|(line, values)| Some((*line, values, known.get(&values.code)?)))
        .filter(|(_, values, one)| {
            (values.organization_id, &values.accounting)
                != (one.values.organization_id, &one.values.accounting)
        })
        .collect();
    let ids: Vec<_> = turned.iter().map(|(_, _, one)| one.id).collect();
    let given_to = campaigns::with_donations(tx.connection, &ids)?;
    for (line, values, one) in turned {
        if !given_to.contains(&one.id) {
            continue;
        }
        let column = if values.organization_id == one.values.organization_id {
            ACCOUNTING
        } else {
            ORGANIZATION
        };
        let reason = format!(
            "募集「{}」にはすでに寄付があるため、{column}は変えられません。新しい募集コードで登録してください",
            values.code
        );
        problems.push(LineProblem::of_field(line, column, "", reason));
    }
    Ok(())
}
