-- What signing in and authorizing in a browser need besides.

ALTER TABLE clients ADD COLUMN require_par BIGINT NOT NULL DEFAULT 0;   -- 1: only pushed requests (RFC 9126)

ALTER TABLE authorization_requests ADD COLUMN pushed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE authorization_requests ADD COLUMN source_hash TEXT;         -- the pushed or stored one it was read from

CREATE TABLE failed_attempts (                     -- guesses at a secret that people choose or type
  subject_hash  TEXT PRIMARY KEY,                  -- SHA-256 of what is guessed at, or of where from
  failures      BIGINT NOT NULL,                   -- since the first of them
  first_at      BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL                    -- nothing counts any more from then on
);
CREATE INDEX failed_attempts_expires ON failed_attempts (expires_at);
