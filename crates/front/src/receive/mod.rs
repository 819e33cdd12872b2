//! Bodies as they come in, at the pace and within the bounds of the limits.

mod body;
mod kept;
mod pace;
mod upload;

pub use body::{receive_body, too_large};
pub use kept::{keep, kept_path};
pub use pace::Pace;
pub use upload::{Upload, Uploading, receive_upload};
