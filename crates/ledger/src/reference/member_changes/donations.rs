//! Gifts not yet charged, which follow a member.

use std::collections::{BTreeMap, HashMap};

use domain::{CollectionMonth, Yen};
use store::tables::donations::{self, Donation};
use store::tables::month_closings;

use super::carry::{Carrier, Passage};
use crate::Result;
use crate::error::stored;
use crate::tx::Tx;

impl Carrier {
    /// Gifts to be collected from the first month on that the new number is charged follow, and
    /// those of months after the move that are closed there already: the next delta takes them.
    pub(super) fn carry_donations(
        &mut self,
        tx: &mut Tx<'_>,
        passages: &[Passage<'_>],
    ) -> Result<()> {
        let mut by_coop: BTreeMap<i64, Vec<&Passage<'_>>> = BTreeMap::new();
        for passage in passages {
            by_coop
                .entry(passage.change.old.coop_id)
                .or_default()
                .push(passage);
        }
        for (coop_id, passages) in by_coop {
            let by_old: HashMap<i64, &Passage<'_>> =
                passages.iter().map(|one| (one.old_id, *one)).collect();
            let old_ids: Vec<i64> = passages.iter().map(|one| one.old_id).collect();
            let Some(earliest) = passages.iter().map(|one| one.moved_in).min() else {
                continue;
            };
            let gifts = donations::uncharged_of_members(
                tx.connection,
                coop_id,
                &old_ids,
                earliest.as_int(),
            )?;
            for gift in gifts {
                if let Some(passage) = by_old.get(&gift.member_id) {
                    self.carry_donation(tx, &gift, passage)?;
                }
            }
        }
        Ok(())
    }

    fn carry_donation(
        &mut self,
        tx: &mut Tx<'_>,
        gift: &Donation,
        passage: &Passage<'_>,
    ) -> Result<()> {
        let month = stored(
            "donations.collection_month",
            CollectionMonth::from_int(gift.collection_month),
        )?;
        if month < passage.from && month <= passage.moved_in {
            return Ok(());
        }
        let new_coop = passage.change.new.coop_id;
        // What came before the first month that the co-op closed is never billed there.
        let first = month_closings::first_closed(tx.connection, new_coop)?;
        let month = first.map_or(gift.collection_month, |first| {
            first.max(gift.collection_month)
        });
        let to = (new_coop, passage.new_id);
        donations::transfer(tx.connection, gift.id, to, month)?;
        let month = stored(
            "donations.collection_month",
            CollectionMonth::from_int(month),
        )?;
        self.carried.donations.push(gift.id);
        let amount = Yen::new(gift.units.saturating_mul(gift.unit_price)).grouped();
        self.notes.push(format!(
            "{}行目: {}の寄付（注文番号 {}、{amount}円、集金月 {month}）は、{}として請求します",
            passage.change.line,
            passage.change.old.ja(),
            gift.order_number,
            passage.change.new.ja()
        ));
        Ok(())
    }
}
