//! `search_members`: members by the beginning of their number, name or kana.

use domain::{CoopCode, to_half_width};
use store::tables::members;

use super::MemberView;
use super::find_member::view;
use super::lists::find_cooperative;
use crate::{Call, Ledger, Operation, Result};

/// Members found at most: who sees more looks on with more letters.
const FOUND_MAX: i64 = 50;
/// Hiragana and katakana are this far apart.
const KATAKANA_AFTER_HIRAGANA: u32 = 0x60;

impl Ledger {
    /// The members whose number, name or kana begins with these letters, of one co-op where its code is
    /// given: those found by number first, 50 at most. Hiragana finds katakana, and full-width digits
    /// half-width ones. No letters find nobody.
    ///
    /// Refuses a co-op that is not there.
    pub fn search_members(
        &self,
        call: &Call,
        coop: Option<&CoopCode>,
        letters: &str,
    ) -> Result<Vec<MemberView>> {
        self.read(call, Operation::SearchMembers, |connection| {
            let coop_id = match coop {
                Some(coop) => Some(find_cooperative(connection, coop)?.id),
                None => None,
            };
            let letters = letters.trim();
            if letters.is_empty() {
                return Ok(Vec::new());
            }
            let wanted = members::Beginning {
                number: &to_half_width(letters),
                name: letters,
                kana: &to_katakana(letters),
            };
            let found = members::beginning_with(connection, coop_id, &wanted, FOUND_MAX)?;
            let today = self.today();
            found
                .into_iter()
                .map(|one| view(connection, one, today))
                .collect()
        })
    }
}

fn to_katakana(letters: &str) -> String {
    letters
        .chars()
        .map(|letter| match letter {
            'ぁ'..='ゖ' => {
                char::from_u32(u32::from(letter) + KATAKANA_AFTER_HIRAGANA).unwrap_or(letter)
            }
            other => other,
        })
        .collect()
}
