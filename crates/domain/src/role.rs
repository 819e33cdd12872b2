//! Roles: what a person may do (R17).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a person is there for (R17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 事務局: keys and reviews.
    Clerk,
    /// 経理: closes, exports, settles, books.
    Finance,
    /// 団体: sees its own campaigns only.
    Organization,
    /// 監事: reads everything and changes nothing.
    Auditor,
    /// 管理者: people and settings, not money.
    Admin,
}

impl Role {
    /// All of them, in the order in which they are written.
    pub const ALL: [Self; 5] = [
        Self::Clerk,
        Self::Finance,
        Self::Organization,
        Self::Auditor,
        Self::Admin,
    ];

    /// As files, commands and the database name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Finance => "finance",
            Self::Organization => "organization",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// As people at the desk name it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Clerk => "事務局",
            Self::Finance => "経理",
            Self::Organization => "団体",
            Self::Auditor => "監事",
            Self::Admin => "管理者",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = RolesError;

    fn from_str(word: &str) -> Result<Self, RolesError> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == word)
            .ok_or_else(|| RolesError::Unknown(word.to_owned()))
    }
}

/// What is no set of roles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RolesError {
    /// A word that names no role.
    #[error(
        "役割「{0}」はありません。clerk（事務局）、finance（経理）、organization（団体）、auditor（監事）、admin（管理者）のどれかです"
    )]
    Unknown(String),
    /// No role at all.
    #[error("役割をひとつは選んでください")]
    None,
    /// An organisation's user is nothing besides.
    #[error("団体の利用者（organization）には、ほかの役割を付けられません")]
    OrganizationAndMore,
}

/// The roles of a person: at least one; `organization` stands alone (R17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Role>", into = "Vec<Role>")]
pub struct Roles(u8);

impl Roles {
    /// These roles; naming one twice is the same as once.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Result<Self, RolesError> {
        let bits = roles.into_iter().fold(0, |bits, role| bits | role.bit());
        match bits {
            0 => Err(RolesError::None),
            bits if bits & Role::Organization.bit() != 0 && bits != Role::Organization.bit() => {
                Err(RolesError::OrganizationAndMore)
            }
            bits => Ok(Self(bits)),
        }
    }

    /// Whether this role is among them.
    pub const fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// Whether all of the others are among them.
    pub const fn include(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Those that are in both; none where there are none.
    pub const fn shared_with(self, others: Self) -> Option<Self> {
        match self.0 & others.0 {
            0 => None,
            bits => Some(Self(bits)),
        }
    }

    /// Each of them, in the order of [`Role::ALL`].
    pub fn each(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

impl From<Roles> for Vec<Role> {
    fn from(roles: Roles) -> Self {
        roles.each().collect()
    }
}

impl TryFrom<Vec<Role>> for Roles {
    type Error = RolesError;

    fn try_from(roles: Vec<Role>) -> Result<Self, RolesError> {
        Self::new(roles)
    }
}

/// With commas, as the database keeps them: `clerk,finance`.
impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, role) in self.each().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            f.write_str(role.as_str())?;
        }
        Ok(())
    }
}

impl FromStr for Roles {
    type Err = RolesError;

    fn from_str(words: &str) -> Result<Self, RolesError> {
        let roles = words
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::parse)
            .collect::<Result<Vec<Role>, _>>()?;
        Self::new(roles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_kept_in_one_order_and_read_back() {
        let roles: Roles = "finance, clerk,clerk".parse().unwrap();
        assert_eq!(roles.to_string(), "clerk,finance");
        assert_eq!(roles.to_string().parse::<Roles>().unwrap(), roles);
        assert!(roles.has(Role::Clerk) && !roles.has(Role::Admin));
    }

    #[test]
    fn an_organisation_is_nothing_besides() {
        assert_eq!(
            "organization,clerk".parse::<Roles>(),
            Err(RolesError::OrganizationAndMore)
        );
        assert_eq!(" , ".parse::<Roles>(), Err(RolesError::None));
        assert_eq!(
            "boss".parse::<Roles>(),
            Err(RolesError::Unknown("boss".to_owned()))
        );
    }

    #[test]
    fn what_two_sets_share_is_what_is_in_both() {
        let both: Roles = "clerk,finance".parse().unwrap();
        let finance: Roles = "finance,auditor".parse().unwrap();
        assert_eq!(both.shared_with(finance).unwrap().to_string(), "finance");
        assert!(both.include("clerk".parse().unwrap()) && !both.include(finance));
        assert_eq!(both.shared_with("admin".parse().unwrap()), None);
    }
}
