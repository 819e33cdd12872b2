//! 募集: how far campaigns are, what was passed on, what they say, and their public pages.

mod detail;
mod drawn;
mod edit;
mod list;
mod payout;
mod public_page;

use actix_web::web::ServiceConfig;
use ledger::Operation;

use crate::screens::{Group, Screen};

pub(crate) use drawn::stages_chart;

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/campaigns",
        sample: "/campaigns",
        operation: Operation::ListCampaigns,
        menu: Some((Group::Money, "campaigns-menu")),
        picture: Some("campaigns"),
    },
    Screen {
        path: "/campaigns/new",
        sample: "/campaigns/new",
        operation: Operation::AddCampaign,
        menu: None,
        picture: None,
    },
    Screen {
        path: "/campaigns/{code}",
        sample: "/campaigns/kosumosu-2025",
        operation: Operation::GetCampaign,
        menu: None,
        picture: Some("campaign"),
    },
    Screen {
        path: "/campaigns/{code}/edit",
        sample: "/campaigns/kosumosu-2025/edit",
        operation: Operation::CorrectCampaign,
        menu: None,
        picture: Some("campaign-edit"),
    },
    Screen {
        path: "/campaigns/{code}/payout",
        sample: "/campaigns/kosumosu-2025/payout",
        operation: Operation::RecordPayout,
        menu: None,
        picture: Some("campaign-payout"),
    },
    Screen {
        path: "/campaigns/{code}/preview",
        sample: "/campaigns/kosumosu-2025/preview",
        operation: Operation::PreviewPublicPage,
        menu: None,
        picture: None,
    },
];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list::index)
        .service(list::download)
        .service(edit::blank)
        .service(edit::add)
        .service(detail::show)
        .service(edit::open)
        .service(edit::correct)
        .service(payout::open)
        .service(payout::record)
        .service(public_page::switch)
        .service(public_page::preview);
}
