//! The pledge people mean by co-op, member number and fund.

use domain::{Code, CollectionMonth, CoopCode, MemberNumber};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::cooperatives::Cooperative;
use store::tables::funds::Fund;
use store::tables::members::Member;
use store::tables::pledges::Pledge;
use store::tables::{members, pledges};
use utoipa::ToSchema;

use super::only_open::only_open;
use crate::error::stored;
use crate::reference::find_member::not_found;
use crate::reference::lists::{find_cooperative, find_fund};
use crate::{LedgerError, Result};

/// A pledge by the names people know it by. There is at most one open (R8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PledgeName {
    /// Code of the co-op.
    #[schema(example = "04")]
    pub coop: String,
    /// Number of the member there.
    #[schema(example = "0041016")]
    pub member_number: String,
    /// Code of the fund.
    #[schema(example = "inclufund")]
    pub fund: String,
}

/// The co-op, member and fund of a name.
pub(crate) struct Named {
    pub(crate) coop: Cooperative,
    pub(crate) member: Member,
    pub(crate) fund: Fund,
}

impl PledgeName {
    /// The pledge of these three, as people write them.
    pub fn new(coop: &str, member_number: &str, fund: &str) -> Self {
        Self {
            coop: coop.to_owned(),
            member_number: member_number.to_owned(),
            fund: fund.to_owned(),
        }
    }

    /// Finds who and what is meant; refuses what is not there, saying which of the three.
    pub(crate) fn find(&self, connection: &mut DbConnection) -> Result<Named> {
        let coop = find_coop(connection, &self.coop)?;
        let member = find_member(connection, &coop, &self.member_number)?;
        let code: Code = self.fund.parse().map_err(|e: domain::CodeError| {
            LedgerError::field("fund_unreadable", "fund", e.to_string())
        })?;
        let fund = find_fund(connection, &code)?;
        Ok(Named { coop, member, fund })
    }
}

/// The co-op of a code.
pub(crate) fn find_coop(connection: &mut DbConnection, code: &str) -> Result<Cooperative> {
    let code: CoopCode = code.parse().map_err(|e: domain::CodeError| {
        LedgerError::field("coop_unreadable", "coop", e.to_string())
    })?;
    find_cooperative(connection, &code)
}

/// The member of a number in a co-op.
pub(crate) fn find_member(
    connection: &mut DbConnection,
    coop: &Cooperative,
    number: &str,
) -> Result<Member> {
    let number: MemberNumber = number.parse().map_err(|e| {
        LedgerError::field("member_number_unreadable", "member_number", format!("{e}"))
    })?;
    let coop_code = stored("cooperatives.code", coop.code.parse())?;
    members::find(connection, coop.id, number.as_ref())?
        .ok_or_else(|| not_found(&coop_code, &number))
}

impl Named {
    /// The pledge that is open in a month or later; else says that there never was one, or since
    /// when it is over, or that there are two.
    pub(crate) fn open_pledge(
        &self,
        connection: &mut DbConnection,
        month: CollectionMonth,
    ) -> Result<Pledge> {
        let (member, fund) = (self.member.id, self.fund.id);
        if let Some(open) = only_open(connection, (member, fund), month)? {
            return Ok(open);
        }
        let newest = pledges::find_newest(connection, member, fund)?.ok_or_else(|| self.none())?;
        let ended = newest
            .ends_from
            .filter(|ended| *ended > newest.from_month)
            .and_then(|ended| CollectionMonth::from_int(ended).ok())
            .map_or_else(String::new, |ended| {
                format!("（{}から終了）", ended.label_ja())
            });
        Err(LedgerError::refused(
            "pledge_not_open",
            format!(
                "組合員 {} の {} へのサポーター登録は、{}以降は続いていません{ended}。月を確かめるか、新しく申し込んでもらってください",
                self.member.number,
                self.fund.name,
                month.label_ja()
            ),
        ))
    }

    /// The newest pledge, open or not.
    pub(crate) fn newest_pledge(&self, connection: &mut DbConnection) -> Result<Pledge> {
        pledges::find_newest(connection, self.member.id, self.fund.id)?.ok_or_else(|| self.none())
    }

    fn none(&self) -> LedgerError {
        LedgerError::not_found(
            "pledge_not_found",
            format!(
                "{}の組合員 {} に {} へのサポーター登録はありません。組合員番号と基金コードを確かめてください",
                self.coop.name, self.member.number, self.fund.name
            ),
        )
    }
}
