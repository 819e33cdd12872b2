//! pledges: the supporters registered before this system existed (R8).

use domain::{Code, CollectionMonth, CoopCode, MemberNumber, OrderNumber, Units, Yen};

use super::{units, yen_above_zero};
use crate::table::{Column, Fields, TableRow};

const COOP: Column = Column::required(0, "単協コード", "coop");
const MEMBER_NUMBER: Column = Column::required(1, "組合員番号", "member_number");
const FUND: Column = Column::required(2, "基金コード", "fund");
const UNITS: Column = Column::required(3, "口数", "units");
const UNIT_PRICE: Column = Column::required(4, "単価", "unit_price");
const FROM_MONTH: Column = Column::required(5, "開始月", "from_month");
const ORDER_NUMBER: Column = Column::optional(6, "注文番号", "order_number");

/// One pledge taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PledgeRow {
    /// 単協コード.
    pub coop: CoopCode,
    /// 組合員番号.
    pub member_number: MemberNumber,
    /// 基金コード.
    pub fund: Code,
    /// 口数, 1 to 99.
    pub units: Units,
    /// 単価, 1 yen or more; units times it fits an amount.
    pub unit_price: Yen,
    /// 開始月: the first month charged.
    pub from_month: CollectionMonth,
    /// 注文番号 it was applied for with, if known.
    pub order_number: Option<OrderNumber>,
}

impl TableRow for PledgeRow {
    const COLUMNS: &'static [Column] = &[
        COOP,
        MEMBER_NUMBER,
        FUND,
        UNITS,
        UNIT_PRICE,
        FROM_MONTH,
        ORDER_NUMBER,
    ];

    fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let coop = fields.required(COOP, str::parse);
        let member_number = fields.required(MEMBER_NUMBER, str::parse);
        let fund = fields.required(FUND, str::parse);
        let units = fields.required(UNITS, units);
        let unit_price = fields.required(UNIT_PRICE, yen_above_zero);
        let from_month = fields.required(FROM_MONTH, str::parse);
        let order_number = fields.optional(ORDER_NUMBER, str::parse);
        if let (Some(units), Some(unit_price)) = (units, unit_price)
            && let Err(overflow) = units.amount(unit_price)
        {
            fields.refuse(UNIT_PRICE, overflow);
        }
        Some(PledgeRow {
            coop: coop?,
            member_number: member_number?,
            fund: fund?,
            units: units?,
            unit_price: unit_price?,
            from_month: from_month?,
            order_number: order_number?,
        })
    }
}
