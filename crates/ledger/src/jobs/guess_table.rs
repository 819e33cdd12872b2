//! Which table a file is for, by its headings.

use domain::Channel;
use formats::table::TableRow;
use formats::tables::{
    ApplicationDefaults, ApplicationReader, CampaignRow, CooperativeRow, CycleRow, FundRow,
    MemberChangeRow, MemberRow, OfferingRow, OrganizationRow, PledgeRow, ResultRow,
};

use crate::table_file::TableFile;
use crate::{Result, Source};

/// The tables whose headings a file has, by the names of [`StartImport`](super::StartImport): none
/// where it has others, several where they do not tell.
///
/// # Errors
/// Refuses what is not text in UTF-8 or CP932.
pub fn tables_that_fit(source: &dyn Source) -> Result<Vec<&'static str>> {
    let file = TableFile::inspect(source)?;
    let fits = [
        ("applications", is_of_applications(&file)?),
        ("results", has_headings_of::<ResultRow>(&file)),
        ("members", has_headings_of::<MemberRow>(&file)),
        ("member-changes", has_headings_of::<MemberChangeRow>(&file)),
        ("pledges", has_headings_of::<PledgeRow>(&file)),
        ("cooperatives", has_headings_of::<CooperativeRow>(&file)),
        ("funds", has_headings_of::<FundRow>(&file)),
        ("organizations", has_headings_of::<OrganizationRow>(&file)),
        ("campaigns", has_headings_of::<CampaignRow>(&file)),
        ("cycles", has_headings_of::<CycleRow>(&file)),
        ("offerings", has_headings_of::<OfferingRow>(&file)),
    ];
    let fitting = fits.into_iter().filter(|(_, fits)| *fits);
    Ok(fitting.map(|(table, _)| table).collect())
}

fn has_headings_of<T: TableRow>(file: &TableFile<'_>) -> bool {
    file.rows::<T>().is_ok()
}

fn is_of_applications(file: &TableFile<'_>) -> Result<bool> {
    let unread = ApplicationDefaults {
        received_on: chrono::NaiveDate::MIN,
        channel: Channel::Paper,
    };
    Ok(ApplicationReader::new(file.open()?, file.encoding, unread).is_ok())
}
