//! サポーター・寄付: finding a member, everything about one, changing a pledge, voiding an application,
//! and "why this amount?".

mod find;
mod held_data;
mod pledge;
mod shown;
mod void;
mod why;

use actix_web::web::ServiceConfig;
use domain::{CoopCode, MemberNumber};
use front::Problem;
use ledger::Operation;

use crate::page::Fields;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/members",
        sample: "/members",
        operation: Operation::FindMember,
        menu: Some((Group::Daily, "members-menu")),
        picture: Some("members"),
    },
    Screen {
        path: "/members/{coop}/{number}",
        sample: "/members/01/0010106",
        operation: Operation::ShowMember,
        menu: None,
        picture: Some("member"),
    },
    Screen {
        path: "/members/{coop}/{number}/pledges/{fund}/{change}",
        sample: "/members/01/0010106/pledges/inclufund/change",
        operation: Operation::ChangePledge,
        menu: None,
        picture: Some("member-pledge"),
    },
    Screen {
        path: "/members/{coop}/{number}/why/{month}",
        sample: "/members/01/0010106/why/2025-10",
        operation: Operation::ExplainAmount,
        menu: None,
        picture: Some("member-why"),
    },
    Screen {
        path: "/members/{coop}/{number}/data",
        sample: "/members/01/0010106/data",
        operation: Operation::PrintMemberData,
        menu: None,
        picture: None,
    },
];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(find::index)
        .service(shown::index)
        .service(why::chosen)
        .service(why::index)
        .service(held_data::index)
        .service(pledge::index)
        .service(pledge::carry_out)
        .service(void::index)
        .service(void::carry_out);
}

/// The member that an address names.
fn named(coop: &str, number: &str) -> Result<(CoopCode, MemberNumber), Problem> {
    let fields = Fields::of([("coop", coop), ("member_number", number)]);
    Ok((fields.read("coop")?, fields.read("member_number")?))
}

/// The address of a member.
fn address(coop: &str, number: &str) -> String {
    format!("/members/{coop}/{number}")
}
