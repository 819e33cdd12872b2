//! member-changes: members who move to another co-op or number (R8).

use chrono::NaiveDate;
use domain::{CoopCode, MemberNumber, parse_date};

use crate::table::{Column, Fields, TableRow};

const COOP: Column = Column::required(0, "単協コード", "coop");
const MEMBER_NUMBER: Column = Column::required(1, "組合員番号", "member_number");
const NEW_COOP: Column = Column::required(2, "新単協コード", "new_coop");
const NEW_MEMBER_NUMBER: Column = Column::required(3, "新組合員番号", "new_member_number");
const MOVED_ON: Column = Column::required(4, "異動日", "moved_on");

/// One member's move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberChangeRow {
    /// 単協コード: the co-op left.
    pub coop: CoopCode,
    /// 組合員番号: the number there.
    pub member_number: MemberNumber,
    /// 新単協コード; the same co-op when only the number changes.
    pub new_coop: CoopCode,
    /// 新組合員番号; with the co-op, not the same as before.
    pub new_member_number: MemberNumber,
    /// 異動日.
    pub moved_on: NaiveDate,
}

impl TableRow for MemberChangeRow {
    const COLUMNS: &'static [Column] =
        &[COOP, MEMBER_NUMBER, NEW_COOP, NEW_MEMBER_NUMBER, MOVED_ON];

    fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let coop: Option<CoopCode> = fields.required(COOP, str::parse);
        let member_number: Option<MemberNumber> = fields.required(MEMBER_NUMBER, str::parse);
        let new_coop = fields.required(NEW_COOP, str::parse);
        let new_member_number = fields.required(NEW_MEMBER_NUMBER, str::parse);
        let moved_on = fields.required(MOVED_ON, parse_date);
        let row = MemberChangeRow {
            coop: coop?,
            member_number: member_number?,
            new_coop: new_coop?,
            new_member_number: new_member_number?,
            moved_on: moved_on?,
        };
        if (&row.coop, &row.member_number) == (&row.new_coop, &row.new_member_number) {
            let reason = "異動の前と後が同じです。新しい単協コードか組合員番号を確かめてください";
            fields.refuse(NEW_MEMBER_NUMBER, reason);
        }
        Some(row)
    }
}
