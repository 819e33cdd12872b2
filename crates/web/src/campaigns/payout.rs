//! Recording what was passed on to an organisation, or came back from it.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::Operation;
use ledger::accounting::{CampaignProgress, RecordPayout};
use ledger::domain::Yen;
use ledger::two_persons::Outcome;

use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "campaigns/payout.html")]
struct Payout<'a> {
    page: &'a Page,
    fields: &'a Fields,
    progress: CampaignProgress,
}

impl Payout<'_> {
    fn kinds(&self) -> Vec<(String, String)> {
        vec![
            (
                "payout".to_owned(),
                self.page.t("campaigns-payout-kind-payout"),
            ),
            (
                "return".to_owned(),
                self.page.t("campaigns-payout-kind-return"),
            ),
        ]
    }
}

pub(super) async fn show(
    page: &Page,
    code: &str,
    fields: Option<Fields>,
) -> Result<HttpResponse, Problem> {
    let (call, code) = (page.call(), code.to_owned());
    let (progress, today) = page
        .run(move |ledger| {
            ledger.require(&call, Operation::RecordPayout)?;
            let progress = ledger.campaign_progress(&call, Some(&code))?;
            Ok((progress, ledger.today()))
        })
        .await?;
    let progress = progress.into_iter().next().ok_or_else(Problem::internal)?;
    let fields = fields.unwrap_or_else(|| {
        Fields::of([
            ("kind", "payout".to_owned()),
            ("paid_on", today.to_string()),
            ("amount", String::new()),
            ("fee", "0".to_owned()),
        ])
    });
    page.show_form(
        &fields,
        &Payout {
            page,
            fields: &fields,
            progress,
        },
    )
}

#[get("/campaigns/{code}/payout")]
pub(super) async fn open(page: Page, code: Path<String>) -> Result<HttpResponse, Problem> {
    show(&page, &code, None).await
}

#[post("/campaigns/{code}/payout")]
pub(super) async fn record(form: Form, code: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let code = code.into_inner();
    let recorded = async {
        let request = request(&code, &fields)?;
        let outcome = page
            .run(move |ledger| ledger.record_payout(&call, &request))
            .await?;
        let message = match outcome {
            Outcome::Done(_) => "campaigns-done-paid",
            Outcome::Pending(_) => "campaigns-done-payout-waits",
        };
        Ok(page.done(&format!("/campaigns/{code}"), message, None))
    };
    fields
        .answer(recorded, |fields| show(&page, &code, Some(fields)))
        .await
}

fn request(code: &str, fields: &Fields) -> Result<RecordPayout, Problem> {
    Ok(RecordPayout {
        campaign: code.to_owned(),
        paid_on: fields.date_if_given("paid_on")?,
        amount: Yen::new(fields.number("amount")?),
        fee: Yen::new(fields.number_if_given("fee")?.unwrap_or_default()),
        returned: fields.has("kind", "return"),
        note: fields.optional("note"),
    })
}
