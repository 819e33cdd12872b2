//! organizations: who appeals for gifts (団体).

use domain::Code;

use super::name;
use crate::table::{Column, Fields, TableRow};

const ORGANIZATION: Column = Column::required(0, "団体コード", "organization");
const NAME: Column = Column::required(1, "団体名", "name");

/// One organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationRow {
    /// 団体コード.
    pub organization: Code,
    /// 団体名.
    pub name: String,
}

impl TableRow for OrganizationRow {
    const COLUMNS: &'static [Column] = &[ORGANIZATION, NAME];

    fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let organization = fields.required(ORGANIZATION, str::parse);
        let name = fields.required(NAME, name);
        Some(OrganizationRow {
            organization: organization?,
            name: name?,
        })
    }
}
