-- What signing in with an account elsewhere needs besides. *_sealed: AES-256-GCM under the server's key.

CREATE TABLE providers (
  name              TEXT PRIMARY KEY,              -- in URLs: a-z, 0-9, -
  preset            TEXT NOT NULL,
  title             TEXT,                          -- NULL, here and below: the preset's
  description       TEXT,
  icon              TEXT,                          -- base64 of an image file; its type from its first bytes
  client_id         TEXT NOT NULL,                 -- of this deployment, there
  secret_sealed     TEXT NOT NULL,
  issuer            TEXT,
  authorize_url     TEXT,
  token_url         TEXT,
  userinfo_url      TEXT,
  emails_url        TEXT,
  request_token_url TEXT,                          -- OAuth 1.0a
  signature_method  TEXT,                          -- OAuth 1.0a: HMAC-SHA1, PLAINTEXT
  scope             TEXT,
  hidden            BIGINT NOT NULL,
  link_only         BIGINT NOT NULL,
  signup            TEXT NOT NULL,                 -- auto, ask, off
  trust_email       BIGINT NOT NULL,
  disabled_at       BIGINT,
  created_at        BIGINT NOT NULL,
  updated_at        BIGINT NOT NULL
);

CREATE TABLE remote_accounts (
  id             TEXT PRIMARY KEY,
  provider       TEXT NOT NULL REFERENCES providers (name) ON DELETE CASCADE,
  subject        TEXT NOT NULL,                    -- who it is there, for ever
  user_id        TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  username       TEXT,                             -- there, when last seen
  email          TEXT,
  tokens_sealed  TEXT,                             -- JSON: access_token, refresh_token, token_type, scope, token_secret
  expires_at     BIGINT,                           -- of the access token there; NULL: unknown or never
  created_at     BIGINT NOT NULL,
  last_used_at   BIGINT,                           -- when it signed in last
  refreshing_until BIGINT,                         -- whoever refreshes the tokens is alone until then, at most
  UNIQUE (provider, subject),                      -- never two users for one account there
  UNIQUE (user_id, provider)                       -- one account a provider, since disconnecting names the provider
);

CREATE TABLE used_states (
  state_hash TEXT PRIMARY KEY,                     -- of the jti of a state that came back
  expires_at BIGINT NOT NULL
);
CREATE INDEX used_states_expires ON used_states (expires_at);

CREATE TABLE signups (                             -- who came from a provider and is asked for what is missing
  signup_hash      TEXT PRIMARY KEY,               -- of a secret in the form
  session_name     TEXT NOT NULL,                  -- of the browser
  provider         TEXT NOT NULL REFERENCES providers (name) ON DELETE CASCADE,
  subject          TEXT NOT NULL,
  profile          TEXT NOT NULL,                  -- JSON: username, name, email, email_verified
  tokens_sealed    TEXT,
  token_expires_at BIGINT,
  next             TEXT NOT NULL,
  remember         BIGINT NOT NULL,
  created_at       BIGINT NOT NULL,
  expires_at       BIGINT NOT NULL,
  used_at          BIGINT
);
CREATE INDEX signups_expires ON signups (expires_at);

CREATE TABLE request_tokens (                      -- OAuth 1.0a: between its two redirects
  state_hash   TEXT PRIMARY KEY,                   -- as in used_states
  token_sealed TEXT NOT NULL,                      -- under a key that only the browser's cookie gives
  expires_at   BIGINT NOT NULL
);
CREATE INDEX request_tokens_expires ON request_tokens (expires_at);
