//! The closed lists of the ledger: each with its word in files and its label on screens.

use std::fmt;
use std::str::FromStr;

use crate::text::{quoted, to_half_width};
use crate::wire::serde_as_text;

/// A word that is not in its list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}「{text}」は使えません。{allowed} のどれかを書いてください")]
pub struct UnknownWord {
    /// What the list is of.
    pub what: &'static str,
    /// What was written.
    pub text: String,
    /// The words there are.
    pub allowed: String,
}

macro_rules! words {
    (
        $(#[$doc:meta])* $type:ident, $what:literal:
        $($(#[$variant_doc:meta])* $variant:ident = $word:literal, $label:literal;)+
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $type {
            /// All there are, in their order.
            pub const ALL: &'static [$type] = &[$($type::$variant),+];

            /// The word in files, in JSON and in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($type::$variant => $word,)+
                }
            }

            /// The label on Japanese screens and in messages.
            pub const fn label_ja(self) -> &'static str {
                match self {
                    $($type::$variant => $label,)+
                }
            }

            /// Reads the word the database keeps.
            pub fn from_stored(word: &str) -> Result<Self, UnknownWord> {
                Self::find(word, Self::ALL)
            }

            fn find(text: &str, among: &[$type]) -> Result<Self, UnknownWord> {
                let word = to_half_width(text);
                let is_meant = |one: &$type| {
                    word.eq_ignore_ascii_case(one.as_str()) || word == one.label_ja()
                };
                among.iter().copied().find(is_meant).ok_or_else(|| UnknownWord {
                    what: $what,
                    text: quoted(&word),
                    allowed: among.iter().map(|one| one.as_str()).collect::<Vec<_>>().join("、"),
                })
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        serde_as_text!($type);
    };
}

macro_rules! words_from_text {
    ($($type:ident),+) => {
        $(
            /// The word of files, or the label of screens; case and width make no difference.
            impl FromStr for $type {
                type Err = UnknownWord;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    Self::find(text, Self::ALL)
                }
            }
        )+
    };
}

words! {
    /// What an offering asks for (種別). In this order rows stand in a collection file (§6).
    OfferingKind, "種別":
    /// A gift of every month: a pledge.
    Supporter = "supporter", "サポーター";
    /// A one-time gift to a fund.
    Spot = "spot", "スポット";
    /// A one-time gift to an organization's campaign.
    Campaign = "campaign", "団体寄付";
}

impl OfferingKind {
    /// Whether applying for it opens a pledge, charged every month.
    pub const fn is_monthly(self) -> bool {
        matches!(self, OfferingKind::Supporter)
    }
}

words! {
    /// The way an application came in (受付経路).
    Channel, "受付経路":
    /// The order sheet (班・個別配送).
    Paper = "paper", "注文用紙";
    /// The web order; it may run to a later day than paper (R1).
    Web = "web", "インターネット";
    /// The web form of a depot; it alone may come without an order number (R3).
    Depot = "depot", "デポー";
    /// The telephone.
    Phone = "phone", "電話";
    /// Not a way in, but where an application held because two open pledges met came from
    /// (R8). No file and no request may say it.
    MemberChange = "member_change", "組合員の異動";
}

impl Channel {
    /// The ways in that files and requests may name.
    pub const FROM_OUTSIDE: &'static [Channel] =
        &[Channel::Paper, Channel::Web, Channel::Depot, Channel::Phone];
}

/// The word of files, or the label of screens. Refuses `member_change`, which only the ledger
/// itself writes; [`Channel::from_stored`] reads that too.
impl FromStr for Channel {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Channel::find(text, Channel::FROM_OUTSIDE)
    }
}

words! {
    /// How a member gets the groceries (区分).
    Delivery, "配送区分":
    /// Delivered to a group of neighbours.
    Han = "han", "班";
    /// Delivered to the door.
    Individual = "individual", "個別";
    /// Fetched from a depot.
    Depot = "depot", "デポー";
}

words! {
    /// Whose money a campaign's gifts are (会計区分).
    Accounting, "会計区分":
    /// Held for the organization.
    Agency = "agency", "預り金";
    /// The fund's own restricted income.
    Principal = "principal", "指定寄付金";
}

words! {
    /// What has become of an application.
    ApplicationState, "申込の状態":
    /// Taken: it is in a pledge or a donation.
    Posted = "posted", "受付済";
    /// Parked until a person has decided (R3).
    Held = "held", "要確認";
    /// Decided to be a mistake: nothing came of it (R4, R5).
    Mistake = "mistake", "書き間違い";
    /// Taken back with a reason, before its month closed.
    Voided = "voided", "取消";
}

words! {
    /// A way to decide about a held application (R4, R5).
    Way, "決め方":
    /// Add the units to the open pledge.
    Add = "add", "口数を足す";
    /// Put these units in the place of those planned.
    Replace = "replace", "口数を置き換える";
    /// It was a mistake: nothing changes.
    Mistake = "mistake", "書き間違いとする";
    /// Make it a one-time gift of the same units and unit price.
    Spot = "spot", "今回限りの寄付にする";
    /// Take the line as it stands.
    Accept = "accept", "このまま受け付ける";
    /// Move it to the next month and look at it afresh.
    NextMonth = "next-month", "翌月に回す";
}

words_from_text!(OfferingKind, Delivery, Accounting, ApplicationState, Way);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_from_its_word_and_its_label() {
        for &kind in OfferingKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(kind.label_ja().parse(), Ok(kind));
        }
        for &way in Way::ALL {
            assert_eq!(way.as_str().parse(), Ok(way));
        }
        for &state in ApplicationState::ALL {
            assert_eq!(ApplicationState::from_stored(state.as_str()), Ok(state));
        }
        assert_eq!("ＷＥＢ".parse(), Ok(Channel::Web));
        assert_eq!("next-month".parse(), Ok(Way::NextMonth));
    }

    #[test]
    fn the_collection_file_calls_the_kinds_as_members_know_them() {
        let labels: Vec<_> = OfferingKind::ALL
            .iter()
            .map(|kind| kind.label_ja())
            .collect();
        assert_eq!(labels, ["サポーター", "スポット", "団体寄付"]);
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_known_ones() {
        let said = "fax".parse::<Channel>().unwrap_err().to_string();
        assert!(
            said.contains("fax") && said.contains("paper、web、depot、phone"),
            "{said}"
        );
        assert!(!said.contains("member_change"), "{said}");
    }

    #[test]
    fn no_file_may_say_that_a_line_came_from_a_member_change() {
        assert!("member_change".parse::<Channel>().is_err());
        assert_eq!(
            Channel::from_stored("member_change"),
            Ok(Channel::MemberChange)
        );
    }
}
