-- The books: double entry, append-only in fact (R14). Yen: debit positive, credit negative.

-- The chart of accounts. A control account is moved by settlements, remittances, payouts and their
-- reversals only, never by hand, so that it ties to what stands behind it (R15).
CREATE TABLE accounts (
  code INTEGER PRIMARY KEY CHECK (code BETWEEN 1000 AND 9999),
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('asset', 'liability', 'net_assets', 'revenue', 'expense')),
  control INTEGER NOT NULL DEFAULT 0 CHECK (control IN (0, 1))
) STRICT;

INSERT INTO accounts (code, name, kind, control) VALUES
  (1111, '現金', 'asset', 0),
  (1121, '普通預金', 'asset', 0),
  (1131, '未収金(単協別)', 'asset', 1),
  (1132, '未収金(その他)', 'asset', 0),
  (1141, '未収金(団体返還)', 'asset', 1),
  (1191, '仮払金', 'asset', 0),
  (2111, '未払金', 'liability', 0),
  (2112, '未払助成金', 'liability', 0),
  (2113, '未払金(返金)', 'liability', 0),
  (2131, '預り金(団体別)', 'liability', 1),
  (2191, '仮受金', 'liability', 0),
  (3111, '前期繰越正味財産', 'net_assets', 0),
  (4111, '受取会費', 'revenue', 0),
  (4112, '受取助成金', 'revenue', 0),
  (4211, '受取寄付金(サポーター)', 'revenue', 1),
  (4212, '受取寄付金(スポット)', 'revenue', 1),
  (4213, '受取寄付金(使途指定)', 'revenue', 1),
  (4221, '受取寄付金(その他)', 'revenue', 0),
  (4911, '受取利息', 'revenue', 0),
  (4991, '雑収益', 'revenue', 0),
  (5111, '支払助成金', 'expense', 0),
  (5112, '支払寄付金', 'expense', 1),
  (5191, '支払手数料', 'expense', 0),
  (5211, '事務費', 'expense', 0),
  (5291, '租税公課', 'expense', 0),
  (5991, '雑費', 'expense', 0);

-- Closed months. They close in order and never open again: all up to the last one here are closed.
CREATE TABLE accounting_periods (
  month INTEGER PRIMARY KEY CHECK (month BETWEEN 200001 AND 209912),
  actor TEXT NOT NULL,
  closed_at TEXT NOT NULL,
  reason TEXT
) STRICT;

-- Numbered without gaps; each carries the hash of the one before.
CREATE TABLE journal_entries (
  id INTEGER PRIMARY KEY CHECK (id >= 1),
  occurred_on TEXT NOT NULL, -- the true date
  posted_on TEXT NOT NULL, -- the same, or the first day of the first month that was open after it
  period INTEGER NOT NULL CHECK (period = CAST(strftime('%Y%m', posted_on) AS INTEGER)),
  source TEXT NOT NULL CHECK (source IN
    ('settlement', 'refund', 'remittance', 'payout', 'transfer', 'reversal', 'manual', 'year_close')),
  source_id INTEGER,
  description TEXT NOT NULL,
  reason TEXT,
  reverses_id INTEGER UNIQUE REFERENCES journal_entries (id), -- reversed once
  actor TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
  hash TEXT NOT NULL CHECK (length(hash) = 64),
  CHECK (posted_on >= occurred_on),
  CHECK (source <> 'manual' OR reason IS NOT NULL),
  CHECK (reverses_id IS NULL OR (source = 'reversal' AND reason IS NOT NULL AND reverses_id < id))
) STRICT;
CREATE UNIQUE INDEX journal_entries_once ON journal_entries (source, source_id)
  WHERE source IN ('remittance', 'payout', 'year_close');
CREATE INDEX journal_entries_by_day ON journal_entries (posted_on, id);
CREATE INDEX journal_entries_by_source ON journal_entries (source, source_id);

-- The lines of an entry. They are written before it, so that it comes whole or not at all.
CREATE TABLE journal_postings (
  entry_id INTEGER NOT NULL REFERENCES journal_entries (id) DEFERRABLE INITIALLY DEFERRED,
  line_no INTEGER NOT NULL CHECK (line_no >= 1),
  account INTEGER NOT NULL REFERENCES accounts (code),
  amount INTEGER NOT NULL CHECK (amount <> 0),
  fund_id INTEGER REFERENCES funds (id),
  coop_id INTEGER REFERENCES cooperatives (id),
  campaign_id INTEGER REFERENCES campaigns (id),
  batch_id INTEGER REFERENCES batches (id),
  PRIMARY KEY (entry_id, line_no),
  CHECK (account <> 1131 OR (coop_id IS NOT NULL AND batch_id IS NOT NULL)),
  CHECK (account NOT IN (1141, 2131) OR campaign_id IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_postings_by_account ON journal_postings (account, entry_id);
CREATE INDEX journal_postings_by_campaign ON journal_postings (campaign_id) WHERE campaign_id IS NOT NULL;

CREATE TRIGGER journal_entries_whole BEFORE INSERT ON journal_entries BEGIN
  SELECT RAISE(ABORT, 'journal: an entry needs two postings or more that sum to zero')
    WHERE (SELECT COUNT(*) FROM journal_postings WHERE entry_id = NEW.id) < 2
       OR (SELECT SUM(amount) FROM journal_postings WHERE entry_id = NEW.id) <> 0;
  SELECT RAISE(ABORT, 'journal: the period is closed')
    WHERE EXISTS (SELECT 1 FROM accounting_periods WHERE month >= NEW.period);
  SELECT RAISE(ABORT, 'journal: entries are numbered and chained one after the other')
    WHERE NEW.id <> COALESCE((SELECT MAX(id) FROM journal_entries), 0) + 1
       OR NEW.previous_hash <> COALESCE((SELECT hash FROM journal_entries ORDER BY id DESC LIMIT 1),
         '0000000000000000000000000000000000000000000000000000000000000000');
  -- INSERT OR REPLACE would take the other one away.
  SELECT RAISE(ABORT, 'journal: an entry is reversed once')
    WHERE EXISTS (SELECT 1 FROM journal_entries WHERE reverses_id = NEW.reverses_id);
  SELECT RAISE(ABORT, 'journal: a remittance, a payout and the close of a year are posted once')
    WHERE NEW.source IN ('remittance', 'payout', 'year_close') AND EXISTS (
      SELECT 1 FROM journal_entries WHERE source = NEW.source AND source_id = NEW.source_id);
END;
CREATE TRIGGER journal_entries_never_updated BEFORE UPDATE ON journal_entries BEGIN
  SELECT RAISE(ABORT, 'journal: entries are never changed');
END;
CREATE TRIGGER journal_entries_never_deleted BEFORE DELETE ON journal_entries BEGIN
  SELECT RAISE(ABORT, 'journal: entries are never deleted');
END;

CREATE TRIGGER journal_postings_before_their_entry BEFORE INSERT ON journal_postings BEGIN
  SELECT RAISE(ABORT, 'journal: nothing is added to an entry')
    WHERE EXISTS (SELECT 1 FROM journal_entries WHERE id = NEW.entry_id);
END;
CREATE TRIGGER journal_postings_never_updated BEFORE UPDATE ON journal_postings BEGIN
  SELECT RAISE(ABORT, 'journal: postings are never changed');
END;
CREATE TRIGGER journal_postings_never_deleted BEFORE DELETE ON journal_postings BEGIN
  SELECT RAISE(ABORT, 'journal: postings are never deleted');
END;

CREATE TRIGGER accounting_periods_in_order BEFORE INSERT ON accounting_periods BEGIN
  SELECT RAISE(ABORT, 'journal: periods close in order')
    WHERE EXISTS (SELECT 1 FROM accounting_periods WHERE month >= NEW.month);
END;
CREATE TRIGGER accounting_periods_never_updated BEFORE UPDATE ON accounting_periods BEGIN
  SELECT RAISE(ABORT, 'journal: a closed period stays closed');
END;
CREATE TRIGGER accounting_periods_never_deleted BEFORE DELETE ON accounting_periods BEGIN
  SELECT RAISE(ABORT, 'journal: a closed period stays closed');
END;

-- An account may be added or renamed; what it is stays.
CREATE TRIGGER accounts_keep_their_kind BEFORE UPDATE OF code, kind, control ON accounts BEGIN
  SELECT RAISE(ABORT, 'journal: an account keeps its number and kind');
END;

-- Money that a co-op handed over, and the batches it is for.
CREATE TABLE remittances (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  coop_id INTEGER NOT NULL REFERENCES cooperatives (id),
  received_on TEXT NOT NULL,
  due INTEGER NOT NULL, -- by the co-op, when it was recorded
  amount INTEGER NOT NULL CHECK (amount >= 0), -- on the bank account
  fee INTEGER NOT NULL CHECK (fee >= 0), -- taken off on the way
  suspense INTEGER NOT NULL, -- put aside (positive) or taken from what was put aside (negative)
  note TEXT,
  actor TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;

CREATE TABLE remittance_allocations (
  remittance_id INTEGER NOT NULL REFERENCES remittances (id),
  batch_id INTEGER NOT NULL REFERENCES batches (id),
  due INTEGER NOT NULL, -- when it was recorded
  amount INTEGER NOT NULL CHECK (amount <> 0), -- negative: set off what was taken back after it was handed over
  PRIMARY KEY (remittance_id, batch_id)
) STRICT, WITHOUT ROWID;

-- Money passed on to an organisation for a campaign, or returned by it.
CREATE TABLE payouts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
  kind TEXT NOT NULL CHECK (kind IN ('payout', 'return')),
  paid_on TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  fee INTEGER NOT NULL CHECK (fee >= 0), -- borne by the fund
  note TEXT,
  actor TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER remittances_never_updated BEFORE UPDATE ON remittances BEGIN
  SELECT RAISE(ABORT, 'journal: remittances are never changed');
END;
CREATE TRIGGER remittances_never_deleted BEFORE DELETE ON remittances BEGIN
  SELECT RAISE(ABORT, 'journal: remittances are never deleted');
END;
CREATE TRIGGER remittance_allocations_never_updated BEFORE UPDATE ON remittance_allocations BEGIN
  SELECT RAISE(ABORT, 'journal: remittance_allocations are never changed');
END;
CREATE TRIGGER remittance_allocations_never_deleted BEFORE DELETE ON remittance_allocations BEGIN
  SELECT RAISE(ABORT, 'journal: remittance_allocations are never deleted');
END;
CREATE TRIGGER payouts_never_updated BEFORE UPDATE ON payouts BEGIN
  SELECT RAISE(ABORT, 'journal: payouts are never changed');
END;
CREATE TRIGGER payouts_never_deleted BEFORE DELETE ON payouts BEGIN
  SELECT RAISE(ABORT, 'journal: payouts are never deleted');
END;
