//! `campaigns`: an organization's appeals (団体寄付の募集).

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::schema::{campaigns, donations, organizations};
use crate::{DbConnection, StoreError};

/// What a campaign says, without its id.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = campaigns)]
pub struct CampaignValues {
    /// Its code.
    pub code: String,
    /// Whose appeal it is.
    pub organization_id: i64,
    /// Its title.
    pub title: String,
    /// What is wanted, in yen.
    pub target: i64,
    /// The first day.
    pub opens_on: NaiveDate,
    /// The last day.
    pub closes_on: NaiveDate,
    /// `agency` or `principal`.
    pub accounting: String,
}

/// A campaign with its organization.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = campaigns)]
pub struct Campaign {
    /// Its id.
    pub id: i64,
    /// What it says.
    #[diesel(embed)]
    pub values: CampaignValues,
    /// 1 where everybody may see how far it is, else 0.
    pub is_public: i32,
    /// The organization's code.
    #[diesel(select_expression = organizations::code)]
    pub organization_code: String,
    /// The organization's name.
    #[diesel(select_expression = organizations::name)]
    pub organization_name: String,
}

/// All, by id.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Campaign>, StoreError> {
    page(connection, 0, i64::MAX)
}

/// At most `rows` of those after an id, by id.
pub fn page(
    connection: &mut DbConnection,
    after_id: i64,
    rows: i64,
) -> Result<Vec<Campaign>, StoreError> {
    Ok(campaigns::table
        .inner_join(organizations::table)
        .filter(campaigns::id.gt(after_id))
        .order(campaigns::id)
        .limit(rows)
        .select(Campaign::as_select())
        .load(connection)?)
}

/// Those of the campaigns given that gifts were ever made to.
pub fn with_donations(connection: &mut DbConnection, ids: &[i64]) -> Result<Vec<i64>, StoreError> {
    let given = donations::table.filter(donations::campaign_id.eq(campaigns::id.nullable()));
    Ok(campaigns::table
        .filter(campaigns::id.eq_any(ids))
        .filter(exists(given))
        .select(campaigns::id)
        .load(connection)?)
}

/// The one of a code.
pub fn find_by_code(
    connection: &mut DbConnection,
    code: &str,
) -> Result<Option<Campaign>, StoreError> {
    Ok(campaigns::table
        .filter(campaigns::code.eq(code))
        .inner_join(organizations::table)
        .select(Campaign::as_select())
        .get_result(connection)
        .optional()?)
}

/// Adds one. A second one of the same code violates its uniqueness.
pub fn insert(connection: &mut DbConnection, added: &CampaignValues) -> Result<(), StoreError> {
    diesel::insert_into(campaigns::table)
        .values(added)
        .execute(connection)?;
    Ok(())
}

/// Makes one say something else.
pub fn update(
    connection: &mut DbConnection,
    id: i64,
    values: &CampaignValues,
) -> Result<(), StoreError> {
    diesel::update(campaigns::table.find(id))
        .set(values)
        .execute(connection)?;
    Ok(())
}

/// Shows everybody how far one is, or nobody.
pub fn set_public(
    connection: &mut DbConnection,
    id: i64,
    is_public: bool,
) -> Result<(), StoreError> {
    diesel::update(campaigns::table.find(id))
        .set(campaigns::is_public.eq(i32::from(is_public)))
        .execute(connection)?;
    Ok(())
}

/// The one with this id.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Campaign>, StoreError> {
    Ok(campaigns::table
        .filter(campaigns::id.eq(id))
        .inner_join(organizations::table)
        .select(Campaign::as_select())
        .first(connection)
        .optional()?)
}
