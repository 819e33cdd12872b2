//! `hitokuchi backup`.

use std::path::PathBuf;

use clap::Args;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words::grouped;

/// データベースをまるごと一つのファイルに写す（サービスは動かしたままでよい）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi backup 2025-12-01.db\n確かめる: cp 2025-12-01.db 確認用.db のあと hitokuchi verify --database-url sqlite://確認用.db（確かめたことが確認用.db に記録されます）\n戻すときは、サービスを止め、この写しを元のデータベースの場所に置きます（-wal と -shm のファイルは消します）。"
)]
pub struct Backup {
    /// 書き出すファイル（あるものには上書きしません）
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Backup {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let made = desk.open()?.backup(&desk.call(), &self.file)?;
        let bytes = i64::try_from(made.bytes).unwrap_or(i64::MAX);
        let words = format!(
            "{} に写しました: {} バイト\nSHA-256 {}",
            made.file,
            grouped(bytes),
            made.sha256
        );
        Told::new(&made, words)
    }
}
