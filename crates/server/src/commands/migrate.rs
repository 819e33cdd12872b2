//! `hitokuchi migrate`.

use serde_json::json;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;

/// Opening does it: makes the database where there is none and brings its schema up to date.
pub fn run(desk: &Desk) -> Result<Told, Failure> {
    let ledger = desk.open_or_make()?;
    let is_ready = ledger.is_ready()?;
    Told::new(
        &json!({ "ready": is_ready }),
        "データベースは使える状態です。つぎは hitokuchi import cooperatives FILE、または hitokuchi demo",
    )
}
