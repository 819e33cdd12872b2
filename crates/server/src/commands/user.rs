//! `hitokuchi user`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use domain::Roles;
use ledger::people::{ChangeRoles, InvitePerson, LinkGiven, PeopleFilter, PersonView, ResetPerson};
use ledger::{Cursor, PageRequest};
use serde_json::json;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words;

/// 利用者: 招待する、見る、役割を変える、止める、やり直させる
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi user add aoki --role clerk\n    hitokuchi user add dantai --role organization --organization kosumosu\n    hitokuchi user list\n役割: clerk（事務局）、finance（経理）、organization（団体）、auditor（監事）、admin（管理者）"
)]
pub enum User {
    Add(Add),
    List(List),
    Roles(ChangeTheirRoles),
    /// 使えなくする（サインイン中でも切れ、トークンも使えなくなる）
    #[command(after_help = "例: hitokuchi user disable aoki")]
    Disable(Named),
    /// 止めた利用者を、もう一度使えるようにする
    #[command(after_help = "例: hitokuchi user enable aoki")]
    Enable(Named),
    Reset(Reset),
}

/// 招待する（一度だけ使えるリンクを出す。渡された人が、パスワードを決めて使い始める）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi user add aoki --role clerk --role finance --display-name 青木\n    hitokuchi user add dantai --role organization --organization kosumosu\nリンクは一度しか出ません。なくしたときは: hitokuchi user reset aoki"
)]
pub struct Add {
    /// サインインに使う名前（英小文字・数字と . _ - で40文字まで。あとから変えられない）
    #[arg(value_name = "NAME")]
    name: String,
    /// 役割（いくつでも。clerk、finance、organization、auditor、admin）
    #[arg(long, value_name = "ROLE", required = true)]
    role: Vec<String>,
    /// 団体コード（役割が organization のとき）
    #[arg(long, value_name = "CODE")]
    organization: Option<String>,
    /// 画面に出す名前
    #[arg(long, value_name = "NAME")]
    display_name: Option<String>,
    /// リンクの期限（その日まで使える。なければ7日先、最大30日先）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    until: Option<NaiveDate>,
}

/// 利用者の一覧（招待した順）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi user list")]
pub struct List {
    /// 一度に出す件数（1〜500、なければ 100）
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// つづき: 前の結果の next_cursor
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

/// 役割を変える（前の役割に置き換わる。サインイン中でも切れる）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi user roles aoki --role finance --role auditor")]
pub struct ChangeTheirRoles {
    /// サインインに使う名前
    #[arg(value_name = "NAME")]
    name: String,
    /// これからの役割すべて
    #[arg(long, value_name = "ROLE", required = true)]
    role: Vec<String>,
    /// 団体コード（役割が organization のとき）
    #[arg(long, value_name = "CODE")]
    organization: Option<String>,
}

/// だれか
#[derive(Debug, Args)]
pub struct Named {
    /// サインインに使う名前
    #[arg(value_name = "NAME")]
    name: String,
}

/// パスワードと2段階認証を取り消し、新しいリンクを出す（忘れた、電話をなくした、リンクをなくした）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi user reset aoki\n他人に知られたおそれがあるとき: hitokuchi user reset aoki --revoke-tokens"
)]
pub struct Reset {
    /// サインインに使う名前
    #[arg(value_name = "NAME")]
    name: String,
    /// リンクの期限（その日まで使える。なければ7日先、最大30日先）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    until: Option<NaiveDate>,
    /// その人のトークンもすべて取り消す
    #[arg(long)]
    revoke_tokens: bool,
}

impl User {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let ledger = desk.open()?;
        let call = desk.call();
        match self {
            Self::Add(add) => {
                let request = InvitePerson {
                    name: add.name,
                    display_name: add.display_name,
                    roles: roles(&add.role)?,
                    organization: add.organization,
                    expires_on: add.until,
                };
                let given = ledger.invite_person(&call, &request)?;
                Told::new(&given, link_words(desk, "招待しました", &given))
            }
            Self::List(list) => {
                let page = PageRequest {
                    cursor: list.cursor.map(Cursor::from),
                    limit: list.limit,
                };
                let found = ledger.list_people(&call, &PeopleFilter::default(), &page)?;
                let words: String = found.items.iter().map(person_words).collect();
                let answer = json!({ "people": found.items, "next_cursor": found.next_cursor });
                Told::new(&answer, words)
            }
            Self::Roles(change) => {
                let request = ChangeRoles {
                    roles: roles(&change.role)?,
                    organization: change.organization,
                };
                let person = ledger.change_roles(&call, &change.name, &request)?;
                Told::new(&person, person_words(&person))
            }
            Self::Disable(named) => {
                let person = ledger.disable_person(&call, &named.name)?;
                Told::new(&person, person_words(&person))
            }
            Self::Enable(named) => {
                let person = ledger.enable_person(&call, &named.name)?;
                let mut words = person_words(&person);
                if person.state == "invited" {
                    words.push_str(
                        "パスワードがまだないので、リンクを出してください: hitokuchi user reset ",
                    );
                    words.push_str(&person.name);
                }
                Told::new(&person, words)
            }
            Self::Reset(reset) => {
                let request = ResetPerson {
                    expires_on: reset.until,
                    revoke_tokens: reset.revoke_tokens,
                };
                let given = ledger.reset_person(&call, &reset.name, &request)?;
                Told::new(&given, link_words(desk, "やり直せるようにしました", &given))
            }
        }
    }
}

/// The roles of several options, each of which may name several with commas between them.
pub fn roles(given: &[String]) -> Result<Roles, Failure> {
    let roles = given.join(",").parse::<Roles>();
    roles.map_err(|error| Failure::of_usage(error.to_string()))
}

/// A link to hand over, and until when it is good.
fn link_words(desk: &Desk, done: &str, given: &LinkGiven) -> String {
    let person = &given.person;
    let mut words = format!("{} を{done}\n", person.name);
    if let Some(link) = &given.link {
        words.push_str(&format!("  {link}\n"));
        if desk.config.public_url.is_none() {
            words.push_str(
                "（public_url の設定がないので、リンクは listen の設定から作りました。サービスがほかの場所で動いているときは、# より前をその場所に直して渡してください）\n",
            );
        }
    }
    if let Some(until) = person.link_expires_at {
        words.push_str(&format!(
            "このリンクは一度だけ、{} まで使えます。ここに出るのは今だけなので、本人に確かな方法で渡してください",
            words::moment(until)
        ));
    }
    words
}

fn person_words(person: &PersonView) -> String {
    let roles: Vec<&str> = person.roles.each().map(domain::Role::words).collect();
    let state = match person.state.as_str() {
        "active" => "利用中",
        "disabled" => "停止",
        _ => "招待中",
    };
    let mut words = format!("{}  {}  {state}", person.name, roles.join("・"));
    if let Some(name) = &person.display_name {
        words.push_str(&format!("  {name}"));
    }
    if let Some(code) = &person.organization {
        words.push_str(&format!("  団体 {code}"));
    }
    if person.has_second_factor {
        words.push_str("  2段階認証あり");
    }
    if let Some(at) = person.signed_in_at {
        words.push_str(&format!("  最後のサインイン {}", words::moment(at)));
    }
    if let Some(until) = person.link_expires_at {
        words.push_str(&format!("  リンクの期限 {}", words::moment(until)));
    }
    words.push('\n');
    words
}
