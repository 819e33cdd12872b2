//! The newsletters' two cycles of 2025, for the tests of this crate.

use chrono::NaiveDate;

use crate::catalogue::{Catalogue, OfferingInCycle};
use crate::kinds::OfferingKind;
use crate::month::CollectionMonth;
use crate::yen::Yen;

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub(crate) fn month(text: &str) -> CollectionMonth {
    text.parse().unwrap()
}

fn july(offering_id: i64, number: &str, kind: OfferingKind, title: &str) -> OfferingInCycle {
    let is_supporter = kind == OfferingKind::Supporter;
    OfferingInCycle {
        offering_id,
        cycle_id: 1,
        cycle_label: "2025年7月4回".to_owned(),
        order_number: number.parse().unwrap(),
        kind,
        unit_price: Yen::new(if is_supporter { 300 } else { 500 }),
        fund_id: Some(1),
        fund_code: Some("inclufund".parse().unwrap()),
        campaign_id: None,
        campaign_code: None,
        title: title.to_owned(),
        opens_on: day(2025, 7, 14),
        closes_on: day(2025, 7, 18),
        web_closes_on: None,
        collection_month: month("2025-08"),
    }
}

fn november(offering: OfferingInCycle) -> OfferingInCycle {
    OfferingInCycle {
        cycle_id: 2,
        cycle_label: "2025年11月3回".to_owned(),
        opens_on: day(2025, 11, 10),
        closes_on: day(2025, 11, 14),
        web_closes_on: Some(day(2025, 11, 15)),
        collection_month: month("2025-12"),
        ..offering
    }
}

fn campaign(offering_id: i64, number: &str, campaign_id: i64, title: &str) -> OfferingInCycle {
    OfferingInCycle {
        fund_id: None,
        fund_code: None,
        campaign_id: Some(campaign_id),
        campaign_code: Some(format!("campaign-{campaign_id}").parse().unwrap()),
        ..november(july(offering_id, number, OfferingKind::Campaign, title))
    }
}

/// The cycles of July and November 2025. The number 164160 means something else in each.
pub(crate) fn catalogue() -> Catalogue {
    let supporter = "インクルファンド・サポーター登録";
    Catalogue::new(vec![
        campaign(5, "164160", 8, "見本の家 ひまわり"),
        campaign(4, "133540", 7, "パン＆カフェ こすもす"),
        november(july(3, "108413", OfferingKind::Supporter, supporter)),
        july(
            2,
            "164160",
            OfferingKind::Spot,
            "インクルファンド・スポット寄付",
        ),
        july(1, "164151", OfferingKind::Supporter, supporter),
    ])
}
