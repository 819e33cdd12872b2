//! cooperatives: the co-ops that collect (単協).

use domain::CoopCode;

use super::name;
use crate::table::{Column, Fields, TableRow};

const COOP: Column = Column::required(0, "単協コード", "coop");
const NAME: Column = Column::required(1, "単協名", "name");

/// One co-op.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CooperativeRow {
    /// 単協コード.
    pub coop: CoopCode,
    /// 単協名.
    pub name: String,
}

impl TableRow for CooperativeRow {
    const COLUMNS: &'static [Column] = &[COOP, NAME];

    fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let coop = fields.required(COOP, str::parse);
        let name = fields.required(NAME, name);
        Some(CooperativeRow {
            coop: coop?,
            name: name?,
        })
    }
}
