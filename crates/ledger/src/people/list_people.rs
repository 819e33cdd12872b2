//! `list_people`, `get_person`: who may sign in, and may no longer.

use std::collections::BTreeMap;

use domain::Role;
use serde::{Deserialize, Serialize};
use store::tables::one_time_links;
use store::tables::users::{self, Wanted};

use super::PersonView;
use super::person::person_view;
use crate::{Call, Cursor, Ledger, Operation, Page, PageRequest, Result};

const LIST: &str = "people";

/// Whether somebody may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonState {
    /// Not yet: they have not set a password.
    Invited,
    /// Yes.
    Active,
    /// No more.
    Disabled,
}

impl PersonState {
    /// As it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// Which people are looked for; all where nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleFilter {
    /// Those who have this role, perhaps among others.
    #[serde(default)]
    pub role: Option<Role>,
    /// Those in this state.
    #[serde(default)]
    pub state: Option<PersonState>,
}

impl Ledger {
    /// Everybody who was ever invited, or those looked for, in that order.
    pub fn list_people(
        &self,
        call: &Call,
        filter: &PeopleFilter,
        page: &PageRequest,
    ) -> Result<Page<PersonView>> {
        let rows = page.rows()?;
        let after_id = match &page.cursor {
            Some(cursor) => cursor.keys::<1>(LIST)?[0],
            None => 0,
        };
        let wanted = Wanted {
            role: filter.role.map(Role::as_str),
            state: filter.state.map(PersonState::as_str),
        };
        self.read(call, Operation::ListPeople, |connection| {
            let found = users::page(connection, wanted, after_id, rows + 1)?;
            let ids: Vec<i64> = found.iter().map(|(user, _)| user.id).collect();
            let links: BTreeMap<i64, _> = one_time_links::open_of_all(connection, &ids)?
                .into_iter()
                .map(|link| (link.user_id, link))
                .collect();
            let people = found
                .into_iter()
                .map(|listed| {
                    let id = listed.0.id;
                    Ok((id, PersonView::of(listed, links.get(&id))?))
                })
                .collect::<Result<Vec<_>>>()?;
            let page = Page::of(people, rows, |(id, _)| Cursor::after(LIST, &[*id]));
            Ok(Page {
                items: page.items.into_iter().map(|(_, person)| person).collect(),
                next_cursor: page.next_cursor,
            })
        })
    }

    /// One person.
    ///
    /// # Errors
    /// Refuses a name that nobody has.
    pub fn get_person(&self, call: &Call, name: &str) -> Result<PersonView> {
        self.read(call, Operation::GetPerson, |connection| {
            person_view(connection, name)
        })
    }
}
