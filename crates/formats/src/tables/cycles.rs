//! cycles: the ordering weeks (企画回).

use chrono::NaiveDate;
use domain::{CollectionMonth, IsoWeek, parse_date};

use super::cycle_label;
use crate::table::{Column, Fields, TableRow};

const CYCLE: Column = Column::required(0, "企画回", "cycle");
const ISO_WEEK: Column = Column::required(1, "ISO週", "iso_week");
const OPENS_ON: Column = Column::required(2, "申込開始", "opens_on");
const CLOSES_ON: Column = Column::required(3, "申込終了", "closes_on");
const WEB_CLOSES_ON: Column = Column::optional(4, "インターネット締切", "web_closes_on");
const COLLECTION_MONTH: Column = Column::required(5, "集金月", "collection_month");

/// One ordering week. Its window runs from `opens_on` to `closes_on`, both days counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleRow {
    /// 企画回, with its year.
    pub cycle: String,
    /// ISO週; `opens_on` lies in it, the other days need not.
    pub iso_week: IsoWeek,
    /// 申込開始.
    pub opens_on: NaiveDate,
    /// 申込終了, not before the first day.
    pub closes_on: NaiveDate,
    /// インターネット締切, if given; not before the first day.
    pub web_closes_on: Option<NaiveDate>,
    /// 集金月.
    pub collection_month: CollectionMonth,
}

impl TableRow for CycleRow {
    const COLUMNS: &'static [Column] = &[
        CYCLE,
        ISO_WEEK,
        OPENS_ON,
        CLOSES_ON,
        WEB_CLOSES_ON,
        COLLECTION_MONTH,
    ];

    fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let cycle = fields.required(CYCLE, cycle_label);
        let iso_week = fields.required(ISO_WEEK, str::parse);
        let opens_on = fields.required(OPENS_ON, parse_date);
        let closes_on = fields.required(CLOSES_ON, parse_date);
        let web_closes_on = fields.optional(WEB_CLOSES_ON, parse_date);
        let collection_month = fields.required(COLLECTION_MONTH, str::parse);
        if let (Some(week), Some(opens_on)) = (iso_week, opens_on) {
            check_week(fields, week, opens_on);
        }
        for (column, closes_on) in [
            (CLOSES_ON, closes_on),
            (WEB_CLOSES_ON, web_closes_on.flatten()),
        ] {
            if let (Some(opens_on), Some(closes_on)) = (opens_on, closes_on)
                && closes_on < opens_on
            {
                let reason = format!(
                    "{} {closes_on} が申込開始 {opens_on} より前です。日付を確かめてください",
                    column.ja
                );
                fields.refuse(column, reason);
            }
        }
        Some(CycleRow {
            cycle: cycle?,
            iso_week: iso_week?,
            opens_on: opens_on?,
            closes_on: closes_on?,
            web_closes_on: web_closes_on?,
            collection_month: collection_month?,
        })
    }
}

fn check_week(fields: &mut Fields<'_, '_>, week: IsoWeek, opens_on: NaiveDate) {
    if week.contains(opens_on) {
        return;
    }
    let found = IsoWeek::from_date(opens_on)
        .map(|week| week.to_string())
        .unwrap_or_default();
    let reason = format!(
        "ISO週 {week} に申込開始 {opens_on} が入っていません（{opens_on} は {found} の週）。\
         どちらかを直してください"
    );
    fields.refuse(ISO_WEEK, reason);
}
