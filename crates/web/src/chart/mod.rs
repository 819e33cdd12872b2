//! Charts: SVG made on the server, each with its figures beside it in a table.

pub mod daily;
pub mod stages;
pub mod timeline;
pub mod waterfall;
