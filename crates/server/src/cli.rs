//! The command line as a whole: its options, its commands, its guide.

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::{
    application, audit, backup, batch, campaign, config, import, journal, member, migrate,
    order_number, payout, pending, period, pledge, remittance, report, results, retention, review,
    search, serve, settlement, token, user, verify, why,
};
use crate::config::Given;
use crate::desk::{Desk, Options};
use crate::failure::Failure;
use crate::output::{self, Told};
use crate::usage;

const GUIDE: &str = "\
はじめに
  hitokuchi demo                         見本のデータで試す（空のデータベースに）
  hitokuchi serve                        サービスを動かす（http://127.0.0.1:8080）
  hitokuchi user add aoki --role clerk   利用者を招待する
毎月の仕事
  hitokuchi import applications 申込.csv  申込を取り込む
  hitokuchi review list                  要確認の申込を見る
  hitokuchi review resolve 12 --as accept --reason 電話で確認
  hitokuchi batch preview --coop 01 --month 2025-12
  hitokuchi batch close   --coop 01 --month 2025-12
  hitokuchi batch export  --coop 01 --month 2025-12 --out 請求.csv
  hitokuchi results import 結果.csv       単協からの集金結果を取り込む
  hitokuchi remittance record --coop 01 --amount 9670 --fee 330
  hitokuchi report trial-balance         試算表を見る
すべてのコマンドは hitokuchi --help、それぞれの使い方は hitokuchi review --help のように。
--json を付けると結果が JSON になります。
終了コード: 0 済んだ / 1 規則や入力の誤りで断った（何も変わっていない） / 2 使い方の誤り";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "hitokuchi",
    version,
    about = "一口（ひとくち）: 生協の助け合い基金の、寄付とサポーター登録の台帳",
    after_help = GUIDE,
    subcommand_required = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    /// データベースを作る、または新しい版に合わせる
    #[command(after_help = "つぎは: hitokuchi import cooperatives 単協.csv、または hitokuchi demo")]
    Migrate,
    /// 見本のデータ（会報の内容と、仮の組合員・申込）を空のデータベースに入れる
    #[command(
        after_help = "例: hitokuchi --database-url sqlite://data/demo.db demo\n途中で止まったときは、もう一度実行すれば続きから入ります。\nつぎは: hitokuchi review list、hitokuchi serve"
    )]
    Demo,
    Import(import::Import),
    #[command(subcommand)]
    Review(review::Review),
    #[command(subcommand)]
    Application(application::Application),
    #[command(subcommand)]
    Pledge(pledge::Pledge),
    #[command(subcommand)]
    Batch(batch::Batch),
    #[command(subcommand)]
    Results(results::Results),
    #[command(subcommand)]
    Settlement(settlement::Settlement),
    #[command(subcommand)]
    Remittance(remittance::Remittance),
    #[command(subcommand)]
    Payout(payout::Payout),
    #[command(subcommand)]
    Campaign(campaign::Campaign),
    #[command(subcommand)]
    Journal(journal::Journal),
    #[command(subcommand)]
    Pending(pending::Pending),
    #[command(subcommand)]
    Period(period::Period),
    #[command(subcommand)]
    Report(report::Report),
    OrderNumber(order_number::LookUp),
    Why(why::Why),
    #[command(subcommand)]
    Search(search::Search),
    #[command(subcommand)]
    Audit(audit::Audit),
    #[command(subcommand)]
    Member(member::Member),
    #[command(subcommand)]
    Retention(retention::Retention),
    Verify(verify::Verify),
    Backup(backup::Backup),
    Config(config::Show),
    #[command(subcommand)]
    User(user::User),
    #[command(subcommand)]
    Token(token::Token),
}

impl Command {
    /// The settings that the command's own options give.
    fn given(&self) -> Vec<Given> {
        match self {
            Self::Serve(serve) => serve.given(),
            _ => Vec::new(),
        }
    }
}

impl Cli {
    /// Carries the command out.
    pub fn run(self) -> Result<Told, Failure> {
        let desk = &Desk::of(self.options, self.command.given())?;
        let log = desk.config.log.as_ref();
        match self.command {
            Command::Serve(_) => crate::logging::start(log),
            _ => crate::logging::start_quietly(log),
        }
        match self.command {
            Command::Serve(serve) => serve.run(desk),
            Command::Migrate => migrate::run(desk),
            Command::Demo => crate::demo::run(desk),
            Command::Import(import) => import.run(desk),
            Command::Review(review) => review.run(desk),
            Command::Application(application) => application.run(desk),
            Command::Pledge(pledge) => pledge.run(desk),
            Command::Batch(batch) => batch.run(desk),
            Command::Results(results) => results.run(desk),
            Command::Settlement(settlement) => settlement.run(desk),
            Command::Remittance(remittance) => remittance.run(desk),
            Command::Payout(payout) => payout.run(desk),
            Command::Campaign(campaign) => campaign.run(desk),
            Command::Journal(journal) => journal.run(desk),
            Command::Pending(pending) => pending.run(desk),
            Command::Period(period) => period.run(desk),
            Command::Report(report) => report.run(desk),
            Command::Why(why) => why.run(desk),
            Command::Search(search) => search.run(desk),
            Command::Audit(audit) => audit.run(desk),
            Command::Member(member) => member.run(desk),
            Command::Retention(retention) => retention.run(desk),
            Command::Verify(verify) => verify.run(desk),
            Command::Backup(backup) => backup.run(desk),
            Command::Config(show) => show.run(desk),
            Command::User(user) => user.run(desk),
            Command::Token(token) => token.run(desk),
            Command::OrderNumber(look_up) => look_up.run(desk),
        }
    }
}

/// Without a command: what to do, in less than a screenful. `--help` lists every command.
const WITHOUT_A_COMMAND: &str = "{about}{after-help}";

/// Reads the command line. With none at all, shows the guide (status 0); one that cannot be read
/// is wrong usage (status 2).
pub fn parse() -> Result<Cli, ExitCode> {
    let command = Cli::command();
    if std::env::args_os().len() <= 1 {
        let mut command = command.help_template(WITHOUT_A_COMMAND);
        output::print(command.render_help().to_string().trim_end());
        return Err(ExitCode::SUCCESS);
    }
    let parsed = command
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.map_err(|error| {
        // Nobody is left to tell when not even this can be printed.
        let _ = match usage::in_words(&error) {
            Some(words) => writeln!(std::io::stderr(), "{words}"),
            None => error.print(),
        };
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}
