//! The steps of the bridge from last month's amount to this month's (R12).

use crate::words::{words, words_from_text};

words! {
    /// A step of the bridge, in the order screens show them. Amounts are signed: what lowers the
    /// month is negative.
    BridgeStep, "先月との差の段":
    /// A pledge charged for the first time.
    New = "new", "新規";
    /// A pledge of a larger amount than last month.
    Raised = "raised", "増額";
    /// A pledge of a smaller amount than last month.
    Lowered = "lowered", "減額";
    /// A pledge charged last month and now paused.
    Paused = "paused", "休止";
    /// A pledge charged last month and now ended.
    Ended = "ended", "終了";
    /// A pledge charged last month, whose member has left.
    Withdrawn = "withdrawn", "脱退";
    /// A pledge charged some earlier month, not last month, and now again.
    Resumed = "resumed", "再開";
    /// This month's one-time gifts.
    OneTime = "one_time", "今月の今回限りの寄付";
    /// Last month's one-time gifts, which do not come again.
    LastOneTime = "last_one_time", "先月の今回限りの寄付";
    /// Tries again of charges that could not be collected: this month's less last month's.
    Carried = "carried", "繰越";
    /// What an earlier batch of this month has billed already.
    AlreadyBilled = "already_billed", "今月請求済み";
}

words_from_text!(BridgeStep);
