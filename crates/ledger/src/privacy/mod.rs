//! What is held about a member: shown to the member who asks, erased, and kept no longer than the
//! office has set.

mod erase_member;
mod kept_answers;
mod person;
mod print_member_data;
mod retention;

pub use erase_member::{EraseMember, Erased, MemberErased};
pub(crate) use person::Person;
pub use print_member_data::{FileHandedOver, KeyedLineHeld, MemberData, NumberHeld};
pub use retention::{Kept, Retention, RetentionReport, RetentionRule};
