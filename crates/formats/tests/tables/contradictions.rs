//! Rows that contradict themselves.

use formats::tables::{CampaignRow, CycleRow, MemberChangeRow, OfferingRow};

use crate::{read, refusal};

fn cycle(week: &str, opens_on: &str, closes_on: &str, web_closes_on: &str) -> String {
    format!(
        "cycle,iso_week,opens_on,closes_on,web_closes_on,collection_month\n\
         2025年7月4回,{week},{opens_on},{closes_on},{web_closes_on},2025-08\n"
    )
}

#[test]
fn the_first_day_of_a_cycle_lies_in_its_iso_week() {
    insta::assert_snapshot!(
        refusal::<CycleRow>(&cycle("2025-W30", "2025-07-14", "2025-07-18", "")), @"表.csv:2:ISO週: ISO週 2025-W30 に申込開始 2025-07-14 が入っていません（2025-07-14 は 2025-W29 の週）。どちらかを直してください");
}

#[test]
fn only_the_first_day_of_a_merged_holiday_cycle_need_lie_in_its_week() {
    let merged = cycle("2025-W29", "2025-07-14", "2025-07-25", "2025-07-26");
    assert_eq!(read::<CycleRow>(merged.as_bytes()).unwrap().len(), 1);
}

#[test]
fn a_cycle_does_not_close_before_it_opens() {
    insta::assert_snapshot!(
        refusal::<CycleRow>(&cycle("2025-W29", "2025-07-18", "2025-07-14", "2025-07-15")), @r"
        表.csv:2:申込終了: 申込終了 2025-07-14 が申込開始 2025-07-18 より前です。日付を確かめてください
        表.csv:2:インターネット締切: インターネット締切 2025-07-15 が申込開始 2025-07-18 より前です。日付を確かめてください
        ");
    let one_day = cycle("2025-W29", "2025-07-14", "2025-07-14", "");
    assert!(read::<CycleRow>(one_day.as_bytes()).is_ok());
}

#[test]
fn a_campaign_has_a_target_and_does_not_close_before_it_opens() {
    insta::assert_snapshot!(
        refusal::<CampaignRow>(
            "campaign,organization,title,target,opens_on,closes_on,accounting\n\
             k,o,見本の募集,0,2025-11-14,2025-11-10,agency\n"
        ),
        @r"
        表.csv:2:目標額: 「0」は使えません。1円以上の金額を書いてください
        表.csv:2:募集終了: 募集終了 2025-11-10 が募集開始 2025-11-14 より前です。日付を確かめてください
        "
    );
}

#[test]
fn a_gift_goes_to_a_fund_or_to_a_campaign_as_its_kind_says() {
    insta::assert_snapshot!(
        refusal::<OfferingRow>(
            "cycle,order_number,kind,unit_price,fund,campaign,title\n\
             回,164151,supporter,300,,,基金なし\n\
             回,164152,spot,500,f,k,両方\n\
             回,164153,campaign,500,,,募集なし\n\
             回,164154,campaign,500,f,k,両方\n\
             回,164155,団体寄付,500,,k,よい行\n\
             回,164156,supporter,0,f,,無料\n"
        ),
        @r"
        表.csv:2:基金コード: 種別が supporter（サポーター）なので、基金コードを書いてください
        表.csv:3:募集コード: 種別が spot（スポット）なので、募集コードは空にしてください
        表.csv:4:募集コード: 種別が campaign（団体寄付）なので、募集コードを書いてください
        表.csv:5:基金コード: 種別が campaign（団体寄付）なので、基金コードは空にしてください
        表.csv:7:単価: 「0」は使えません。1円以上の金額を書いてください
        "
    );
}

#[test]
fn a_member_who_moves_gets_another_co_op_or_number() {
    insta::assert_snapshot!(
        refusal::<MemberChangeRow>(
            "coop,member_number,new_coop,new_member_number,moved_on\n\
             01,0001,02,0001,2025-10-01\n\
             01,0002,01,0102,2025-10-01\n\
             01,0003,０１,０００３,2025-10-01\n"
        ),
        @"表.csv:4:新組合員番号: 異動の前と後が同じです。新しい単協コードか組合員番号を確かめてください"
    );
}
