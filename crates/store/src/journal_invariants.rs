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
    Invariant {
        name: "settlements_tie_to_receivables",
        detail: "請求データごとに、集金済みの明細の合計は、未収金(単協別)の仕訳に一致する（R15）",
        sql: "SELECT x.id AS id FROM (
              SELECT s.batch_id AS id, b.coop_id AS coop_id, s.amount AS amount FROM settlements s
                JOIN batches b ON b.id = s.batch_id
                WHERE s.result_code = '0' AND s.correction_mark = 0
              UNION ALL
              SELECT p.batch_id, p.coop_id, -p.amount FROM journal_postings p
                JOIN journal_entries e ON e.id = p.entry_id
                WHERE p.account = 1131 AND e.reverses_id IS NULL AND e.source <> 'remittance') x
            GROUP BY x.id, x.coop_id HAVING SUM(x.amount) <> 0",
    },
    Invariant {
        name: "settlements_tie_to_income",
        detail: "単協・基金・募集ごとに、集金済みの明細から返金を除いた合計は、寄付金と預り金の仕訳に一致する（R15）",
        sql: "SELECT x.coop_id AS id FROM (
              SELECT b.coop_id AS coop_id, COALESCE(g.fund_id, d.fund_id, 0) AS fund_id,
                COALESCE(d.campaign_id, 0) AS campaign_id,
                CASE WHEN k.accounting = 'agency' THEN 2131 WHEN k.accounting = 'principal' THEN 4213
                  WHEN c.kind = 'supporter' THEN 4211 ELSE 4212 END AS account,
                s.amount AS amount
              FROM settlements s
              JOIN batches b ON b.id = s.batch_id
              JOIN charges c ON c.batch_id = s.batch_id AND c.rank = s.rank
              LEFT JOIN pledges g ON g.id = c.pledge_id
              LEFT JOIN donations d ON d.id = c.donation_id
              LEFT JOIN campaigns k ON k.id = d.campaign_id
              LEFT JOIN corrections r ON r.settlement_id = s.id AND r.kind = 'refund'
              WHERE s.result_code = '0' AND s.correction_mark = 0 AND r.id IS NULL
              UNION ALL
              SELECT p.coop_id, COALESCE(p.fund_id, 0), COALESCE(p.campaign_id, 0), p.account,
                p.amount
              FROM journal_postings p JOIN journal_entries e ON e.id = p.entry_id
              WHERE p.account IN (2131, 4211, 4212, 4213) AND e.reverses_id IS NULL
                AND e.source IN ('settlement', 'reversal', 'refund')) x
            GROUP BY x.coop_id, x.fund_id, x.campaign_id, x.account HAVING SUM(x.amount) <> 0",
    },
    Invariant {
        name: "campaign_stages_in_order",
        detail: "募集ごとに、申込 ≧ 請求 ≧ 集金、集金と団体からの返還予定の合計 ≧ 送金（R16）",
        // A gift counts once, by its latest attempt; each stage is summed from its own records.
        sql: "SELECT k.id AS id FROM campaigns k
            LEFT JOIN (SELECT campaign_id, SUM(units * unit_price) AS amount FROM donations
              WHERE state = 'live' GROUP BY campaign_id) applied ON applied.campaign_id = k.id
            LEFT JOIN (SELECT d.campaign_id AS campaign_id, SUM(c.amount) AS billed,
                SUM(CASE WHEN s.id IS NOT NULL AND r.id IS NULL THEN s.amount ELSE 0 END) AS collected
              FROM donations d
              JOIN charges c ON c.donation_id = d.id AND c.void_mark = 0 AND c.attempt =
                (SELECT MAX(m.attempt) FROM charges m WHERE m.donation_id = d.id AND m.void_mark = 0)
              LEFT JOIN settlements s ON s.batch_id = c.batch_id AND s.rank = c.rank
                AND s.correction_mark = 0 AND s.result_code = '0'
              LEFT JOIN corrections r ON r.settlement_id = s.id AND r.kind = 'refund'
              WHERE d.campaign_id IS NOT NULL GROUP BY d.campaign_id) charged
              ON charged.campaign_id = k.id
            LEFT JOIN (SELECT o.campaign_id AS campaign_id,
                SUM(CASE WHEN o.kind = 'payout' THEN o.amount ELSE -o.amount END) AS amount
              FROM payouts o JOIN journal_entries e ON e.source = 'payout' AND e.source_id = o.id
              WHERE NOT EXISTS (SELECT 1 FROM journal_entries b WHERE b.reverses_id = e.id)
              GROUP BY o.campaign_id) paid ON paid.campaign_id = k.id
            LEFT JOIN (SELECT campaign_id, SUM(amount) AS amount FROM journal_postings
              WHERE account = 1141 GROUP BY campaign_id) owed ON owed.campaign_id = k.id
            WHERE COALESCE(applied.amount, 0) < COALESCE(charged.billed, 0)
              OR COALESCE(charged.billed, 0) < COALESCE(charged.collected, 0)
              OR COALESCE(charged.collected, 0) + COALESCE(owed.amount, 0)
                < COALESCE(paid.amount, 0)",
    },
];
