//! `hitokuchi account`.

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;

/// 勘定科目を見る
#[derive(Debug, Subcommand)]
#[command(after_help = "例: hitokuchi account list")]
pub enum Account {
    /// 勘定科目の一覧
    #[command(after_help = "例: hitokuchi account list")]
    List,
}

impl Account {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let Self::List = self;
        let accounts = desk.open()?.list_accounts()?;
        let mut words = String::new();
        for account in &accounts {
            let control = if account.is_control {
                "（記録からだけ動く）"
            } else {
                ""
            };
            words.push_str(&format!(
                "{} {} {}{control}\n",
                account.account,
                account.kind.label_ja(),
                account.name
            ));
        }
        Told::new(&serde_json::json!({ "accounts": accounts }), words)
    }
}
