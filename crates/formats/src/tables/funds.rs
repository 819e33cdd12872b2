//! funds: where money belongs (基金).

use domain::Code;

use super::name;
use crate::table::{Column, Fields, TableRow};

const FUND: Column = Column::required(0, "基金コード", "fund");
const NAME: Column = Column::required(1, "基金名", "name");

/// One fund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundRow {
    /// 基金コード.
    pub fund: Code,
    /// 基金名.
    pub name: String,
}

impl TableRow for FundRow {
    const COLUMNS: &'static [Column] = &[FUND, NAME];

    fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let fund = fields.required(FUND, str::parse);
        let name = fields.required(NAME, name);
        Some(FundRow {
            fund: fund?,
            name: name?,
        })
    }
}
