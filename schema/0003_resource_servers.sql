-- What protecting an API needs besides.

ALTER TABLE clients ADD COLUMN access_token_format TEXT NOT NULL DEFAULT 'opaque';   -- opaque, jwt
ALTER TABLE clients ADD COLUMN signing_alg TEXT;                      -- NULL: the deployment's
ALTER TABLE clients ADD COLUMN resources TEXT NOT NULL DEFAULT '';    -- URIs it may ask for (RFC 8707)
ALTER TABLE clients ADD COLUMN audiences TEXT NOT NULL DEFAULT '';    -- URIs that it is, as a resource server
ALTER TABLE tokens ADD COLUMN signing_kid TEXT;                       -- of a JWT; NULL: opaque
CREATE INDEX tokens_signing_kid ON tokens (signing_kid) WHERE signing_kid IS NOT NULL;
