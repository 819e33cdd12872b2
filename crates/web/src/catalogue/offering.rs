//! An order number of a cycle: added, or corrected.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::OrderNumber;
use front::Problem;
use ledger::reference::{CampaignView, CycleDetail, FundView, OfferingDetail, TypedOffering};
use ledger::{Call, Operation, PAGE_MAX, PageRequest};

use super::shown::{cycle_address, kinds, policies};
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "catalogue/offering.html")]
struct Offering<'a> {
    page: &'a Page,
    fields: &'a Fields,
    choices: Choices,
    cycle: &'a str,
    address: String,
    action: String,
    /// The offering that is corrected; none where one is added.
    corrected: Option<&'a OfferingDetail>,
}

/// What can be chosen from.
struct Choices {
    kinds: Vec<(String, String)>,
    policies: Vec<(String, String)>,
    funds: Vec<(String, String)>,
    campaigns: Vec<(String, String)>,
}

/// What a page about an offering is made of.
struct Found {
    cycle: CycleDetail,
    funds: Vec<FundView>,
    campaigns: Vec<CampaignView>,
}

impl Found {
    async fn load(
        page: &Page,
        call: Call,
        operation: Operation,
        cycle: String,
    ) -> Result<Self, Problem> {
        page.run(move |ledger| {
            ledger.require(&call, operation)?;
            let all = PageRequest {
                cursor: None,
                limit: Some(PAGE_MAX),
            };
            Ok(Self {
                cycle: ledger.get_cycle(&call, &cycle)?,
                funds: ledger.list_funds(&call, &all)?.items,
                campaigns: ledger.list_campaigns(&call, &all)?.items,
            })
        })
        .await
    }

    fn choices(&self, page: &Page) -> Choices {
        let funds = self.funds.iter();
        let campaigns = self.campaigns.iter();
        Choices {
            kinds: kinds(page),
            policies: policies(page),
            funds: funds
                .map(|one| (one.fund.to_string(), one.name.clone()))
                .collect(),
            campaigns: campaigns
                .map(|one| (one.campaign.to_string(), one.title.clone()))
                .collect(),
        }
    }

    /// The offering of a number. Refuses one that the cycle has not.
    fn offering(&self, number: &str) -> Result<&OfferingDetail, Problem> {
        let mut offerings = self.cycle.offerings.iter();
        let found = offerings.find(|one| one.offering.order_number.as_str() == number);
        found.ok_or_else(|| {
            let cycle = &self.cycle.cycle.cycle;
            Problem::new(
                StatusCode::NOT_FOUND,
                "offering_not_found",
                format!("{cycle}に注文番号 {number} はありません。番号を確かめてください"),
            )
        })
    }
}

#[get("/catalogue/cycles/{cycle}/new-number")]
pub(super) async fn new_number(page: Page, cycle: Path<String>) -> Result<HttpResponse, Problem> {
    let operation = Operation::AddOffering;
    let found = Found::load(&page, page.call(), operation, cycle.into_inner()).await?;
    let fields = Fields::of([
        ("kind", "supporter"),
        ("unit_price", "300"),
        ("on_failure", "lapse"),
    ]);
    show(&page, &fields, &found, None)
}

#[post("/catalogue/cycles/{cycle}/new-number")]
pub(super) async fn add_offering(form: Form, cycle: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let typed = typed(&fields, &cycle);
    let added = async {
        page.run(move |ledger| ledger.add_offering(&call, &typed))
            .await?;
        Ok(page.done(&cycle_address(&cycle), "catalogue-done-added", None))
    };
    let again = async |fields| {
        let operation = Operation::AddOffering;
        let found = Found::load(&page, page.call(), operation, cycle.clone()).await?;
        show(&page, &fields, &found, None)
    };
    fields.answer(added, again).await
}

#[get("/catalogue/cycles/{cycle}/numbers/{number}")]
pub(super) async fn edit_number(
    page: Page,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (cycle, number) = path.into_inner();
    let operation = Operation::CorrectOffering;
    let found = Found::load(&page, page.call(), operation, cycle).await?;
    let one = found.offering(&number)?;
    let code = |code: &Option<domain::Code>| code.as_ref().map(ToString::to_string);
    let limit = one.failures_max.map(|count| count.to_string());
    let fields = Fields::of([
        ("order_number", number.clone()),
        ("kind", one.offering.kind.as_str().to_owned()),
        ("unit_price", one.offering.unit_price.get().to_string()),
        ("fund", code(&one.offering.fund).unwrap_or_default()),
        ("campaign", code(&one.offering.campaign).unwrap_or_default()),
        ("title", one.offering.title.clone()),
        ("on_failure", one.on_failure.as_str().to_owned()),
        ("failures_max", limit.unwrap_or_default()),
    ]);
    show(&page, &fields, &found, Some(one))
}

#[post("/catalogue/cycles/{cycle}/numbers/{number}")]
pub(super) async fn correct_offering(
    form: Form,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let (cycle, number) = path.into_inner();
    let operation = Operation::CorrectOffering;
    let found = Found::load(&page, page.call(), operation, cycle.clone()).await?;
    let one = found.offering(&number)?;
    let of: OrderNumber = one.offering.order_number;
    let typed = typed(&fields, &cycle);
    let label = cycle.clone();
    let corrected = async {
        page.run(move |ledger| ledger.correct_offering(&call, &label, &of, &typed))
            .await?;
        Ok(page.done(&cycle_address(&cycle), "catalogue-done-corrected", None))
    };
    fields
        .answer(corrected, async |fields| {
            show(&page, &fields, &found, Some(one))
        })
        .await
}

fn typed(fields: &Fields, cycle: &str) -> TypedOffering {
    let text = |name: &str| fields.get(name).to_owned();
    TypedOffering {
        cycle: cycle.to_owned(),
        order_number: text("order_number"),
        kind: text("kind"),
        unit_price: text("unit_price"),
        fund: text("fund"),
        campaign: text("campaign"),
        title: text("title"),
        on_failure: text("on_failure"),
        failures_max: text("failures_max"),
    }
}

fn show(
    page: &Page,
    fields: &Fields,
    found: &Found,
    corrected: Option<&OfferingDetail>,
) -> Result<HttpResponse, Problem> {
    let cycle = found.cycle.cycle.cycle.as_str();
    let address = cycle_address(cycle);
    let action = match corrected {
        Some(one) => format!("{address}/numbers/{}", one.offering.order_number),
        None => format!("{address}/new-number"),
    };
    page.show_form(
        fields,
        &Offering {
            page,
            fields,
            choices: found.choices(page),
            cycle,
            address,
            action,
            corrected,
        },
    )
}
