-- idempotency_keys: Which registrations were answered already, for clients that ask again.
CREATE TABLE idempotency_keys (
    digest BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    user_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT idempotency_keys_digest_unique UNIQUE (digest)
) STRICT;
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_user_id ON idempotency_keys (user_id);
