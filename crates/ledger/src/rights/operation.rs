//! What can be asked for, and the form of the table that says who may.

use std::fmt;

use domain::{Role, Roles};

/// A field of the office's work: what a token may be confined to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    /// Whether the service works, and what waits for whom.
    Service,
    /// One's own sign-in, sessions, password, tokens.
    Account,
    /// Co-ops, funds, organisations, campaigns, cycles, offerings.
    Reference,
    /// Members, and what is held about them.
    Members,
    /// Applications and sheets.
    Intake,
    /// What is held for a person to decide.
    Review,
    /// Supporters.
    Pledges,
    /// Months and batches.
    Billing,
    /// What became of the charges.
    Settlement,
    /// The journal, remittances, payouts, reports.
    Accounting,
    /// How far campaigns are.
    Campaigns,
    /// The audit log, verification, backup.
    Proof,
    /// People and their rights, settings.
    People,
}

impl Area {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Service,
        Self::Account,
        Self::Reference,
        Self::Members,
        Self::Intake,
        Self::Review,
        Self::Pledges,
        Self::Billing,
        Self::Settlement,
        Self::Accounting,
        Self::Campaigns,
        Self::Proof,
        Self::People,
    ];

    /// As scopes name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Account => "account",
            Self::Reference => "reference",
            Self::Members => "members",
            Self::Intake => "intake",
            Self::Review => "review",
            Self::Pledges => "pledges",
            Self::Billing => "billing",
            Self::Settlement => "settlement",
            Self::Accounting => "accounting",
            Self::Campaigns => "campaigns",
            Self::Proof => "proof",
            Self::People => "people",
        }
    }
}

/// Whether an operation changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It only looks; that it did may be in the audit log.
    Read,
    /// It changes something.
    Write,
}

/// Who may do an operation, besides the operator of the machine, who may do all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// Whoever reaches the service.
    Anybody,
    /// Whoever has signed in with a password, though perhaps not yet with the second factor.
    HalfSignedIn,
    /// Whoever has signed in, whatever their role.
    SignedIn,
    /// Who has one of the roles marked, in the order of [`Role::ALL`]. Nobody where none is.
    Roles([bool; 5]),
}

impl Allowed {
    /// Whether one of these roles is enough.
    pub fn to(self, roles: Roles) -> bool {
        match self {
            Self::Anybody | Self::HalfSignedIn | Self::SignedIn => true,
            Self::Roles(marks) => roles.each().any(|role| marks[role as usize]),
        }
    }

    /// The roles that may, where it is for roles to say.
    pub fn roles(self) -> Vec<Role> {
        match self {
            Self::Anybody | Self::HalfSignedIn | Self::SignedIn => Role::ALL.to_vec(),
            Self::Roles(marks) => Role::ALL
                .into_iter()
                .filter(|role| marks[*role as usize])
                .collect(),
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) operation: Operation,
    pub(super) name: &'static str,
    pub(super) area: Area,
    pub(super) reach: Reach,
    pub(super) allowed: Allowed,
}

/// Makes [`Operation`] and its table of one text: see `table.rs`.
macro_rules! operations {
    ($($area:ident { $($variant:ident $name:literal $reach:ident [$($mark:tt)+])+ })+) => {
        /// What can be asked for: an operation of the REST API, or a use case behind one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "its name is the use case's")]
        pub enum Operation {
            $($($variant,)+)+
        }

        pub(super) const TABLE: &[$crate::rights::operation::Row] = &[
            $($($crate::rights::operation::Row {
                operation: Operation::$variant,
                name: $name,
                area: $crate::rights::operation::Area::$area,
                reach: $crate::rights::operation::Reach::$reach,
                allowed: $crate::rights::operation::operations!(@allowed $($mark)+),
            },)+)+
        ];
    };
    (@allowed anybody) => { $crate::rights::operation::Allowed::Anybody };
    (@allowed half signed in) => { $crate::rights::operation::Allowed::HalfSignedIn };
    (@allowed signed in) => { $crate::rights::operation::Allowed::SignedIn };
    (@allowed $clerk:tt $finance:tt $organization:tt $auditor:tt $admin:tt) => {
        $crate::rights::operation::Allowed::Roles([
            $crate::rights::operation::operations!(@mark $clerk),
            $crate::rights::operation::operations!(@mark $finance),
            $crate::rights::operation::operations!(@mark $organization),
            $crate::rights::operation::operations!(@mark $auditor),
            $crate::rights::operation::operations!(@mark $admin),
        ])
    };
    (@mark x) => { true };
    (@mark -) => { false };
}

pub(super) use operations;

pub use super::table::Operation;
use super::table::TABLE;

impl Operation {
    /// All of them, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.operation)
    }

    /// The operation of a name, such as the `operationId` of the OpenAPI document.
    pub fn named(name: &str) -> Option<Self> {
        let row = TABLE.iter().find(|row| row.name == name);
        row.map(|row| row.operation)
    }

    /// Its name: the use case, as `verb_noun`.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The field of work that it belongs to.
    pub fn area(self) -> Area {
        self.row().area
    }

    /// Whether it changes anything.
    pub fn reach(self) -> Reach {
        self.row().reach
    }

    /// Who may do it.
    pub fn allowed(self) -> Allowed {
        self.row().allowed
    }

    /// Its row: the table is written in the order of the variants.
    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_operation_is_found_by_a_name_of_its_own() {
        let names: BTreeSet<&str> = Operation::all().map(Operation::as_str).collect();
        assert_eq!(names.len(), TABLE.len());
        for operation in Operation::all() {
            assert_eq!(Operation::named(operation.as_str()), Some(operation));
        }
        assert_eq!(Operation::named("rob_the_bank"), None);
    }

    #[test]
    fn an_auditor_changes_nothing_and_an_organisation_reaches_its_campaigns_only() {
        for operation in Operation::all() {
            let Allowed::Roles(_) = operation.allowed() else {
                continue;
            };
            let roles = operation.allowed().roles();
            if operation.reach() == Reach::Write {
                assert!(!roles.contains(&Role::Auditor), "{operation}");
            }
            if roles.contains(&Role::Organization) {
                assert_eq!(operation.area(), Area::Campaigns, "{operation}");
            }
        }
    }
}
