//! The heads of the chains: whoever has written them down can tell later that nothing was cut off.

use domain::chain::{Walk, to_hex};
use serde::{Deserialize, Serialize};

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
}
