//! offerings: what an order number means in a cycle (募集・注文番号).

use domain::{Code, OfferingKind, OrderNumber, Yen};

use super::{cycle_label, name, yen_above_zero};
use crate::table::{Column, Fields, TableRow};

const CYCLE: Column = Column::required(0, "企画回", "cycle");
const ORDER_NUMBER: Column = Column::required(1, "注文番号", "order_number");
const KIND: Column = Column::required(2, "種別", "kind");
const UNIT_PRICE: Column = Column::required(3, "単価", "unit_price");
const FUND: Column = Column::required(4, "基金コード", "fund");
const CAMPAIGN: Column = Column::required(5, "募集コード", "campaign");
const TITLE: Column = Column::required(6, "名称", "title");

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
}

impl TableRow for OfferingRow {
    const COLUMNS: &'static [Column] =
        &[CYCLE, ORDER_NUMBER, KIND, UNIT_PRICE, FUND, CAMPAIGN, TITLE];

    fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let cycle = fields.required(CYCLE, cycle_label);
        let order_number = fields.required(ORDER_NUMBER, str::parse);
        let kind = fields.required(KIND, str::parse);
        let unit_price = fields.required(UNIT_PRICE, yen_above_zero);
        let fund = fields.optional(FUND, str::parse);
        let campaign = fields.optional(CAMPAIGN, str::parse);
        let title = fields.required(TITLE, name);
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
        })
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
