//! offerings: what an order number means in a cycle (募集・注文番号).

use domain::{Code, FailurePolicy, OfferingKind, OnFailure, OrderNumber, Yen, parse_digits_i64};

use super::{cycle_label, name, yen_above_zero};
use crate::table::{Column, Fields, TableRow};

const CYCLE: Column = Column::required(0, "企画回", "cycle");
const ORDER_NUMBER: Column = Column::required(1, "注文番号", "order_number");
const KIND: Column = Column::required(2, "種別", "kind");
const UNIT_PRICE: Column = Column::required(3, "単価", "unit_price");
const FUND: Column = Column::required(4, "基金コード", "fund");
const CAMPAIGN: Column = Column::required(5, "募集コード", "campaign");
const TITLE: Column = Column::required(6, "名称", "title");
const ON_FAILURE: Column = Column::optional(7, "不能時の扱い", "on_failure");
const FAILURES_MAX: Column = Column::optional(8, "回数上限", "failures_max");

/// One order number in one cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferingRow {
    /// 企画回.
    pub cycle: String,
    /// 注文番号.
    pub order_number: OrderNumber,
    /// 種別.
    pub kind: OfferingKind,
    /// 単価, 1 yen or more.
    pub unit_price: Yen,
    /// 基金コード; there unless the kind is `campaign`.
    pub fund: Option<Code>,
    /// 募集コード; there if the kind is `campaign`, and only then.
    pub campaign: Option<Code>,
    /// 名称.
    pub title: String,
    /// 不能時の扱い and 回数上限; `lapse` where none is given (R13).
    pub on_failure: FailurePolicy,
}

impl TableRow for OfferingRow {
    const COLUMNS: &'static [Column] = &[
        CYCLE,
        ORDER_NUMBER,
        KIND,
        UNIT_PRICE,
        FUND,
        CAMPAIGN,
        TITLE,
        ON_FAILURE,
        FAILURES_MAX,
    ];

    fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let cycle = fields.required(CYCLE, cycle_label);
        let order_number = fields.required(ORDER_NUMBER, str::parse);
        let kind = fields.required(KIND, str::parse);
        let unit_price = fields.required(UNIT_PRICE, yen_above_zero);
        let fund = fields.optional(FUND, str::parse);
        let campaign = fields.optional(CAMPAIGN, str::parse);
        let title = fields.required(TITLE, name);
        let on_failure = failure_policy(fields, kind);
        if let Some(kind) = kind {
            check_receiver(fields, kind);
        }
        Some(OfferingRow {
            cycle: cycle?,
            order_number: order_number?,
            kind: kind?,
            unit_price: unit_price?,
            fund: fund?,
            campaign: campaign?,
            title: title?,
            on_failure: on_failure?,
        })
    }
}

/// What follows a failed collection, with the limit that goes with it (R13).
fn failure_policy(
    fields: &mut Fields<'_, '_>,
    kind: Option<OfferingKind>,
) -> Option<FailurePolicy> {
    let on_failure = fields.optional(ON_FAILURE, str::parse)?;
    let count = fields.optional(FAILURES_MAX, parse_digits_i64)?;
    let on_failure = on_failure.unwrap_or(OnFailure::Lapse);
    if on_failure == OnFailure::EndPledge && kind.is_some_and(|kind| !kind.is_monthly()) {
        let reason =
            "end_pledge（登録を終える）は、種別が supporter（サポーター）のときだけ使えます";
        fields.refuse(ON_FAILURE, reason);
        return None;
    }
    match FailurePolicy::new(on_failure, count) {
        Ok(policy) => Some(policy),
        Err(error) => {
            fields.refuse(FAILURES_MAX, error);
            None
        }
    }
}

/// A gift goes to a campaign or to a fund, as its kind says, and never to both.
fn check_receiver(fields: &mut Fields<'_, '_>, kind: OfferingKind) {
    let (needed, empty) = match kind {
        OfferingKind::Campaign => (CAMPAIGN, FUND),
        OfferingKind::Supporter | OfferingKind::Spot => (FUND, CAMPAIGN),
    };
    let (word, label) = (kind.as_str(), kind.label_ja());
    if fields.text(needed).is_empty() {
        let reason = format!(
            "種別が {word}（{label}）なので、{}を書いてください",
            needed.ja
        );
        fields.refuse(needed, reason);
    }
    if !fields.text(empty).is_empty() {
        let reason = format!(
            "種別が {word}（{label}）なので、{}は空にしてください",
            empty.ja
        );
        fields.refuse(empty, reason);
    }
}
