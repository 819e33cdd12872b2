//! The first line of a file.

use formats::tables::{CooperativeRow, CycleRow, MemberRow, PledgeRow};

use crate::{read, refusal};

#[test]
fn names_may_be_japanese_or_english_in_any_order_width_and_case() {
    let expected = read::<CooperativeRow>("単協コード,単協名\n01,多摩きた\n".as_bytes()).unwrap();
    for text in [
        "coop,name\n01,多摩きた\n",
        "name,coop\n多摩きた,01\n",
        "単協名,coop\n多摩きた,01\n",
        "ＣＯＯＰ,Name\n０１,多摩きた\n",
        "\" 単協コード \",　単協名　\n 01 ,　多摩きた　\n",
        "単協ｺｰﾄﾞ,単協名\n01,多摩きた\n",
    ] {
        assert_eq!(
            read::<CooperativeRow>(text.as_bytes()).as_ref(),
            Ok(&expected),
            "{text}"
        );
    }
}

#[test]
fn an_empty_file_and_one_of_blank_lines_have_no_header() {
    assert!(refusal::<CooperativeRow>("").starts_with("ファイルが空です。"));
    insta::assert_snapshot!(refusal::<CooperativeRow>("\n\n\n"), @"表.csv:1: 見出し行がありません。最初の行に「単協コード,単協名」のように列の名前を書いてください");
}

#[test]
fn a_header_that_no_line_follows_is_refused() {
    for text in [
        "単協コード,単協名",
        "単協コード,単協名\r\n",
        "単協コード,単協名\n\n\n",
    ] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(refusal::<CooperativeRow>(text), @"表.csv:1: データ行がありません。見出し行の下にデータを書いてください");
        }
    }
}

#[test]
fn a_file_that_begins_with_data_is_told_to_have_a_header() {
    insta::assert_snapshot!(refusal::<CooperativeRow>("01,多摩きた\n02,多摩南\n"), @"表.csv:1: 1行目が見出し行ではありません。最初の行に「単協コード,単協名」のように列の名前を書いてください");
}

#[test]
fn a_missing_column_is_named_in_both_languages() {
    insta::assert_snapshot!(
        refusal::<PledgeRow>("単協コード,組合員番号,基金コード,口数,開始月\n01,1,f,1,2025-08\n"),
        @"表.csv:1:単価: この列（unit_price）がありません。見出しと値を加えてください"
    );
}

#[test]
fn a_doubled_column_is_refused_even_once_in_each_language() {
    insta::assert_snapshot!(
        refusal::<CooperativeRow>("単協コード,単協名,単協コード\n01,多摩きた,01\n"), @"表.csv:1:単協コード: 同じ列が2つあります（1列目と3列目）。どちらかを消してください");
    insta::assert_snapshot!(
        refusal::<CooperativeRow>("単協コード,単協名,coop\n01,多摩きた,01\n"), @"表.csv:1:単協コード: 「単協コード」と「coop」は同じ列です（1列目と3列目）。どちらかを消してください");
}

#[test]
fn an_unknown_column_is_answered_with_the_nearest_name() {
    insta::assert_snapshot!(
        refusal::<MemberRow>("単協コード,組合員番号,氏名かな,lefton,電話番号\n01,1,,,\n"), @r"
        表.csv:1: 3列目の「氏名かな」という列はありません。「氏名カナ」ではありませんか
        表.csv:1: 4列目の「lefton」という列はありません。「left_on」ではありませんか
        表.csv:1: 5列目の「電話番号」という列はありません。使える列は 単協コード、組合員番号、氏名、氏名カナ、区分、脱退日 です
        ");
}

#[test]
fn everything_wrong_with_a_header_is_told_at_once() {
    insta::assert_snapshot!(
        refusal::<CycleRow>("企画回,,申込開始,申込開始,締切,集金月\n回,,,,,\n"), @r"
        表.csv:1: 2列目に名前がありません。列の名前を書くか、列を消してください
        表.csv:1:申込開始: 同じ列が2つあります（3列目と4列目）。どちらかを消してください
        表.csv:1: 5列目の「締切」という列はありません。使える列は 企画回、ISO週、申込開始、申込終了、インターネット締切、集金月 です
        表.csv:1:ISO週: この列（iso_week）がありません。見出しと値を加えてください
        表.csv:1:申込終了: この列（closes_on）がありません。見出しと値を加えてください
        ");
}

#[test]
fn a_header_whose_quote_never_closes_is_refused() {
    insta::assert_snapshot!(refusal::<CooperativeRow>("\"単協コード,単協名\n01,多摩きた\n"), @r#"表.csv:1: この行で開いた引用符「"」が最後まで閉じていません。閉じる「"」を補ってください"#);
}

#[test]
fn a_column_that_may_be_missing_may() {
    assert!(read::<MemberRow>("単協コード,組合員番号\n01,1\n".as_bytes()).is_ok());
    let cycle = "企画回,ISO週,申込開始,申込終了,集金月\n\
                 2025年7月4回,2025-W29,2025-07-14,2025-07-18,2025-08\n";
    assert!(read::<CycleRow>(cycle.as_bytes()).is_ok());
}
