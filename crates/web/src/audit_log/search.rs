//! Searching the audit log, and taking what was found along.

use actix_web::http::header;
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use chrono::NaiveDate;
use front::{Problem, chunks};
use ledger::audit_log::{AuditEventView, AuditFilter};
use ledger::proof::ChainHead;
use ledger::reference::MemberKey;
use ledger::{Cursor, Operation, Page as Listed, PageRequest};

use super::told;
use crate::books::asked::{Codes, query, shown_beside};
use crate::page::{Fields, Page};

/// Events on a page: with what was before and after, more would be a slow page.
const ROWS: u32 = 50;

/// The fields of the form, as an address keeps them from page to page.
const FIELDS: [&str; 7] = [
    "person",
    "action",
    "from",
    "to",
    "coop",
    "member_number",
    "subject",
];

pub fn routes(routes: &mut ServiceConfig) {
    routes.service(show).service(download);
}

#[derive(Template)]
#[template(path = "audit_log/index.html")]
struct Shown<'a> {
    page: &'a Page,
    fields: &'a Fields,
    coops: Vec<(String, String)>,
    actions: Vec<(String, String)>,
    heads: Vec<ChainHead>,
    list: Option<Listed<AuditEventView>>,
}

impl Shown<'_> {
    fn actor(&self, event: &AuditEventView) -> String {
        self.page.who(&event.actor)
    }

    fn action(&self, event: &AuditEventView) -> String {
        told::action(self.page, &event.action)
    }

    fn subject(&self, event: &AuditEventView) -> String {
        told::subject(self.page, &event.subject)
    }

    fn page_of(&self, event: &AuditEventView) -> Option<String> {
        told::page_of(self.page, &event.subject)
    }

    fn changes(&self, event: &AuditEventView) -> Vec<(String, String, String)> {
        told::changes(event)
    }

    fn next(&self, list: &Listed<AuditEventView>) -> Option<String> {
        let cursor = list.next_cursor.as_ref()?.to_string();
        let query = kept(self.fields, Some(&cursor));
        Some(format!("/audit-log?{query}"))
    }

    fn first(&self) -> String {
        format!("/audit-log?{}", kept(self.fields, None))
    }

    fn csv(&self) -> String {
        format!("/audit-log.csv?{}", kept(self.fields, None))
    }
}

/// The query that asks for the same, from a place on.
fn kept(fields: &Fields, cursor: Option<&str>) -> String {
    let pairs = FIELDS.into_iter().map(|name| (name, fields.get(name)));
    let pairs = pairs.chain(cursor.map(|cursor| ("cursor", cursor)));
    let said: Vec<(&str, &str)> = pairs.filter(|(_, value)| !value.is_empty()).collect();
    serde_urlencoded::to_string(said).unwrap_or_default()
}

fn filter(fields: &Fields) -> Result<AuditFilter, Problem> {
    let days: [Option<NaiveDate>; 2] = [fields.date_if_given("from")?, fields.date_if_given("to")?];
    let coop = fields.read_if_given("coop")?;
    let (coop, member) = match fields.read_if_given("member_number")? {
        None => (coop, None),
        // The co-op names the member then: what was done elsewhere counts too.
        Some(member_number) => {
            let coop = fields.read("coop")?;
            (
                None,
                Some(MemberKey {
                    coop,
                    member_number,
                }),
            )
        }
    };
    Ok(AuditFilter {
        coop,
        person: fields.optional("person"),
        action: fields.optional("action"),
        subject: fields.optional("subject"),
        member,
        from: days[0],
        to: days[1],
    })
}

#[get("/audit-log")]
async fn show(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let fields = query(&request);
    let list = match filter(&fields) {
        Err(problem) => Err(problem),
        Ok(filter) => {
            let (call, turned) = (page.call(), turned(&fields));
            page.run(move |ledger| ledger.search_audit_events(&call, &filter, &turned))
                .await
        }
    };
    let (fields, list) = shown_beside(list, fields)?;
    let call = page.call();
    let (heads, coops) = page
        .run(move |ledger| {
            ledger.require(&call, Operation::SearchAuditEvents)?;
            Ok((
                ledger.list_chain_heads(&call)?,
                Codes::coops(ledger, &call)?,
            ))
        })
        .await?;
    let shown = Shown {
        page: &page,
        fields: &fields,
        coops,
        actions: told::offered(&page),
        heads,
        list,
    };
    page.show_form(&fields, &shown)
}

fn turned(fields: &Fields) -> PageRequest {
    PageRequest {
        cursor: fields.optional("cursor").map(Cursor::from),
        limit: Some(ROWS),
    }
}

#[get("/audit-log.csv")]
async fn download(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let (call, filter) = (page.call(), filter(&query(&request))?);
    let (exported, file) = page
        .run(move |ledger| ledger.export_audit_log(&call, &filter))
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit-log.csv\"",
        ))
        .insert_header((header::ETAG, format!("\"{}\"", exported.sha256)))
        .streaming(chunks(file)))
}
