//! Keyed sheets (R7): a bundle of applications is keyed under the control totals of its cover,
//! perhaps a second time, blind, by another person; and posted as a whole when everything agrees.

mod compare_keyings;
mod discard_sheet;
mod find_open;
mod key_lines;
mod list_sheets;
mod look_at_keyed_line;
mod open_sheet;
mod post_sheet;
mod put_sheet_lines;
mod settle_differing_line;
mod totals;
mod view;

pub use compare_keyings::{KeyingsCompared, LineDiffering};
pub use discard_sheet::DiscardSheet;
pub use key_lines::{LineSeen, PutSheetLine, SheetLineKeyed};
pub use list_sheets::SheetFilter;
pub use look_at_keyed_line::{
    AppliedAlready, KeyedLineLook, KeyedMember, KeyedPledge, LineBeingKeyed, SameOnSheet,
};
pub use open_sheet::OpenSheet;
pub use post_sheet::{HeldOnPosting, PostSheet, PostingPreview, SheetPosted};
pub use put_sheet_lines::{PutSheetLines, SheetLinesKeyed};
pub use settle_differing_line::{SettleDifferingLine, Settled};
pub use totals::{SheetTotals, TotalDiffering};
pub use view::{SheetLineView, SheetState, SheetView};

/// Most lines of one sheet: a bundle of paper.
pub const SHEET_LINES_MAX: i64 = 1_000;

/// The keying that is posted.
const FIRST_KEYING: i32 = 1;
/// The blind second keying.
const SECOND_KEYING: i32 = 2;
