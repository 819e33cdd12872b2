//! Who may approve what somebody did (R17).

use crate::words::{words, words_from_text};

words! {
    /// Why somebody was enough to approve what was done.
    ApprovalGround, "承認の根拠":
    /// They are another person than who did it.
    SecondPerson = "second_person", "別の人の承認";
    /// The office has one person, by its settings.
    OnePersonOffice = "one_person_office", "一人事務所の設定";
    /// The operator of the machine, by command.
    Operator = "operator", "コマンドによる操作";
}

words! {
    /// What became of something that waits for a second person.
    PendingState, "承認の状態":
    /// It waits.
    Pending = "pending", "承認待ち";
    /// Another person approved it, and it was done.
    Approved = "approved", "承認済み";
    /// Another person said no.
    Rejected = "rejected", "却下";
    /// Who entered it took it back.
    Withdrawn = "withdrawn", "取り下げ";
}

words_from_text!(ApprovalGround, PendingState);

/// Who wants to approve something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approver {
    /// The operator of the machine, by command.
    pub is_operator: bool,
    /// The very person who did it.
    pub is_same_person: bool,
}

impl Approver {
    /// On what ground they may approve; none where it takes another person.
    pub fn ground(self, is_one_person_office: bool) -> Option<ApprovalGround> {
        if self.is_operator {
            Some(ApprovalGround::Operator)
        } else if !self.is_same_person {
            Some(ApprovalGround::SecondPerson)
        } else if is_one_person_office {
            Some(ApprovalGround::OnePersonOffice)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_two_unless_there_is_one() {
        let ground = |is_operator, is_same_person, alone| {
            Approver {
                is_operator,
                is_same_person,
            }
            .ground(alone)
        };

        for alone in [false, true] {
            let another = ground(false, false, alone);
            assert_eq!(another, Some(ApprovalGround::SecondPerson));
            for same in [false, true] {
                assert_eq!(ground(true, same, alone), Some(ApprovalGround::Operator));
            }
        }
        assert_eq!(ground(false, true, false), None);
        let alone = ground(false, true, true);
        assert_eq!(alone, Some(ApprovalGround::OnePersonOffice));
    }
}
