//! What became of a charge, in the codes of the banks' direct-debit standard (R13).

use crate::words::{words, words_from_text};

words! {
    /// The result of a charge (結果コード): collected, or why not.
    ResultCode, "結果コード":
    /// The money was collected.
    Collected = "0", "集金済み";
    /// The account held too little.
    InsufficientFunds = "1", "資金不足";
    /// There is no such account.
    NoAccount = "2", "取引なし";
    /// The payer stopped it.
    StoppedByPayer = "3", "預金者の都合による停止";
    /// The payer never agreed to be debited.
    NoMandate = "4", "依頼書なし";
    /// The collector stopped it.
    StoppedByCollector = "8", "委託者の都合による停止";
    /// Any other reason.
    Other = "9", "その他";
}

words_from_text!(ResultCode);

impl ResultCode {
    /// Whether the money was collected.
    pub const fn is_collected(self) -> bool {
        matches!(self, ResultCode::Collected)
    }
}

words! {
    /// Why a result waits for a person (R13). The order is that in which they are looked for.
    ResultHoldReason, "結果を保留した理由":
    /// No charge has this key, or none fits member, month and order number.
    UnknownCharge = "unknown_charge", "当てはまる請求明細がない";
    /// Several charges fit member, month and order number.
    Ambiguous = "ambiguous", "当てはまる請求明細が複数ある";
    /// The charge is another co-op's than the line or the import says.
    OtherCoop = "other_coop", "ほかの単協の請求明細";
    /// The key's charge is of another member, month or order number than the line says.
    KeyDisagrees = "key_disagrees", "請求キーとほかの列が合わない";
    /// The charge's batch was voided.
    Voided = "voided", "取り消した請求データの明細";
    /// The charge's batch was never handed over.
    NotExported = "not_exported", "まだ出力していない請求データの明細";
    /// The amount is not the charge's.
    AmountDiffers = "amount_differs", "金額が請求と違う";
    /// The day has not come yet, or is more than a year from the month of collection.
    ImplausibleDate = "implausible_date", "集金日がまだ来ていないか、集金月から離れすぎている";
    /// The charge has another result already.
    Contradicts = "contradicts", "前の結果と食い違う";
}

words_from_text!(ResultHoldReason);

words! {
    /// What has become of a held result.
    HeldResultState, "保留の状態":
    /// It waits for a person.
    Open = "open", "保留";
    /// It was taken as the result of a charge.
    Taken = "taken", "採用";
    /// It was put aside with a reason.
    Dismissed = "dismissed", "不採用";
}

words_from_text!(HeldResultState);

words! {
    /// How a result was put right (R13).
    CorrectionKind, "訂正の種類":
    /// The result was wrong: the charge is outstanding again.
    Reversal = "reversal", "結果の取消";
    /// The money was collected and given back.
    Refund = "refund", "返金";
}

words_from_text!(CorrectionKind);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r13_the_codes_are_those_of_the_banks_and_width_makes_no_difference() {
        let codes: Vec<_> = ResultCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes, ["0", "1", "2", "3", "4", "8", "9"]);
        assert_eq!("０".parse(), Ok(ResultCode::Collected));
        assert_eq!("資金不足".parse(), Ok(ResultCode::InsufficientFunds));
        let collected = ResultCode::ALL.iter().filter(|code| code.is_collected());
        assert_eq!(collected.count(), 1);
    }

    #[test]
    fn r13_another_code_is_answered_with_the_known_ones() {
        for strange in ["5", "00", "OK", "-1"] {
            let said = strange.parse::<ResultCode>().unwrap_err().to_string();
            assert!(said.contains("結果コード"), "{said}");
            assert!(said.contains("0、1、2、3、4、8、9"), "{said}");
        }
    }
}
