//! The settings: one line each. What is written here is all there is to adding one.

use std::net::SocketAddr;
use std::path::PathBuf;

use front::TrustedProxies;

use super::kinds::{DatabaseUrl, LogFilter, Value, Whole};
use super::sources::Gathered;
use super::url::PublicUrl;
use super::{InForce, Setting};

/// Makes of the list below `SETTINGS`, the struct `Config` and the reading of it.
///
/// A line is: what it sets (in Japanese), its name, its kind, its default as it would be written. The
/// kinds stand in `kinds.rs`; `Option<…>` may be empty, `Vec<…>` is a list.
macro_rules! settings {
    ($(#[doc = $words:literal] $name:ident: $kind:ty = $default:literal;)*) => {
        /// Every setting there is.
        pub static SETTINGS: &[Setting] = &[$(Setting {
            name: stringify!($name),
            words: $words,
            default: $default,
            look: |text| <$kind as Value>::read(text).map(|value| value.shown()),
        }),*];

        /// The settings in force.
        #[derive(Debug)]
        pub struct Config {
            $(#[doc = $words] pub $name: $kind,)*
            /// The same with where each came from, in the order of the table.
            pub in_force: Vec<InForce>,
            /// The file that was read.
            pub file: Option<PathBuf>,
        }

        impl Config {
            /// What the sources say, whose values have been looked at.
            pub(super) fn of(gathered: Gathered) -> Result<Self, String> {
                Ok(Self {
                    $($name: <$kind as Value>::read(gathered.text(stringify!($name), $default))?,)*
                    in_force: gathered.in_force()?,
                    file: gathered.file,
                })
            }
        }
    };
}

settings! {
    /// データベース（sqlite://パス または postgres://…）
    database_url: DatabaseUrl = "sqlite://data/hitokuchi.db";
    /// 待ち受ける場所
    listen: SocketAddr = "127.0.0.1:8080";
    /// 利用者から見た、このサービスの URL（招待のリンクに使う。なければ待ち受ける場所）
    public_url: Option<PublicUrl> = "";
    /// 要求を受けるスレッドの数（なければ CPU の数）
    workers: Option<Whole<1, 256>> = "";
    /// 送られたファイルを取り込むまで置くフォルダ（なければ一時フォルダ）
    upload_folder: Option<PathBuf> = "";
    /// 送られるファイルの大きさの上限（バイト）
    upload_bytes_max: Whole<1, 1_099_511_627_776> = "268435456";
    /// TLS の証明書のファイル（PEM。なければ TLS なし。書き換えると、つながったままの接続を切らずに新しいものに替わる）
    tls_certificate: Option<PathBuf> = "";
    /// その秘密鍵のファイル（PEM）
    tls_key: Option<PathBuf> = "";
    /// 前に立つ自分のプロキシのアドレス（10.0.0.0/8 のように、コンマで区切る。ここからの X-Forwarded-For と X-Forwarded-Proto だけを信じる）
    trusted_proxies: TrustedProxies = "";
    /// /metrics、/healthz、/readyz だけを見せる別の場所（なければ listen と同じ場所）
    metrics_listen: Option<SocketAddr> = "";
    /// 一つのアドレスから1分間に受ける要求の数の上限（0 は制限なし）
    requests_per_minute_max: Whole<0, 10_000_000> = "12000";
    /// 一つのセッションかトークンで1分間に受ける要求の数の上限（0 は制限なし）
    requests_per_minute_of_caller_max: Whole<0, 10_000_000> = "6000";
    /// 同時につながる接続の数の上限
    connections_max: Whole<1, 100_000> = "512";
    /// 一つのアドレスから同時につながる接続の数の上限
    connections_per_address_max: Whole<1, 100_000> = "128";
    /// 要求のヘッダー（と TLS の開始）が届くまでに待つ秒数の上限
    header_seconds_max: Whole<1, 600> = "10";
    /// 要求の本文が 1 秒に 4096 バイトより遅れてもよい秒数
    body_seconds_grace: Whole<1, 600> = "20";
    /// 次の要求を待って接続を開いておく秒数
    keep_alive_seconds: Whole<1, 600> = "15";
    /// 記録の細かさ（info、debug、api=debug,warn など。なければ、サービスは info、コマンドは出さない）
    log: Option<LogFilter> = "";
    /// これより多い口数を要確認にする
    implausible_units_over: Whole<0, 9_999> = "20";
    /// 出力からこの日数を過ぎても結果が来ない請求データを、遅れとして示す
    overdue_after_days: Whole<0, 36_500> = "45";
    /// 使われないまま、この分数が過ぎたサインインは終わる
    session_idle_minutes: Whole<1, 10_080> = "60";
    /// 使われていても、この時間が過ぎたサインインは終わる
    session_hours_max: Whole<1, 720> = "12";
    /// 経理と管理者に二段階認証を求める
    second_factor_required: bool = "true";
    /// 経理が一人だけの事務所で、自分が締めた請求データの出力や、自分が入力した記帳に、別の人の承認を求めない
    one_person_office: bool = "false";
    /// 脱退からこの月数を過ぎた組合員の氏名・備考を、保存期間の処理で消す（0 なら残す）
    retention_names_months: Whole<0, 1_200> = "24";
    /// 受付からこの月数を過ぎた申込の備考を、保存期間の処理で消す（0 なら残す）
    retention_notes_months: Whole<0, 1_200> = "24";
    /// 取り込みの経過を、終わってからこの日数のあと、保存期間の処理で消す（0 なら残す）
    retention_imports_days: Whole<0, 36_500> = "30";
    /// 終わったサインインなどの記録を、この日数のあと、保存期間の処理で消す（0 なら残す）
    retention_sign_in_days: Whole<0, 36_500> = "90";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{FILE_VARIABLE, sources};

    fn of_nothing() -> Config {
        sources::gather(None, Vec::new(), Vec::new()).unwrap()
    }

    #[test]
    fn the_defaults_are_those_of_the_crates_below() {
        let config = of_nothing();
        let ledger = ledger::Settings::default();
        let front = front::Settings::default();
        assert_eq!(
            config.implausible_units_over.get(),
            ledger.implausible_units_over
        );
        assert_eq!(config.overdue_after_days.get(), ledger.overdue_after_days);
        assert_eq!(config.one_person_office, ledger.one_person_office);
        let retention = ledger.retention;
        let default = [
            (&config.retention_names_months.get(), retention.names_months),
            (&config.retention_notes_months.get(), retention.notes_months),
            (&config.retention_imports_days.get(), retention.imports_days),
            (&config.retention_sign_in_days.get(), retention.sign_in_days),
        ];
        for (written, known) in default {
            assert_eq!(*written, i64::from(known));
        }
        assert_eq!(
            config.session_idle_minutes.get(),
            ledger.session_idle_minutes
        );
        assert_eq!(config.session_hours_max.get(), ledger.session_hours_max);
        assert_eq!(config.second_factor_required, ledger.second_factor_required);
        assert_eq!(
            crate::commands::serve::front_settings(&config).limits,
            front.limits
        );
    }

    #[test]
    fn every_setting_has_a_name_of_its_own_and_words_for_people() {
        for (at, setting) in SETTINGS.iter().enumerate() {
            assert!(!setting.words.is_ascii(), "{}", setting.name);
            assert_ne!(setting.variable(), FILE_VARIABLE);
            assert!(
                SETTINGS[..at].iter().all(|one| one.name != setting.name),
                "{}",
                setting.name
            );
        }
    }
}
