//! 設定: the ordering weeks with their order numbers, whom money goes to, and the settings in force.

mod calendar;
mod copy;
mod cycle;
mod edit_cycle;
mod named;
mod new_cycles;
mod offering;
mod settings;
mod shown;
mod today;

use actix_web::web::ServiceConfig;
use ledger::Operation;

use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/catalogue",
        sample: "/catalogue?month=2025-11",
        operation: Operation::ShowCalendar,
        menu: Some((Group::Settings, "catalogue-menu")),
        picture: Some("catalogue"),
    },
    Screen {
        path: "/catalogue/today",
        sample: "/catalogue/today",
        operation: Operation::ListTodaysOfferings,
        menu: None,
        picture: None,
    },
    Screen {
        path: "/catalogue/cycles/new",
        sample: "/catalogue/cycles/new?from=2025-12-01&weeks=4",
        operation: Operation::ProposeCycles,
        menu: None,
        picture: Some("catalogue-new-cycles"),
    },
    Screen {
        path: "/catalogue/cycles/{cycle}",
        sample: "/catalogue/cycles/2025%E5%B9%B411%E6%9C%883%E5%9B%9E",
        operation: Operation::GetCycle,
        menu: None,
        picture: Some("catalogue-cycle"),
    },
    Screen {
        path: "/catalogue/cycles/{cycle}/edit",
        sample: "/catalogue/cycles/2025%E5%B9%B411%E6%9C%883%E5%9B%9E/edit",
        operation: Operation::CorrectCycle,
        menu: None,
        picture: None,
    },
    Screen {
        path: "/catalogue/cycles/{cycle}/copy",
        sample: "/catalogue/cycles/2025%E5%B9%B411%E6%9C%883%E5%9B%9E/copy",
        operation: Operation::CopyOfferings,
        menu: None,
        picture: Some("catalogue-copy"),
    },
    Screen {
        path: "/catalogue/cycles/{cycle}/new-number",
        sample: "/catalogue/cycles/2025%E5%B9%B411%E6%9C%883%E5%9B%9E/new-number",
        operation: Operation::AddOffering,
        menu: None,
        picture: None,
    },
    Screen {
        path: "/catalogue/cycles/{cycle}/numbers/{number}",
        sample: "/catalogue/cycles/2025%E5%B9%B411%E6%9C%883%E5%9B%9E/numbers/108413",
        operation: Operation::CorrectOffering,
        menu: None,
        picture: None,
    },
    Screen {
        path: "/catalogue/names/{table}",
        sample: "/catalogue/names/funds",
        operation: Operation::ListFunds,
        menu: None,
        picture: None,
    },
    Screen {
        path: "/catalogue/names/{table}/{code}",
        sample: "/catalogue/names/cooperatives/01",
        operation: Operation::CorrectCooperative,
        menu: None,
        picture: None,
    },
    Screen {
        path: "/catalogue/settings",
        sample: "/catalogue/settings",
        operation: Operation::ShowSettings,
        menu: None,
        picture: None,
    },
];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(calendar::show_calendar)
        .service(today::todays_numbers)
        .service(settings::settings_in_force)
        .service(new_cycles::new_cycles)
        .service(new_cycles::add_cycles)
        .service(cycle::show_cycle)
        .service(edit_cycle::edit_cycle)
        .service(edit_cycle::correct_cycle)
        .service(copy::choose_copies)
        .service(copy::copy_offerings)
        .service(offering::new_number)
        .service(offering::add_offering)
        .service(offering::edit_number)
        .service(offering::correct_offering)
        .service(named::list_names)
        .service(named::add_name)
        .service(named::edit_name)
        .service(named::correct_name);
}
