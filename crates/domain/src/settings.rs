//! The defaults of what an office may set, and the bounds that are never exceeded.

/// An application of more units than this is held as `implausible_units` (R3), unless the office
/// has set another number. Units (口).
pub const IMPLAUSIBLE_UNITS_OVER_DEFAULT: i64 = 20;

/// The most units one application may have (R2). Units (口).
pub const UNITS_MAX: i64 = 99;

/// The most units a pledge may have in one month, reached by `add` (R4). Units (口).
pub const TERM_UNITS_MAX: i64 = 999;

/// The most characters of a member number (§6).
pub const MEMBER_NUMBER_CHARS_MAX: usize = 20;

/// The most characters of a code of a co-op, fund, organization or campaign.
pub const CODE_CHARS_MAX: usize = 40;

/// The most characters of somebody's input that a message repeats.
pub const QUOTED_CHARS_MAX: usize = 40;

/// What is outstanding of a batch so many days after it was handed over is overdue (R13).
pub const OVERDUE_AFTER_DAYS_DEFAULT: i64 = 45;

/// A session that is not used for so many minutes has ended (R17), where no setting says otherwise.
pub const SESSION_IDLE_MINUTES_DEFAULT: i64 = 60;

/// A session ends after so many hours, however it is used (R17), where no setting says otherwise.
pub const SESSION_HOURS_MAX_DEFAULT: i64 = 12;
