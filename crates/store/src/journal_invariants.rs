//! What must always hold of the books (§7): they balance, and tie to what stands behind them (R15).

use crate::invariants::Invariant;

/// Every question about the journal, in the order of §7.
pub const ALL: &[Invariant] = &[
    Invariant {
        name: "entries_balance",
        detail: "仕訳には2行以上あり、借方と貸方が一致する（R14）",
        sql: "SELECT e.id AS id FROM journal_entries e
            LEFT JOIN (SELECT entry_id, COUNT(*) AS lines, SUM(amount) AS amount,
                MAX(line_no) AS last_line FROM journal_postings GROUP BY entry_id) p
              ON p.entry_id = e.id
            WHERE p.entry_id IS NULL OR p.lines < 2 OR p.amount <> 0 OR p.last_line <> p.lines
            UNION ALL
            SELECT p.entry_id FROM journal_postings p
            LEFT JOIN journal_entries e ON e.id = p.entry_id WHERE e.id IS NULL",
    },
    Invariant {
        name: "trial_balance_is_zero",
        detail: "試算表の借方と貸方が一致する",
        sql:
            "SELECT x.id AS id FROM (SELECT 0 AS id, SUM(amount) AS amount FROM journal_postings) x
            WHERE x.amount <> 0",
    },
    Invariant {
        name: "entries_are_numbered",
        detail: "仕訳番号は1から抜けなく続き、計上日は発生日と会計期間に合っている",
        sql: "SELECT e.id AS id FROM journal_entries e
            LEFT JOIN journal_entries before ON before.id = e.id - 1
            WHERE (before.id IS NULL AND e.id <> 1) OR e.posted_on < e.occurred_on",
    },
    Invariant {
        name: "reversals_are_opposites",
        detail: "取り消しの仕訳は、もとの仕訳のちょうど反対になっている（R14）",
        sql: "SELECT r.id AS id FROM journal_entries r
            JOIN journal_postings p ON p.entry_id = r.id OR p.entry_id = r.reverses_id
            WHERE r.reverses_id IS NOT NULL
            GROUP BY r.id, p.account, p.fund_id, p.coop_id, p.campaign_id, p.batch_id
            HAVING SUM(p.amount) <> 0",
    },
    Invariant {
        name: "closed_years_are_carried_over",
        detail: "締めた年度の収益と費用は、前期繰越正味財産へ振り替えられている",
        sql: "SELECT y.id AS id FROM journal_entries y
            JOIN journal_entries e ON e.posted_on <= y.posted_on
            JOIN journal_postings p ON p.entry_id = e.id
            JOIN accounts a ON a.code = p.account
            WHERE y.source = 'year_close' AND a.kind IN ('revenue', 'expense')
            GROUP BY y.id, p.account, p.fund_id, p.coop_id, p.campaign_id
            HAVING SUM(p.amount) <> 0",
    },
    Invariant {
        name: "remittances_tie_to_the_journal",
        detail: "送金の記録は、普通預金・手数料・仮受金・請求データ別の未収金の仕訳に一致する（R15）",
        sql: "SELECT m.id AS id FROM remittances m
            LEFT JOIN journal_entries e ON e.source = 'remittance' AND e.source_id = m.id
            LEFT JOIN (SELECT entry_id,
                SUM(CASE WHEN account = 1121 THEN amount ELSE 0 END) AS bank,
                SUM(CASE WHEN account = 5191 THEN amount ELSE 0 END) AS fee,
                SUM(CASE WHEN account = 2191 THEN -amount ELSE 0 END) AS suspense
              FROM journal_postings GROUP BY entry_id) p ON p.entry_id = e.id
            WHERE p.entry_id IS NULL OR p.bank <> m.amount OR p.fee <> m.fee
              OR p.suspense <> m.suspense
            UNION ALL
            SELECT x.id FROM (
              SELECT a.remittance_id AS id, a.batch_id AS batch_id, a.amount AS amount
                FROM remittance_allocations a
              UNION ALL
              SELECT e.source_id, p.batch_id, p.amount FROM journal_entries e
                JOIN journal_postings p ON p.entry_id = e.id AND p.account = 1131
                WHERE e.source = 'remittance') x
            GROUP BY x.id, x.batch_id HAVING SUM(x.amount) <> 0",
    },
    Invariant {
        name: "payouts_tie_to_the_journal",
        detail: "団体への送金の記録は、募集別の仕訳に一致する（R15）",
        sql: "SELECT o.id AS id FROM payouts o
            LEFT JOIN journal_entries e ON e.source = 'payout' AND e.source_id = o.id
            LEFT JOIN (SELECT entry_id, campaign_id,
                SUM(CASE WHEN account = 1121 THEN -amount ELSE 0 END) AS bank,
                SUM(CASE WHEN account = 5191 THEN amount ELSE 0 END) AS fee,
                SUM(CASE WHEN account = 2131 OR account = 5112 OR account = 1141 THEN amount
                  ELSE 0 END) AS passed_on
              FROM journal_postings GROUP BY entry_id, campaign_id) p
              ON p.entry_id = e.id AND p.campaign_id = o.campaign_id
            WHERE p.entry_id IS NULL OR p.fee <> o.fee OR p.bank <> p.passed_on + o.fee
              OR p.passed_on <> CASE WHEN o.kind = 'payout' THEN o.amount ELSE -o.amount END",
    },
    Invariant {
        name: "organizations_owe_or_are_owed",
        detail: "団体に送る額は0円以上で、送りすぎた分は団体からの未収金になっている",
        // What is in hand less what is owed back is what is to be passed on; below 0 it is owed back.
        sql: "SELECT x.id AS id FROM (SELECT k.id AS id,
              SUM(CASE WHEN p.account = 1141 THEN p.amount ELSE 0 END) AS owed_back,
              SUM(CASE WHEN (k.accounting = 'agency' AND p.account = 2131)
                  OR (k.accounting = 'principal' AND (p.account = 4213 OR p.account = 5112))
                THEN -p.amount ELSE 0 END) AS in_hand
            FROM campaigns k JOIN journal_postings p ON p.campaign_id = k.id
            JOIN journal_entries e ON e.id = p.entry_id AND e.source <> 'year_close'
            GROUP BY k.id) x
            WHERE x.owed_back < 0 OR x.in_hand < 0 OR (x.owed_back > 0 AND x.in_hand > 0)",
    },
];
