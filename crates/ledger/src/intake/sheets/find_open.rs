//! Sheets that may still be worked on.

use store::DbConnection;
use store::tables::sheets::Sheet;

use super::view::{SheetState, find_sheet};
use crate::{LedgerError, Result};

/// The sheet with this number and its co-op's code, while it is open. Refuses one that was posted
/// or discarded.
pub(super) fn find_open(connection: &mut DbConnection, id: i64) -> Result<(Sheet, String)> {
    let (sheet, coop) = find_sheet(connection, id)?;
    match SheetState::from_stored(&sheet.state)? {
        SheetState::Open => Ok((sheet, coop)),
        SheetState::Posted => Err(LedgerError::refused(
            "sheet_already_posted",
            format!(
                "入力束 {id} は登録済みです（取り込み番号 {}）。直すときは申込を取り消すか、要確認で決めてください",
                sheet.intake_id.unwrap_or_default()
            ),
        )),
        SheetState::Discarded => Err(LedgerError::refused(
            "sheet_discarded",
            format!("入力束 {id} は破棄されています。新しい入力束を開いてください"),
        )),
    }
}
