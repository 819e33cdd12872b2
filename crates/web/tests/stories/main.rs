//! Stories of the pages, and what holds for all of them.

mod frame;
mod messages;
mod public;
