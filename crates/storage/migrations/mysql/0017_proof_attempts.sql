-- proof_attempts: Guesses at passwords, so that no account endures more than it should.
CREATE TABLE IF NOT EXISTS proof_attempts (
    bucket VARBINARY(32) NOT NULL,
    user_id BINARY(16),
    failures BIGINT NOT NULL,
    in_flight BIGINT NOT NULL,
    slots_expire_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    braked BIGINT NOT NULL,
    braked_since BIGINT NOT NULL,
    reported_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CONSTRAINT proof_attempts_bucket_unique UNIQUE (bucket),
    INDEX proof_attempts_user_id (user_id),
    INDEX proof_attempts_changed_at (changed_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
