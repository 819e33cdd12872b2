//! Registering a campaign, and correcting what it says.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::domain::Accounting;
use ledger::reference::{CampaignSettings, TypedCampaign};
use ledger::{Call, PAGE_MAX, PageRequest};

use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "campaigns/edit.html")]
struct Edit<'a> {
    page: &'a Page,
    fields: &'a Fields,
    /// The campaign that is corrected; none where one is added.
    before: Option<CampaignSettings>,
    organizations: Vec<(String, String)>,
}

impl Edit<'_> {
    /// Whose money the gifts are stays as it is once there are any.
    fn is_settled(&self) -> bool {
        self.before.as_ref().is_some_and(|before| before.has_gifts)
    }

    fn accountings(&self) -> Vec<(String, String)> {
        let named = Accounting::ALL.iter().map(|one| {
            let name = self.page.t(&format!("campaigns-accounting-{one}"));
            (one.to_string(), name)
        });
        named.collect()
    }

    fn organization_name(&self) -> String {
        let before = self.before.as_ref();
        before.map_or_else(String::new, |before| before.organization_name.clone())
    }

    fn accounting(&self) -> String {
        let before = self.before.as_ref();
        before.map_or_else(String::new, |before| {
            let accounting = before.campaign.accounting;
            self.page.t(&format!("campaigns-accounting-{accounting}"))
        })
    }
}

/// Every organisation, by name.
async fn organizations(page: &Page) -> Result<Vec<(String, String)>, Problem> {
    let call = page.call();
    let request = PageRequest {
        cursor: None,
        limit: Some(PAGE_MAX),
    };
    let all = page
        .run(move |ledger| ledger.list_organizations(&call, &request))
        .await?;
    let named = all.items.into_iter().map(|one| {
        let code = one.organization.to_string();
        let shown = format!("{}（{code}）", one.name);
        (code, shown)
    });
    Ok(named.collect())
}

pub(super) async fn show(
    page: &Page,
    fields: &Fields,
    before: Option<CampaignSettings>,
) -> Result<HttpResponse, Problem> {
    let organizations = organizations(page).await?;
    page.show_form(
        fields,
        &Edit {
            page,
            fields,
            before,
            organizations,
        },
    )
}

fn typed(fields: &Fields) -> TypedCampaign {
    let text = |name: &str| fields.get(name).trim().to_owned();
    TypedCampaign {
        campaign: text("campaign"),
        organization: text("organization"),
        title: text("title"),
        target: text("target"),
        opens_on: text("opens_on"),
        closes_on: text("closes_on"),
        accounting: text("accounting"),
    }
}

async fn before(page: &Page, code: &str) -> Result<CampaignSettings, Problem> {
    let (call, code) = (page.call(), code.to_owned());
    page.run(move |ledger| ledger.get_campaign(&call, &code))
        .await
}

#[get("/campaigns/new")]
pub(super) async fn blank(page: Page) -> Result<HttpResponse, Problem> {
    let call = page.call();
    page.run(move |ledger| ledger.require(&call, ledger::Operation::AddCampaign))
        .await?;
    show(&page, &Fields::default(), None).await
}

#[post("/campaigns")]
pub(super) async fn add(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let request = typed(&fields);
    let added = async {
        let added = page
            .run(move |ledger| ledger.add_campaign(&call, &request))
            .await?;
        let to = format!("/campaigns/{}", added.campaign.campaign);
        Ok(page.done(&to, "campaigns-done-added", None))
    };
    fields
        .answer(added, async |fields| show(&page, &fields, None).await)
        .await
}

#[get("/campaigns/{code}/edit")]
pub(super) async fn open(page: Page, code: Path<String>) -> Result<HttpResponse, Problem> {
    let call = page.call();
    page.run(move |ledger| ledger.require(&call, ledger::Operation::CorrectCampaign))
        .await?;
    let before = before(&page, &code).await?;
    let campaign = &before.campaign;
    let fields = Fields::of([
        ("campaign", campaign.campaign.to_string()),
        ("organization", campaign.organization.to_string()),
        ("title", campaign.title.clone()),
        ("target", campaign.target.get().to_string()),
        ("opens_on", campaign.opens_on.to_string()),
        ("closes_on", campaign.closes_on.to_string()),
        ("accounting", campaign.accounting.to_string()),
    ]);
    show(&page, &fields, Some(before)).await
}

#[post("/campaigns/{code}/edit")]
pub(super) async fn correct(form: Form, code: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let code = code.into_inner();
    let corrected = async {
        corrected(&page, call, &code, &fields).await?;
        let to = format!("/campaigns/{code}");
        Ok(page.done(&to, "campaigns-done-corrected", None))
    };
    let again = async |fields| {
        let before = before(&page, &code).await?;
        show(&page, &fields, Some(before)).await
    };
    fields.answer(corrected, again).await
}

async fn corrected(page: &Page, call: Call, code: &str, fields: &Fields) -> Result<(), Problem> {
    let before = before(page, code).await?;
    let mut request = typed(fields);
    request.campaign = before.campaign.campaign.to_string();
    // What is settled is not in the form.
    if before.has_gifts {
        request.organization = before.campaign.organization.to_string();
        request.accounting = before.campaign.accounting.to_string();
    }
    page.run(move |ledger| ledger.correct_campaign(&call, &request))
        .await?;
    Ok(())
}
