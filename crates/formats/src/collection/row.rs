//! One row of the collection file.

use domain::{CollectionMonth, OfferingKind, TermUnits, Yen};

/// One charge as the collection file has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CollectionRow<'a> {
    /// 単協コード.
    pub coop: &'a str,
    /// 組合員番号.
    pub member_number: &'a str,
    /// 注文番号 of the application behind the charge; empty for an imported pledge without one.
    pub order_number: &'a str,
    /// 区分.
    pub kind: OfferingKind,
    /// 口数.
    pub units: TermUnits,
    /// 単価.
    pub unit_price: Yen,
    /// 金額.
    pub amount: Yen,
    /// 集金年月.
    pub month: CollectionMonth,
    /// 請求キー, 20 digits.
    pub charge_key: &'a str,
}

/// The columns in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowColumn {
    Coop,
    MemberNumber,
    OrderNumber,
    Kind,
    Units,
    UnitPrice,
    Amount,
    Month,
    ChargeKey,
}

impl RowColumn {
    pub(super) const ALL: [RowColumn; 9] = [
        RowColumn::Coop,
        RowColumn::MemberNumber,
        RowColumn::OrderNumber,
        RowColumn::Kind,
        RowColumn::Units,
        RowColumn::UnitPrice,
        RowColumn::Amount,
        RowColumn::Month,
        RowColumn::ChargeKey,
    ];

    pub(super) const fn ja(self) -> &'static str {
        match self {
            RowColumn::Coop => "単協コード",
            RowColumn::MemberNumber => "組合員番号",
            RowColumn::OrderNumber => "注文番号",
            RowColumn::Kind => "区分",
            RowColumn::Units => "口数",
            RowColumn::UnitPrice => "単価",
            RowColumn::Amount => "金額",
            RowColumn::Month => "集金年月",
            RowColumn::ChargeKey => "請求キー",
        }
    }
}

/// The word of 区分. Part of the file's fixed shape, whatever screens may call it one day.
pub(super) const fn kind_word(kind: OfferingKind) -> &'static str {
    match kind {
        OfferingKind::Supporter => "サポーター",
        OfferingKind::Spot => "スポット",
        OfferingKind::Campaign => "団体寄付",
    }
}
