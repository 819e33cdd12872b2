//! The keys that are no letters, as [`Browser::press`](super::Browser::press) takes them.

/// Enter.
pub const ENTER: &str = "\u{E007}";
/// Tab.
pub const TAB: &str = "\u{E004}";
/// Escape.
pub const ESCAPE: &str = "\u{E00C}";
/// Backspace.
pub const BACKSPACE: &str = "\u{E003}";
/// Delete.
pub const DELETE: &str = "\u{E017}";
/// Space.
pub const SPACE: &str = " ";
/// Shift, held while a chord is pressed.
pub const SHIFT: &str = "\u{E008}";
/// Control, held while a chord is pressed.
pub const CONTROL: &str = "\u{E009}";
/// Alt, held while a chord is pressed.
pub const ALT: &str = "\u{E00A}";
/// Page up.
pub const PAGE_UP: &str = "\u{E00E}";
/// Page down.
pub const PAGE_DOWN: &str = "\u{E00F}";
/// End.
pub const END: &str = "\u{E010}";
/// Home.
pub const HOME: &str = "\u{E011}";
/// Arrow left.
pub const LEFT: &str = "\u{E012}";
/// Arrow up.
pub const UP: &str = "\u{E013}";
/// Arrow right.
pub const RIGHT: &str = "\u{E014}";
/// Arrow down.
pub const DOWN: &str = "\u{E015}";
