//! Charges: each against what it was made from and in its place in the file, all of a batch
//! together against the digest taken at its close.

use std::collections::BTreeMap;

use domain::OfferingKind;
use store::DbConnection;
use store::proof::batches;
use store::proof::charge_sources::{self, Strays};
use store::proof::charges::{self, ChargesDigest, Kept, SealedCharge};
use store::tables::batch_totals::{self, BatchTotal};

use super::Findings;
use crate::Result;
use crate::trace::Check;

/// Every charge is what it was made from says (R9).
pub(crate) fn check_sources(connection: &mut DbConnection) -> Result<Check> {
    let mut findings = Findings::default();
    name(
        &mut findings,
        &charge_sources::strays(connection)?,
        "もとと違う",
    );
    Ok(findings.into_check(
        "charges_have_a_source",
        "請求明細は、どの欄も、もとになる登録か寄付と組合員と請求データのとおりになっている",
    ))
}

/// The charges of every batch are those of its close: none more, none fewer, in the order of the
/// file (R10).
pub(crate) fn check_batches(connection: &mut DbConnection) -> Result<Check> {
    let mut findings = Findings::default();
    for (id, batch) in batches::all(connection)? {
        let mut file = File::of(id);
        charges::each(connection, id, |kept| file.take(&kept, &mut findings))?;
        let sealed = batch.map(|batch| batch.charges_sha256);
        if sealed.is_some_and(|sealed| sealed != file.digest.to_hex()) {
            findings.add(|| format!("請求データ {id} の明細の要約値が締めたときと違う"));
        }
        file.compare_totals(&batch_totals::of_batch(connection, id)?, &mut findings);
    }
    name(
        &mut findings,
        &charge_sources::out_of_order(connection)?,
        "順が違う",
    );
    Ok(findings.into_check(
        "charges_are_as_sealed",
        "請求明細は、締めたときのまま、ファイルの順に欠けずに並んでいる",
    ))
}

fn name(findings: &mut Findings, strays: &Strays, what: &str) {
    for (batch, rank) in &strays.named {
        findings.add(|| charge(*batch, *rank, what));
    }
    let named = strays.named.len() as u64;
    findings.add_unnamed(
        u64::try_from(strays.count)
            .unwrap_or(0)
            .saturating_sub(named),
    );
}

fn charge(batch: i64, rank: i64, what: &str) -> String {
    format!("請求データ {batch} の明細 {rank} 番: {what}")
}

/// Count, units and yen.
type Sums = (i64, i64, i64);

/// The charges of a batch, gone through in the order of its file.
struct File {
    batch_id: i64,
    digest: ChargesDigest,
    /// The charge before.
    last: SealedCharge,
    /// Per kind and order number.
    sums: BTreeMap<OfferingKind, BTreeMap<String, Sums>>,
}

impl File {
    fn of(batch_id: i64) -> Self {
        Self {
            batch_id,
            digest: ChargesDigest::default(),
            last: SealedCharge::default(),
            sums: BTreeMap::new(),
        }
    }

    fn take(&mut self, kept: &Kept<'_>, findings: &mut Findings) {
        let rank = match kept {
            Kept::Charge(charge) => charge.rank,
            Kept::Unreadable(rank) => *rank,
        };
        let first_missing = self.last.rank.saturating_add(1);
        if rank > first_missing {
            findings.add(|| charge(self.batch_id, first_missing, "ない"));
            let more = rank.saturating_sub(first_missing).saturating_sub(1);
            findings.add_unnamed(more.unsigned_abs());
        }
        self.last.rank = rank;
        match kept {
            Kept::Unreadable(_) => findings.add(|| charge(self.batch_id, rank, "読めない")),
            Kept::Charge(charge) => self.take_charge(charge, findings),
        }
    }

    fn take_charge(&mut self, taken: &SealedCharge, findings: &mut Findings) {
        self.digest.add(taken);
        let Ok(kind) = OfferingKind::from_stored(&taken.kind) else {
            findings.add(|| charge(self.batch_id, taken.rank, "区分が違う"));
            return;
        };
        let last_kind = OfferingKind::from_stored(&self.last.kind).ok();
        let last = (&self.last.member_number, last_kind, &self.last.order_number);
        if last > (&taken.member_number, Some(kind), &taken.order_number) {
            findings.add(|| charge(self.batch_id, taken.rank, "順が違う"));
        }
        self.last.member_number.clone_from(&taken.member_number);
        self.last.kind.clone_from(&taken.kind);
        self.last.order_number.clone_from(&taken.order_number);
        let of_kind = self.sums.entry(kind).or_default();
        if !of_kind.contains_key(&taken.order_number) {
            of_kind.insert(taken.order_number.clone(), Sums::default());
        }
        if let Some((charges, units, amount)) = of_kind.get_mut(&taken.order_number) {
            *charges = charges.saturating_add(1);
            *units = units.saturating_add(taken.units);
            *amount = amount.saturating_add(taken.amount);
        }
    }

    /// The totals per order number on record are those of the charges.
    fn compare_totals(&self, recorded: &[BatchTotal], findings: &mut Findings) {
        let counted: usize = self.sums.values().map(BTreeMap::len).sum();
        if counted != recorded.len() {
            findings.add(|| format!("請求データ {} の注文番号別の合計の数", self.batch_id));
        }
        for total in recorded {
            let kind = OfferingKind::from_stored(&total.kind).ok();
            let sums = kind
                .and_then(|kind| self.sums.get(&kind))
                .and_then(|of_kind| of_kind.get(&total.order_number));
            if sums != Some(&(total.charges, total.units, total.amount)) {
                let number = &total.order_number;
                findings
                    .add(|| format!("請求データ {} の注文番号「{number}」の合計", self.batch_id));
            }
        }
    }
}
