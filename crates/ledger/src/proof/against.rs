//! Heads that were written down earlier, against the chains of today.

use std::collections::HashMap;

use serde::Deserialize;
use store::DbConnection;
use store::tables::{audit_events, cooperatives, journal_entries};

use super::heads::{JOURNAL, chain_name};
use super::{ChainHead, Findings};
use crate::trace::Check;
use crate::{LedgerError, Result};

/// What of a control sheet, or of what `verify --json` gave, is compared.
#[derive(Debug, Deserialize)]
struct WrittenDown {
    heads: Vec<ChainHead>,
}

/// Reads the heads out of a control sheet, or out of what `verify --json` gave.
///
/// # Errors
/// Refuses text without heads.
pub fn read_heads(text: &str) -> Result<Vec<ChainHead>> {
    let written: WrittenDown = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| unreadable(&error.to_string()))?;
    require_some(&written.heads)?;
    Ok(written.heads)
}

pub(crate) fn require_some(heads: &[ChainHead]) -> Result<()> {
    if heads.is_empty() {
        return Err(unreadable("heads が空です"));
    }
    Ok(())
}

fn unreadable(why: &str) -> LedgerError {
    LedgerError::field(
        "heads_unreadable",
        "heads",
        format!(
            "控えを読めません（{why}）。請求データの控えか検証の結果として保存したままのファイルを指定してください"
        ),
    )
}

/// Whether today's chains go on from the heads written down.
pub(crate) fn check(connection: &mut DbConnection, written: &[ChainHead]) -> Result<Check> {
    let mut findings = Findings::default();
    let chains: HashMap<String, i64> = cooperatives::all(connection)?
        .into_iter()
        .map(|coop| (chain_name(coop.id, Some(&coop.code)), coop.id))
        .chain([(chain_name(audit_events::REST, None), audit_events::REST)])
        .collect();
    for head in written {
        let (name, length) = (&head.chain, head.length);
        let today = if name == JOURNAL {
            journal_entries::find(connection, length)?.map(|entry| entry.hash)
        } else if let Some(chain) = chains.get(name) {
            audit_events::link_at(connection, *chain, length)?
        } else {
            findings.add(|| format!("{name} という記録がない"));
            continue;
        };
        match today {
            None => findings.add(|| format!("{name} は {length} 番まであったのに、今はない")),
            Some(link) if link != head.sha256 => {
                findings.add(|| format!("{name} の {length} 番が控えと違う"));
            }
            Some(_) => {}
        }
    }
    Ok(findings.into_check(
        "chains_extend_the_heads",
        "監査記録と仕訳帳は、控えのところから続いている（切られても、書き直されてもいない）",
    ))
}
