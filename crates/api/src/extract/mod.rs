//! What a handler takes from a request, each refused as a problem when it cannot be read.

mod body;
mod caller;
mod json_words;
mod query;

pub use body::Body;
pub use caller::{Asked, AskedOnce, Caller};
pub use query::Parameters;
