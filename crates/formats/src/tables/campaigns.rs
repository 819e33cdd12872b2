//! campaigns: an organization's appeals (団体寄付の募集).

use chrono::NaiveDate;
use domain::{Accounting, Code, Yen, parse_date};

use super::{name, yen_above_zero};
use crate::table::{Column, Fields, TableRow};

const CAMPAIGN: Column = Column::required(0, "募集コード", "campaign");
const ORGANIZATION: Column = Column::required(1, "団体コード", "organization");
const TITLE: Column = Column::required(2, "題名", "title");
const TARGET: Column = Column::required(3, "目標額", "target");
const OPENS_ON: Column = Column::required(4, "募集開始", "opens_on");
const CLOSES_ON: Column = Column::required(5, "募集終了", "closes_on");
const ACCOUNTING: Column = Column::required(6, "会計区分", "accounting");

/// One appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignRow {
    /// 募集コード.
    pub campaign: Code,
    /// 団体コード.
    pub organization: Code,
    /// 題名.
    pub title: String,
    /// 目標額, 1 yen or more.
    pub target: Yen,
    /// 募集開始.
    pub opens_on: NaiveDate,
    /// 募集終了, not before the first day.
    pub closes_on: NaiveDate,
    /// 会計区分.
    pub accounting: Accounting,
}

impl TableRow for CampaignRow {
    const COLUMNS: &'static [Column] = &[
        CAMPAIGN,
        ORGANIZATION,
        TITLE,
        TARGET,
        OPENS_ON,
        CLOSES_ON,
        ACCOUNTING,
    ];

    fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let campaign = fields.required(CAMPAIGN, str::parse);
        let organization = fields.required(ORGANIZATION, str::parse);
        let title = fields.required(TITLE, name);
        let target = fields.required(TARGET, yen_above_zero);
        let opens_on = fields.required(OPENS_ON, parse_date);
        let closes_on = fields.required(CLOSES_ON, parse_date);
        let accounting = fields.required(ACCOUNTING, str::parse);
        if let (Some(opens_on), Some(closes_on)) = (opens_on, closes_on)
            && closes_on < opens_on
        {
            fields.refuse(
                CLOSES_ON,
                format!(
                    "募集終了 {closes_on} が募集開始 {opens_on} より前です。日付を確かめてください"
                ),
            );
        }
        Some(CampaignRow {
            campaign: campaign?,
            organization: organization?,
            title: title?,
            target: target?,
            opens_on: opens_on?,
            closes_on: closes_on?,
            accounting: accounting?,
        })
    }
}
