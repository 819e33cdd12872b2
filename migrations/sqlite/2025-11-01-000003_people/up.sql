-- Who may do what (R17): people, how they prove who they are, and for how long. Secrets are kept as
-- SHA-256 (random ones) or Argon2id (passwords); only the key of the second factor has to be readable.

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE, -- signs in with it; never changes, never used again
  display_name TEXT,
  roles TEXT NOT NULL CHECK (roles <> ''), -- a set: words in the order of the roles, with commas
  organization_id INTEGER REFERENCES organizations (id),
  state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
  password_hash TEXT, -- PHC string of Argon2id
  totp_key TEXT, -- base32
  totp_step INTEGER NOT NULL DEFAULT 0, -- the last 30 seconds a code was taken of: none is taken twice
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  signed_in_at TEXT,
  CHECK ((roles = 'organization') = (organization_id IS NOT NULL)), -- R17: bound to one, and nothing else
  CHECK (state <> 'active' OR password_hash IS NOT NULL)
) STRICT;

-- Each opens the door once in place of the second factor.
CREATE TABLE recovery_codes (
  user_id INTEGER NOT NULL REFERENCES users (id),
  sha256 TEXT NOT NULL,
  used_at TEXT,
  PRIMARY KEY (user_id, sha256)
) STRICT;

-- A link by which a person sets a password: good once, until its end. A newer one ends the older.
CREATE TABLE one_time_links (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users (id),
  purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'reset')),
  sha256 TEXT NOT NULL UNIQUE,
  expires_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  ended_at TEXT, -- used, or replaced
  ended_because TEXT CHECK (ended_because IN ('used', 'replaced')),
  CHECK ((ended_at IS NULL) = (ended_because IS NULL))
) STRICT;
CREATE UNIQUE INDEX one_time_links_one_open ON one_time_links (user_id) WHERE ended_at IS NULL;

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users (id),
  sha256 TEXT NOT NULL UNIQUE,
  stage TEXT NOT NULL CHECK (stage IN ('second_factor', 'enrolment', 'full')),
  address TEXT,
  agent TEXT, -- what the browser says of itself
  totp_key TEXT, -- base32: offered in this session, and not confirmed by a code yet
  created_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  expires_at TEXT NOT NULL, -- at the latest
  ended_at TEXT,
  ended_because TEXT CHECK (ended_because IN ('signed_out', 'ended', 'renewed', 'rights_changed', 'password_changed', 'disabled')),
  CHECK ((ended_at IS NULL) = (ended_because IS NULL))
) STRICT;
CREATE INDEX sessions_open ON sessions (user_id) WHERE ended_at IS NULL;

-- For scripts: acts as its person, with no more than these roles and scopes.
CREATE TABLE tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  roles TEXT NOT NULL CHECK (roles <> ''),
  scopes TEXT NOT NULL CHECK (scopes <> ''), -- `all`, or areas such as `billing:read`, with commas
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  last_used_at TEXT,
  revoked_at TEXT,
  revoked_by TEXT,
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX tokens_by_name ON tokens (user_id, name); -- its name is in the records for ever

-- Wrong tries, which slow down the next.
CREATE TABLE sign_in_failures (
  kind TEXT NOT NULL CHECK (kind IN ('account', 'address')),
  sha256 TEXT NOT NULL, -- of the name that was tried, or the address
  failures INTEGER NOT NULL CHECK (failures > 0),
  last_failed_at TEXT NOT NULL,
  PRIMARY KEY (kind, sha256)
) STRICT;
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (last_failed_at);
