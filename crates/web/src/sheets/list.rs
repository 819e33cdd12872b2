//! The sheets there are.

use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::intake::sheets::{SheetFilter, SheetState, SheetView};
use ledger::{Cursor, Operation, PageRequest};
use serde::Deserialize;

use super::{channel, coops, state};
use crate::page::{Fields, Page};

/// Sheets on a page.
const ROWS: u32 = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    coop: Option<String>,
    state: Option<String>,
    mine: Option<String>,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "sheets/index.html")]
struct Index<'a> {
    page: &'a Page,
    fields: &'a Fields,
    coops: Vec<(String, String)>,
    states: Vec<(String, String)>,
    sheets: Vec<SheetView>,
    next: Option<String>,
}

impl Index<'_> {
    fn coop(&self, sheet: &SheetView) -> String {
        let known = self.coops.iter().find(|(code, _)| *code == sheet.coop);
        known.map_or_else(|| sheet.coop.clone(), |(_, shown)| shown.clone())
    }

    fn keyed_lines(&self, sheet: &SheetView) -> Option<i64> {
        sheet.keyed.as_ref().and_then(|keyed| keyed.lines)
    }

    fn channel(&self, sheet: &SheetView) -> String {
        channel(self.page, sheet.channel.as_str())
    }
}

#[get("/sheets")]
pub(super) async fn index(page: Page, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let asked = asked.into_inner();
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let shown = given(&asked.state).unwrap_or_else(|| "open".to_owned());
    let state_asked = match shown.as_str() {
        "posted" => Some(SheetState::Posted),
        "discarded" => Some(SheetState::Discarded),
        "any" => None,
        _ => Some(SheetState::Open),
    };
    let coop = given(&asked.coop);
    let filter = SheetFilter {
        coop: coop.as_deref().and_then(|code| code.parse().ok()),
        state: state_asked,
        mine: asked.mine.is_some(),
        newest_first: true,
    };
    let request = PageRequest {
        cursor: given(&asked.cursor).map(Cursor::from),
        limit: Some(ROWS),
    };
    let call = page.call();
    let sheets = page
        .run(move |ledger| ledger.list_sheets(&call, &filter, &request))
        .await?;
    let mut pairs = vec![("coop", coop.unwrap_or_default()), ("state", shown.clone())];
    if asked.mine.is_some() {
        pairs.push(("mine", "1".to_owned()));
    }
    let next = sheets.next_cursor.map(|cursor| {
        let cursor = [("cursor", cursor.to_string())];
        let pairs = pairs.iter().map(|(name, value)| (*name, value.clone()));
        let query: Vec<_> = pairs.chain(cursor).collect();
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        format!("/sheets?{query}")
    });
    let states = [SheetState::Open, SheetState::Posted, SheetState::Discarded]
        .into_iter()
        .zip(["open", "posted", "discarded"])
        .map(|(one, word)| (word.to_owned(), state(&page, &one)))
        .chain([("any".to_owned(), page.t("common-any"))])
        .collect();
    let fields = Fields::of(pairs);
    page.show(&Index {
        coops: coops(&page).await?,
        page: &page,
        fields: &fields,
        states,
        sheets: sheets.items,
        next,
    })
}
