//! What screens there are: one list for the menu, for the tests that go over all of them, and for the
//! handbook's pictures.

use domain::Roles;
use ledger::Operation;

use crate::areas;

/// A screen that a person can go to.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    /// The pattern of its route.
    pub path: &'static str,
    /// An address of it that holds in the sample (`hitokuchi demo`).
    pub sample: &'static str,
    /// Whoever may do this may see it (R17).
    pub operation: Operation,
    /// Where it stands in the menu, and the message that names it there; not in the menu where none.
    pub menu: Option<(Group, &'static str)>,
    /// The name of its picture in the handbook.
    pub picture: Option<&'static str>,
}

/// A part of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What the office does every day.
    Daily,
    /// Money: billing, results, campaigns, books.
    Money,
    /// Settings, people, proof.
    Settings,
    /// One's own account; it stands beside the name.
    Own,
}

impl Group {
    /// Those of the menu, in its order.
    pub const MENU: [Self; 3] = [Self::Daily, Self::Money, Self::Settings];

    /// The message that names it.
    pub fn message(self) -> &'static str {
        match self {
            Self::Daily => "common-menu-daily",
            Self::Money => "common-menu-money",
            Self::Settings => "common-menu-settings",
            Self::Own => "common-menu-own",
        }
    }
}

/// All screens, area after area.
pub fn screens() -> impl Iterator<Item = &'static Screen> {
    areas::screens()
}

/// The screens of a part of the menu that somebody with these roles sees, each with its message.
pub fn menu(group: Group, roles: Roles) -> Vec<(&'static Screen, &'static str)> {
    let entries = screens().filter_map(|screen| Some((screen, screen.menu?)));
    entries
        .filter(|(screen, (of, _))| *of == group && screen.operation.allowed().to(roles))
        .map(|(screen, (_, message))| (screen, message))
        .collect()
}
