//! The files of `fixtures/`, in the binary.

use domain::Channel;
use ledger::{BytesSource, ReferenceTable};

/// A file and what it is.
type File = (&'static str, &'static [u8]);

macro_rules! file {
    ($path:literal) => {
        (
            $path,
            include_bytes!(concat!("../../../../fixtures/", $path)),
        )
    };
}

/// What the newsletters state, in the order in which one builds on the other, then the members and
/// supporters made up for the purpose.
pub const REFERENCE: [(ReferenceTable, File); 8] = [
    (
        ReferenceTable::Cooperatives,
        file!("newsletter/cooperatives.csv"),
    ),
    (ReferenceTable::Funds, file!("newsletter/funds.csv")),
    (
        ReferenceTable::Organizations,
        file!("newsletter/organizations.csv"),
    ),
    (ReferenceTable::Campaigns, file!("newsletter/campaigns.csv")),
    (ReferenceTable::Cycles, file!("newsletter/cycles.csv")),
    (ReferenceTable::Offerings, file!("newsletter/offerings.csv")),
    (ReferenceTable::Members, file!("sample/members.csv")),
    (ReferenceTable::Pledges, file!("sample/pledges.csv")),
];

/// The applications of the July cycle.
pub const JULY: [(Channel, File); 1] = [(Channel::Paper, file!("sample/applications-2025-07.csv"))];

/// The applications of the November cycle.
pub const NOVEMBER: [(Channel, File); 3] = [
    (Channel::Paper, file!("sample/applications-2025-11.csv")),
    (Channel::Web, file!("sample/applications-2025-11-web.csv")),
    (
        Channel::Depot,
        file!("sample/applications-2025-11-depot.csv"),
    ),
];

/// The file as an import takes it.
pub fn source(file: &File) -> BytesSource {
    BytesSource::new(file.0, file.1)
}
