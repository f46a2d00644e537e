-- idempotency_keys: Which registrations were answered already, for clients that ask again.
CREATE TABLE idempotency_keys (
    digest BYTEA NOT NULL,
    fingerprint BYTEA NOT NULL,
    user_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT idempotency_keys_digest_unique UNIQUE (digest)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_user_id ON idempotency_keys (user_id);
