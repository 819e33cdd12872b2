//! Who was let in.

use domain::{Role, Roles};

use crate::Actor;
use crate::rights::Scopes;

/// Who was let in to an operation, and what they stand for. Only the use cases make one.
#[derive(Debug, Clone)]
pub struct Access {
    pub(super) actor: Actor,
    pub(super) standing: Standing,
}

/// What somebody stands for.
#[derive(Debug, Clone)]
pub(super) enum Standing {
    /// The operator of the machine: exempt from roles and from the two-person rule (R17).
    Operator,
    /// A person, or a token that acts for one.
    Person(Person),
    /// Somebody who has not signed in.
    Nobody,
}

/// A person who has signed in, or for whom a token acts.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their number.
    pub user_id: i64,
    /// What they sign in with.
    pub name: String,
    /// Their roles, or those of them that the token has.
    pub roles: Roles,
    /// Number and code of the organisation that they are bound to.
    pub organization: Option<(i64, String)>,
    /// By which session.
    pub session_id: Option<i64>,
    /// What the token is confined to.
    pub scopes: Option<Scopes>,
}

impl Access {
    /// The operator of the machine.
    pub(crate) fn operator(user: &str) -> Self {
        Self {
            actor: Actor::command_line(user),
            standing: Standing::Operator,
        }
    }

    /// A person who has just shown who they are.
    pub(crate) fn of_person(person: Person) -> Self {
        Self {
            actor: Actor::user(&person.name),
            standing: Standing::Person(person),
        }
    }

    /// As the audit log names them.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whether it is the operator of the machine.
    pub fn is_operator(&self) -> bool {
        matches!(self.standing, Standing::Operator)
    }

    /// The person; none for the operator and for who has not signed in.
    pub fn person(&self) -> Option<&Person> {
        match &self.standing {
            Standing::Person(person) => Some(person),
            Standing::Operator | Standing::Nobody => None,
        }
    }

    /// Whether they may act in this role. The operator may act in any.
    pub fn has(&self, role: Role) -> bool {
        match &self.standing {
            Standing::Operator => true,
            Standing::Person(person) => person.roles.has(role),
            Standing::Nobody => false,
        }
    }

    /// Number and code of the organisation outside of which they see nothing; none for the staff.
    pub fn organization(&self) -> Option<(i64, &str)> {
        let (id, code) = self.person()?.organization.as_ref()?;
        Some((*id, code))
    }

    /// Whether what is recorded under `actor` was done by this same person, by whatever session or
    /// token of theirs.
    pub fn is_same_person_as(&self, actor: &str) -> bool {
        self.actor.person() == Actor::person_in(actor)
    }
}
