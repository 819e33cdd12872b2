-- Months are integers YYYYMM, dates ISO text, yen whole integers.
-- `reasons` is the bit set of R3: bit n-1 for the n-th reason.

CREATE TABLE cooperatives (
  id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 999), -- the co-op's number in the 請求キー
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE funds (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE organizations (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE campaigns (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  organization_id INTEGER NOT NULL REFERENCES organizations (id),
  title TEXT NOT NULL,
  target INTEGER NOT NULL CHECK (target > 0),
  opens_on TEXT NOT NULL,
  closes_on TEXT NOT NULL,
  accounting TEXT NOT NULL CHECK (accounting IN ('agency', 'principal')),
  is_public INTEGER NOT NULL DEFAULT 0 CHECK (is_public IN (0, 1)), -- whether everybody may see how far it is
  CHECK (opens_on <= closes_on)
) STRICT;

CREATE TABLE cycles (
  id INTEGER PRIMARY KEY,
  label TEXT NOT NULL UNIQUE,
  iso_week TEXT NOT NULL,
  opens_on TEXT NOT NULL,
  closes_on TEXT NOT NULL,
  web_closes_on TEXT,
  collection_month INTEGER NOT NULL CHECK (collection_month BETWEEN 200001 AND 209912),
  CHECK (opens_on <= closes_on)
) STRICT;

CREATE TABLE offerings (
  id INTEGER PRIMARY KEY,
  cycle_id INTEGER NOT NULL REFERENCES cycles (id),
  order_number TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('supporter', 'spot', 'campaign')),
  unit_price INTEGER NOT NULL CHECK (unit_price > 0),
  fund_id INTEGER REFERENCES funds (id),
  campaign_id INTEGER REFERENCES campaigns (id),
  title TEXT NOT NULL,
  on_failure TEXT NOT NULL DEFAULT 'lapse' CHECK (on_failure IN ('lapse', 'carry_forward', 'end_pledge')), -- R13
  failures_max INTEGER, -- tries at most, or failures in a row
  UNIQUE (cycle_id, order_number), -- R1
  CHECK ((on_failure = 'lapse') = (failures_max IS NULL)),
  CHECK (on_failure <> 'end_pledge' OR kind = 'supporter'),
  CHECK ((kind = 'campaign') = (campaign_id IS NOT NULL)),
  CHECK ((kind = 'campaign') = (fund_id IS NULL))
) STRICT;

CREATE INDEX offerings_by_number ON offerings (order_number);

-- R1: the windows of one number never overlap. A window ends with its web orders. The triggers look
-- at every row by itself: whoever moves several windows sets them aside first.
CREATE VIEW offering_windows AS
  SELECT offerings.id AS offering_id, offerings.cycle_id, offerings.order_number, cycles.opens_on,
    max(cycles.closes_on, coalesce(cycles.web_closes_on, cycles.closes_on)) AS last_day
  FROM offerings JOIN cycles ON cycles.id = offerings.cycle_id;

CREATE TRIGGER offerings_added_apart AFTER INSERT ON offerings
WHEN EXISTS (
  SELECT 1 FROM offering_windows AS own JOIN offering_windows AS other
    ON other.order_number = own.order_number AND other.offering_id <> own.offering_id
      AND other.opens_on <= own.last_day AND own.opens_on <= other.last_day
  WHERE own.offering_id = NEW.id
)
BEGIN SELECT RAISE(ABORT, 'windows_of_one_number_apart'); END;

CREATE TRIGGER offerings_changed_apart AFTER UPDATE OF cycle_id, order_number ON offerings
WHEN EXISTS (
  SELECT 1 FROM offering_windows AS own JOIN offering_windows AS other
    ON other.order_number = own.order_number AND other.offering_id <> own.offering_id
      AND other.opens_on <= own.last_day AND own.opens_on <= other.last_day
  WHERE own.offering_id = NEW.id
)
BEGIN SELECT RAISE(ABORT, 'windows_of_one_number_apart'); END;

CREATE TRIGGER cycles_changed_apart AFTER UPDATE OF opens_on, closes_on, web_closes_on ON cycles
WHEN EXISTS (
  SELECT 1 FROM offering_windows AS own JOIN offering_windows AS other
    ON other.order_number = own.order_number AND other.offering_id <> own.offering_id
      AND other.opens_on <= own.last_day AND own.opens_on <= other.last_day
  WHERE own.cycle_id = NEW.id
)
BEGIN SELECT RAISE(ABORT, 'windows_of_one_number_apart'); END;

CREATE TABLE members (
  id INTEGER PRIMARY KEY,
  coop_id INTEGER NOT NULL REFERENCES cooperatives (id),
  number TEXT NOT NULL,
  name TEXT,
  kana TEXT,
  delivery TEXT CHECK (delivery IN ('han', 'individual', 'depot')),
  left_on TEXT,
  moved_to INTEGER REFERENCES members (id),
  erased_at TEXT, -- when the personal values were erased; files bring them back no more
  UNIQUE (coop_id, number)
) STRICT;
CREATE INDEX members_moved ON members (moved_to) WHERE moved_to IS NOT NULL;
CREATE INDEX members_by_name ON members (name) WHERE name IS NOT NULL;
CREATE INDEX members_by_kana ON members (kana) WHERE kana IS NOT NULL;
CREATE INDEX members_erased ON members (id) WHERE erased_at IS NOT NULL;

-- What arrived together: a file, a keyed sheet, one request.
CREATE TABLE intakes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('file', 'sheet', 'request', 'cooperatives', 'funds', 'organizations', 'campaigns', 'cycles',
    'offerings', 'members', 'pledges', 'member_changes')),
  name TEXT,
  fingerprint TEXT UNIQUE, -- R6: bytes, channel and date of receipt
  lines INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  held INTEGER NOT NULL,
  held_by_reason TEXT, -- JSON: main reason and number of lines, as they were taken in
  actor TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
-- Those that were files, among a million requests.
CREATE INDEX intakes_of_files ON intakes (id) WHERE kind <> 'sheet' AND kind <> 'request';

-- Lists of words in tables that take a million rows at once are written with OR: SQLite builds a
-- table for each `IN` of three words or more, for every row.
CREATE TABLE applications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  intake_id INTEGER NOT NULL REFERENCES intakes (id),
  line_no INTEGER NOT NULL,
  line_id TEXT,
  coop_id INTEGER NOT NULL REFERENCES cooperatives (id),
  member_number TEXT NOT NULL,
  member_id INTEGER REFERENCES members (id),
  order_number TEXT,
  units INTEGER CHECK (units BETWEEN 1 AND 99), -- R2
  amount INTEGER CHECK (amount > 0),
  received_on TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel = 'paper' OR channel = 'web' OR channel = 'depot' OR channel = 'phone' OR channel = 'member_change'),
  note TEXT,
  offering_id INTEGER REFERENCES offerings (id),
  collection_month INTEGER,
  not_before INTEGER, -- moved on by `next-month`: not collected in an earlier month
  carried_pledge_id INTEGER, -- the pledge that a member change could not simply carry over
  state TEXT NOT NULL CHECK (state = 'posted' OR state = 'held' OR state = 'mistake' OR state = 'voided'),
  reasons INTEGER NOT NULL DEFAULT 0,
  CHECK ((state = 'held') = (reasons <> 0)),
  CHECK (state <> 'posted'
    OR (member_id IS NOT NULL AND units IS NOT NULL AND amount IS NOT NULL AND collection_month IS NOT NULL
      AND (offering_id IS NOT NULL OR channel = 'member_change')))
) STRICT;
CREATE INDEX applications_by_member ON applications (member_id, offering_id);
CREATE INDEX applications_held ON applications (coop_id, collection_month, reasons) WHERE state = 'held';
CREATE INDEX applications_held_by_id ON applications (id) WHERE state = 'held';

CREATE TABLE pledges (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  coop_id INTEGER NOT NULL REFERENCES cooperatives (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  fund_id INTEGER NOT NULL REFERENCES funds (id),
  application_id INTEGER REFERENCES applications (id), -- the one that opened it
  offering_id INTEGER REFERENCES offerings (id),
  intake_id INTEGER REFERENCES intakes (id), -- the pledges or member-changes file that brought it
  intake_line INTEGER,
  order_number TEXT,
  from_month INTEGER NOT NULL,
  ends_from INTEGER, -- first month without it, once an end is planned
  predecessor_id INTEGER REFERENCES pledges (id)
) STRICT;
CREATE UNIQUE INDEX pledges_one_open ON pledges (member_id, fund_id) WHERE ends_from IS NULL; -- R8
CREATE INDEX pledges_ended ON pledges (member_id, fund_id) WHERE ends_from IS NOT NULL;

CREATE TABLE donations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  application_id INTEGER NOT NULL REFERENCES applications (id),
  coop_id INTEGER NOT NULL REFERENCES cooperatives (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  kind TEXT NOT NULL CHECK (kind IN ('spot', 'campaign')),
  fund_id INTEGER REFERENCES funds (id),
  campaign_id INTEGER REFERENCES campaigns (id),
  order_number TEXT NOT NULL,
  units INTEGER NOT NULL CHECK (units BETWEEN 1 AND 99),
  unit_price INTEGER NOT NULL CHECK (unit_price > 0),
  collection_month INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('live', 'cancelled')),
  CHECK ((kind = 'campaign') = (campaign_id IS NOT NULL)),
  CHECK ((kind = 'campaign') = (fund_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX donations_one_live ON donations (application_id) WHERE state = 'live';
CREATE INDEX donations_cancelled ON donations (application_id) WHERE state = 'cancelled';
CREATE INDEX donations_by_month ON donations (coop_id, collection_month);
CREATE INDEX donations_by_campaign ON donations (campaign_id, state, id) WHERE campaign_id IS NOT NULL;

-- What a person decided about an application: append-only, undone by a mark.
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  application_id INTEGER NOT NULL REFERENCES applications (id),
  way TEXT NOT NULL CHECK (way IN ('add', 'replace', 'mistake', 'spot', 'accept', 'next-month', 'correct', 'void')),
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  reasons INTEGER NOT NULL, -- those shown when it was decided
  before TEXT NOT NULL, -- JSON: the application's values before
  after TEXT NOT NULL, -- JSON: and after
  pledge_id INTEGER REFERENCES pledges (id),
  revision INTEGER,
  donation_id INTEGER REFERENCES donations (id),
  undone_at TEXT,
  undone_by TEXT,
  undo_reason TEXT,
  CHECK ((undone_at IS NULL) = (undone_by IS NULL))
) STRICT;
CREATE INDEX decisions_by_application ON decisions (application_id);

-- The term in force in month M is, among those with from_month <= M, the one with the greatest
-- (revision, from_month): each revision restates the plan from its first month on.
CREATE TABLE pledge_terms (
  pledge_id INTEGER NOT NULL REFERENCES pledges (id),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  from_month INTEGER NOT NULL,
  units INTEGER NOT NULL CHECK (units BETWEEN 0 AND 999),
  unit_price INTEGER NOT NULL CHECK (unit_price > 0),
  cause TEXT NOT NULL CHECK (cause = 'application' OR cause = 'decision' OR cause = 'command' OR cause = 'import' OR cause = 'member_change' OR cause = 'undo' OR cause = 'settlement'),
  application_id INTEGER REFERENCES applications (id),
  decision_id INTEGER REFERENCES decisions (id),
  reason TEXT,
  actor TEXT,
  recorded_at TEXT,
  PRIMARY KEY (pledge_id, revision, from_month)
) STRICT, WITHOUT ROWID;

CREATE TABLE sheets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  coop_id INTEGER NOT NULL REFERENCES cooperatives (id),
  channel TEXT NOT NULL CHECK (channel IN ('paper', 'web', 'depot', 'phone')),
  received_on TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'posted', 'discarded')),
  control_lines INTEGER, -- R7: what the bundle's cover says
  control_units INTEGER,
  control_amount INTEGER,
  control_member_sum TEXT, -- may pass 64 bits
  opened_by TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  second_keyed_by TEXT,
  compared_at TEXT, -- when both keyings were laid side by side
  posted_by TEXT,
  posted_at TEXT,
  override_reason TEXT,
  discard_reason TEXT,
  intake_id INTEGER REFERENCES intakes (id)
) STRICT;
CREATE INDEX sheets_by_state ON sheets (state, id);

CREATE TABLE sheet_lines (
  sheet_id INTEGER NOT NULL REFERENCES sheets (id),
  keying INTEGER NOT NULL CHECK (keying IN (1, 2)),
  line_no INTEGER NOT NULL CHECK (line_no >= 1),
  member_number TEXT NOT NULL,
  order_number TEXT,
  units INTEGER CHECK (units BETWEEN 1 AND 99),
  amount INTEGER CHECK (amount > 0),
  note TEXT,
  actor TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  PRIMARY KEY (sheet_id, keying, line_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  coop_id INTEGER NOT NULL REFERENCES cooperatives (id),
  month INTEGER NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence BETWEEN 1 AND 99),
  state TEXT NOT NULL CHECK (state IN ('closed', 'voided')),
  charges INTEGER NOT NULL,
  units INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  charges_sha256 TEXT NOT NULL, -- over the frozen charges, in the order of the file
  closed_by TEXT NOT NULL,
  closed_at TEXT NOT NULL,
  reason TEXT,
  voided_by TEXT,
  voided_at TEXT,
  void_reason TEXT,
  UNIQUE (coop_id, month, sequence) -- R10: never used again
) STRICT;

-- Recorded at the close: totals per order number.
CREATE TABLE batch_totals (
  batch_id INTEGER NOT NULL REFERENCES batches (id),
  kind TEXT NOT NULL,
  order_number TEXT NOT NULL, -- '' for imported pledges without one
  charges INTEGER NOT NULL,
  units INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (batch_id, kind, order_number)
) STRICT, WITHOUT ROWID;

-- R11: a co-op's month is closed while a row without `reopened_at` stands here.
CREATE TABLE month_closings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  coop_id INTEGER NOT NULL REFERENCES cooperatives (id),
  month INTEGER NOT NULL,
  batch_id INTEGER REFERENCES batches (id), -- none where there was nothing to charge
  actor TEXT NOT NULL,
  closed_at TEXT NOT NULL,
  reason TEXT,
  reopened_at TEXT
) STRICT;
CREATE UNIQUE INDEX month_closings_standing ON month_closings (coop_id, month) WHERE reopened_at IS NULL;

-- A close writes a million of these at once, straight from `pledges`, `donations` and `members`,
-- of which nothing is ever deleted: so no REFERENCES here, which would cost as much again as the
-- rows; `verify` looks for what they would.
CREATE TABLE charges (
  batch_id INTEGER NOT NULL,
  rank INTEGER NOT NULL CHECK (rank >= 1), -- the row's place in the file
  month INTEGER NOT NULL, -- the gift is for; that of its collection is the batch's
  pledge_id INTEGER,
  revision INTEGER, -- of the pledge's plan, when it was frozen
  donation_id INTEGER,
  attempt INTEGER NOT NULL DEFAULT 1, -- later ones repeat a charge that could not be collected (R13)
  repeats_batch_id INTEGER,
  repeats_rank INTEGER,
  member_id INTEGER NOT NULL,
  member_number TEXT NOT NULL,
  order_number TEXT NOT NULL, -- '' for an imported pledge without one
  kind TEXT NOT NULL CHECK (kind = 'supporter' OR kind = 'spot' OR kind = 'campaign'),
  units INTEGER NOT NULL CHECK (units > 0),
  unit_price INTEGER NOT NULL CHECK (unit_price > 0),
  amount INTEGER NOT NULL CHECK (amount = units * unit_price),
  void_mark INTEGER NOT NULL DEFAULT 0, -- 0 while it counts; its batch's id once that is voided
  PRIMARY KEY (batch_id, rank),
  CHECK ((pledge_id IS NULL) <> (donation_id IS NULL)),
  CHECK ((attempt > 1) = (repeats_batch_id IS NOT NULL AND repeats_rank IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX charges_once_per_pledge ON charges (pledge_id, month, attempt, void_mark) WHERE pledge_id IS NOT NULL; -- R9
CREATE UNIQUE INDEX charges_once_per_donation ON charges (donation_id, attempt, void_mark) WHERE donation_id IS NOT NULL; -- R9

-- The file of a batch in a profile: its hash is taken at the first export, checked at every later one.
CREATE TABLE exports (
  batch_id INTEGER NOT NULL REFERENCES batches (id),
  profile TEXT NOT NULL,
  profile_version INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  rows INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  actor TEXT NOT NULL,
  exported_at TEXT NOT NULL,
  PRIMARY KEY (batch_id, profile)
) STRICT, WITHOUT ROWID;

-- R6: the same request twice gives the same answer.
CREATE TABLE idempotency_keys (
  caller TEXT NOT NULL,
  operation TEXT NOT NULL,
  key TEXT NOT NULL,
  request_sha256 TEXT NOT NULL,
  body TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  PRIMARY KEY (caller, operation, key)
) STRICT, WITHOUT ROWID;

-- Long work that goes on after it was asked for.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'refused', 'failed')),
  name TEXT,
  instance TEXT NOT NULL, -- the process that works on it
  started_at TEXT NOT NULL,
  heartbeat_at TEXT NOT NULL,
  ended_at TEXT,
  outcome TEXT, -- JSON
  actor TEXT, -- who asked for it
  request TEXT, -- JSON: what was asked for
  is_trial INTEGER NOT NULL DEFAULT 0 CHECK (is_trial IN (0, 1)), -- it only tells what it would do
  trial_id TEXT UNIQUE REFERENCES jobs (id) ON DELETE SET NULL -- the trial that it makes good: once each
) STRICT;

-- Who changed what, when and why. Each row is a link of its chain (docs/PROOF.md). `before`, `after`
-- and `reason` may hold personal values: they can be erased, together with the salt. Chained are
-- their salted digests, which stay.
CREATE TABLE audit_events (
  chain INTEGER NOT NULL CHECK (chain >= 0), -- the co-op's id; 0 for what is no co-op's
  seq INTEGER NOT NULL CHECK (seq >= 1), -- place in the chain, without a gap
  recorded_at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL, -- kind and id: `application:12`
  content_sha256 TEXT, -- of the many rows, or the file, that it is about
  salt TEXT,
  before TEXT,
  after TEXT,
  reason TEXT,
  before_sha256 TEXT,
  after_sha256 TEXT,
  reason_sha256 TEXT,
  sha256 TEXT NOT NULL, -- the link
  PRIMARY KEY (chain, seq),
  CHECK (salt IS NOT NULL OR (before IS NULL AND after IS NULL AND reason IS NULL))
) STRICT;
CREATE INDEX audit_events_by_subject ON audit_events (subject);
CREATE INDEX audit_events_by_time ON audit_events (recorded_at, chain, seq);
CREATE INDEX audit_events_by_action ON audit_events (action, recorded_at, chain, seq);
-- A token (`user:aoki/scripts`) acts as its person (`user:aoki`).
CREATE INDEX audit_events_by_person ON audit_events (substr(actor, 1, instr(actor || '/', '/') - 1), recorded_at, chain, seq);

CREATE TRIGGER audit_events_are_only_erased BEFORE UPDATE ON audit_events
WHEN NOT (NEW.chain IS OLD.chain AND NEW.seq IS OLD.seq AND NEW.recorded_at IS OLD.recorded_at
  AND NEW.actor IS OLD.actor AND NEW.action IS OLD.action AND NEW.subject IS OLD.subject
  AND NEW.content_sha256 IS OLD.content_sha256 AND NEW.before_sha256 IS OLD.before_sha256
  AND NEW.after_sha256 IS OLD.after_sha256 AND NEW.reason_sha256 IS OLD.reason_sha256
  AND NEW.sha256 IS OLD.sha256 AND NEW.salt IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'audit_events: rows are never changed, only erased');
END;

CREATE TRIGGER audit_events_are_not_deleted BEFORE DELETE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'audit_events: rows are never deleted');
END;
