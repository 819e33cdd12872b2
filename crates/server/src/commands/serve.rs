//! `hitokuchi serve`.

use std::net::SocketAddr;

use actix_web::HttpServer;
use api::Api;
use clap::Args;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::{Given, as_setting};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::{self, Told};

/// Seconds that requests under way are given to end after a signal to stop.
const SHUTDOWN_SECONDS_MAX: u64 = 120;

/// REST のサービスを動かす。Ctrl-C か SIGTERM で、受け付けた分を終えてから止まる
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi serve --listen 127.0.0.1:9000\nほかの設定は hitokuchi config に出ます。記録は標準エラー出力に（HITOKUCHI_LOG=debug で詳しく）。\nサインインはまだないので、信頼できるところだけから届く場所で待ち受けてください。"
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
        let ledger = desk.open_or_make()?;
        let defaults = api::Settings::default();
        let settings = api::Settings {
            limits: api::Limits {
                upload_bytes_max: u64::try_from(config.upload_bytes_max.get())
                    .unwrap_or(defaults.limits.upload_bytes_max),
                ..defaults.limits
            },
            upload_folder: config
                .upload_folder
                .clone()
                .unwrap_or(defaults.upload_folder),
            ..defaults
        };
        let api = Api::new(ledger, settings);
        actix_web::rt::System::new()
            .block_on(serve(api, desk))
            .map_err(|error| {
                Failure::new(format!("{} で待ち受けられません: {error}", config.listen))
            })?;
        Told::new(&json!({ "stopped": true }), "終わりました")
            .map(|told| if desk.json { told.silent() } else { told })
    }
}

async fn serve(api: Api, desk: &Desk) -> std::io::Result<()> {
    let mut stop = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let of_worker = api.clone();
    let mut server = HttpServer::new(move || api::app(of_worker.clone()))
        .disable_signals()
        .shutdown_timeout(SHUTDOWN_SECONDS_MAX);
    let workers = desk
        .config
        .workers
        .map(|workers| usize::try_from(workers.get()));
    if let Some(Ok(workers)) = workers {
        server = server.workers(workers);
    }
    let server = server.bind(desk.config.listen)?;
    if let Some(address) = server.addrs().first() {
        announce(*address, desk);
    }
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        tokio::select! {
            _ = stop.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: what was taken in is finished first");
        handle.stop(true).await;
    });
    server.await?;
    api.finish_jobs().await;
    Ok(())
}

/// Says where to look and what to try.
fn announce(address: SocketAddr, desk: &Desk) {
    if desk.json {
        output::print(&json!({ "listening": address.to_string() }).to_string());
        return;
    }
    let hitokuchi = desk.program();
    output::print(&format!(
        "一口は http://{address} で動いています（止めるには Ctrl-C）。
  見る: http://{address}/api/docs（API を試すページ）
別の端末で試す:
  {hitokuchi} review list
  {hitokuchi} batch preview --coop 01 --month 2025-12
  curl 'http://{address}/api/v1/order-numbers/108413?on=2025-11-12'"
    ));
}
