//! Who may do what (R17): every use case names its [`Operation`], and whoever calls it is let in, or
//! not, in the use case's own transaction. So no front door can forget it, and what an admin takes
//! away is gone with the next request, in every process.

mod access;
mod admit;
mod operation;
mod scope;
mod table;

pub use access::{Access, Person};
pub use operation::{Allowed, Area, Operation, Reach};
pub use scope::{Scope, Scopes};

pub(crate) use admit::{Admission, admit, require};
