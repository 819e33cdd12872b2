//! 人: who may sign in and do what, and the tokens by which scripts act for them.

mod change;
mod invite;
mod list;
mod person;
mod roles;
mod shown;

use actix_web::web::ServiceConfig;
use ledger::Operation;

use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/people",
        sample: "/people",
        operation: Operation::ListPeople,
        menu: Some((Group::Settings, "people-menu")),
        picture: Some("people"),
    },
    Screen {
        path: "/people/roles",
        sample: "/people/roles",
        operation: Operation::ListPeople,
        menu: None,
        picture: Some("rights"),
    },
    Screen {
        path: "/people/invite",
        sample: "/people/invite",
        operation: Operation::InvitePerson,
        menu: None,
        picture: Some("people-invite"),
    },
];

/// Routes the area. A person's pages lie under `/people/of/`, where no name can be taken for another
/// page.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list::list_people)
        .service(roles::show_roles)
        .service(invite::ask_whom)
        .service(invite::invite_person)
        .service(person::show_person)
        .service(change::ask_roles)
        .service(change::change_roles)
        .service(change::ask_disable)
        .service(change::disable_person)
        .service(change::enable_person)
        .service(change::ask_reset)
        .service(change::reset_person)
        .service(change::ask_revoke)
        .service(change::revoke_token);
}
