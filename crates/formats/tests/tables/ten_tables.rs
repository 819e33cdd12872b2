//! Each table in both languages, and the facts of the newsletters.

use std::fmt::Debug;
use std::path::Path;

use domain::{
    Accounting, Delivery, FailurePolicy, OfferingKind, OrderNumber, ResultCode, Yen, parse_date,
};
use formats::table::TableRow;
use formats::tables::{
    CampaignRow, Cell, CooperativeRow, CycleRow, FundRow, MemberChangeRow, MemberRow, OfferingRow,
    OrganizationRow, PledgeRow, ResultRow,
};

use crate::{read, refusal};

/// Reads a line below all columns of a table, under their Japanese and then their English names.
fn one<T: TableRow + Debug + PartialEq>(line: &str) -> T {
    let japanese: Vec<&str> = T::COLUMNS.iter().map(|column| column.ja).collect();
    let english: Vec<&str> = T::COLUMNS.iter().map(|column| column.en).collect();
    let [mut japanese, english] = [japanese, english]
        .map(|names| read::<T>(format!("{}\n{line}\n", names.join(",")).as_bytes()).unwrap());
    assert_eq!(japanese, english);
    assert_eq!(japanese.len(), 1);
    japanese.remove(0)
}

fn names<T: TableRow>() -> String {
    let name = |column: &formats::table::Column| {
        format!(
            "{} {}{}",
            column.ja,
            column.en,
            if column.required { "" } else { "?" }
        )
    };
    T::COLUMNS.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_columns_are_those_that_scripts_depend_on() {
    insta::assert_snapshot!(
        [
            names::<CooperativeRow>(),
            names::<FundRow>(),
            names::<OrganizationRow>(),
            names::<CampaignRow>(),
            names::<CycleRow>(),
            names::<OfferingRow>(),
            names::<MemberRow>(),
            names::<MemberChangeRow>(),
            names::<PledgeRow>(),
            names::<ResultRow>(),
        ]
        .join("\n"),
        @r"
        単協コード coop, 単協名 name
        基金コード fund, 基金名 name
        団体コード organization, 団体名 name
        募集コード campaign, 団体コード organization, 題名 title, 目標額 target, 募集開始 opens_on, 募集終了 closes_on, 会計区分 accounting
        企画回 cycle, ISO週 iso_week, 申込開始 opens_on, 申込終了 closes_on, インターネット締切 web_closes_on?, 集金月 collection_month
        企画回 cycle, 注文番号 order_number, 種別 kind, 単価 unit_price, 基金コード fund, 募集コード campaign, 名称 title, 不能時の扱い on_failure?, 回数上限 failures_max?
        単協コード coop, 組合員番号 member_number, 氏名 name?, 氏名カナ kana?, 区分 delivery?, 脱退日 left_on?
        単協コード coop, 組合員番号 member_number, 新単協コード new_coop, 新組合員番号 new_member_number, 異動日 moved_on
        単協コード coop, 組合員番号 member_number, 基金コード fund, 口数 units, 単価 unit_price, 開始月 from_month, 注文番号 order_number?
        請求キー charge_key?, 結果コード result_code, 集金日 collected_on, 金額 amount?, 単協コード coop?, 組合員番号 member_number?, 集金年月 collection_month?, 注文番号 order_number?
        "
    );
}

#[test]
fn co_ops_funds_and_organizations_are_a_code_and_a_name() {
    let coop: CooperativeRow = one("01,23区南");
    assert_eq!((coop.coop.as_str(), coop.name.as_str()), ("01", "23区南"));
    let fund: FundRow = one("inclufund,インクルファンド");
    assert_eq!(
        (fund.fund.as_str(), fund.name.as_str()),
        ("inclufund", "インクルファンド")
    );
    let organization: OrganizationRow = one("kosumosu,パン＆カフェ こすもす");
    assert_eq!(organization.organization.as_str(), "kosumosu");
    assert_eq!(organization.name, "パン＆カフェ こすもす");
}

#[test]
fn a_campaign() {
    let row: CampaignRow =
        one("kosumosu-2025,kosumosu,タブレット,\"100,000\",2025-11-10,2025/11/14,agency");
    assert_eq!(row.target, Yen::new(100_000));
    assert_eq!(row.closes_on, parse_date("2025-11-14").unwrap());
    assert_eq!(row.accounting, Accounting::Agency);
}

#[test]
fn a_cycle() {
    let row: CycleRow = one("２０２５年7月4回,2025-W29,2025-07-14,2025-07-18,2025-07-19,2025-08");
    assert_eq!(row.cycle, "2025年7月4回");
    assert_eq!(row.web_closes_on, Some(parse_date("2025-07-19").unwrap()));
    assert_eq!(row.collection_month.as_int(), 202_508);
    let without: CycleRow = one("2025年7月4回,2025-W29,2025-07-14,2025-07-18,,2025-08");
    assert_eq!(without.web_closes_on, None);
}

#[test]
fn an_offering() {
    let row: OfferingRow = one("2025年11月3回,133540,campaign,500,,kosumosu-2025,こすもす,,");
    assert_eq!(row.kind, OfferingKind::Campaign);
    assert_eq!(row.order_number.as_str(), "133540");
    assert_eq!(
        (row.fund, row.campaign),
        (None, Some("kosumosu-2025".parse().unwrap()))
    );
}

#[test]
fn r13_an_offering_says_what_follows_a_failed_collection() {
    let carried: OfferingRow = one("回,164160,spot,500,f,,スポット,carry_forward,３");
    let policy = FailurePolicy::CarryForward { tries_max: 3 };
    assert_eq!(carried.on_failure, policy);
    let without =
        "cycle,order_number,kind,unit_price,fund,campaign,title\n回,164160,spot,500,f,,題\n";
    let without = read::<OfferingRow>(without.as_bytes()).unwrap();
    assert_eq!(without[0].on_failure, FailurePolicy::Lapse);
    insta::assert_snapshot!(
        refusal::<OfferingRow>(
            "cycle,order_number,kind,unit_price,fund,campaign,title,on_failure,failures_max\n\
             回,164151,supporter,300,f,,題,carry_forward,\n\
             回,164152,supporter,300,f,,題,,2\n\
             回,164153,spot,500,f,,題,end_pledge,2\n\
             回,164154,supporter,300,f,,題,end_pledge,0\n\
             回,164155,supporter,300,f,,題,retry,1\n\
             回,164156,supporter,300,f,,題,end_pledge,2\n"
        ),
        @r"
        表.csv:2:回数上限: 不能時の扱いが carry_forward なので、回数上限を書いてください（2〜12）
        表.csv:3:回数上限: 不能時の扱いが lapse（繰り越さない）なので、回数上限は空にしてください
        表.csv:4:不能時の扱い: end_pledge（登録を終える）は、種別が supporter（サポーター）のときだけ使えます
        表.csv:5:回数上限: 回数上限 0 は使えません。不能時の扱いが end_pledge のときは 1〜12 です
        表.csv:6:不能時の扱い: 不能時の扱い「retry」は使えません。lapse、carry_forward、end_pledge のどれかを書いてください
        "
    );
}

#[test]
fn r13_a_result_names_its_charge_by_key_or_by_member_month_and_number() {
    let row: ResultRow = one("00120250801000000012,0,2025-08-27,\"1,500\",01,,,");
    assert_eq!(row.charge_key, "00120250801000000012".parse().ok());
    assert!(row.result_code.is_collected());
    assert_eq!(row.amount, Some(Yen::new(1_500)));
    let failed: ResultRow = one(",資金不足,,,01,0010106,2025-08,164151");
    assert_eq!(failed.result_code, ResultCode::InsufficientFunds);
    assert_eq!((failed.charge_key, failed.collected_on), (None, None));
    let least = "請求キー,結果コード,集金日\n00120250801000000012,9,2025/8/27\n";
    assert_eq!(read::<ResultRow>(least.as_bytes()).unwrap().len(), 1);
}

#[test]
fn r13_a_result_that_cannot_be_read_says_where_and_why() {
    insta::assert_snapshot!(
        refusal::<ResultRow>(
            "請求キー,結果コード,集金日,金額,組合員番号,集金年月\n\
             00120250801000000013,0,2025-08-27,,,\n\
             1.00120250801E+18,0,2025-08-27,,,\n\
             00120250801000000012,5,2025-08-27,,,\n\
             00120250801000000012,0,,,,\n\
             00120250801000000012,0,2025-02-30,-500,,\n\
             ,0,2025-08-27,,,\n\
             ,0,2025-08-27,,0010106,\n"
        ),
        @r"
        表.csv:2:請求キー: 請求キー「00120250801000000013」は検査数字が合いません。どこかの桁が間違っています。元のファイルと比べてください
        表.csv:3:請求キー: 請求キー「1.00120250801E+18」は 20 桁の数字ではありません。表計算ソフトで開いて桁が欠けていないか確かめてください
        表.csv:4:結果コード: 結果コード「5」は使えません。0、1、2、3、4、8、9 のどれかを書いてください
        表.csv:5:集金日: 結果コードが 0（集金済み）なので、集金日を書いてください
        表.csv:6:集金日: 「2025-02-30」という日は暦にありません。日付を確かめてください
        表.csv:6:金額: 「-500」は負の数です。マイナスやハイフンを付けずに、正の整数を書いてください
        表.csv:7:請求キー: 空です。請求キーか、単協コード・組合員番号・集金年月・注文番号を書いてください
        表.csv:8:集金年月: 請求キーのない行なので、必ず書いてください
        "
    );
}

#[test]
fn of_a_member_a_blank_field_is_told_from_a_column_that_is_not_there() {
    let row: MemberRow = one("01,0001,見本 花子,,han,");
    assert_eq!(row.name, Cell::Value("見本 花子".to_owned()));
    assert_eq!((row.kana, row.left_on), (Cell::Blank, Cell::Blank));
    assert_eq!(row.delivery, Cell::Value(Delivery::Han));
    let short = read::<MemberRow>("coop,member_number\n01,0001\n".as_bytes()).unwrap();
    assert_eq!(short[0].name, Cell::Absent);
    assert_eq!(Cell::Absent.or_known(Some(1)), Some(1));
    assert_eq!(Cell::Blank.or_known(Some(1)), None);
    assert_eq!(Cell::Value(2).or_known(Some(1)), Some(2));
}

#[test]
fn a_member_number_is_letters_digits_and_hyphens() {
    let row: MemberRow = one("01,Ａ-０１２,,,,");
    assert_eq!(row.member_number.as_str(), "A-012");
    insta::assert_snapshot!(
        refusal::<MemberRow>(
            "coop,member_number\n01,-12\n01,=1+1\n01,12_3\n01,123456789012345678901\n"
        ),
        @r"
        表.csv:2:組合員番号: 組合員番号「-12」はハイフンで始まっています。先頭は英数字にしてください
        表.csv:3:組合員番号: 組合員番号「=1+1」に使えない文字があります。英字、数字、ハイフン（-）で書いてください
        表.csv:4:組合員番号: 組合員番号「12_3」に使えない文字があります。英字、数字、ハイフン（-）で書いてください
        表.csv:5:組合員番号: 組合員番号「123456789012345678901」は長すぎます。20 文字までで書いてください
        "
    );
}

#[test]
fn a_member_change() {
    let row: MemberChangeRow = one("01,0001,02,0501,2025-10-01");
    assert_eq!(
        (row.coop.as_str(), row.member_number.as_str()),
        ("01", "0001")
    );
    assert_eq!(
        (row.new_coop.as_str(), row.new_member_number.as_str()),
        ("02", "0501")
    );
}

#[test]
fn a_pledge_from_before_this_system() {
    let row: PledgeRow = one("01,0001,inclufund,3,300,2025-08,");
    assert_eq!(
        (row.units.get(), row.unit_price, row.order_number),
        (3, Yen::new(300), None)
    );
    let known: PledgeRow = one("01,0001,inclufund,3,300,2025-08,164151");
    assert_eq!(known.order_number, "164151".parse::<OrderNumber>().ok());
}

#[test]
fn the_newsletters_facts_can_be_read() {
    fn count<T: TableRow + Debug + PartialEq>(name: &str) -> usize {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/newsletter");
        let bytes = std::fs::read(folder.join(name)).unwrap();
        read::<T>(&bytes).unwrap().len()
    }
    assert_eq!(count::<CooperativeRow>("cooperatives.csv"), 5);
    assert_eq!(count::<FundRow>("funds.csv"), 2);
    assert_eq!(count::<OrganizationRow>("organizations.csv"), 1);
    assert_eq!(count::<CampaignRow>("campaigns.csv"), 1);
    assert_eq!(count::<CycleRow>("cycles.csv"), 2);
    assert_eq!(count::<OfferingRow>("offerings.csv"), 4);
}
