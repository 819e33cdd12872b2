-- The books: double entry, append-only in fact (R14). Yen: debit positive, credit negative.

-- The chart of accounts. A control account is moved by settlements, remittances, payouts and their
-- reversals only, never by hand, so that it ties to what stands behind it (R15).
CREATE TABLE accounts (
  code INTEGER PRIMARY KEY CHECK (code BETWEEN 1000 AND 9999),
  name TEXT COLLATE "C" NOT NULL UNIQUE,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('asset', 'liability', 'net_assets', 'revenue', 'expense')),
  control INTEGER NOT NULL DEFAULT 0 CHECK (control IN (0, 1))
);

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
  actor TEXT COLLATE "C" NOT NULL,
  closed_at TIMESTAMP NOT NULL,
  reason TEXT COLLATE "C"
);

-- Numbered without gaps; each carries the hash of the one before.
CREATE TABLE journal_entries (
  id BIGINT PRIMARY KEY CHECK (id >= 1),
  occurred_on DATE NOT NULL, -- the true date
  posted_on DATE NOT NULL, -- the same, or the first day of the first month that was open after it
  period INTEGER NOT NULL CHECK (period = EXTRACT(YEAR FROM posted_on) * 100 + EXTRACT(MONTH FROM posted_on)),
  source TEXT COLLATE "C" NOT NULL CHECK (source IN
    ('settlement', 'refund', 'remittance', 'payout', 'transfer', 'reversal', 'manual', 'year_close')),
  source_id BIGINT,
  description TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C",
  reverses_id BIGINT UNIQUE REFERENCES journal_entries (id), -- reversed once
  actor TEXT COLLATE "C" NOT NULL,
  recorded_at TIMESTAMP NOT NULL,
  previous_hash TEXT COLLATE "C" NOT NULL CHECK (length(previous_hash) = 64),
  hash TEXT COLLATE "C" NOT NULL CHECK (length(hash) = 64),
  CHECK (posted_on >= occurred_on),
  CHECK (source <> 'manual' OR reason IS NOT NULL),
  CHECK (reverses_id IS NULL OR (source = 'reversal' AND reason IS NOT NULL AND reverses_id < id))
);
CREATE UNIQUE INDEX journal_entries_once ON journal_entries (source, source_id)
  WHERE source IN ('remittance', 'payout', 'year_close');
CREATE INDEX journal_entries_by_day ON journal_entries (posted_on, id);
CREATE INDEX journal_entries_by_source ON journal_entries (source, source_id);

-- The lines of an entry. They are written before it, so that it comes whole or not at all.
CREATE TABLE journal_postings (
  entry_id BIGINT NOT NULL REFERENCES journal_entries (id) DEFERRABLE INITIALLY DEFERRED,
  line_no BIGINT NOT NULL CHECK (line_no >= 1),
  account INTEGER NOT NULL REFERENCES accounts (code),
  amount BIGINT NOT NULL CHECK (amount <> 0),
  fund_id BIGINT REFERENCES funds (id),
  coop_id BIGINT REFERENCES cooperatives (id),
  campaign_id BIGINT REFERENCES campaigns (id),
  batch_id BIGINT REFERENCES batches (id),
  PRIMARY KEY (entry_id, line_no),
  CHECK (account <> 1131 OR (coop_id IS NOT NULL AND batch_id IS NOT NULL)),
  CHECK (account NOT IN (1141, 2131) OR campaign_id IS NOT NULL)
);
CREATE INDEX journal_postings_by_account ON journal_postings (account, entry_id);
CREATE INDEX journal_postings_by_campaign ON journal_postings (campaign_id) WHERE campaign_id IS NOT NULL;

CREATE FUNCTION journal_entry_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT COUNT(*) FROM journal_postings WHERE entry_id = NEW.id) < 2
     OR (SELECT SUM(amount) FROM journal_postings WHERE entry_id = NEW.id) <> 0 THEN
    RAISE EXCEPTION 'journal: an entry needs two postings or more that sum to zero';
  END IF;
  IF EXISTS (SELECT 1 FROM accounting_periods WHERE month >= NEW.period) THEN
    RAISE EXCEPTION 'journal: the period is closed';
  END IF;
  IF NEW.id <> COALESCE((SELECT MAX(id) FROM journal_entries), 0) + 1
     OR NEW.previous_hash <> COALESCE((SELECT hash FROM journal_entries ORDER BY id DESC LIMIT 1),
       '0000000000000000000000000000000000000000000000000000000000000000') THEN
    RAISE EXCEPTION 'journal: entries are numbered and chained one after the other';
  END IF;
  IF EXISTS (SELECT 1 FROM journal_entries WHERE reverses_id = NEW.reverses_id) THEN
    RAISE EXCEPTION 'journal: an entry is reversed once';
  END IF;
  IF NEW.source IN ('remittance', 'payout', 'year_close') AND EXISTS (
      SELECT 1 FROM journal_entries WHERE source = NEW.source AND source_id = NEW.source_id) THEN
    RAISE EXCEPTION 'journal: a remittance, a payout and the close of a year are posted once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER journal_entries_whole BEFORE INSERT ON journal_entries
  FOR EACH ROW EXECUTE FUNCTION journal_entry_is_whole();

CREATE FUNCTION journal_posting_comes_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM journal_entries WHERE id = NEW.entry_id) THEN
    RAISE EXCEPTION 'journal: nothing is added to an entry';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER journal_postings_before_their_entry BEFORE INSERT ON journal_postings
  FOR EACH ROW EXECUTE FUNCTION journal_posting_comes_first();

CREATE FUNCTION accounting_period_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM accounting_periods WHERE month >= NEW.month) THEN
    RAISE EXCEPTION 'journal: periods close in order';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounting_periods_in_order BEFORE INSERT ON accounting_periods
  FOR EACH ROW EXECUTE FUNCTION accounting_period_is_next();

CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'journal: rows of % are never changed or deleted', TG_TABLE_NAME;
END $$;
CREATE TRIGGER journal_entries_never_updated BEFORE UPDATE ON journal_entries
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_entries_never_deleted BEFORE DELETE ON journal_entries
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_entries_never_truncated BEFORE TRUNCATE ON journal_entries
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_postings_never_updated BEFORE UPDATE ON journal_postings
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_postings_never_deleted BEFORE DELETE ON journal_postings
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_postings_never_truncated BEFORE TRUNCATE ON journal_postings
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER accounting_periods_never_updated BEFORE UPDATE ON accounting_periods
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER accounting_periods_never_deleted BEFORE DELETE ON accounting_periods
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER accounting_periods_never_truncated BEFORE TRUNCATE ON accounting_periods
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();

-- An account may be added or renamed; what it is stays.
CREATE FUNCTION account_keeps_its_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'journal: an account keeps its number and kind';
END $$;
CREATE TRIGGER accounts_keep_their_kind BEFORE UPDATE OF code, kind, control ON accounts
  FOR EACH ROW EXECUTE FUNCTION account_keeps_its_kind();

-- Money that a co-op handed over, and the batches it is for.
CREATE TABLE remittances (
  id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  coop_id BIGINT NOT NULL REFERENCES cooperatives (id),
  received_on DATE NOT NULL,
  due BIGINT NOT NULL, -- by the co-op, when it was recorded
  amount BIGINT NOT NULL CHECK (amount >= 0), -- on the bank account
  fee BIGINT NOT NULL CHECK (fee >= 0), -- taken off on the way
  suspense BIGINT NOT NULL, -- put aside (positive) or taken from what was put aside (negative)
  note TEXT COLLATE "C",
  actor TEXT COLLATE "C" NOT NULL,
  recorded_at TIMESTAMP NOT NULL
);

CREATE TABLE remittance_allocations (
  remittance_id BIGINT NOT NULL REFERENCES remittances (id),
  batch_id BIGINT NOT NULL REFERENCES batches (id),
  due BIGINT NOT NULL, -- when it was recorded
  amount BIGINT NOT NULL CHECK (amount <> 0), -- negative: set off what was taken back after it was handed over
  PRIMARY KEY (remittance_id, batch_id)
);

-- Money passed on to an organisation for a campaign, or returned by it.
CREATE TABLE payouts (
  id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('payout', 'return')),
  paid_on DATE NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  fee BIGINT NOT NULL CHECK (fee >= 0), -- borne by the fund
  note TEXT COLLATE "C",
  actor TEXT COLLATE "C" NOT NULL,
  recorded_at TIMESTAMP NOT NULL
);

CREATE TRIGGER remittances_never_updated BEFORE UPDATE ON remittances
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER remittances_never_deleted BEFORE DELETE ON remittances
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER remittances_never_truncated BEFORE TRUNCATE ON remittances
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER remittance_allocations_never_updated BEFORE UPDATE ON remittance_allocations
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER remittance_allocations_never_deleted BEFORE DELETE ON remittance_allocations
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER remittance_allocations_never_truncated BEFORE TRUNCATE ON remittance_allocations
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER payouts_never_updated BEFORE UPDATE ON payouts
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER payouts_never_deleted BEFORE DELETE ON payouts
  FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER payouts_never_truncated BEFORE TRUNCATE ON payouts
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
