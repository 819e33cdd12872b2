//! `hitokuchi serve`.

use clap::Args;
use front::{Front, Limits};
use ledger::people::FirstAdmin;
use serde_json::json;

use crate::config::{Config, Given, as_setting};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::{self, Told};
use crate::serving::{self, CertificateFiles, Listening, Serving};
use crate::words;

/// REST のサービスを動かす。Ctrl-C か SIGTERM で、受け付けた分を終えてから止まる
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi serve --listen 127.0.0.1:9000\nほかの設定は hitokuchi config に出ます。記録は標準エラー出力に（HITOKUCHI_LOG=debug で詳しく）。\n外から届くところで待ち受けるときは、TLS（設定 tls_certificate と tls_key、または前に立つプロキシ）を使ってください。\nサインインできる管理者がまだいないときは、最初の管理者のためのリンクを出します。"
)]
pub struct Serve {
    /// 待ち受ける場所（なければ 127.0.0.1:8080）
    #[arg(long, value_parser = as_setting("listen"), value_name = "ADDRESS")]
    listen: Option<String>,
    /// 送られたファイルを取り込むまで置くフォルダ（なければ一時フォルダ）
    #[arg(long, value_parser = as_setting("upload_folder"), value_name = "FOLDER")]
    upload_folder: Option<String>,
    /// 送られるファイルの大きさの上限（バイト。なければ 268435456）
    #[arg(long, value_parser = as_setting("upload_bytes_max"), value_name = "BYTES")]
    upload_bytes_max: Option<String>,
    /// 要求を受けるスレッドの数（なければ CPU の数）
    #[arg(long, value_parser = as_setting("workers"), value_name = "N")]
    workers: Option<String>,
}

impl Serve {
    /// The settings that its options give.
    pub fn given(&self) -> Vec<Given> {
        let options = [
            ("listen", &self.listen),
            ("upload_folder", &self.upload_folder),
            ("upload_bytes_max", &self.upload_bytes_max),
            ("workers", &self.workers),
        ];
        let given = options.into_iter();
        given
            .filter_map(|(name, value)| Some((name, value.clone()?)))
            .collect()
    }

    /// Serves until a signal says stop; ends after what was taken in is done.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let config = &desk.config;
        let certificate = certificate_files(config)?;
        let ledger = desk.open_or_make()?;
        let first_admin = ledger.invite_first_admin(&desk.call())?;
        let front = Front::new(ledger, front_settings(config));
        let serving = Serving {
            listen: config.listen,
            watch: config.metrics_listen,
            certificate,
            workers: config.workers.map(|workers| count(workers.get())),
        };
        serving::serve(&front, &serving, |listening| {
            announce(listening, desk, first_admin.as_ref());
        })?;
        Told::new(&json!({ "stopped": true }), "終わりました")
            .map(|told| if desk.json { told.silent() } else { told })
    }
}

/// What the settings in force are for the front doors.
pub fn front_settings(config: &Config) -> front::Settings {
    let defaults = front::Settings::default();
    front::Settings {
        limits: Limits {
            upload_bytes_max: count(config.upload_bytes_max.get()),
            header_seconds_max: count(config.header_seconds_max.get()),
            body_seconds_grace: count(config.body_seconds_grace.get()),
            keep_alive_seconds: count(config.keep_alive_seconds.get()),
            connections_max: count(config.connections_max.get()),
            connections_per_address_max: count(config.connections_per_address_max.get()),
            requests_per_minute_max: count(config.requests_per_minute_max.get()),
            requests_per_minute_of_caller_max: count(
                config.requests_per_minute_of_caller_max.get(),
            ),
            ..defaults.limits
        },
        proxies: config.trusted_proxies.clone(),
        upload_folder: config
            .upload_folder
            .clone()
            .unwrap_or(defaults.upload_folder),
        is_watched_elsewhere: config.metrics_listen.is_some(),
        ..defaults
    }
}

/// A setting in the size of what it counts; its bounds in the table are such that it fits.
fn count<T: TryFrom<i64> + Default>(number: i64) -> T {
    T::try_from(number).unwrap_or_default()
}

/// Certificate and key, both or neither.
fn certificate_files(config: &Config) -> Result<Option<CertificateFiles>, Failure> {
    match (&config.tls_certificate, &config.tls_key) {
        (Some(certificate), Some(key)) => Ok(Some(CertificateFiles {
            certificate: certificate.clone(),
            key: key.clone(),
        })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Failure::of_usage(
            "tls_certificate に証明書がありますが、tls_key がありません。秘密鍵のファイルも指定してください",
        )),
        (None, Some(_)) => Err(Failure::of_usage(
            "tls_key に秘密鍵がありますが、tls_certificate がありません。証明書のファイルも指定してください",
        )),
    }
}

/// Says where to look and what to try.
fn announce(listening: Listening, desk: &Desk, first_admin: Option<&FirstAdmin>) {
    let Listening { address, watch, .. } = listening;
    if desk.json {
        let said = json!({
            "listening": address.to_string(),
            "metrics_listening": watch.map(|watch| watch.to_string()),
            "first_admin": first_admin,
        });
        output::print(&said.to_string());
        return;
    }
    let scheme = if listening.is_encrypted {
        "https"
    } else {
        "http"
    };
    let watched = watch.map_or_else(String::new, |watch| {
        format!("\n  見張る: http://{watch}/metrics（/healthz と /readyz も）")
    });
    let hitokuchi = desk.program();
    let admin = first_admin.map_or("admin", |admin| admin.name.as_str());
    let mut words = format!(
        "一口は {scheme}://{address} で動いています（止めるには Ctrl-C）。
  見る: {scheme}://{address}/sign-in（画面。サインインする）
        {scheme}://{address}/api/docs（API を試すページ）{watched}
別の端末で試す:
  {hitokuchi} review list
  {hitokuchi} batch preview --coop 01 --month 2025-12
API で試す（トークンを作り、出てきた hkt_… を書く）:
  {hitokuchi} token add {admin} trial --role admin --scope all:read
  curl -H 'Authorization: Bearer hkt_…' '{scheme}://{address}/api/v1/order-numbers/108413?on=2025-11-12'"
    );
    if let Some(admin) = first_admin {
        words.push('\n');
        words.push_str(&invitation(admin, &hitokuchi));
    }
    output::print(&words);
}

/// How the first admin gets in.
fn invitation(admin: &FirstAdmin, hitokuchi: &str) -> String {
    let name = &admin.name;
    let until = admin.link_expires_at.map(words::moment).unwrap_or_default();
    match &admin.link {
        Some(link) => format!(
            "サインインできる管理者がまだいません。{name} としてパスワードを決めるリンクです（一度だけ、{until} まで）:\n  {link}"
        ),
        None => format!(
            "サインインできる管理者がまだいません。{name} に出したリンクは {until} まで使えます。なくしたときは:\n  {hitokuchi} user reset {name}"
        ),
    }
}
