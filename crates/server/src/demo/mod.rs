//! `hitokuchi demo`: the newsletters' facts and a made-up office that has worked with them from July to
//! November 2025.
//!
//! It leaves something for everyone: August to November closed and exported, applications of the
//! November cycle held for several reasons, and a December to preview. The days are played on a
//! clock of its own. Every step goes under a key of its own, so that a demo that was cut off is
//! simply run again.

mod files;
mod play;

use std::sync::Arc;

use chrono::NaiveDate;
use domain::FixedClock;
use ledger::{
    Call, ImportOutcome, ImportState, Ledger, LedgerError, OpenMode, PageRequest, StartImport,
};
use serde::Serialize;
use serde_json::json;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;

/// Under this name the database keeps whether the demo was begun and ended.
const MARK: &str = "demo";

/// What the demo made.
#[derive(Debug, Serialize)]
struct DemoLoaded {
    /// Whether it was loaded now; otherwise it was there before.
    loaded: bool,
    /// Applications that are held.
    held: usize,
    /// The collection files written.
    files: Vec<String>,
}

/// Loads the demo into an empty database. Refuses one with anything else in it.
pub fn run(desk: &Desk) -> Result<Told, Failure> {
    let first_day = day(2025, 7, 10)?;
    let clock = Arc::new(FixedClock::on(first_day));
    let ledger = desk.open_by(OpenMode::Migrate, clock.clone())?;
    let call = Call::of_operator("demo");
    let hitokuchi = desk.program();
    if is_loaded(&ledger, &call)? {
        let held = play::count_holds(&ledger, &call)?;
        let there = DemoLoaded {
            loaded: false,
            held,
            files: Vec::new(),
        };
        return Told::new(
            &there,
            format!(
                "見本のデータはもう入っています。{}",
                next_steps(held, &hitokuchi)
            ),
        );
    }
    begin(&ledger, &call)?;
    let stage = play::Stage {
        ledger: &ledger,
        clock: &clock,
        call: &call,
        folder: desk.data_folder(),
    };
    std::fs::create_dir_all(&stage.folder).map_err(|error| {
        Failure::new(format!(
            "フォルダ {} を作れません: {error}",
            stage.folder.display()
        ))
    })?;
    let files = stage.play()?;
    ledger.end_import(MARK, &ImportOutcome::Done(json!({ "files": files })))?;
    let held = play::count_holds(&ledger, &call)?;
    let words = format!(
        "見本のデータを入れました。2025年8月から11月までは締めて、ファイルに出してあります:\n  {}\n{}",
        files.join("\n  "),
        next_steps(held, &hitokuchi)
    );
    Told::new(
        &DemoLoaded {
            loaded: true,
            held,
            files,
        },
        words,
    )
}

fn next_steps(held: usize, hitokuchi: &str) -> String {
    format!(
        "11月の企画回に要確認が {held}件あります。つぎは:
  {hitokuchi} review list
  {hitokuchi} batch preview --coop 01 --month 2025-12
  {hitokuchi} serve"
    )
}

/// Whether the demo is in the database from its beginning to its end.
fn is_loaded(ledger: &Ledger, call: &Call) -> Result<bool, Failure> {
    match ledger.get_import(call, MARK, MARK) {
        Ok(mark) => Ok(mark.state == ImportState::Done),
        Err(LedgerError::NotFound { .. }) => {
            let page = PageRequest {
                cursor: None,
                limit: Some(1),
            };
            if ledger.list_cooperatives(call, &page)?.items.is_empty() {
                Ok(false)
            } else {
                Err(Failure::new(
                    "データベースが空ではありません。見本は空のデータベースにだけ入れられます（例: hitokuchi --database-url sqlite://data/demo.db demo）",
                ))
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// Marks the database as the demo's before anything else is in it.
fn begin(ledger: &Ledger, call: &Call) -> Result<(), Failure> {
    let request = StartImport {
        table: MARK.to_owned(),
        file: MARK.to_owned(),
        sha256: String::new(),
        channel: None,
        received_on: None,
        coop: None,
    };
    let call = play::under(call, MARK)?;
    ledger.start_import(&call, &request, MARK, MARK)?;
    Ok(())
}

fn day(year: i32, month: u32, day: u32) -> Result<NaiveDate, Failure> {
    NaiveDate::from_ymd_opt(year, month, day)
        .ok_or_else(|| Failure::new(format!("{year}-{month}-{day} という日はありません")))
}
