-- Tokens lie in the order in which they were made: new rows are neighbours, also in the key's index, and a commit
-- writes few pages instead of one for each row.

DROP INDEX tokens_client;
DROP INDEX tokens_user;
DROP INDEX tokens_family;
DROP INDEX tokens_expires;
DROP INDEX tokens_revoked;
DROP INDEX tokens_personal_name;
DROP INDEX tokens_signing_kid;

CREATE TABLE tokens_by_time (
  issued_ms        BIGINT NOT NULL DEFAULT 0,      -- milliseconds since 1970, as the id ends with; 0: it does not
  id               TEXT NOT NULL,                  -- from the hash and the time in the token; of a JWT, the jti
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
  successor_sealed TEXT,                           -- refresh: the successor, readable only with this token
  signing_kid      TEXT,                           -- of a JWT; NULL: opaque
  PRIMARY KEY (issued_ms, id)
);
INSERT INTO tokens_by_time
  (id, token_hash, kind, client_id, user_id, name, scope, audience, internal, family_id, created_at, expires_at,
   last_used_at, revoked_at, rotated_at, lifetime, successor_sealed, signing_kid)
  SELECT id, token_hash, kind, client_id, user_id, name, scope, audience, internal, family_id, created_at, expires_at,
         last_used_at, revoked_at, rotated_at, lifetime, successor_sealed, signing_kid
  FROM tokens;
DROP TABLE tokens;
ALTER TABLE tokens_by_time RENAME TO tokens;

CREATE INDEX tokens_client ON tokens (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX tokens_user ON tokens (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX tokens_family ON tokens (family_id) WHERE family_id IS NOT NULL;
CREATE INDEX tokens_expires ON tokens (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX tokens_revoked ON tokens (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX tokens_signing_kid ON tokens (signing_kid) WHERE signing_kid IS NOT NULL;
CREATE UNIQUE INDEX tokens_personal_name ON tokens (name, user_id)
  WHERE kind = 'personal' AND revoked_at IS NULL AND rotated_at IS NULL;
