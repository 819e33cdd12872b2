//! `hitokuchi verify`.

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;

/// Checks everything that must always hold (§7). Ends with status 1 when something does not; the
/// checks are told either way.
pub fn run(desk: &Desk) -> Result<Told, Failure> {
    let verification = desk.open()?.verify()?;
    let mut words = String::new();
    for check in &verification.checks {
        let mark = if check.ok { "○" } else { "×" };
        words.push_str(&format!("{mark} {}: {}\n", check.name, check.detail));
    }
    words.push_str(if verification.ok {
        "すべて正しい状態です"
    } else {
        "矛盾があります。この出力を添えて管理者に知らせてください"
    });
    Ok(Told::new(&verification, words)?.ending_well(verification.ok))
}
