//! `add_cooperative`, `correct_cooperative`, and the same for funds and organisations: what has a code and
//! a name. The code stays for ever, because files and records name it.

use std::marker::PhantomData;

use domain::{Code, CoopCode};
use formats::table::{Problems, TableRow};
use formats::tables::{CooperativeRow, FundRow, OrganizationRow};
use serde::{Deserialize, Serialize};
use store::DbConnection;

use super::super::lists::{
    CooperativeView, FundView, OrganizationView, find_cooperative, find_fund, find_organization,
};
use super::super::rows::{Check, there_already};
use super::super::{Outcome, cooperatives, funds, organizations};
use super::typed::{Typed, check, read_one};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// What has a code and a name, as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TypedName {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

impl Ledger {
    /// Adds a co-op, which gets a number of its own for the 請求キー.
    ///
    /// # Errors
    /// Refuses, by the names of the fields (`coop`, `name`), what a file would be refused for, and a code
    /// that there is already.
    pub fn add_cooperative(&self, call: &Call, request: &TypedName) -> Result<CooperativeView> {
        self.write(call, Operation::AddCooperative, request, |tx| {
            add::<Cooperatives>(tx, request, "add_cooperative")
        })
    }

    /// Gives a co-op another name.
    ///
    /// # Errors
    /// Refuses a code that there is not, and a name that a file would be refused for.
    pub fn correct_cooperative(
        &self,
        call: &Call,
        coop: &CoopCode,
        name: &str,
    ) -> Result<CooperativeView> {
        let operation = Operation::CorrectCooperative;
        self.write(call, operation, &(coop, name), |tx| {
            rename::<Cooperatives>(tx, coop, name, "correct_cooperative")
        })
    }

    /// Adds a fund.
    ///
    /// # Errors
    /// Refuses, by the names of the fields (`fund`, `name`), what a file would be refused for, and a code
    /// that there is already.
    pub fn add_fund(&self, call: &Call, request: &TypedName) -> Result<FundView> {
        self.write(call, Operation::AddFund, request, |tx| {
            add::<Funds>(tx, request, "add_fund")
        })
    }

    /// Gives a fund another name.
    ///
    /// # Errors
    /// Refuses a code that there is not, and a name that a file would be refused for.
    pub fn correct_fund(&self, call: &Call, fund: &Code, name: &str) -> Result<FundView> {
        self.write(call, Operation::CorrectFund, &(fund, name), |tx| {
            rename::<Funds>(tx, fund, name, "correct_fund")
        })
    }

    /// Adds an organisation.
    ///
    /// # Errors
    /// Refuses, by the names of the fields (`organization`, `name`), what a file would be refused for, and
    /// a code that there is already.
    pub fn add_organization(&self, call: &Call, request: &TypedName) -> Result<OrganizationView> {
        self.write(call, Operation::AddOrganization, request, |tx| {
            add::<Organizations>(tx, request, "add_organization")
        })
    }

    /// Gives an organisation another name.
    ///
    /// # Errors
    /// Refuses a code that there is not, and a name that a file would be refused for.
    pub fn correct_organization(
        &self,
        call: &Call,
        organization: &Code,
        name: &str,
    ) -> Result<OrganizationView> {
        let operation = Operation::CorrectOrganization;
        self.write(call, operation, &(organization, name), |tx| {
            rename::<Organizations>(tx, organization, name, "correct_organization")
        })
    }
}

/// A table whose records have a code and a name.
trait Named {
    /// The row of its file.
    type Row: TableRow;
    /// Its code.
    type Code: std::fmt::Display;
    /// A record as it is shown.
    type View: Serialize + PartialEq;
    /// English name of its code's column.
    const CODE: &'static str;
    /// Japanese name of its code's column.
    const CODE_JA: &'static str;
    /// What a record is called.
    const WHAT: &'static str;
    /// With what its subjects in the audit log begin.
    const SUBJECT: &'static str;

    fn code(row: &Self::Row) -> &Self::Code;
    fn find(connection: &mut DbConnection, code: &Self::Code) -> Result<Self::View>;
    fn take(tx: &mut Tx<'_>, rows: &[(u64, Self::Row)], check: Check<'_>) -> Result<Outcome>;
}

fn add<T: Named>(tx: &mut Tx<'_>, request: &TypedName, action: &str) -> Result<T::View> {
    store::lock::reference_exclusive(tx.connection)?;
    let row = read_one(&TypedRow::<T>::of(&request.code, &request.name))?;
    let code = T::code(&row.1);
    match T::find(tx.connection, code) {
        Err(LedgerError::NotFound { .. }) => {}
        Err(error) => return Err(error),
        Ok(_) => {
            let there = there_already(1, T::CODE_JA, &code.to_string(), T::WHAT);
            check::<T::Row>(None, &Problems::from(there))?;
        }
    }
    take::<T>(tx, &row)?;
    let added = T::find(tx.connection, code)?;
    tx.audit(&event::<T>(action, code), None::<&()>, Some(&added))?;
    Ok(added)
}

fn rename<T: Named>(tx: &mut Tx<'_>, code: &T::Code, name: &str, action: &str) -> Result<T::View> {
    store::lock::reference_exclusive(tx.connection)?;
    let before = T::find(tx.connection, code)?;
    let row = read_one(&TypedRow::<T>::of(&code.to_string(), name))?;
    take::<T>(tx, &row)?;
    let after = T::find(tx.connection, code)?;
    if after != before {
        tx.audit(&event::<T>(action, code), Some(&before), Some(&after))?;
    }
    Ok(after)
}

fn take<T: Named>(tx: &mut Tx<'_>, row: &(u64, T::Row)) -> Result<Outcome> {
    T::take(tx, std::slice::from_ref(row), &|problems| {
        check::<T::Row>(None, problems)
    })
}

fn event<'a, T: Named>(action: &'a str, code: &T::Code) -> Event<'a> {
    Event {
        action,
        coop_id: None,
        subject: format!("{}:{code}", T::SUBJECT),
        reason: None,
    }
}

/// A code and a name as a row of a table.
struct TypedRow<'a, T> {
    code: &'a str,
    name: &'a str,
    table: PhantomData<T>,
}

impl<'a, T> TypedRow<'a, T> {
    fn of(code: &'a str, name: &'a str) -> Self {
        Self {
            code,
            name,
            table: PhantomData,
        }
    }
}

impl<T: Named> Typed for TypedRow<'_, T> {
    type Row = T::Row;

    fn values(&self) -> Vec<(&'static str, &str)> {
        vec![(T::CODE, self.code), ("name", self.name)]
    }
}

struct Cooperatives;
struct Funds;
struct Organizations;

impl Named for Cooperatives {
    type Row = CooperativeRow;
    type Code = CoopCode;
    type View = CooperativeView;
    const CODE: &'static str = "coop";
    const CODE_JA: &'static str = cooperatives::COOP;
    const WHAT: &'static str = "単協";
    const SUBJECT: &'static str = "cooperative";

    fn code(row: &CooperativeRow) -> &CoopCode {
        &row.coop
    }

    fn find(connection: &mut DbConnection, code: &CoopCode) -> Result<CooperativeView> {
        find_cooperative(connection, code)?.try_into()
    }

    fn take(tx: &mut Tx<'_>, rows: &[(u64, CooperativeRow)], check: Check<'_>) -> Result<Outcome> {
        cooperatives::take(tx, rows, check)
    }
}

impl Named for Funds {
    type Row = FundRow;
    type Code = Code;
    type View = FundView;
    const CODE: &'static str = "fund";
    const CODE_JA: &'static str = funds::FUND;
    const WHAT: &'static str = "基金";
    const SUBJECT: &'static str = "fund";

    fn code(row: &FundRow) -> &Code {
        &row.fund
    }

    fn find(connection: &mut DbConnection, code: &Code) -> Result<FundView> {
        find_fund(connection, code)?.try_into()
    }

    fn take(tx: &mut Tx<'_>, rows: &[(u64, FundRow)], check: Check<'_>) -> Result<Outcome> {
        funds::take(tx, rows, check)
    }
}

impl Named for Organizations {
    type Row = OrganizationRow;
    type Code = Code;
    type View = OrganizationView;
    const CODE: &'static str = "organization";
    const CODE_JA: &'static str = organizations::ORGANIZATION;
    const WHAT: &'static str = "団体";
    const SUBJECT: &'static str = "organization";

    fn code(row: &OrganizationRow) -> &Code {
        &row.organization
    }

    fn find(connection: &mut DbConnection, code: &Code) -> Result<OrganizationView> {
        find_organization(connection, code)?.try_into()
    }

    fn take(tx: &mut Tx<'_>, rows: &[(u64, OrganizationRow)], check: Check<'_>) -> Result<Outcome> {
        organizations::take(tx, rows, check)
    }
}
