//! What can go wrong below the use cases.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// How to name the right database, and how to make one.
const WHERE_FROM: &str = "場所を確かめてください（--database-url か環境変数 HITOKUCHI_DATABASE_URL で指定します）。\
     新しく作るときは hitokuchi migrate、見本で試すときは hitokuchi demo を実行してください";

/// The windows of one order number would overlap (R1).
const WINDOWS_APART: &str = "windows_of_one_number_apart";

/// A failure of the database or of opening it. Its `Display` is Japanese and names the remedy
/// where there is one.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL names neither `sqlite://` nor `postgres://`.
    #[error(
        "データベースの指定「{0}」を読めません。sqlite://パス または postgres://… と指定してください"
    )]
    Url(String),
    /// A database that was here before is gone or empty: never silently replaced.
    #[error(
        "データベース {path} が{what}。以前はここにありました（印: {marker}）。バックアップから戻してください。本当に新しく始めるときだけ、印のファイルを消してから実行してください"
    )]
    Vanished {
        /// The database file.
        path: String,
        /// Missing or empty, in Japanese.
        what: &'static str,
        /// The marker file beside it.
        marker: String,
    },
    /// There is no database yet, and this call may not make one.
    #[error("データベース {0} がありません。{WHERE_FROM}")]
    Missing(String),
    /// There is a database or a file, but not one of this program's, and this call may not make one.
    #[error("{0} は一口（ひとくち）のデータベースではありません。{WHERE_FROM}")]
    NotOurs(String),
    /// A connection's settings do not keep what they acknowledge.
    #[error(
        "データベースの設定 {setting} が {found} です（{wanted} が必要）。書き込みの保証ができないため使いません"
    )]
    Unsafe {
        /// The pragma or parameter.
        setting: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// The database was migrated by a newer program.
    #[error(
        "データベースはこのプログラムより新しい版（{0}）です。新しい版の hitokuchi を使ってください"
    )]
    Newer(String),
    /// A migration failed; it was rolled back.
    #[error("データベースの更新に失敗しました: {0}")]
    Migration(String),
    /// Nobody could connect, or the pool was exhausted.
    #[error(
        "データベースに接続できません（{0}）。場所と権限、サーバーが動いているかを確かめてください"
    )]
    Connect(String),
    /// Another process holds the write lock for too long.
    #[error(
        "ほかの処理が書き込み中のため待ちきれませんでした。少し待ってからもう一度実行してください"
    )]
    Busy,
    /// The disk refused: full, read-only, or broken. Nothing was written.
    #[error(
        "ディスクに書き込めません（{0}）。何も書き込まれていません。空き容量と権限を確かめ、もう一度実行してください"
    )]
    Disk(String),
    /// The disk failed at the very end, and what was written may yet turn out to be there, whole.
    #[error(
        "ディスクの誤り（{0}）のため、済んだかどうか確かめられません。ディスクを確かめ、もう一度実行してください。済んでいたときも、二重にはなりません"
    )]
    Unsure(String),
    /// A constraint of the schema said no.
    #[error("データベースの制約 {name} に反します")]
    Constraint {
        /// What kind of constraint.
        kind: ConstraintKind,
        /// Its name, or the columns (SQLite).
        name: String,
    },
    /// A sum or product past 64 bits.
    #[error(
        "金額の合計が大きすぎて計算できません。けた違いに大きい単価や口数がないか確かめてください"
    )]
    Overflow,
    /// The row asked for does not exist.
    #[error("該当する記録がありません")]
    NotFound,
    /// Anything else.
    #[error("データベースの誤り: {0}")]
    Other(String),
}

/// The kind of a violated constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintKind {
    /// A second row where one may be.
    Unique,
    /// A reference to a row that is not there.
    ForeignKey,
    /// A `CHECK` or `NOT NULL`.
    Check,
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(kind, info) => {
                let message = info.message().to_owned();
                let name = info
                    .constraint_name()
                    .map_or_else(|| message.clone(), str::to_owned);
                let constraint = |kind| Self::Constraint {
                    kind,
                    name: name.clone(),
                };
                match kind {
                    DatabaseErrorKind::UniqueViolation => constraint(ConstraintKind::Unique),
                    DatabaseErrorKind::ForeignKeyViolation => {
                        constraint(ConstraintKind::ForeignKey)
                    }
                    DatabaseErrorKind::NotNullViolation | DatabaseErrorKind::CheckViolation => {
                        constraint(ConstraintKind::Check)
                    }
                    // SQLite knows no name but the words of the trigger.
                    _ if message == WINDOWS_APART => constraint(ConstraintKind::Check),
                    _ => from_message(message),
                }
            }
            DieselError::BrokenTransactionManager => {
                Self::Disk("トランザクションを続けられません".to_owned())
            }
            other => from_message(other.to_string()),
        }
    }
}

/// SQLite and PostgreSQL tell their disk troubles only in words.
fn from_message(message: String) -> StoreError {
    const BUSY: [&str; 5] = [
        "database is locked",
        "database table is locked",
        "lock timeout",
        "deadlock detected",
        "could not serialize access",
    ];
    const OVERFLOW: [&str; 3] = [
        "integer overflow",
        "bigint out of range",
        "cannot store REAL value in INTEGER column",
    ];
    const DISK: [&str; 8] = [
        "disk I/O error",
        "database or disk is full",
        "readonly database",
        "unable to open database file",
        "No space left on device",
        "could not extend file",
        "could not write",
        "read-only transaction",
    ];
    if BUSY.iter().any(|words| message.contains(words)) {
        StoreError::Busy
    } else if OVERFLOW.iter().any(|words| message.contains(words)) {
        StoreError::Overflow
    } else if DISK.iter().any(|words| message.contains(words)) {
        StoreError::Disk(message)
    } else {
        StoreError::Other(message)
    }
}

impl From<diesel::ConnectionError> for StoreError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Connect(error.to_string())
    }
}

impl From<diesel::r2d2::PoolError> for StoreError {
    fn from(error: diesel::r2d2::PoolError) -> Self {
        Self::Connect(error.to_string())
    }
}
