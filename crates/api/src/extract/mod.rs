//! What a handler takes from a request, each refused as a problem when it cannot be read.

mod body;
mod caller;
pub mod day;
mod json_words;
mod paging;
mod query;

pub use body::Body;
pub use caller::{Asked, AskedOnce, Caller, OptionalKey, RequiredKey, Visitor};
pub use paging::PageParameters;
pub use query::{Paged, Parameters};
