//! The heads of the chains: whoever has written them down can tell later that nothing was cut off.

use domain::chain::{Walk, to_hex};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::audit_events::{self, REST};
use store::tables::{cooperatives, journal_entries};

use crate::{Call, Ledger, Operation, Result};

/// The name of the journal's chain.
pub(crate) const JOURNAL: &str = "journal";

/// The last link of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainHead {
    /// Which chain: `audit` for what is no single co-op's, `audit/01` for a co-op's, `journal`.
    #[schema(example = "audit/01")]
    pub chain: String,
    /// How many links it has.
    #[schema(example = 42)]
    pub length: i64,
    /// Its last link: 64 hexadecimal digits.
    #[schema(example = "b7fabae55ad5872ffd2160b2cbd79f2d83cc363e6560332c680cd25892f04e2e")]
    pub sha256: String,
}

impl ChainHead {
    pub(crate) fn of(chain: String, walk: &Walk) -> Self {
        Self {
            chain,
            length: walk.seq(),
            sha256: to_hex(walk.head()),
        }
    }

    /// The heads on record, without walking the chains.
    pub(crate) fn all(connection: &mut DbConnection) -> Result<Vec<Self>> {
        let mut chains = vec![(REST, chain_name(REST, None))];
        for coop in cooperatives::all(connection)? {
            chains.push((coop.id, chain_name(coop.id, Some(&coop.code))));
        }
        let mut heads = Vec::new();
        for (id, chain) in chains {
            if let Some((length, sha256)) = audit_events::head(connection, id)? {
                heads.push(Self {
                    chain,
                    length,
                    sha256,
                });
            }
        }
        let journal = journal_entries::head(connection)?;
        heads.extend(journal.map(|(length, sha256)| Self {
            chain: JOURNAL.to_owned(),
            length,
            sha256,
        }));
        Ok(heads)
    }
}

impl Ledger {
    /// The last link of every chain as it is on record: `audit` and the co-ops' by number, `journal`
    /// last. The chains are not walked; `verify` does that.
    pub fn list_chain_heads(&self, call: &Call) -> Result<Vec<ChainHead>> {
        self.read(call, Operation::ListChainHeads, ChainHead::all)
    }
}

/// The name of a chain of the audit log.
pub(crate) fn chain_name(id: i64, coop: Option<&str>) -> String {
    match coop {
        Some(code) => format!("audit/{code}"),
        None if id == REST => "audit".to_owned(),
        None => format!("audit/#{id}"),
    }
}
