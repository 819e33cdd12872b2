//! The closed lists of the ledger: each with its word in files and its label on screens.

use std::str::FromStr;

use crate::words::{UnknownWord, words, words_from_text};

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
