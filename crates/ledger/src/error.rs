//! One error type, neutral to the transport: front doors turn it into an exit status or a
//! problem+json at the very last step.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::StoreError;

/// What the use cases give.
pub type Result<T, E = LedgerError> = std::result::Result<T, E>;

/// One bad place in what came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = LineProblem)]
pub struct Problem {
    /// Line of the file as an editor counts, where it is a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column heading or field name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What is wrong and what would be right, in Japanese.
    pub reason: String,
}

/// Why a use case did nothing. Every message is Japanese and names the way out.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The input cannot be read: says where, for every bad place.
    #[error("{message}")]
    Invalid {
        /// Stable word for programs.
        code: &'static str,
        /// What is wrong as a whole.
        message: String,
        /// Each bad place, at most as many as are worth listing.
        problems: Vec<Problem>,
    },
    /// What was named does not exist.
    #[error("{message}")]
    NotFound {
        /// Stable word for programs.
        code: &'static str,
        /// What was looked for.
        message: String,
    },
    /// A rule says no.
    #[error("{message}")]
    Refused {
        /// Stable word for programs.
        code: &'static str,
        /// The rule in plain words, and who or what may lift it.
        message: String,
        /// What a program needs to go on, such as the ids in the way.
        details: Option<Value>,
    },
    /// Nobody is signed in, or nobody any more (R17).
    #[error("{message}")]
    Unauthenticated {
        /// Stable word for programs.
        code: &'static str,
        /// What to do about it.
        message: String,
    },
    /// Whoever asks may not do that (R17).
    #[error("{message}")]
    Forbidden {
        /// Stable word for programs.
        code: &'static str,
        /// Who may, and how.
        message: String,
    },
    /// Too many wrong tries: the next one has to wait.
    #[error("続けて間違えたため、{seconds}秒ほど待ってからもう一度試してください")]
    SlowDown {
        /// How long, in seconds.
        seconds: u64,
    },
    /// A key came again with another request (R6).
    #[error(
        "この Idempotency-Key は、別の内容の依頼で使用済みです。新しいキーで送り直してください"
    )]
    KeyReused,
    /// The database failed. Nothing was changed, but for [`StoreError::Unsure`].
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Reading or writing a file failed. Nothing was changed.
    #[error(
        "{place} を読み書きできません（{}）。場所と権限、空き容量を確かめ、もう一度実行してください",
        in_words(error)
    )]
    File {
        /// Which file.
        place: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A value in the database that no rule allows.
    #[error("記録に矛盾があります（{0}）。hitokuchi verify を実行し、管理者に知らせてください")]
    Corrupt(String),
}

impl LedgerError {
    /// Bad input without a single place.
    pub fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid {
            code,
            message: message.into(),
            problems: Vec::new(),
        }
    }

    /// Bad input in one field.
    pub fn field(code: &'static str, column: &str, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self::Invalid {
            code,
            message: format!("{column}: {reason}"),
            problems: vec![Problem {
                line: None,
                column: Some(column.to_owned()),
                reason,
            }],
        }
    }

    /// A rule says no.
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::Refused {
            code,
            message: message.into(),
            details: None,
        }
    }

    /// What was named does not exist.
    pub fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::NotFound {
            code,
            message: message.into(),
        }
    }

    /// The stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { code, .. }
            | Self::NotFound { code, .. }
            | Self::Refused { code, .. }
            | Self::Unauthenticated { code, .. }
            | Self::Forbidden { code, .. } => code,
            Self::SlowDown { .. } => "slow_down",
            Self::KeyReused => "idempotency_key_reused",
            Self::Store(StoreError::Busy) => "busy",
            Self::Store(StoreError::Disk(_)) => "disk",
            Self::Store(StoreError::Unsure(_)) => "disk_unsure",
            Self::Store(StoreError::Connect(_)) => "database_unreachable",
            Self::Store(_) => "database",
            Self::File { .. } => "file",
            Self::Corrupt(_) => "corrupt",
        }
    }
}

/// What the system said, in Japanese where it is one of the usual things.
fn in_words(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    let words = match error.kind() {
        ErrorKind::NotFound => "その名前のファイルはありません",
        ErrorKind::PermissionDenied => "権限がありません",
        ErrorKind::IsADirectory => "ファイルではなくフォルダです",
        ErrorKind::NotADirectory => "途中の名前がフォルダではありません",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "空き容量がありません",
        ErrorKind::ReadOnlyFilesystem => "書き込めない場所です",
        _ => return error.to_string(),
    };
    words.to_owned()
}

/// Turns a value read from the database into a domain value; one that does not fit was not
/// written by this program.
pub(crate) fn stored<T, E: std::fmt::Display>(
    what: &str,
    value: std::result::Result<T, E>,
) -> Result<T> {
    value.map_err(|e| LedgerError::Corrupt(format!("{what}: {e}")))
}
