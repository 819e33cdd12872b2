//! members: the members of the co-ops (組合員).

use chrono::NaiveDate;
use domain::{CoopCode, Delivery, MemberNumber, parse_date};

use super::name;
use crate::table::{Column, Fields, TableRow};

const COOP: Column = Column::required(0, "単協コード", "coop");
const MEMBER_NUMBER: Column = Column::required(1, "組合員番号", "member_number");
const NAME: Column = Column::optional(2, "氏名", "name");
const KANA: Column = Column::optional(3, "氏名カナ", "kana");
const DELIVERY: Column = Column::optional(4, "区分", "delivery");
const LEFT_ON: Column = Column::optional(5, "脱退日", "left_on");

/// A field whose whole column may be missing from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<T> {
    /// The file does not speak of it: what is known stays.
    Absent,
    /// The file says there is none.
    Blank,
    /// The file gives this value.
    Value(T),
}

impl<T> Cell<T> {
    /// What the file says, given what is known: a missing column changes nothing.
    pub fn or_known(self, known: Option<T>) -> Option<T> {
        match self {
            Cell::Absent => known,
            Cell::Blank => None,
            Cell::Value(value) => Some(value),
        }
    }
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// 単協コード.
    pub coop: CoopCode,
    /// 組合員番号.
    pub member_number: MemberNumber,
    /// 氏名.
    pub name: Cell<String>,
    /// 氏名カナ.
    pub kana: Cell<String>,
    /// 区分.
    pub delivery: Cell<Delivery>,
    /// 脱退日, the last day on which the member still is one.
    pub left_on: Cell<NaiveDate>,
}

impl TableRow for MemberRow {
    const COLUMNS: &'static [Column] = &[COOP, MEMBER_NUMBER, NAME, KANA, DELIVERY, LEFT_ON];

    fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let coop = fields.required(COOP, str::parse);
        let member_number = fields.required(MEMBER_NUMBER, str::parse);
        let name_cell = cell(fields, NAME, name);
        let kana = cell(fields, KANA, name);
        let delivery = cell(fields, DELIVERY, str::parse);
        let left_on = cell(fields, LEFT_ON, parse_date);
        Some(MemberRow {
            coop: coop?,
            member_number: member_number?,
            name: name_cell?,
            kana: kana?,
            delivery: delivery?,
            left_on: left_on?,
        })
    }
}

fn cell<'r, T, E: std::fmt::Display>(
    fields: &mut Fields<'r, '_>,
    column: Column,
    parse: impl FnOnce(&'r str) -> Result<T, E>,
) -> Option<Cell<T>> {
    if !fields.has_column(column) {
        return Some(Cell::Absent);
    }
    Some(
        fields
            .optional(column, parse)?
            .map_or(Cell::Blank, Cell::Value),
    )
}
