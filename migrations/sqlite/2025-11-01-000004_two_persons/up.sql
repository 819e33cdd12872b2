-- Two persons (R17): who did a thing, and who approved it.

-- Who closes a batch and who approves its export are two people: approved once, before its first export.
CREATE TABLE batch_approvals (
  batch_id INTEGER PRIMARY KEY REFERENCES batches (id),
  ground TEXT NOT NULL CHECK (ground IN ('second_person', 'one_person_office', 'operator')), -- why this was enough
  approved_by TEXT NOT NULL,
  approved_at TEXT NOT NULL
) STRICT;

-- What one person of finance entered and another has to approve: nothing is booked before that.
CREATE TABLE pending_actions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  operation TEXT NOT NULL CHECK (operation IN ('post_journal_entry', 'reverse_journal_entry', 'record_payout', 'refund_charge')),
  request TEXT NOT NULL, -- JSON, with the day that it is dated
  request_sha256 TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  submitted_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'rejected', 'withdrawn')),
  ground TEXT CHECK (ground IN ('second_person', 'one_person_office', 'operator')), -- why the approval was enough
  decided_by TEXT,
  decided_at TEXT,
  decision_reason TEXT,
  entry_id INTEGER UNIQUE REFERENCES journal_entries (id), -- what was booked
  CHECK ((state = 'pending') = (decided_by IS NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CHECK ((state = 'approved') = (ground IS NOT NULL)),
  CHECK ((state = 'approved') = (entry_id IS NOT NULL)),
  CHECK (state <> 'rejected' OR decision_reason IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX pending_actions_once ON pending_actions (operation, request_sha256) WHERE state = 'pending';

-- A token acts as its person: the name ends where `/` begins.
CREATE TRIGGER batch_approvals_by_another BEFORE INSERT ON batch_approvals WHEN NEW.ground = 'second_person' BEGIN
  SELECT RAISE(ABORT, 'two persons: who closed the batch does not approve its export')
    FROM batches b WHERE b.id = NEW.batch_id
      AND substr(b.closed_by, 1, instr(b.closed_by || '/', '/') - 1)
        = substr(NEW.approved_by, 1, instr(NEW.approved_by || '/', '/') - 1);
END;
CREATE TRIGGER batch_approvals_never_updated BEFORE UPDATE ON batch_approvals BEGIN
  SELECT RAISE(ABORT, 'two persons: an approval is never changed');
END;
CREATE TRIGGER batch_approvals_never_deleted BEFORE DELETE ON batch_approvals BEGIN
  SELECT RAISE(ABORT, 'two persons: an approval is never deleted');
END;

CREATE TRIGGER exports_are_approved BEFORE INSERT ON exports BEGIN
  SELECT RAISE(ABORT, 'two persons: a batch is approved before it is exported')
    WHERE NOT EXISTS (SELECT 1 FROM batch_approvals WHERE batch_id = NEW.batch_id);
END;

CREATE TRIGGER pending_actions_by_another BEFORE UPDATE ON pending_actions WHEN NEW.ground = 'second_person' BEGIN
  SELECT RAISE(ABORT, 'two persons: who entered it does not approve it')
    WHERE substr(NEW.submitted_by, 1, instr(NEW.submitted_by || '/', '/') - 1)
      = substr(NEW.decided_by, 1, instr(NEW.decided_by || '/', '/') - 1);
END;
CREATE TRIGGER pending_actions_decided_once BEFORE UPDATE ON pending_actions
  WHEN OLD.state <> 'pending' OR NEW.id <> OLD.id OR NEW.operation <> OLD.operation OR NEW.request <> OLD.request
    OR NEW.request_sha256 <> OLD.request_sha256 OR NEW.submitted_by <> OLD.submitted_by
    OR NEW.submitted_at <> OLD.submitted_at BEGIN
  SELECT RAISE(ABORT, 'two persons: what was entered is decided once and never changed');
END;
CREATE TRIGGER pending_actions_begin_pending BEFORE INSERT ON pending_actions WHEN NEW.state <> 'pending' BEGIN
  SELECT RAISE(ABORT, 'two persons: what is entered waits for another person');
END;
CREATE TRIGGER pending_actions_never_deleted BEFORE DELETE ON pending_actions BEGIN
  SELECT RAISE(ABORT, 'two persons: what was entered is never deleted');
END;
