//! Which holds a page of the review is about: the filter that goes along from one to the next.

use domain::{CollectionMonth, HoldReason};
use front::Problem;
use ledger::PageRequest;
use ledger::review::{HoldCorrection, HoldFilter};

use crate::page::{Fields, Page};

/// The fields that make the filter.
const FILTER: [&str; 4] = ["coop", "month", "only", "import_id"];

/// The holds that a page's fields ask for.
pub fn filter(fields: &Fields) -> Result<HoldFilter, Problem> {
    Ok(HoldFilter {
        month: fields.read_if_given::<CollectionMonth>("month")?,
        coop: fields.optional("coop"),
        reason: fields.read_if_given::<HoldReason>("only")?,
        import_id: fields.number_if_given("import_id")?,
    })
}

/// What a page's fields would correct in the line.
pub fn correction(fields: &Fields) -> Result<HoldCorrection, Problem> {
    Ok(HoldCorrection {
        cycle: fields.optional("cycle"),
        order_number: fields.optional("order_number"),
        units: fields.number_if_given("units")?,
        amount: fields.number_if_given("amount")?,
        member_number: fields.optional("member_number"),
    })
}

/// The fields of the filter that are set, for hidden inputs.
pub fn filter_pairs(fields: &Fields) -> Vec<(&'static str, String)> {
    let pairs = FILTER.into_iter();
    pairs
        .filter_map(|name| Some((name, fields.optional(name)?)))
        .collect()
}

/// An address with the filter, and more, in its query.
pub fn address(path: &str, fields: &Fields, more: &[(&'static str, String)]) -> String {
    let mut pairs = filter_pairs(fields);
    pairs.extend(more.iter().cloned());
    match serde_urlencoded::to_string(&pairs) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// The co-ops to choose from: code and name.
pub async fn coops(page: &Page) -> Result<Vec<(String, String)>, Problem> {
    let call = page.call();
    let request = PageRequest {
        cursor: None,
        limit: Some(ledger::PAGE_MAX),
    };
    let coops = page
        .run(move |ledger| ledger.list_cooperatives(&call, &request))
        .await?;
    let options = coops.items.into_iter();
    Ok(options
        .map(|one| (one.coop.to_string(), one.name))
        .collect())
}

/// The funds: code and name.
pub async fn funds(page: &Page) -> Result<Vec<(String, String)>, Problem> {
    let call = page.call();
    let request = PageRequest {
        cursor: None,
        limit: Some(ledger::PAGE_MAX),
    };
    let funds = page
        .run(move |ledger| ledger.list_funds(&call, &request))
        .await?;
    let funds = funds.items.into_iter();
    Ok(funds.map(|one| (one.fund.to_string(), one.name)).collect())
}

/// A reason in a word, as messages name it.
pub fn reason_key(reason: HoldReason) -> String {
    reason.as_str().replace('_', "-")
}
