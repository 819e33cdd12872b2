//! What must always hold (§7): each question finds the rows that break it.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::{DbConnection, StoreError};

/// Rows named at most.
const NAMED_MAX: usize = 10;

/// One question to the database.
#[derive(Debug, Clone, Copy)]
pub struct Invariant {
    /// Its stable name.
    pub name: &'static str,
    /// What must hold, in Japanese.
    pub detail: &'static str,
    /// Gives the ids of what breaks it, `AS id`.
    pub(crate) sql: &'static str,
}

/// What a question found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// How many rows break it; 0 where it holds.
    pub count: i64,
    /// The ids of the first of them.
    pub ids: Vec<i64>,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Asks one question.
pub fn ask(connection: &mut DbConnection, invariant: &Invariant) -> Result<Broken, StoreError> {
    let count = sql_query(format!(
        "SELECT COUNT(*) AS count FROM ({}) broken",
        invariant.sql
    ))
    .get_result::<Count>(connection)?
    .count;
    if count == 0 {
        return Ok(Broken {
            count,
            ids: Vec::new(),
        });
    }
    let found: Vec<Found> = sql_query(format!(
        "SELECT CAST(id AS BIGINT) AS id FROM ({}) broken ORDER BY id LIMIT {NAMED_MAX}",
        invariant.sql
    ))
    .load(connection)?;
    Ok(Broken {
        count,
        ids: found.iter().map(|found| found.id).collect(),
    })
}

/// Every question, in the order of §7.
pub const ALL: &[Invariant] = &[
    Invariant {
        name: "applications_posted_once",
        detail: "受け付けた申込は、登録の口数か寄付のどちらか一つになっている",
        // An application opens a pledge, adds a term, or makes a live gift: exactly one of them.
        sql: "SELECT a.id AS id FROM applications a
            LEFT JOIN (SELECT application_id AS id, COUNT(*) AS times FROM donations
              WHERE state = 'live' GROUP BY application_id) gifts ON gifts.id = a.id
            LEFT JOIN (SELECT application_id AS id, COUNT(DISTINCT pledge_id) AS times
              FROM pledge_terms WHERE cause IN ('application', 'decision')
              AND application_id IS NOT NULL GROUP BY application_id) terms ON terms.id = a.id
            WHERE a.state = 'posted'
              AND NOT (COALESCE(gifts.times, 0) = 1 AND COALESCE(terms.times, 0) = 0)
              AND NOT (COALESCE(gifts.times, 0) = 0 AND COALESCE(terms.times, 0) >= 1)
              AND NOT (COALESCE(gifts.times, 0) = 1 AND EXISTS (SELECT 1 FROM decisions d
                WHERE d.application_id = a.id AND d.undone_at IS NOT NULL))",
    },
    Invariant {
        name: "applications_unposted_give_nothing",
        detail: "要確認・記入ミス・取消の申込から、寄付が残っていない",
        sql: "SELECT a.id AS id FROM applications a JOIN donations d ON d.application_id = a.id
            WHERE a.state <> 'posted' AND d.state = 'live'",
    },
    Invariant {
        name: "pledges_do_not_overlap",
        detail: "一人の組合員の同じ基金への登録は、どの月にも一つまで（R8）",
        sql: "SELECT a.id AS id FROM pledges a
            JOIN pledges b ON b.member_id = a.member_id AND b.fund_id = a.fund_id AND b.id > a.id
            WHERE (a.ends_from IS NULL OR a.ends_from > b.from_month)
              AND (b.ends_from IS NULL OR b.ends_from > a.from_month)
            UNION
            SELECT MIN(p.id) FROM charges c CROSS JOIN pledges p
            WHERE p.id = c.pledge_id AND c.void_mark = 0
            GROUP BY p.member_id, p.fund_id, c.month HAVING COUNT(DISTINCT p.id) > 1",
    },
    Invariant {
        name: "pledges_have_a_plan",
        detail: "登録には、登録したときからの口数の予定がある",
        sql: "SELECT p.id AS id FROM pledges p WHERE NOT EXISTS (
            SELECT 1 FROM pledge_terms t WHERE t.pledge_id = p.id AND t.revision = 1)",
    },
    Invariant {
        name: "references_lead_somewhere",
        detail: "申込・登録・口数の予定・寄付が指す先の記録がある",
        sql: "SELECT a.id AS id FROM applications a
            LEFT JOIN intakes i ON i.id = a.intake_id
            LEFT JOIN cooperatives c ON c.id = a.coop_id
            LEFT JOIN members m ON m.id = a.member_id
            LEFT JOIN offerings o ON o.id = a.offering_id
            WHERE i.id IS NULL OR c.id IS NULL OR (a.member_id IS NOT NULL AND m.id IS NULL)
              OR (a.offering_id IS NOT NULL AND o.id IS NULL)
            UNION ALL
            SELECT p.id FROM pledges p
            LEFT JOIN cooperatives c ON c.id = p.coop_id
            LEFT JOIN members m ON m.id = p.member_id
            LEFT JOIN funds f ON f.id = p.fund_id
            LEFT JOIN applications a ON a.id = p.application_id
            LEFT JOIN offerings o ON o.id = p.offering_id
            LEFT JOIN intakes i ON i.id = p.intake_id
            LEFT JOIN pledges before ON before.id = p.predecessor_id
            WHERE c.id IS NULL OR m.id IS NULL OR f.id IS NULL
              OR (p.application_id IS NOT NULL AND a.id IS NULL)
              OR (p.offering_id IS NOT NULL AND o.id IS NULL)
              OR (p.intake_id IS NOT NULL AND i.id IS NULL)
              OR (p.predecessor_id IS NOT NULL AND before.id IS NULL)
            UNION ALL
            SELECT t.pledge_id FROM pledge_terms t
            LEFT JOIN pledges p ON p.id = t.pledge_id
            LEFT JOIN applications a ON a.id = t.application_id
            LEFT JOIN decisions d ON d.id = t.decision_id
            WHERE p.id IS NULL OR (t.application_id IS NOT NULL AND a.id IS NULL)
              OR (t.decision_id IS NOT NULL AND d.id IS NULL)
            UNION ALL
            SELECT g.id FROM donations g
            LEFT JOIN applications a ON a.id = g.application_id
            LEFT JOIN cooperatives c ON c.id = g.coop_id
            LEFT JOIN members m ON m.id = g.member_id
            LEFT JOIN funds f ON f.id = g.fund_id
            LEFT JOIN campaigns k ON k.id = g.campaign_id
            WHERE a.id IS NULL OR c.id IS NULL OR m.id IS NULL
              OR (g.fund_id IS NOT NULL AND f.id IS NULL)
              OR (g.campaign_id IS NOT NULL AND k.id IS NULL)",
    },
    Invariant {
        name: "charges_once",
        detail: "同じ登録の同じ月、同じ寄付を、二度請求していない（R9）",
        sql: "SELECT MIN(batch_id) AS id FROM charges WHERE void_mark = 0 AND pledge_id IS NOT NULL
              GROUP BY pledge_id, month, attempt HAVING COUNT(*) > 1
            UNION ALL
            SELECT MIN(batch_id) FROM charges WHERE void_mark = 0 AND donation_id IS NOT NULL
              GROUP BY donation_id, attempt HAVING COUNT(*) > 1",
    },
    Invariant {
        name: "batches_equal_their_charges",
        detail: "請求データの件数・口数・金額は、明細と注文番号別の合計に一致する",
        sql: "SELECT b.id AS id FROM batches b
            LEFT JOIN (SELECT batch_id AS id, COUNT(*) AS charges, SUM(units) AS units,
                SUM(amount) AS amount, MAX(rank) AS last_rank
              FROM charges GROUP BY batch_id) c ON c.id = b.id
            LEFT JOIN (SELECT batch_id AS id, SUM(charges) AS charges, SUM(units) AS units,
                SUM(amount) AS amount FROM batch_totals GROUP BY batch_id) t ON t.id = b.id
            WHERE b.charges <> COALESCE(c.charges, 0) OR b.units <> COALESCE(c.units, 0)
              OR b.amount <> COALESCE(c.amount, 0) OR b.charges <> COALESCE(c.last_rank, 0)
              OR b.charges <> COALESCE(t.charges, 0) OR b.units <> COALESCE(t.units, 0)
              OR b.amount <> COALESCE(t.amount, 0)",
    },
    Invariant {
        name: "results_are_of_charges",
        detail: "集金結果は、出力した請求データの有効な明細のもので、金額は明細のとおり（R13）",
        sql: "SELECT s.id AS id FROM settlements s
            LEFT JOIN charges c ON c.batch_id = s.batch_id AND c.rank = s.rank
            LEFT JOIN result_files f ON f.id = s.result_file_id
            WHERE c.rank IS NULL OR f.id IS NULL OR c.amount <> s.amount OR c.void_mark <> 0
              OR NOT EXISTS (SELECT 1 FROM exports e WHERE e.batch_id = s.batch_id)",
    },
    Invariant {
        name: "results_are_settled_once",
        detail: "請求明細の有効な結果は一つまでで、取り消した結果には取消の記録がある（R13）",
        sql: "SELECT MIN(id) AS id FROM settlements WHERE correction_mark = 0
              GROUP BY batch_id, rank HAVING COUNT(*) > 1
            UNION ALL
            SELECT s.id FROM settlements s LEFT JOIN corrections k ON k.id = s.correction_mark
            WHERE s.correction_mark <> 0
              AND (k.id IS NULL OR k.settlement_id <> s.id OR k.kind <> 'reversal')
            UNION ALL
            SELECT k.settlement_id FROM corrections k
            JOIN settlements s ON s.id = k.settlement_id
            WHERE (k.kind = 'reversal') <> (s.correction_mark = k.id)
              OR (k.kind = 'refund' AND (s.result_code <> '0' OR s.correction_mark <> 0))",
    },
    Invariant {
        name: "batches_settle_to_the_charge",
        detail: "出力した請求データの件数は、集金＋不能＋未回収に一致する（R13）",
        sql: "SELECT b.id AS id FROM batches b
            LEFT JOIN (SELECT batch_id, COUNT(*) AS settled FROM settlements
              WHERE correction_mark = 0 GROUP BY batch_id) s ON s.batch_id = b.id
            LEFT JOIN (SELECT c.batch_id, COUNT(*) AS outstanding FROM charges c
              LEFT JOIN settlements s ON s.batch_id = c.batch_id AND s.rank = c.rank
                AND s.correction_mark = 0
              WHERE s.id IS NULL GROUP BY c.batch_id) o ON o.batch_id = b.id
            WHERE b.state = 'closed'
              AND EXISTS (SELECT 1 FROM exports e WHERE e.batch_id = b.id)
              AND b.charges <> COALESCE(s.settled, 0) + COALESCE(o.outstanding, 0)",
    },
    Invariant {
        name: "tries_repeat_failures",
        detail: "繰り越した請求は、集金できなかった明細を同じ内容で一度だけ請求し直している（R13）",
        sql: "SELECT c.batch_id AS id FROM charges c
            LEFT JOIN charges f ON f.batch_id = c.repeats_batch_id AND f.rank = c.repeats_rank
            LEFT JOIN settlements s ON s.batch_id = f.batch_id AND s.rank = f.rank
              AND s.correction_mark = 0
            LEFT JOIN batches b ON b.id = c.batch_id
            WHERE c.attempt > 1
              AND (f.rank IS NULL OR f.attempt <> c.attempt - 1 OR f.amount <> c.amount
                OR f.month <> c.month OR f.member_id <> c.member_id OR f.void_mark <> 0
                OR f.pledge_id IS DISTINCT FROM c.pledge_id
                OR f.donation_id IS DISTINCT FROM c.donation_id
                OR (c.void_mark = 0 AND (s.carry_month IS NULL OR s.carry_month <> b.month)))",
    },
    Invariant {
        name: "result_files_equal_their_results",
        detail: "結果ファイルの集金・不能・保留の件数は、記録した結果と保留に一致する",
        sql: "SELECT f.id AS id FROM result_files f
            LEFT JOIN (SELECT result_file_id AS id,
                SUM(CASE result_code WHEN '0' THEN 1 ELSE 0 END) AS collected,
                SUM(CASE result_code WHEN '0' THEN 0 ELSE 1 END) AS failed
              FROM settlements s WHERE NOT EXISTS (SELECT 1 FROM held_results h
                WHERE h.settlement_id = s.id)
              GROUP BY result_file_id) s ON s.id = f.id
            LEFT JOIN (SELECT result_file_id AS id, COUNT(*) AS held FROM held_results
              GROUP BY result_file_id) h ON h.id = f.id
            WHERE f.collected <> COALESCE(s.collected, 0) OR f.failed <> COALESCE(s.failed, 0)
              OR f.held <> COALESCE(h.held, 0)",
    },
    Invariant {
        name: "months_closed_in_order",
        detail: "請求データのある月は締められていて、あいだの月が抜けていない（R11）",
        sql: "SELECT b.id AS id FROM batches b WHERE b.state = 'closed' AND NOT EXISTS (
              SELECT 1 FROM month_closings m WHERE m.coop_id = b.coop_id AND m.month = b.month
                AND m.reopened_at IS NULL)
            UNION ALL
            SELECT m.id FROM month_closings m JOIN batches b ON b.id = m.batch_id
            WHERE m.reopened_at IS NULL AND b.state <> 'closed'
            UNION ALL
            SELECT m.id FROM month_closings m WHERE m.reopened_at IS NULL
              AND m.month > (SELECT MIN(f.month) FROM month_closings f
                WHERE f.coop_id = m.coop_id AND f.reopened_at IS NULL)
              AND NOT EXISTS (SELECT 1 FROM month_closings before
                WHERE before.coop_id = m.coop_id AND before.reopened_at IS NULL
                  AND before.month = CASE WHEN m.month % 100 = 1 THEN m.month - 89
                    ELSE m.month - 1 END)",
    },
];
