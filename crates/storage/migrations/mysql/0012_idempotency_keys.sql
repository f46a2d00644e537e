-- idempotency_keys: Which registrations were answered already, for clients that ask again.
CREATE TABLE IF NOT EXISTS idempotency_keys (
    digest VARBINARY(32) NOT NULL,
    fingerprint VARBINARY(32) NOT NULL,
    user_id BINARY(16) NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT idempotency_keys_digest_unique UNIQUE (digest),
    INDEX idempotency_keys_created_at (created_at),
    INDEX idempotency_keys_user_id (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
