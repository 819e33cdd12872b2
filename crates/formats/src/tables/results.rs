//! results: what became of the charges, as the co-op answers (集金結果, R13).

use chrono::NaiveDate;
use domain::{
    ChargeKey, CollectionMonth, CoopCode, MemberNumber, NumberError, OrderNumber, ResultCode, Yen,
    parse_date,
};

use crate::table::{Column, Fields, TableRow};

const CHARGE_KEY: Column = Column::optional(0, "請求キー", "charge_key");
const RESULT_CODE: Column = Column::required(1, "結果コード", "result_code");
const COLLECTED_ON: Column = Column::required(2, "集金日", "collected_on");
const AMOUNT: Column = Column::optional(3, "金額", "amount");
const COOP: Column = Column::optional(4, "単協コード", "coop");
const MEMBER_NUMBER: Column = Column::optional(5, "組合員番号", "member_number");
const MONTH: Column = Column::optional(6, "集金年月", "collection_month");
const ORDER_NUMBER: Column = Column::optional(7, "注文番号", "order_number");

/// The result of one charge, named by its key, or else by member, month and order number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultRow {
    /// 請求キー; without it, member and month are there.
    pub charge_key: Option<ChargeKey>,
    /// 結果コード.
    pub result_code: ResultCode,
    /// 集金日; there where it was collected.
    pub collected_on: Option<NaiveDate>,
    /// 金額, if given; 0 or more.
    pub amount: Option<Yen>,
    /// 単協コード, if given.
    pub coop: Option<CoopCode>,
    /// 組合員番号, if given.
    pub member_number: Option<MemberNumber>,
    /// 集金年月, if given.
    pub month: Option<CollectionMonth>,
    /// 注文番号, if given; a pledge taken over may have none.
    pub order_number: Option<OrderNumber>,
}

impl TableRow for ResultRow {
    const COLUMNS: &'static [Column] = &[
        CHARGE_KEY,
        RESULT_CODE,
        COLLECTED_ON,
        AMOUNT,
        COOP,
        MEMBER_NUMBER,
        MONTH,
        ORDER_NUMBER,
    ];

    fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let charge_key = fields.optional(CHARGE_KEY, str::parse);
        let result_code: Option<ResultCode> = fields.required(RESULT_CODE, str::parse);
        let collected_on = fields.optional(COLLECTED_ON, parse_date);
        let amount = fields.optional(AMOUNT, yen);
        let coop = fields.optional(COOP, str::parse);
        let member_number = fields.optional(MEMBER_NUMBER, str::parse);
        let month = fields.optional(MONTH, str::parse);
        let order_number = fields.optional(ORDER_NUMBER, str::parse);
        if fields.text(CHARGE_KEY).is_empty() {
            check_name_without_key(fields);
        }
        if result_code.is_some_and(ResultCode::is_collected) && fields.text(COLLECTED_ON).is_empty()
        {
            fields.refuse(
                COLLECTED_ON,
                "結果コードが 0（集金済み）なので、集金日を書いてください",
            );
        }
        Some(ResultRow {
            charge_key: charge_key?,
            result_code: result_code?,
            collected_on: collected_on?,
            amount: amount?,
            coop: coop?,
            member_number: member_number?,
            month: month?,
            order_number: order_number?,
        })
    }
}

/// Without a key a charge is named by its member, month and order number.
fn check_name_without_key(fields: &mut Fields<'_, '_>) {
    if fields.text(MEMBER_NUMBER).is_empty() && fields.text(MONTH).is_empty() {
        fields.refuse(
            CHARGE_KEY,
            "空です。請求キーか、単協コード・組合員番号・集金年月・注文番号を書いてください",
        );
        return;
    }
    for column in [MEMBER_NUMBER, MONTH] {
        if fields.text(column).is_empty() {
            let reason = "請求キーのない行なので、必ず書いてください";
            fields.refuse(column, reason);
        }
    }
}

fn yen(text: &str) -> Result<Yen, NumberError> {
    text.parse()
}
