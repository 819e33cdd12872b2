//! Lines that cannot be read: each wrong field is told by line, column and reason.

use formats::tables::{CampaignRow, CooperativeRow, CycleRow, MemberRow, PledgeRow};

use crate::{read, refusal};

/// A pledge file with one line of these units.
fn pledge_of(units: &str) -> String {
    format!(
        "単協コード,組合員番号,基金コード,口数,単価,開始月\n01,0001,inclufund,{units},300,2025-08\n"
    )
}

#[test]
fn a_line_too_short_or_too_long_says_by_how_much() {
    insta::assert_snapshot!(
        refusal::<PledgeRow>(
            "単協コード,組合員番号,基金コード,口数,単価,開始月\n\
             01,0001,inclufund,3\n\
             01,0002,inclufund,3,300,2025-08\n\
             01,0003,inclufund,3,1,200,2025-08\n\
             ,,,,,\n"
        ),
        @r#"
        表.csv:2: 列が2つ足りません（見出しは6列、この行は4列）。抜けた値を補ってください
        表.csv:4: 列が1つ多すぎます（見出しは6列、この行は7列）。値の中の「,」は、値の全体を「"」で囲んでください
        表.csv:5: 空の行です。行ごと消してください
        "#
    );
}

#[test]
fn every_wrong_field_of_every_wrong_line_is_listed() {
    insta::assert_snapshot!(
        refusal::<PledgeRow>(
            "単協コード,組合員番号,基金コード,口数,単価,開始月,注文番号\n\
             ,-1,incl fund,三,-300,2025-13,12345\n\
             01,0001,inclufund,3,300,2025-08,\n\
             01,組合員,inclufund,0,0,2025,164151\n"
        ),
        @r"
        表.csv:2:単協コード: 空です。必ず書いてください
        表.csv:2:組合員番号: 組合員番号「-1」はハイフンで始まっています。先頭は英数字にしてください
        表.csv:2:基金コード: コード「incl fund」に使えない文字があります。文字、数字、ハイフン（-）、下線（_）で書いてください
        表.csv:2:口数: 「三」に漢数字があります。漢数字は読めません。1、2、3 のような算用数字で書いてください
        表.csv:2:単価: 「-300」は負の数です。マイナスやハイフンを付けずに、正の整数を書いてください
        表.csv:2:開始月: 「2025-13」という月はありません。月は 01 から 12 までです
        表.csv:2:注文番号: 注文番号「12345」は 6 桁の数字ではありません。「164151」のように 6 桁で書いてください
        表.csv:4:組合員番号: 組合員番号「組合員」に使えない文字があります。英字、数字、ハイフン（-）で書いてください
        表.csv:4:口数: 口数 0 は受け付けられません。口数は 1 から 99 までです
        表.csv:4:単価: 「0」は使えません。1円以上の金額を書いてください
        表.csv:4:開始月: 「2025」は月として読めません。「2025-08」のように書いてください
        "
    );
}

#[test]
fn full_width_digits_are_digits() {
    let rows = read::<PledgeRow>(
        "単協コード,組合員番号,基金コード,口数,単価,開始月,注文番号\n\
         ０１,０００１２,inclufund,１２,３００,２０２５-０８,１６４１５１\n"
            .as_bytes(),
    )
    .unwrap();
    let row = &rows[0];
    assert_eq!(
        (row.coop.as_str(), row.member_number.as_str()),
        ("01", "00012")
    );
    assert_eq!((row.units.get(), row.unit_price.get()), (12, 300));
    assert_eq!(row.from_month.to_string(), "2025-08");
    assert_eq!(
        row.order_number.map(|number| number.to_string()),
        Some("164151".into())
    );
}

#[test]
fn a_minus_of_every_kind_is_a_negative_number() {
    for minus in "-−‐‑‒–—―﹣－ー─━ｰ▲△".chars() {
        let said = refusal::<PledgeRow>(&pledge_of(&format!("{minus}3")));
        let expected = format!("表.csv:2:口数: 「{minus}3」は負の数です。");
        assert!(
            said.starts_with(&expected),
            "U+{:04X}: {said}",
            u32::from(minus)
        );
    }
}

#[test]
fn kanji_numerals_are_refused() {
    for numeral in ["三", "十二", "〇", "壱"] {
        let said = refusal::<PledgeRow>(&pledge_of(numeral));
        let expected = format!("表.csv:2:口数: 「{numeral}」に漢数字があります。");
        assert!(said.starts_with(&expected), "{said}");
    }
}

#[test]
fn no_units_and_a_hundred_units_are_refused() {
    for (units, shown) in [("0", "0"), ("100", "100"), ("０", "0")] {
        let said = refusal::<PledgeRow>(&pledge_of(units));
        let expected = format!("表.csv:2:口数: 口数 {shown} は受け付けられません。");
        assert!(said.starts_with(&expected), "{said}");
    }
    assert!(read::<PledgeRow>(pledge_of("1").as_bytes()).is_ok());
    assert!(read::<PledgeRow>(pledge_of("99").as_bytes()).is_ok());
}

#[test]
fn numbers_past_64_bits_are_refused() {
    insta::assert_snapshot!(refusal::<PledgeRow>(&pledge_of("9223372036854775808")), @"表.csv:2:口数: 「9223372036854775808」は大きすぎて数えられません。桁数を確かめてください");
    insta::assert_snapshot!(
        refusal::<PledgeRow>(
            "単協コード,組合員番号,基金コード,口数,単価,開始月\n\
             01,0001,inclufund,2,9223372036854775807,2025-08\n"
        ),
        @"表.csv:2:単価: 2口 × 単価9223372036854775807円 は大きすぎて計算できません。単価を確かめてください"
    );
}

#[test]
fn months_and_days_that_the_calendar_lacks_are_refused() {
    insta::assert_snapshot!(
        refusal::<CycleRow>(
            "企画回,ISO週,申込開始,申込終了,インターネット締切,集金月\n\
             2025年7月4回,2025-W54,2025-02-31,9999-07-18,18.7.2025,2025-13\n"
        ),
        @r"
        表.csv:2:ISO週: 「2025-W54」という週はありません。週は 2000 年から 2099 年までの、01 から 52（年により 53）までです
        表.csv:2:申込開始: 「2025-02-31」という日は暦にありません。日付を確かめてください
        表.csv:2:申込終了: 「9999-07-18」は扱えない日付です。2000-01-01 から 2099-12-31 までの日付を書いてください
        表.csv:2:インターネット締切: 「18.7.2025」は日付として読めません。「2025-08-27」のように書いてください
        表.csv:2:集金月: 「2025-13」という月はありません。月は 01 から 12 までです
        "
    );
}

#[test]
fn words_outside_their_list_are_answered_with_the_list() {
    insta::assert_snapshot!(
        refusal::<MemberRow>("単協コード,組合員番号,区分\n01,0001,宅配\n"), @"表.csv:2:区分: 配送区分「宅配」は使えません。han、individual、depot のどれかを書いてください");
    insta::assert_snapshot!(
        refusal::<CampaignRow>(
            "募集コード,団体コード,題名,目標額,募集開始,募集終了,会計区分\n\
             k,o,題名,0,2025-11-10,2025-11-14,gift\n"
        ),
        @r"
        表.csv:2:目標額: 「0」は使えません。1円以上の金額を書いてください
        表.csv:2:会計区分: 会計区分「gift」は使えません。agency、principal のどれかを書いてください
        "
    );
}

#[test]
fn a_name_may_look_like_a_formula_but_may_not_hold_control_characters() {
    let rows =
        read::<CooperativeRow>("単協コード,単協名\n01,\"=cmd|'/C calc'!A0\"\n".as_bytes()).unwrap();
    assert_eq!(rows[0].name, "=cmd|'/C calc'!A0");
    insta::assert_snapshot!(
        refusal::<CooperativeRow>(
            "単協コード,単協名\n01,\"多摩\nきた\"\n02,多摩\tきた\n03,多摩\u{7}きた\n"
        ),
        @r"
        表.csv:2:単協名: 「多摩 きた」に改行があります。取り除いてください
        表.csv:4:単協名: 「多摩 きた」にタブがあります。取り除いてください
        表.csv:5:単協名: 「多摩 きた」に制御文字（U+0007）があります。取り除いてください
        "
    );
    let said = refusal::<CooperativeRow>(&format!("coop,name\n01,{}\n", "あ".repeat(201)));
    assert!(said.ends_with("は長すぎます。200文字までです"), "{said}");
}

#[test]
fn a_quote_that_never_closes_is_told_with_the_problems_before_it() {
    insta::assert_snapshot!(
        refusal::<CooperativeRow>("coop,name\n,A\n02,\"B\n03,C\n"), @r#"
        表.csv:2:単協コード: 空です。必ず書いてください
        表.csv:3: この行で開いた引用符「"」が最後まで閉じていません。閉じる「"」を補ってください
        "#);
}

#[test]
fn of_very_many_wrong_lines_the_first_thousand_are_listed_and_all_counted() {
    let said = refusal::<CooperativeRow>(&format!("coop,name\n{}", ",A\n".repeat(2_500)));
    assert_eq!(said.lines().count(), 1_001);
    assert_eq!(
        said.lines().next(),
        Some("表.csv:2:単協コード: 空です。必ず書いてください")
    );
    assert_eq!(
        said.lines().last(),
        Some("表.csv: ほかに1500件の誤りがあります")
    );
}
