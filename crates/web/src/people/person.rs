//! One person: what they may do, and the tokens by which scripts act for them.

use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::{DateTime, Utc};
use front::Problem;
use ledger::people::{PersonView, TokenView};
use ledger::{Operation, PAGE_MAX, PageRequest};

use super::shown;
use crate::page::Page;

#[derive(Template)]
#[template(path = "people/person.html")]
struct Person<'a> {
    page: &'a Page,
    person: &'a PersonView,
    tokens: Vec<Token>,
}

/// A token, and whether it is still good.
struct Token {
    view: TokenView,
    scopes: String,
    /// The message that says whether it is good.
    state: &'static str,
}

#[get("/people/of/{name}")]
pub(super) async fn show_person(page: Page, name: Path<String>) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let (person, tokens, now) = page
        .run(move |ledger| {
            let all = PageRequest {
                cursor: None,
                limit: Some(PAGE_MAX),
            };
            let person = ledger.get_person(&call, &name)?;
            let tokens = ledger.list_tokens_of_person(&call, &name, &all)?.items;
            let today = ledger.today();
            Ok((person, tokens, domain::japan_midnight(today)))
        })
        .await?;
    let tokens = tokens.into_iter().map(|view| token(view, now)).collect();
    page.show(&Person {
        page: &page,
        person: &person,
        tokens,
    })
}

/// A token whose last day is over is good no more; `now` is the beginning of today.
fn token(view: TokenView, now: Option<DateTime<Utc>>) -> Token {
    let state = if view.revoked_at.is_some() {
        "people-token-revoked"
    } else if Some(view.expires_at) <= now {
        "people-token-over"
    } else {
        "people-token-good"
    };
    Token {
        scopes: view.scopes.join(", "),
        view,
        state,
    }
}
