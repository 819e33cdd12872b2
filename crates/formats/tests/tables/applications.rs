//! The files of applications.

use domain::{Channel, parse_date};
use formats::encoding::inspect;
use formats::table::TableError;
use formats::tables::{ApplicationDefaults, ApplicationLine, ApplicationReader};

use crate::OneByOne;

fn describe(line: &ApplicationLine<'_>) -> String {
    let given = |is_default: bool| if is_default { "*" } else { "" };
    let number = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
    format!(
        "{} {} {} {}口 {}円 {}{} {}{} {} {}",
        line.coop,
        line.member_number,
        line.order_number
            .map_or("-".into(), |number| number.to_string()),
        number(line.units.map(|units| units.get())),
        number(line.amount.map(|amount| amount.get())),
        line.received_on,
        given(line.received_on_is_default),
        line.channel,
        given(line.channel_is_default),
        line.note.unwrap_or("-"),
        line.line_id.unwrap_or("-"),
    )
}

/// A file read with paper and 14 November 2025 as defaults: each line, `*` marking a default, or
/// what is wrong.
fn look(text: &str) -> Vec<String> {
    let facts = inspect(text.as_bytes()).unwrap();
    let defaults = ApplicationDefaults {
        received_on: parse_date("2025-11-14").unwrap(),
        channel: Channel::Paper,
    };
    let mut reader =
        match ApplicationReader::new(OneByOne(text.as_bytes()), facts.encoding, defaults) {
            Ok(reader) => reader,
            Err(TableError::Problems(problems)) => {
                return vec![problems.display("申込.csv").to_string()];
            }
            Err(other) => return vec![other.to_string()],
        };
    let mut found = Vec::new();
    while let Some(line) = reader.read().unwrap() {
        match line.row {
            Ok(row) => found.push(format!("{}: {}", line.number, describe(&row))),
            Err(problems) => found.extend(problems.iter().map(ToString::to_string)),
        }
    }
    found
}

#[test]
fn a_sheet_of_four_columns_takes_day_and_channel_from_the_desk() {
    let found = look(
        "単協コード,組合員番号,注文番号,口数\n01,0001,108413,3\n０１,０００２,１０８４１３,１\n",
    );
    assert_eq!(
        found,
        [
            "2: 01 0001 108413 3口 -円 2025-11-14* paper* - -",
            "3: 01 0002 108413 1口 -円 2025-11-14* paper* - -",
        ]
    );
}

#[test]
fn what_a_line_says_itself_goes_before_the_defaults() {
    let found = look(
        "coop,member_number,order_number,units,amount,received_on,channel,note,line_id\n\
         01,0001,108413,3,900,2025-11-12,web,見本,A-1\n\
         01,0002,108413,3,,2025/11/13,,,\n\
         01,0003,108413,,\"1,800\",,phone,,A-3\n",
    );
    assert_eq!(
        found,
        [
            "2: 01 0001 108413 3口 900円 2025-11-12 web 見本 A-1",
            "3: 01 0002 108413 3口 -円 2025-11-13 paper* - -",
            "4: 01 0003 108413 -口 1800円 2025-11-14* phone - A-3",
        ]
    );
}

#[test]
fn channels_are_understood_in_both_languages() {
    let found = look(
        "coop,member_number,order_number,units,channel\n\
         01,1,108413,1,注文書\n\
         01,1,108413,1,インターネット\n\
         01,1,108413,1,デポー\n\
         01,1,108413,1,電話\n\
         01,1,108413,1,Ｗｅｂ\n\
         01,1,108413,1,FAX\n\
         01,1,108413,1,member_change\n",
    );
    let channels: Vec<&str> = found
        .iter()
        .take(5)
        .filter_map(|line| line.split(' ').nth(7))
        .collect();
    assert_eq!(channels, ["paper", "web", "depot", "phone", "web"]);
    insta::assert_snapshot!(found[5..].join("\n"), @r"
    7:受付経路: 受付経路「FAX」は使えません。paper、web、depot、phone のどれかを書いてください
    8:受付経路: 受付経路「member_change」は使えません。paper、web、depot、phone のどれかを書いてください
    ");
}

#[test]
fn a_depot_form_may_say_in_its_note_what_it_asks_for() {
    let found = look(
        "coop,member_number,order_number,units,channel,note\n\
         01,1,,,depot,\"こすもすに1,000円\"\n\
         01,2,,2,depot,\"パン＆カフェこすもす\n2口\"\n",
    );
    assert_eq!(
        found,
        [
            "2: 01 1 - -口 -円 2025-11-14* depot こすもすに1,000円 -",
            "3: 01 2 - 2口 -円 2025-11-14* depot パン＆カフェこすもす\n2口 -",
        ]
    );
}

#[test]
fn a_line_that_lacks_what_its_channel_demands_is_refused() {
    insta::assert_snapshot!(
        look(
            "coop,member_number,order_number,units,amount,channel,note\n\
             01,1,,3,,,備考\n\
             01,1,,3,,depot,\n\
             01,1,108413,,,,\n\
             01,1,108413,,,depot,こすもす\n"
        )
        .join("\n"),
        @r"
        2:注文番号: 注文番号が空です。注文番号を書いてください（省けるのはデポーの申込だけです）
        3:注文番号: 注文番号も備考も空です。どちらかを書いてください
        4:口数: 口数も金額も空です。どちらかを書いてください
        5:口数: 口数も金額も空です。どちらかを書いてください
        "
    );
    insta::assert_snapshot!(look("coop,member_number,order_number,amount\n01,1,108413,\n").join("\n"), @"2:金額: 口数も金額も空です。どちらかを書いてください");
}

#[test]
fn every_wrong_field_of_a_line_is_listed() {
    insta::assert_snapshot!(
        look(
            "coop,member_number,order_number,units,amount,received_on,channel,note,line_id\n\
             0/1,=1+1,10841,０.５,一千円,2025-02-31,fax,\"\u{1}\",\"a\nb\"\n\
             01,1,108413,3,900,9999-12-31,web,,\n\
             01,1,108413,100,0,2025-11-12,web,,\n"
        )
        .join("\n"),
        @r"
        2:単協コード: 単協コード「0/1」に使えない文字があります。文字、数字、ハイフン（-）、下線（_）で書いてください
        2:組合員番号: 組合員番号「=1+1」に使えない文字があります。英字、数字、ハイフン（-）で書いてください
        2:注文番号: 注文番号「10841」は 6 桁の数字ではありません。「164151」のように 6 桁で書いてください
        2:口数: 「０.５」は整数ではありません。数字だけで書いてください（単位や小数点は付けません）
        2:金額: 「一千円」に漢数字があります。漢数字は読めません。1、2、3 のような算用数字で書いてください
        2:受付日: 「2025-02-31」という日は暦にありません。日付を確かめてください
        2:受付経路: 受付経路「fax」は使えません。paper、web、depot、phone のどれかを書いてください
        2:備考: 「 」に制御文字（U+0001）があります。取り除いてください
        2:行ID: 「a b」に改行があります。取り除いてください
        4:受付日: 「9999-12-31」は扱えない日付です。2000-01-01 から 2099-12-31 までの日付を書いてください
        5:口数: 口数 100 は受け付けられません。口数は 1 から 99 までです
        5:金額: 「0」は使えません。1円以上の金額を書いてください
        "
    );
}

#[test]
fn a_file_without_units_and_amount_is_refused() {
    insta::assert_snapshot!(look("単協コード,組合員番号,注文番号\n01,1,108413\n").join("\n"), @"申込.csv:1:口数: この列（units）も「金額」（amount）の列もありません。どちらかを加えてください");
}

#[test]
fn a_header_that_no_line_follows_is_refused() {
    insta::assert_snapshot!(look("単協コード,組合員番号,注文番号,口数\n").join("\n"), @"1: データ行がありません。見出し行の下にデータを書いてください");
}

#[test]
fn a_good_line_after_a_bad_one_is_still_read() {
    let found = look("coop,member_number,order_number,units\n01,1,108413,x\n01,2,108413,2\n");
    assert_eq!(found.len(), 2);
    assert_eq!(found[1], "3: 01 2 108413 2口 -円 2025-11-14* paper* - -");
}
