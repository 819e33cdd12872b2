//! 請求: the months of every co-op, from what is due to what was handed over.

mod approve;
mod batch;
mod board;
mod charges;
mod close;
mod export;
mod lines;
mod month;
mod void;

use actix_web::web::ServiceConfig;
use domain::{CollectionMonth, CoopCode};
use front::Problem;
use ledger::billing::{BatchFilter, BatchView};
use ledger::{LedgerError, Operation, PageRequest};
use serde::Deserialize;

use crate::page::Page;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/batches",
        sample: "/batches",
        operation: Operation::ShowBatchBoard,
        menu: Some((Group::Money, "batches-menu")),
        picture: Some("batches"),
    },
    Screen {
        path: "/batches/{coop}/{month}",
        sample: "/batches/01/2025-12",
        operation: Operation::PreviewBatch,
        menu: None,
        picture: Some("batches-month"),
    },
    Screen {
        path: "/batches/{coop}/{month}/bridge/{step}",
        sample: "/batches/01/2025-12/bridge/new",
        operation: Operation::ListBridgeLines,
        menu: None,
        picture: Some("batches-step"),
    },
    Screen {
        path: "/batches/{coop}/{month}/close",
        sample: "/batches/05/2025-12/close",
        operation: Operation::CloseBatch,
        menu: None,
        picture: Some("batches-close"),
    },
];

/// Routes the area. A sequence is a number, so that no word below a month is taken for one.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(board::index)
        .service(close::ask)
        .service(close::close)
        .service(lines::list)
        .service(month::look)
        .service(approve::approve)
        .service(export::export)
        .service(export::download)
        .service(export::control_sheet)
        .service(void::ask)
        .service(void::void)
        .service(charges::list)
        .service(batch::look);
}

/// A month of a co-op, as an address names it.
#[derive(Debug, Clone, Deserialize)]
struct OfMonth {
    coop: CoopCode,
    month: CollectionMonth,
}

impl OfMonth {
    /// Its own address.
    fn path(&self) -> String {
        month_path(&self.coop, self.month)
    }
}

/// A batch, as an address names it.
#[derive(Debug, Clone, Deserialize)]
struct OfBatch {
    coop: CoopCode,
    month: CollectionMonth,
    sequence: i32,
}

impl OfBatch {
    fn of_month(&self) -> OfMonth {
        OfMonth {
            coop: self.coop.clone(),
            month: self.month,
        }
    }

    /// Its own address.
    fn path(&self) -> String {
        format!("{}/{}", self.of_month().path(), self.sequence)
    }

    /// The batch. Refuses one that there is not.
    async fn find(&self, page: &Page) -> Result<BatchView, Problem> {
        let found = batches_of(page, &self.of_month()).await?;
        let batch = found.into_iter().find(|one| one.sequence == self.sequence);
        batch.ok_or_else(|| {
            LedgerError::not_found(
                "batch_not_found",
                format!("この月に第{}回の請求データはありません", self.sequence),
            )
            .into()
        })
    }
}

/// The address of a co-op's month.
pub fn month_path(coop: &CoopCode, month: CollectionMonth) -> String {
    format!("/batches/{coop}/{month}")
}

/// The batches of a month, the earliest sequence first.
async fn batches_of(page: &Page, of: &OfMonth) -> Result<Vec<BatchView>, Problem> {
    let (call, filter) = (
        page.call(),
        BatchFilter {
            coop: Some(of.coop.clone()),
            month: Some(of.month),
        },
    );
    let found = page
        .run(move |ledger| ledger.list_batches(&call, &filter, &PageRequest::default()))
        .await?;
    let mut batches = found.items;
    batches.reverse();
    Ok(batches)
}

/// The name of a co-op.
async fn coop_name(page: &Page, coop: &CoopCode) -> Result<String, Problem> {
    let call = page.call();
    let all = PageRequest {
        cursor: None,
        limit: Some(ledger::PAGE_MAX),
    };
    let coops = page
        .run(move |ledger| ledger.list_cooperatives(&call, &all))
        .await?;
    let found = coops.items.into_iter().find(|one| one.coop == *coop);
    Ok(found.map_or_else(|| coop.to_string(), |one| one.name))
}

/// Whether who looks is the person recorded.
pub fn is_own(page: &Page, actor: &str) -> bool {
    let own = page
        .session
        .as_ref()
        .map(|session| format!("user:{}", session.name));
    own.as_deref() == Some(ledger::Actor::person_in(actor))
}
