//! What a member pays in a month: charged already, and what its next close would charge.

use domain::CollectionMonth;
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::due::{self, DueMonth};
use store::tables::members::{self, Member, MemberInCoop};
use store::tables::{charges, donations, pledges};
use utoipa::ToSchema;

use crate::months::Months;
use crate::privacy::Person;
use crate::{LedgerError, Result};

/// What a member pays in a month, as it is and as it would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WeighedMonth {
    /// The month.
    #[schema(value_type = String, example = "2025-12")]
    pub month: CollectionMonth,
    /// Whether it is closed: then what is more is charged in a further batch of it.
    pub is_closed: bool,
    /// Yen as things stand, charged or to be charged.
    pub amount_now: i64,
    /// Yen after it.
    pub amount_then: i64,
}

/// Whose payments are looked at: a member, with every id that the person has had.
pub(crate) struct Payer {
    pub(crate) coop_id: i64,
    pub(crate) member_id: i64,
    rows: Vec<i64>,
}

impl Payer {
    /// The member as a payer.
    pub(crate) fn of(connection: &mut DbConnection, member: &Member) -> Result<Self> {
        let row = members::find_by_id(connection, member.id)?
            .ok_or_else(|| LedgerError::Corrupt(format!("member {} is gone", member.id)))?;
        Self::of_row(connection, row)
    }

    /// The same.
    pub(crate) fn of_row(connection: &mut DbConnection, row: MemberInCoop) -> Result<Self> {
        let (coop_id, member_id) = (row.member.coop_id, row.member.id);
        let rows = Person::around(connection, row)?.member_rows().ids;
        Ok(Self {
            coop_id,
            member_id,
            rows,
        })
    }

    /// Every gift, cancelled ones too, oldest first.
    pub(crate) fn gifts(&self, connection: &mut DbConnection) -> Result<Vec<donations::Donation>> {
        Ok(donations::of_member(
            connection,
            self.member_id,
            &self.rows,
        )?)
    }

    /// Yen charged in a month and yen that its next close would charge.
    pub(crate) fn pays(
        &self,
        connection: &mut DbConnection,
        month: CollectionMonth,
    ) -> Result<(i64, i64)> {
        let pledges: Vec<i64> = pledges::of_member(connection, self.member_id)?
            .iter()
            .map(|pledge| pledge.id)
            .collect();
        let gifts: Vec<i64> = self.gifts(connection)?.iter().map(|one| one.id).collect();
        let due_month = DueMonth {
            coop_id: self.coop_id,
            month: month.as_int(),
            first_day: month.first_day(),
        };
        let due = due::of_sources(connection, due_month, &pledges, &gifts)?;
        let charged = charges::of_sources(connection, month.as_int(), &pledges, &gifts)?;
        let counting = charged.iter().filter(|charge| charge.void_mark == 0);
        let charged = sum(counting.map(|charge| charge.amount))?;
        Ok((charged, sum(due.iter().map(|one| one.amount))?))
    }
}

/// What a payer pays in some months, before something is tried out.
pub(crate) struct Scale {
    payer: Payer,
    /// Month, whether it is closed, and yen now.
    months: Vec<(CollectionMonth, bool, i64)>,
}

impl Scale {
    /// Weighs the months as things stand.
    pub(crate) fn of(
        connection: &mut DbConnection,
        payer: Payer,
        months: &[CollectionMonth],
    ) -> Result<Self> {
        let known = Months::of_coop(connection, payer.coop_id)?;
        let months = months
            .iter()
            .map(|month| {
                let (charged, due) = payer.pays(connection, *month)?;
                Ok((*month, known.is_closed(*month), sum([charged, due])?))
            })
            .collect::<Result<_>>()?;
        Ok(Self { payer, months })
    }

    /// Weighs them again.
    pub(crate) fn again(&self, connection: &mut DbConnection) -> Result<Vec<WeighedMonth>> {
        self.months
            .iter()
            .map(|&(month, is_closed, amount_now)| {
                let (charged, due) = self.payer.pays(connection, month)?;
                Ok(WeighedMonth {
                    month,
                    is_closed,
                    amount_now,
                    amount_then: sum([charged, due])?,
                })
            })
            .collect()
    }

    /// The months as they are, nothing having been done.
    pub(crate) fn unchanged(&self) -> Vec<WeighedMonth> {
        self.months
            .iter()
            .map(|&(month, is_closed, amount_now)| WeighedMonth {
                month,
                is_closed,
                amount_now,
                amount_then: amount_now,
            })
            .collect()
    }
}

fn sum(amounts: impl IntoIterator<Item = i64>) -> Result<i64> {
    amounts
        .into_iter()
        .try_fold(0_i64, i64::checked_add)
        .ok_or_else(|| LedgerError::refused("amount_overflow", "金額が大きすぎます".to_owned()))
}
