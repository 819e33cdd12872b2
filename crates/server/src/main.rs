//! The `hitokuchi` program.
fn main() {}
