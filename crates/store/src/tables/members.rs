//! `members`: who gives, by co-op and number (組合員).

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::schema::{cooperatives, members};
use crate::{DbConnection, StoreError, on_backend};

/// Numbers asked for, or rows added, in a single statement.
const ROWS_MAX: usize = 1_000;

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = members)]
pub struct Member {
    /// The id.
    pub id: i64,
    /// The co-op.
    pub coop_id: i64,
    /// The number there.
    pub number: String,
    /// The name, where known.
    pub name: Option<String>,
    /// The name in kana, where known.
    pub kana: Option<String>,
    /// `han`, `individual` or `depot`, where known.
    pub delivery: Option<String>,
    /// The last day as a member, for one who left.
    pub left_on: Option<NaiveDate>,
    /// As whom the member goes on, after a move to another co-op or number.
    pub moved_to: Option<i64>,
    /// When the personal values were erased, UTC.
    pub erased_at: Option<NaiveDateTime>,
}

/// A member to add.
#[derive(Debug, Clone, Default, Insertable)]
#[diesel(table_name = members, treat_none_as_default_value = false)]
pub struct NewMember<'a> {
    /// The co-op.
    pub coop_id: i64,
    /// The number there.
    pub number: &'a str,
    /// The name.
    pub name: Option<&'a str>,
    /// The name in kana.
    pub kana: Option<&'a str>,
    /// `han`, `individual` or `depot`.
    pub delivery: Option<&'a str>,
}

/// A member with the co-op's code.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = members)]
pub struct MemberInCoop {
    /// The member.
    #[diesel(embed)]
    pub member: Member,
    /// The co-op's code.
    #[diesel(select_expression = cooperatives::code)]
    pub coop_code: String,
}

/// The member of a number in a co-op.
pub fn find(
    connection: &mut DbConnection,
    coop_id: i64,
    number: &str,
) -> Result<Option<Member>, StoreError> {
    Ok(members::table
        .filter(members::coop_id.eq(coop_id))
        .filter(members::number.eq(number))
        .select(Member::as_select())
        .first(connection)
        .optional()?)
}

/// Those of the numbers that are members of a co-op.
pub fn find_many(
    connection: &mut DbConnection,
    coop_id: i64,
    numbers: &[&str],
) -> Result<Vec<Member>, StoreError> {
    let mut found = Vec::with_capacity(numbers.len());
    for chunk in numbers.chunks(ROWS_MAX) {
        let some: Vec<Member> = members::table
            .filter(members::coop_id.eq(coop_id))
            .filter(members::number.eq_any(chunk))
            .select(Member::as_select())
            .load(connection)?;
        found.extend(some);
    }
    Ok(found)
}

/// The member of an id, with the co-op's code.
pub fn find_by_id(
    connection: &mut DbConnection,
    id: i64,
) -> Result<Option<MemberInCoop>, StoreError> {
    Ok(members::table
        .inner_join(cooperatives::table)
        .filter(members::id.eq(id))
        .select(MemberInCoop::as_select())
        .first(connection)
        .optional()?)
}

/// The members who moved to this one's number.
pub fn moved_into(connection: &mut DbConnection, id: i64) -> Result<Vec<MemberInCoop>, StoreError> {
    Ok(members::table
        .inner_join(cooperatives::table)
        .filter(members::moved_to.eq(id))
        .order(members::id)
        .select(MemberInCoop::as_select())
        .load(connection)?)
}

/// At most `rows` members after an id, by id; of one co-op where it is given.
pub fn page(
    connection: &mut DbConnection,
    coop_id: Option<i64>,
    after_id: i64,
    rows: i64,
) -> Result<Vec<MemberInCoop>, StoreError> {
    let mut query = members::table
        .inner_join(cooperatives::table)
        .filter(members::id.gt(after_id))
        .order(members::id)
        .limit(rows)
        .select(MemberInCoop::as_select())
        .into_boxed();
    if let Some(coop_id) = coop_id {
        query = query.filter(members::coop_id.eq(coop_id));
    }
    Ok(query.load(connection)?)
}

/// Adds members. A second one of the same number in a co-op violates their uniqueness.
pub fn insert_many(
    connection: &mut DbConnection,
    added: &[NewMember<'_>],
) -> Result<(), StoreError> {
    for chunk in added.chunks(ROWS_MAX) {
        on_backend!(connection, c => diesel::insert_into(members::table)
            .values(chunk)
            .execute(c))?;
    }
    Ok(())
}

/// Records that a member goes on as another: since `left_on`, unless the member left before.
pub fn mark_moved(
    connection: &mut DbConnection,
    id: i64,
    moved_to: i64,
    left_on: NaiveDate,
) -> Result<(), StoreError> {
    diesel::update(members::table.find(id))
        .set(members::moved_to.eq(moved_to))
        .execute(connection)?;
    diesel::update(members::table.find(id).filter(members::left_on.is_null()))
        .set(members::left_on.eq(left_on))
        .execute(connection)?;
    Ok(())
}

/// Records that a member who had moved away goes on as himself again.
pub fn clear_moved(connection: &mut DbConnection, id: i64) -> Result<(), StoreError> {
    diesel::update(members::table.find(id))
        .set(members::moved_to.eq(None::<i64>))
        .execute(connection)?;
    Ok(())
}

/// What a number, a name or the kana begin with.
#[derive(Debug, Clone, Copy)]
pub struct Beginning<'a> {
    /// The number.
    pub number: &'a str,
    /// The name.
    pub name: &'a str,
    /// The kana.
    pub kana: &'a str,
}

/// At most `rows` members whose number, name or kana begins so; of one co-op where it is given. Those
/// found by number come first, each in their order.
pub fn beginning_with(
    connection: &mut DbConnection,
    coop_id: Option<i64>,
    wanted: &Beginning<'_>,
    rows: i64,
) -> Result<Vec<MemberInCoop>, StoreError> {
    let coops: Vec<i64> = match coop_id {
        Some(coop_id) => vec![coop_id],
        None => cooperatives::table
            .select(cooperatives::id)
            .load(connection)?,
    };
    let of_coops = || {
        members::table
            .inner_join(cooperatives::table)
            .filter(members::coop_id.eq_any(&coops))
            .limit(rows)
            .select(MemberInCoop::as_select())
    };
    // Three questions, each with its index; a beginning is a range of the bytes' order.
    let mut found: Vec<MemberInCoop> = of_coops()
        .filter(members::number.between(wanted.number, after_all(wanted.number)))
        .order((members::number, members::coop_id))
        .load(connection)?;
    let by_kana: Vec<MemberInCoop> = of_coops()
        .filter(members::kana.between(wanted.kana, after_all(wanted.kana)))
        .order((members::kana, members::id))
        .load(connection)?;
    let by_name: Vec<MemberInCoop> = of_coops()
        .filter(members::name.between(wanted.name, after_all(wanted.name)))
        .order((members::name, members::id))
        .load(connection)?;
    for one in by_kana.into_iter().chain(by_name) {
        if !found.iter().any(|known| known.member.id == one.member.id) {
            found.push(one);
        }
    }
    found.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
    Ok(found)
}

/// What comes after everything that begins so.
fn after_all(beginning: &str) -> String {
    format!("{beginning}\u{10FFFF}")
}
