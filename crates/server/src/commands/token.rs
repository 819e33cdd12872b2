//! `hitokuchi token`.

use chrono::{NaiveDate, TimeDelta};
use clap::{Args, Subcommand};
use ledger::people::{CreateToken, TokenView};
use ledger::rights::Scopes;
use ledger::{Cursor, PageRequest};
use serde_json::json;

use super::user::roles;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words;

/// Days that a token is good where no end is given.
const DAYS_DEFAULT: i64 = 90;

/// スクリプトのためのトークン: 作る、見る、取り消す
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi token add aoki nightly --role clerk --scope intake\n    curl -H 'Authorization: Bearer hkt_…' http://127.0.0.1:8080/api/v1/cooperatives"
)]
pub enum Token {
    Add(Add),
    List(List),
    Revoke(Revoke),
}

/// 利用者のトークンを作る（その人として働く。出るのは一度だけ）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi token add aoki nightly --role clerk --scope intake\n範囲: all、all:read、または reference、members、intake、review、pledges、billing、settlement、accounting、\n      campaigns、proof、people（見るだけなら billing:read のように）"
)]
pub struct Add {
    /// だれのトークンか（サインインに使う名前）
    #[arg(value_name = "PERSON")]
    person: String,
    /// トークンの名前（記録に出る。英小文字・数字と . _ - で40文字まで）
    #[arg(value_name = "NAME")]
    name: String,
    /// 役割（その人の役割の中から、いくつでも）
    #[arg(long, value_name = "ROLE", required = true)]
    role: Vec<String>,
    /// 範囲（いくつでも）
    #[arg(long, value_name = "SCOPE", required = true)]
    scope: Vec<String>,
    /// 期限（その日まで使える。なければ90日先、最大400日先）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    until: Option<NaiveDate>,
}

/// 利用者のトークンの一覧（新しい順）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi token list aoki")]
pub struct List {
    /// だれのトークンか
    #[arg(value_name = "PERSON")]
    person: String,
    /// 一度に出す件数（1〜500、なければ 100）
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// つづき: 前の結果の next_cursor
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

/// トークンを取り消す（すぐに使えなくなり、元には戻らない）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi token revoke aoki nightly")]
pub struct Revoke {
    /// だれのトークンか
    #[arg(value_name = "PERSON")]
    person: String,
    /// トークンの名前
    #[arg(value_name = "NAME")]
    name: String,
}

impl Token {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let call = desk.call();
        match self {
            Self::Add(add) => {
                let ledger = desk.open()?;
                let in_ninety_days = ledger.today() + TimeDelta::days(DAYS_DEFAULT);
                let request = CreateToken {
                    person: Some(add.person),
                    name: add.name,
                    roles: roles(&add.role)?,
                    scopes: add.scope.join(",").parse::<Scopes>()?,
                    expires_on: add.until.unwrap_or(in_ninety_days),
                };
                let created = ledger.create_token(&call, &request)?;
                let words = format!(
                    "トークンを作りました: {}{}\nここに出るのは今だけです。Authorization: Bearer のあとに書いて送ります",
                    token_words(&created.token),
                    created.secret.as_deref().unwrap_or_default()
                );
                Told::new(&created, words)
            }
            Self::List(list) => {
                let page = PageRequest {
                    cursor: list.cursor.map(Cursor::from),
                    limit: list.limit,
                };
                let ledger = desk.open()?;
                let found = ledger.list_tokens_of_person(&call, &list.person, &page)?;
                let words: String = found.items.iter().map(token_words).collect();
                let answer = json!({ "tokens": found.items, "next_cursor": found.next_cursor });
                Told::new(&answer, words)
            }
            Self::Revoke(revoke) => {
                let ledger = desk.open()?;
                let revoked = ledger.revoke_token_of_person(&call, &revoke.person, &revoke.name)?;
                Told::new(&revoked, token_words(&revoked))
            }
        }
    }
}

fn token_words(token: &TokenView) -> String {
    let roles: Vec<&str> = token.roles.each().map(domain::Role::words).collect();
    let mut words = format!(
        "{}/{}  {}  範囲 {}  期限 {}",
        token.person,
        token.name,
        roles.join("・"),
        token.scopes.join(","),
        words::moment(token.expires_at)
    );
    if let Some(at) = token.last_used_at {
        words.push_str(&format!("  最後に使用 {}", words::moment(at)));
    }
    if let Some(at) = token.revoked_at {
        words.push_str(&format!("  取り消し {}", words::moment(at)));
    }
    words.push('\n');
    words
}
