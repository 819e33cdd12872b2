//! What a file or a request gets that cannot be right: words that help, and nothing changed.

use std::fmt::Write as _;

use serde_json::{Value, json};
use testkit::{TestDatabase, fixtures};

use crate::office::Office;
use crate::service::Service;

const HEADER: &str = "単協コード,組合員番号,注文番号,口数,受付日";
const GOOD: &str = "01,0010106,133540,1,2025-11-12";

/// An office with the newsletters' facts and the sample's people.
fn office() -> Office {
    let office = Office::from(TestDatabase::sqlite());
    for (table, file) in fixtures::NEWSLETTER.into_iter().chain(fixtures::SAMPLE) {
        office.import(table, &fixtures::path(file), &[]);
    }
    office
}

/// Everything that a file of applications could have changed.
fn applications(office: &Office) -> Value {
    office.json(&["search", "applications", "--limit", "500"])
}

/// A file of applications: the good line, then one with this in a column.
fn with(column: usize, value: &str) -> Vec<u8> {
    let mut fields: Vec<&str> = GOOD.split(',').collect();
    fields[column] = value;
    format!("{HEADER}\n{GOOD}\n{}\n", fields.join(",")).into_bytes()
}

fn units(value: &str) -> Vec<u8> {
    with(3, value)
}

fn day(value: &str) -> Vec<u8> {
    with(4, value)
}

/// Each file that is refused whole, by what is wrong with it.
fn refused_files() -> Vec<(&'static str, Vec<u8>)> {
    let whole = |text: String| text.into_bytes();
    let cp932 = |tail: &[u8]| {
        let header: &[u8] = b"\x92P\x8b\xa6\x83R\x81[\x83h,member_number,order_number,units,note\n";
        [header, b"01,0010106,133540,1,", tail, b"\n"].concat()
    };
    let mut half = whole(format!("{HEADER},備考\n{GOOD},見本"));
    half.pop();
    let mut files = vec![
        ("空のファイル", Vec::new()),
        ("印だけのファイル", b"\xEF\xBB\xBF".to_vec()),
        ("見出しだけ", whole(format!("{HEADER}\n"))),
        (
            "列が足りない",
            whole("単協コード,組合員番号,口数\n01,0010106,1\n".to_owned()),
        ),
        ("列が二つある", whole(format!("{HEADER},口数\n{GOOD},1\n"))),
        ("知らない列", whole(format!("{HEADER},色\n{GOOD},赤\n"))),
        (
            "一行だけ短い",
            whole(format!("{HEADER}\n{GOOD}\n01,0010106,133540,1\n")),
        ),
        (
            "一行だけ長い",
            whole(format!("{HEADER}\n{GOOD}\n{GOOD},,\n")),
        ),
        (
            "閉じない引用符",
            whole(format!(
                "{HEADER}\n{GOOD}\n01,\"0010106,133540,1,2025-11-12\n{GOOD}\n"
            )),
        ),
        (
            "NUL",
            whole(format!("{HEADER}\n{GOOD}\n01,00\0,133540,1,2025-11-12\n")),
        ),
        ("半分の UTF-8", half),
        (
            "UTF-16",
            "\u{feff}単協"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
        ),
        ("CP932 にないバイト", cp932(b"\x8c\xa9\xfd\xfe")),
        ("CP932 の半分の文字", cp932(b"\x8c")),
        ("0口", units("0")),
        ("100口", units("100")),
        ("口数が漢数字", units("二")),
        ("口数が小数", units("1.5")),
        ("口数が i64 を超える", units("9223372036854775808")),
        ("組合員番号が - で始まる", with(1, "-0010106")),
        ("組合員番号が式", with(1, "=1+1")),
        ("注文番号が漢数字", with(2, "一三三五四〇")),
        ("注文番号が五桁", with(2, "13354")),
        ("知らない単協", with(0, "99")),
        ("2025-13", day("2025-13-01")),
        ("2月31日", day("2025-02-31")),
        ("9999年", day("9999-01-01")),
        ("日付が漢数字", day("二〇二五年十一月十二日")),
    ];
    for (name, minus) in MINUSES {
        files.push((name, units(&format!("{minus}1"))));
    }
    files
}

/// The minus signs that Unicode knows.
const MINUSES: [(&str, char); 10] = [
    ("- U+002D", '-'),
    ("U+2010", '\u{2010}'),
    ("U+2011", '\u{2011}'),
    ("U+2012", '\u{2012}'),
    ("U+2013", '\u{2013}'),
    ("U+2014", '\u{2014}'),
    ("U+2212", '\u{2212}'),
    ("U+30FC", '\u{30fc}'),
    ("U+FE63", '\u{fe63}'),
    ("U+FF0D", '\u{ff0d}'),
];

#[test]
fn a_file_that_cannot_be_right_is_refused_whole_with_words_that_help() {
    let office = office();
    let before = applications(&office);
    let mut told = String::new();
    for (name, content) in refused_files() {
        let file = office.file("申込.csv", content);
        let said = office.run(&["import", "applications", file.to_str().unwrap(), "--json"]);
        let words = said.refused().replace(file.to_str().unwrap(), "申込.csv");
        assert!(words.contains("申込.csv"), "{name}: {words}");
        writeln!(told, "【{name}】\n{}", words.trim_end()).unwrap();
        assert_eq!(applications(&office), before, "{name}");
    }
    insta::assert_snapshot!("files", told);
    assert_eq!(office.json(&["verify"])["ok"], true);
}

#[test]
fn a_file_that_is_odd_but_clear_is_taken() {
    let office = office();
    let lines = [
        "01,0010106,133540,1,2025-11-12",
        "01,0010231,133540,2,2025-11-12",
    ];
    let odd = [
        (
            "a last line without an end",
            format!("{HEADER}\n{}\n{}", lines[0], lines[1]),
        ),
        ("CR only", format!("{HEADER}\r{}\r{}\r", lines[0], lines[1])),
        (
            "CRLF and a mark",
            format!("\u{feff}{HEADER}\r\n{}\r\n{}\r\n", lines[0], lines[1]),
        ),
        (
            "full-width digits",
            format!(
                "{HEADER}\n０１,００１０１０６,１３３５４０,１,２０２５-１１-１２\n{}\n",
                lines[1]
            ),
        ),
        (
            "quotes, English names, another order",
            "received_on,units,\"coop\",member_number,order_number\n\
             \"2025-11-12\",1,01,0010106,133540\n2025/11/12,\"2\",01,0010231,\"133540\"\n"
                .to_owned(),
        ),
    ];
    let mut counted = Vec::new();
    for (name, content) in &odd {
        let file = office.file("申込.csv", content);
        let imported = office.import("applications", &file, &[]);
        assert_eq!(imported["lines"], 2, "{name}: {imported}");
        counted.push(imported["accepted"].clone());
    }
    // What comes again is held, and was read all the same: as the same member, number and units.
    assert_eq!(counted, [2, 0, 0, 0, 0]);
    let found = applications(&office);
    for application in found["items"].as_array().unwrap() {
        let is_first = application["member_number"] == "0010106";
        assert_eq!(application["units"], if is_first { 1 } else { 2 });
        assert_eq!(application["received_on"], "2025-11-12");
        if application["state"] == "held" {
            assert_eq!(application["reason"], "duplicate_application");
        }
    }
    assert_eq!(office.json(&["verify"])["ok"], true);
}

#[test]
fn other_tables_refuse_what_cannot_be_with_words_that_help() {
    let office = office();
    let cycle = |month: &str, opens: &str| {
        format!("企画回,ISO週,申込開始,申込終了,集金月\n見本,2025-W47,{opens},2025-11-21,{month}\n")
    };
    let pledge = |units: &str, price: &str, from: &str| {
        format!(
            "coop,member_number,fund,units,unit_price,from_month\n01,0012075,inclufund,{units},{price},{from}\n"
        )
    };
    let cases = [
        ("2025-13", "cycles", cycle("2025-13", "2025-11-17")),
        ("31 February", "cycles", cycle("2025-12", "2025-02-31")),
        ("the year 9999", "cycles", cycle("9999-12", "2025-11-17")),
        (
            "a week of another day",
            "cycles",
            cycle("2025-12", "2025-11-10"),
        ),
        (
            "a price past i64",
            "pledges",
            pledge("1", "99999999999999999999", "2025-08"),
        ),
        ("a price of nothing", "pledges", pledge("1", "0", "2025-08")),
        ("100 units", "pledges", pledge("100", "300", "2025-08")),
        ("a month of 13", "pledges", pledge("1", "300", "2025-13")),
        (
            "a code that is a formula",
            "cooperatives",
            "coop,name\n=1+1,見本\n".to_owned(),
        ),
        (
            "a number that is a formula",
            "members",
            "coop,member_number\n01,=1+1\n".to_owned(),
        ),
        (
            "a number too long",
            "members",
            format!("coop,member_number\n01,{}\n", "9".repeat(21)),
        ),
    ];
    let mut told = String::new();
    for (name, table, content) in cases {
        let file = office.file("表.csv", content);
        let said = office.run(&["import", table, file.to_str().unwrap(), "--json"]);
        let words = said.refused().replace(file.to_str().unwrap(), "表.csv");
        assert!(words.contains("表.csv:2: "), "{name}: {words}");
        writeln!(told, "[{name}]\n{}", words.trim_end()).unwrap();
    }
    insta::assert_snapshot!("tables", told);
    assert_eq!(office.json(&["verify"])["ok"], true);
}

/// A person's name is in no file that is handed over, and what a note says is handed on as it is.
#[test]
fn a_formula_in_a_name_or_note_does_no_harm() {
    let office = office();
    let formula = "=cmd|'/C calc'!A0";
    let members = format!("coop,member_number,name,kana\n01,0010106,{formula},{formula}\n");
    office.import("members", &office.file("組合員.csv", members), &[]);
    let file = format!("{HEADER},備考\n{GOOD},{formula}\n");
    office.import("applications", &office.file("申込.csv", file), &[]);
    let found = applications(&office);
    assert_eq!(found["items"][0]["note"], formula);

    office.json(&["batch", "close", "--coop", "01", "--month", "2025-12"]);
    let exported = office.json(&[
        "batch",
        "export",
        "--coop",
        "01",
        "--month",
        "2025-12",
        "--out",
        "請求.csv",
    ]);

    assert!(exported["rows"].as_i64() > Some(0), "{exported}");
    let file = std::fs::read(office.folder.path().join("請求.csv")).unwrap();
    assert!(!file.contains(&b'='), "a formula got into the file");
    assert!(!String::from_utf8_lossy(&file).contains("cmd"));
}

/// Sends each request to a service and tells what it answered; nothing may come of them.
fn answers(office: &Office, requests: &[(&str, &str, &str, Vec<u8>)]) -> String {
    let service = Service::start(office);
    let before = applications(office);
    let mut told = String::new();
    for (name, path, content_type, body) in requests {
        let headers = [("Content-Type", *content_type), ("Idempotency-Key", *name)];
        let answer = service.raw("office", "POST", path, &headers, body);
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{name}: {}",
            answer.text()
        );
        let problem = answer.json();
        let words = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        assert!(
            !words("title").is_ascii() || !words("detail").is_ascii(),
            "{problem}"
        );
        writeln!(
            told,
            "[{name}]\n{} {}: {}",
            answer.status,
            words("code"),
            words("detail")
        )
        .unwrap();
        for place in problem["problems"].as_array().into_iter().flatten() {
            let pointer = place["pointer"].as_str().unwrap_or("-");
            writeln!(
                told,
                "  {pointer}: {}",
                place["detail"].as_str().unwrap_or_default()
            )
            .unwrap();
        }
        assert_eq!(applications(office), before, "{name}");
    }
    told
}

#[test]
fn a_request_that_cannot_be_right_is_refused_with_words_that_help() {
    let office = office();
    let path = "/api/v1/applications";
    let good = json!({ "coop": "01", "member_number": "0010106", "order_number": "133540", "units": 1, "received_on": "2025-11-12" });
    let but = |field: &str, value: Value| {
        let mut application = good.clone();
        application[field] = value;
        application.to_string().into_bytes()
    };
    let json_type = "application/json";
    let mut requests = vec![
        (
            "an unknown field",
            path,
            json_type,
            but("colour", json!("red")),
        ),
        ("no units", path, json_type, but("units", Value::Null)),
        ("0 units", path, json_type, but("units", json!(0))),
        ("100 units", path, json_type, but("units", json!(100))),
        ("half a unit", path, json_type, but("units", json!(1.5))),
        ("units as text", path, json_type, but("units", json!("1"))),
        (
            "31 February",
            path,
            json_type,
            but("received_on", json!("2025-02-31")),
        ),
        (
            "the year 9999",
            path,
            json_type,
            but("received_on", json!("9999-01-01")),
        ),
        (
            "an unknown co-op",
            path,
            json_type,
            but("coop", json!("99")),
        ),
        (
            "a number that is a formula",
            path,
            json_type,
            but("member_number", json!("=1+1")),
        ),
        (
            "a kanji order number",
            path,
            json_type,
            but("order_number", json!("一三三五四〇")),
        ),
        (
            "an unknown channel",
            path,
            json_type,
            but("channel", json!("fax")),
        ),
        ("no JSON", path, json_type, b"{\"coop\": ".to_vec()),
        (
            "half a character",
            path,
            json_type,
            b"{\"coop\": \"\xE3\x81\"}".to_vec(),
        ),
        ("nothing", path, json_type, Vec::new()),
        ("a list", path, json_type, b"[]".to_vec()),
        ("two values", path, json_type, b"{} {}".to_vec()),
        (
            "a form",
            path,
            "application/x-www-form-urlencoded",
            b"coop=01".to_vec(),
        ),
        (
            "a file in place of JSON",
            path,
            "text/csv",
            GOOD.as_bytes().to_vec(),
        ),
        ("no type", path, "", but("units", json!(1))),
        (
            "13 months",
            "/api/v1/batches",
            json_type,
            b"{\"coop\":\"01\",\"month\":\"2025-13\"}".to_vec(),
        ),
        (
            "a later century",
            "/api/v1/batches",
            json_type,
            b"{\"coop\":\"01\",\"month\":\"9999-12\"}".to_vec(),
        ),
        (
            "an unknown field of a close",
            "/api/v1/batches",
            json_type,
            b"{\"coop\":\"01\",\"month\":\"2025-12\",\"force\":true}".to_vec(),
        ),
        (
            "a way there is not",
            "/api/v1/holds/1/resolve",
            json_type,
            b"{\"way\":\"forget\",\"reason\":\"x\"}".to_vec(),
        ),
        (
            "a hold there is not",
            "/api/v1/holds/1/resolve",
            json_type,
            b"{\"way\":\"mistake\",\"reason\":\"x\"}".to_vec(),
        ),
    ];
    let past_i64 = String::from_utf8(but("units", json!(1))).unwrap();
    let past_i64 = past_i64.replace("\"units\":1", "\"units\":9223372036854775808");
    requests.push(("units past i64", path, json_type, past_i64.into_bytes()));
    let mut doubled = String::from_utf8(but("units", json!(1))).unwrap();
    doubled.insert_str(1, "\"units\":2,");
    requests.push(("a field twice", path, json_type, doubled.into_bytes()));
    let large = but("note", json!("長".repeat(2_000_000)));
    requests.push(("a body over the limit", path, json_type, large));
    for (name, minus) in MINUSES {
        requests.push((
            name,
            path,
            json_type,
            but("member_number", json!(format!("{minus}1"))),
        ));
    }

    insta::assert_snapshot!("requests", answers(&office, &requests));

    let service = Service::start(&office);
    let no_key = [("Content-Type", json_type)];
    let body = but("units", json!(1));
    let answer = service.raw("office", "POST", path, &no_key, &body);
    answer.problem(400, "idempotency_key_missing");
    let mistake = json!({ "way": "mistake", "reason": "x" });
    let answer = service.post("/api/v1/holds/one/resolve", "no-number", &mistake);
    answer.problem(400, "path_unreadable");
    for list in ["holds", "applications", "charges", "batches", "funds"] {
        let answer = service.get(&format!("/api/v1/{list}?cursor=bWFkZSB1cA"));
        answer.problem(422, "cursor_unreadable");
    }
    assert_eq!(office.json(&["verify"])["ok"], true);
}

#[test]
fn a_character_that_cp932_lacks_is_named_before_anything_is_written() {
    let office = Office::from(TestDatabase::sqlite());
    let import = |table: &str, content: &str| {
        office.import(table, &office.file("表.csv", content), &[]);
    };
    import("cooperatives", "coop,name\n𠮷祥寺,見本の単協\n");
    import("funds", "fund,name\ninclufund,見本の基金\n");
    import("members", "coop,member_number\n𠮷祥寺,1\n𠮷祥寺,2\n");
    import(
        "pledges",
        "coop,member_number,fund,units,unit_price,from_month\n\
         𠮷祥寺,1,inclufund,1,300,2025-08\n𠮷祥寺,2,inclufund,2,300,2025-08\n",
    );
    let month = ["--coop", "𠮷祥寺", "--month", "2025-08"];
    let batch = |action: &str, more: &[&str]| {
        let mut arguments = vec!["batch", action];
        arguments.extend(month);
        arguments.extend(more);
        office.run(&arguments)
    };
    assert_eq!(batch("close", &[]).status, 0);

    let said = batch("export", &["--out", "請求.csv"]);

    let words = said.refused();
    for part in ["𠮷", "単協コード", "2行目", "standard-utf8"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(!office.folder.path().join("請求.csv").exists());
    let utf8 = batch(
        "export",
        &["--out", "請求.csv", "--profile", "standard-utf8"],
    );
    assert_eq!(utf8.status, 0, "{utf8:?}");
    let file = std::fs::read_to_string(office.folder.path().join("請求.csv")).unwrap();
    assert_eq!(file.matches("𠮷祥寺").count(), 2);
    assert_eq!(office.json(&["verify"])["ok"], true);
}
