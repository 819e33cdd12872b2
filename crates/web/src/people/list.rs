//! Everybody who was ever invited.

use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::Role;
use front::Problem;
use ledger::people::{PeopleFilter, PersonState, PersonView};
use ledger::{Cursor, Operation, PageRequest};
use serde::Deserialize;

use super::shown;
use crate::page::{Fields, Page};

#[derive(Template)]
#[template(path = "people/index.html")]
struct Index<'a> {
    page: &'a Page,
    fields: &'a Fields,
    roles: Vec<(String, String)>,
    states: Vec<(String, String)>,
    people: Vec<PersonView>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    role: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    cursor: String,
}

const STATES: [PersonState; 3] = [
    PersonState::Invited,
    PersonState::Active,
    PersonState::Disabled,
];

#[get("/people")]
pub(super) async fn list_people(page: Page, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let asked = asked.into_inner();
    let filter = PeopleFilter {
        role: Role::ALL.into_iter().find(|one| one.as_str() == asked.role),
        state: STATES.into_iter().find(|one| one.as_str() == asked.state),
    };
    let request = PageRequest {
        cursor: (!asked.cursor.is_empty()).then(|| Cursor::from(asked.cursor.clone())),
        limit: None,
    };
    let call = page.call();
    let found = page
        .run(move |ledger| ledger.list_people(&call, &filter, &request))
        .await?;
    let next = found.next_cursor.map(|cursor| {
        let query = [
            ("role", asked.role.as_str()),
            ("state", asked.state.as_str()),
            ("cursor", &cursor.to_string()),
        ];
        format!(
            "/people?{}",
            serde_urlencoded::to_string(query).unwrap_or_default()
        )
    });
    let fields = Fields::of([("role", &asked.role), ("state", &asked.state)]);
    let role = |one: &Role| (one.as_str().to_owned(), shown::role(&page, one));
    let state = |one: &PersonState| (one.as_str().to_owned(), shown::state(&page, one.as_str()));
    page.show(&Index {
        page: &page,
        fields: &fields,
        roles: Role::ALL.iter().map(role).collect(),
        states: STATES.iter().map(state).collect(),
        people: found.items,
        next,
    })
}
