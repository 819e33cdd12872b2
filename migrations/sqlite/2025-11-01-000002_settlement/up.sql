-- What became of the charges (R13).

-- A co-op's answer: a file of results.
CREATE TABLE result_files (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE, -- R6: its bytes, and the co-op it was said to be of
  lines INTEGER NOT NULL,
  collected INTEGER NOT NULL,
  collected_amount INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  failed_amount INTEGER NOT NULL,
  held INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  held_by_reason TEXT NOT NULL, -- JSON: reason and number of lines, as they were taken in
  actor TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  CHECK (lines = collected + failed + held + unchanged)
) STRICT;

-- The result of a charge. A million come at once, of charges of which none is ever deleted: no
-- REFERENCES, as with the charges themselves; `verify` looks for what they would.
CREATE TABLE settlements (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch_id INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  result_file_id INTEGER NOT NULL,
  line_no INTEGER NOT NULL,
  result_code TEXT NOT NULL CHECK (result_code = '0' OR result_code = '1' OR result_code = '2' OR result_code = '3' OR result_code = '4' OR result_code = '8' OR result_code = '9'),
  collected_on TEXT, -- 集金日
  amount INTEGER NOT NULL CHECK (amount > 0), -- the charge's
  carry_month INTEGER, -- the month in which the charge is tried again
  entry_id INTEGER, -- of the journal, where it was collected
  correction_mark INTEGER NOT NULL DEFAULT 0, -- 0 while it stands; its reversal's id after that
  CHECK (result_code <> '0' OR collected_on IS NOT NULL),
  CHECK (result_code <> '0' OR carry_month IS NULL)
) STRICT;
CREATE UNIQUE INDEX settlements_once ON settlements (batch_id, rank, correction_mark); -- R13
-- What failed of a file: few of many.
CREATE INDEX settlements_failed ON settlements (result_file_id) WHERE result_code <> '0';
CREATE INDEX settlements_carried ON settlements (carry_month) WHERE carry_month IS NOT NULL;

-- A wrong result taken back, or a collected gift given back: once a result.
CREATE TABLE corrections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  settlement_id INTEGER NOT NULL UNIQUE REFERENCES settlements (id), -- R13: of many at once one wins
  kind TEXT NOT NULL CHECK (kind IN ('reversal', 'refund')),
  corrected_on TEXT NOT NULL,
  amount INTEGER NOT NULL,
  account TEXT, -- where the money of a refund comes from
  entry_id INTEGER, -- of the journal, where money moved
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  CHECK ((kind = 'refund') = (account IS NOT NULL))
) STRICT;

-- A line of a result file that a person has to decide about.
CREATE TABLE held_results (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  result_file_id INTEGER NOT NULL REFERENCES result_files (id),
  line_no INTEGER NOT NULL,
  reason TEXT NOT NULL,
  coop_id INTEGER REFERENCES cooperatives (id), -- whose charge it is about, where that is known
  charge_key TEXT, -- as the line says
  coop_code TEXT,
  member_number TEXT,
  month INTEGER,
  order_number TEXT,
  result_code TEXT NOT NULL,
  collected_on TEXT,
  amount INTEGER,
  batch_id INTEGER, -- the charge it is about, where that is known
  rank INTEGER,
  state TEXT NOT NULL CHECK (state IN ('open', 'taken', 'dismissed')),
  decided_by TEXT,
  decided_at TEXT,
  decision_reason TEXT,
  settlement_id INTEGER REFERENCES settlements (id), -- what it was taken as
  CHECK ((batch_id IS NULL) = (rank IS NULL)),
  CHECK ((state = 'open') = (decided_by IS NULL)),
  CHECK ((state = 'taken') = (settlement_id IS NOT NULL))
) STRICT;
CREATE INDEX held_results_open ON held_results (id) WHERE state = 'open';
CREATE INDEX held_results_by_key ON held_results (charge_key);
CREATE INDEX held_results_by_member ON held_results (member_number, month);
