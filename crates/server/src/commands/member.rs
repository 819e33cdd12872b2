//! `hitokuchi member`.

use clap::{Args, Subcommand};
use domain::{CoopCode, MemberNumber};
use ledger::privacy::{EraseMember, MemberErased};

use super::member_data;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words;

/// 組合員について持っている情報: 見せる、消去する
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi member show-data --coop 01 --member 0010106 > 本人用.txt\n    hitokuchi member erase --coop 01 --member 0010106 --dry-run"
)]
pub enum Member {
    ShowData(ShowData),
    Erase(Erase),
}

/// Which member.
#[derive(Debug, Args)]
struct Named {
    /// 単協コード
    #[arg(long, value_name = "CODE", value_parser = words::coop)]
    coop: CoopCode,
    /// 組合員番号
    #[arg(long, value_name = "NUMBER", value_parser = words::member_number)]
    member: MemberNumber,
}

/// 本人に渡せるように、持っている情報をすべて出す（異動の前後の番号も）。出したことは監査記録に残る
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi member show-data --coop 01 --member 0010106 > 本人用.txt")]
pub struct ShowData {
    #[command(flatten)]
    named: Named,
}

/// 氏名・カナ・区分・備考・理由の文を消去する（元に戻せません）。番号・口数・金額・日付は残る
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi member erase --coop 01 --member 0010106 --dry-run\n    hitokuchi member erase --coop 01 --member 0010106 --reason 本人の申し出"
)]
pub struct Erase {
    #[command(flatten)]
    named: Named,
    /// 消去の理由（記録に残るので、氏名は書かないでください）
    #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
    reason: Option<String>,
    /// 何が消えて何が残るかを見るだけで、何も消さない
    #[arg(long)]
    dry_run: bool,
}

impl Member {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::ShowData(ShowData { named }) => {
                let ledger = desk.open()?;
                let data = ledger.print_member_data(&desk.call(), &named.coop, &named.member)?;
                Told::new(&data, member_data::in_words(&data))
            }
            Self::Erase(erase) => erase.run(desk),
        }
    }
}

impl Erase {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let (ledger, call) = (desk.open()?, desk.call());
        let Named { coop, member } = self.named;
        match self.reason {
            Some(reason) if !self.dry_run => {
                let request = EraseMember { reason };
                let erased = ledger.erase_member(&call, &coop, &member, &request)?;
                Told::new(&erased, erased_words(&erased, "消去しました"))
            }
            _ => {
                let weighed = ledger.weigh_erasure(&call, &coop, &member)?;
                let words = erased_words(&weighed, "消去するもの（まだ何も消していません）");
                Told::new(&weighed, words)
            }
        }
    }
}

fn erased_words(erased: &MemberErased, title: &str) -> String {
    let numbers: Vec<String> = erased
        .members
        .iter()
        .map(|one| format!("{}-{}", one.coop, one.member_number))
        .collect();
    let count = &erased.erased;
    let mut words = format!(
        "{}: {title}\n  氏名・カナ・区分 {}件\n  備考 {}件\n  理由の文 {}件\n  監査記録の写し {}件\n  再送のための回答の写し {}件",
        numbers.join("、"),
        count.names,
        count.notes,
        count.reasons,
        count.audit_copies,
        count.kept_answers
    );
    if erased.is_supporter {
        words.push_str("\nサポーター登録は続いています。請求は番号だけで続きます");
    }
    words.push_str("\n残るもの");
    for stays in &erased.stays {
        words.push_str(&format!("\n  {stays}"));
    }
    words
}
