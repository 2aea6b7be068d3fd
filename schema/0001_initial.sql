-- What one deployment holds. The SQL subset (SQLite and PostgreSQL alike) is in schema/README.md.
-- *_at: seconds since 1970. *_hash: SHA-256 of a secret, base64url. Lists of words: joined by one space.

CREATE TABLE deployment (
  name  TEXT PRIMARY KEY,               -- issuer
  value TEXT NOT NULL
);

CREATE TABLE users (
  id                TEXT PRIMARY KEY,
  username          TEXT NOT NULL,
  username_key      TEXT NOT NULL UNIQUE,          -- lower case: Alice and alice are one person
  name              TEXT,
  email             TEXT,
  email_key         TEXT UNIQUE,                   -- one may sign in with it, so it names one person
  email_verified_at BIGINT,
  password_hash     TEXT,                          -- Argon2id, PHC string; NULL: no sign-in by password
  disabled_at       BIGINT,
  created_at        BIGINT NOT NULL,
  updated_at        BIGINT NOT NULL
);

CREATE TABLE scopes (
  name        TEXT PRIMARY KEY,
  description TEXT NOT NULL,
  group_name  TEXT,
  internal    BIGINT NOT NULL,                     -- 1: only for internal clients, never offered to users
  is_default  BIGINT NOT NULL,                     -- 1: for clients that are registered without any scope
  created_at  BIGINT NOT NULL
);

CREATE TABLE clients (
  id                         TEXT PRIMARY KEY,
  name                       TEXT NOT NULL,
  description                TEXT,
  client_uri                 TEXT,
  owner_id                   TEXT REFERENCES users (id) ON DELETE CASCADE,
  grant_types                TEXT NOT NULL,
  response_types             TEXT NOT NULL,
  scope                      TEXT NOT NULL,
  default_scope              TEXT NOT NULL,
  token_endpoint_auth_method TEXT NOT NULL,        -- none: a public client
  introspect                 TEXT NOT NULL,        -- any, audience, own: whose tokens it may look at
  internal                   BIGINT NOT NULL,
  skip_consent               BIGINT NOT NULL,
  access_token_ttl           BIGINT,               -- seconds; NULL: the server's
  refresh_token_ttl          BIGINT,
  disabled_at                BIGINT,
  created_at                 BIGINT NOT NULL,
  updated_at                 BIGINT NOT NULL
);
CREATE UNIQUE INDEX clients_name ON clients (name, COALESCE(owner_id, ''));
CREATE INDEX clients_owner ON clients (owner_id);

CREATE TABLE client_secrets (
  id          TEXT PRIMARY KEY,
  client_id   TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  secret_hash TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  expires_at  BIGINT                               -- NULL: never
);
CREATE INDEX client_secrets_client ON client_secrets (client_id);

CREATE TABLE redirect_uris (
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  position  BIGINT NOT NULL,                       -- as registered: the order is shown
  uri       TEXT NOT NULL,
  origin    TEXT,                                  -- scheme://host[:port] of an https URI, for CORS
  PRIMARY KEY (client_id, position)
);
CREATE INDEX redirect_uris_origin ON redirect_uris (origin) WHERE origin IS NOT NULL;

CREATE TABLE tokens (
  id               TEXT PRIMARY KEY,               -- from the hash, so that one index serves both; the jti
  token_hash       TEXT NOT NULL,
  kind             TEXT NOT NULL,                  -- personal, access, refresh
  client_id        TEXT REFERENCES clients (id) ON DELETE CASCADE,
  user_id          TEXT REFERENCES users (id) ON DELETE CASCADE,
  name             TEXT,                           -- of a personal token
  scope            TEXT NOT NULL,
  audience         TEXT,                           -- NULL: the issuer
  internal         BIGINT NOT NULL,                -- 1: not on the user's own pages
  family_id        TEXT,                           -- all that one authorization gave
  created_at       BIGINT NOT NULL,
  expires_at       BIGINT,                         -- NULL: never
  last_used_at     BIGINT,
  revoked_at       BIGINT,
  rotated_at       BIGINT,                         -- a successor exists
  lifetime         BIGINT,                         -- of a personal token: seconds last asked for; NULL: never ends
  successor_sealed TEXT                            -- refresh: the successor, readable only with this token
);
CREATE INDEX tokens_client ON tokens (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX tokens_user ON tokens (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX tokens_family ON tokens (family_id) WHERE family_id IS NOT NULL;
CREATE INDEX tokens_expires ON tokens (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX tokens_revoked ON tokens (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE UNIQUE INDEX tokens_personal_name ON tokens (name, user_id)
  WHERE kind = 'personal' AND revoked_at IS NULL AND rotated_at IS NULL;

CREATE TABLE consents (
  id         TEXT PRIMARY KEY,
  user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id  TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  scope      TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (user_id, client_id)
);
CREATE INDEX consents_client ON consents (client_id);

CREATE TABLE sessions (
  id           TEXT PRIMARY KEY,                   -- shown in lists; the cookie is another secret
  session_hash TEXT NOT NULL UNIQUE,
  user_id      TEXT REFERENCES users (id) ON DELETE CASCADE,   -- NULL: before sign-in
  remember     BIGINT NOT NULL,
  address      TEXT,
  user_agent   TEXT,
  created_at   BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  revoked_at   BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE authorization_requests (
  request_hash TEXT PRIMARY KEY,                   -- pushed (RFC 9126) or stored while the user signs in
  client_id    TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  session_id   TEXT REFERENCES sessions (id) ON DELETE CASCADE,
  parameters   TEXT NOT NULL,                      -- form-urlencoded
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  used_at      BIGINT
);
CREATE INDEX authorization_requests_client ON authorization_requests (client_id);
CREATE INDEX authorization_requests_session ON authorization_requests (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX authorization_requests_expires ON authorization_requests (expires_at);

CREATE TABLE authorization_codes (
  code_hash      TEXT PRIMARY KEY,
  client_id      TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  user_id        TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  redirect_uri   TEXT,                             -- as the authorization request sent it; NULL: it sent none
  scope          TEXT NOT NULL,
  audience       TEXT,
  code_challenge TEXT,
  family_id      TEXT NOT NULL,
  created_at     BIGINT NOT NULL,
  expires_at     BIGINT NOT NULL,
  redeemed_at    BIGINT
);
CREATE INDEX authorization_codes_client ON authorization_codes (client_id);
CREATE INDEX authorization_codes_user ON authorization_codes (user_id);
CREATE INDEX authorization_codes_expires ON authorization_codes (expires_at);

CREATE TABLE device_codes (
  device_code_hash TEXT PRIMARY KEY,
  user_code        TEXT NOT NULL UNIQUE,
  client_id        TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  user_id          TEXT REFERENCES users (id) ON DELETE CASCADE,
  scope            TEXT NOT NULL,
  audience         TEXT,
  interval_seconds BIGINT NOT NULL,
  last_poll_at     BIGINT,
  approved_at      BIGINT,
  denied_at        BIGINT,
  redeemed_at      BIGINT,
  created_at       BIGINT NOT NULL,
  expires_at       BIGINT NOT NULL
);
CREATE INDEX device_codes_client ON device_codes (client_id);
CREATE INDEX device_codes_user ON device_codes (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX device_codes_expires ON device_codes (expires_at);

CREATE TABLE password_resets (
  reset_hash TEXT PRIMARY KEY,
  user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT
);
CREATE INDEX password_resets_user ON password_resets (user_id);
CREATE INDEX password_resets_expires ON password_resets (expires_at);

CREATE TABLE signing_keys (
  kid            TEXT PRIMARY KEY,
  algorithm      TEXT NOT NULL,
  public_jwk     TEXT NOT NULL,
  private_sealed TEXT NOT NULL,
  created_at     BIGINT NOT NULL,
  retired_at     BIGINT,
  expires_at     BIGINT                            -- no longer published from then on
);

CREATE TABLE audit_log (
  id         BIGINT PRIMARY KEY,                   -- 1, 2, 3 … without a gap
  created_at BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  action     TEXT NOT NULL,
  object     TEXT NOT NULL,
  reason     TEXT,
  address    TEXT,
  request_id TEXT,
  chain_hash TEXT NOT NULL                         -- SHA-256 over the row before and this one
);
CREATE INDEX audit_log_created ON audit_log (created_at);
CREATE INDEX audit_log_object ON audit_log (object);
