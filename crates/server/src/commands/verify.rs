//! `hitokuchi verify`.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use ledger::LedgerError;
use ledger::proof::read_heads;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;

/// 記録に矛盾がないか、すべて確かめ、そのことを監査記録に残す（矛盾があれば終了コード 1）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi verify\n例: hitokuchi verify --against 控え.json\n矛盾があったときは、出力を添えて管理者に知らせてください。"
)]
pub struct Verify {
    /// 前に取った控え（batch export --control-sheet か verify --json の出力）から続いているかも確かめる
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
}

impl Verify {
    /// Checks everything that must always hold (§7). Ends with status 1 when something does not; the
    /// checks are told either way.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let heads = match &self.against {
            None => None,
            Some(path) => {
                let bytes = fs::read(path).map_err(|error| LedgerError::File {
                    place: path.display().to_string(),
                    error,
                })?;
                Some(read_heads(&String::from_utf8_lossy(&bytes))?)
            }
        };
        let ledger = desk.open()?;
        let verification = match heads {
            None => ledger.verify(&desk.call())?,
            Some(heads) => ledger.verify_against(&desk.call(), &heads)?,
        };
        let mut words = String::new();
        for check in &verification.checks {
            let mark = if check.ok { "○" } else { "×" };
            words.push_str(&format!("{mark} {}: {}\n", check.name, check.detail));
        }
        for head in &verification.heads {
            words.push_str(&format!(
                "  {} {}番 {}\n",
                head.chain, head.length, head.sha256
            ));
        }
        words.push_str(if verification.ok {
            "すべて正しい状態です"
        } else {
            "矛盾があります。この出力を添えて管理者に知らせてください"
        });
        if !verification.is_recorded {
            words.push_str("\nこの検証は監査記録に残せませんでした（ほかの書き込みが続いているか、ディスクに書けません）");
        }
        Ok(Told::new(&verification, words)?.ending_well(verification.ok))
    }
}
