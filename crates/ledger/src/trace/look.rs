//! Which searches are looks at a member.

use domain::MemberNumber;
use store::DbConnection;
use store::tables::members;

use crate::Result;
use crate::ledger::Look;

/// The look that a search by member number is, for the audit log. What is no number names nobody.
pub(super) fn look_at_number(
    connection: &mut DbConnection,
    coop_id: Option<i64>,
    number: Option<&str>,
) -> Result<Option<Look>> {
    let Some(number) = number.and_then(|number| number.parse::<MemberNumber>().ok()) else {
        return Ok(None);
    };
    let member = match coop_id {
        Some(coop_id) => members::find(connection, coop_id, number.as_str())?,
        None => None,
    };
    Ok(Some(match member {
        Some(member) => Look::at_member(member.coop_id, member.id),
        None => Look::at_number(coop_id, number.as_str()),
    }))
}
