//! The tables that can be imported (§6), one file each: their columns and what a row is.
//!
//! A row's own contradictions are problems of its line. What needs other rows or the database —
//! whether a code is known, whether windows overlap — is not looked at here.

mod applications;
mod campaigns;
mod cooperatives;
mod cycles;
mod funds;
mod member_changes;
mod members;
mod offerings;
mod organizations;
mod pledges;
mod results;

use domain::{NumberError, Units, UnitsError, Yen, to_half_width};

use crate::table::plain_text;

pub use applications::{ApplicationDefaults, ApplicationLine, ApplicationReader};
pub use campaigns::CampaignRow;
pub use cooperatives::CooperativeRow;
pub use cycles::CycleRow;
pub use funds::FundRow;
pub use member_changes::MemberChangeRow;
pub use members::{Cell, MemberRow};
pub use offerings::OfferingRow;
pub use organizations::OrganizationRow;
pub use pledges::PledgeRow;
pub use results::ResultRow;

/// The most characters of a name, a title or a label in a file.
pub const NAME_CHARS_MAX: usize = 200;

/// The most characters of a note (備考) on an application.
pub const NOTE_CHARS_MAX: usize = 1_000;

/// A name or a title, as written.
fn name(text: &str) -> Result<String, String> {
    plain_text(text, NAME_CHARS_MAX).map(str::to_owned)
}

/// The label of a cycle, in its one spelling: full-width digits make no difference.
fn cycle_label(text: &str) -> Result<String, String> {
    plain_text(text, NAME_CHARS_MAX).map(|label| to_half_width(label).into_owned())
}

/// Units as written, 1 to 99 (R2); the error does not name the column again.
fn units(text: &str) -> Result<Units, UnitsFault> {
    text.parse().map_err(UnitsFault)
}

struct UnitsFault(UnitsError);

impl std::fmt::Display for UnitsFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            UnitsError::Number(error) => error.fmt(f),
            error => error.fmt(f),
        }
    }
}

/// An amount of 1 yen or more.
fn yen_above_zero(text: &str) -> Result<Yen, String> {
    let amount: Yen = text
        .parse()
        .map_err(|error: NumberError| error.to_string())?;
    if amount > Yen::ZERO {
        Ok(amount)
    } else {
        Err(format!(
            "「{text}」は使えません。1円以上の金額を書いてください"
        ))
    }
}
