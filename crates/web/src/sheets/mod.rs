//! 入力: bundles of order sheets are keyed, a line at a time, under the totals of their covers (R7).

mod answers;
mod comparison;
mod cover;
mod discard;
mod keying;
mod line;
mod list;
mod look;
mod open;
mod posting;
mod sheet;

use actix_web::web::ServiceConfig;
use front::Problem;
use ledger::intake::sheets::{SheetState, SheetView};
use ledger::{Operation, PageRequest};

use crate::page::Page;
use crate::screens::{Group, Screen};

/// Most co-ops that are offered to choose from.
const COOPS_MAX: u32 = 500;

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/sheets",
        sample: "/sheets",
        operation: Operation::ListSheets,
        menu: Some((Group::Daily, "sheets-menu")),
        picture: Some("sheets"),
    },
    Screen {
        path: "/sheets/new",
        sample: "/sheets/new",
        operation: Operation::OpenSheet,
        menu: None,
        picture: Some("new-sheet"),
    },
    Screen {
        path: "/sheets/{id}",
        sample: "/sheets/1",
        operation: Operation::GetSheet,
        menu: None,
        picture: Some("sheet"),
    },
    Screen {
        path: "/sheets/{id}/first",
        sample: "/sheets/1/first",
        operation: Operation::BeginKeying,
        menu: None,
        picture: Some("keying"),
    },
    Screen {
        path: "/sheets/{id}/posting",
        sample: "/sheets/1/posting",
        operation: Operation::PreviewPosting,
        menu: None,
        picture: Some("posting"),
    },
];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list::index)
        .service(open::show)
        .service(open::send)
        .service(answers::look_at_line)
        .service(answers::put_line)
        .service(answers::put_lines)
        .service(answers::remove_line)
        .service(answers::lines)
        .service(cover::show)
        .service(cover::send)
        .service(comparison::show)
        .service(comparison::compare)
        .service(comparison::settle)
        .service(posting::show)
        .service(posting::send)
        .service(discard::show)
        .service(discard::send)
        .service(keying::first)
        .service(keying::first_send)
        .service(keying::second)
        .service(keying::second_send)
        .service(line::show)
        .service(line::send)
        .service(line::remove)
        .service(sheet::show);
}

/// A co-op's name, where it is known, after its code.
async fn coops(page: &Page) -> Result<Vec<(String, String)>, Problem> {
    let call = page.call();
    let asked = PageRequest {
        cursor: None,
        limit: Some(COOPS_MAX),
    };
    let coops = page
        .run(move |ledger| ledger.list_cooperatives(&call, &asked))
        .await?;
    Ok(coops
        .items
        .into_iter()
        .map(|one| {
            let code = one.coop.to_string();
            let shown = format!("{code} {}", one.name);
            (code, shown)
        })
        .collect())
}

/// A sheet as its pages show it at their heads.
struct Head {
    sheet: SheetView,
    coop: String,
}

impl Head {
    /// The sheet of a number, as who looks may see it.
    async fn of(page: &Page, sheet_id: i64) -> Result<Self, Problem> {
        let call = page.call();
        let sheet = page
            .run(move |ledger| ledger.get_sheet(&call, sheet_id))
            .await?;
        Self::with(page, sheet).await
    }

    async fn with(page: &Page, sheet: SheetView) -> Result<Self, Problem> {
        let coops = coops(page).await?;
        let known = coops.into_iter().find(|(code, _)| *code == sheet.coop);
        let coop = known.map_or_else(|| sheet.coop.clone(), |(_, shown)| shown);
        Ok(Self { sheet, coop })
    }

    fn is_open(&self) -> bool {
        self.sheet.state == SheetState::Open
    }

    // messages: sheets-state-*
    fn state(&self, page: &Page) -> String {
        state(page, &self.sheet.state)
    }

    fn channel(&self, page: &Page) -> String {
        channel(page, self.sheet.channel.as_str())
    }
}

fn state(page: &Page, state: &SheetState) -> String {
    let word = match state {
        SheetState::Open => "open",
        SheetState::Posted => "posted",
        SheetState::Discarded => "discarded",
    };
    page.t(&format!("sheets-state-{word}"))
}

// messages: sheets-channel-*
fn channel(page: &Page, word: &str) -> String {
    page.t(&format!("sheets-channel-{}", word.replace('_', "-")))
}
