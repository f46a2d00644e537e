-- confirmations: The newest code and link for each purpose of an account, and how much it was guessed at.
CREATE TABLE IF NOT EXISTS confirmations (
    bucket VARBINARY(32) NOT NULL,
    user_id BINARY(16),
    purpose VARCHAR(64) NOT NULL,
    challenge VARBINARY(16) NOT NULL,
    address VARBINARY(32) NOT NULL,
    code_hash VARBINARY(32),
    digits BIGINT NOT NULL,
    guesses_left BIGINT NOT NULL,
    code_expires_at BIGINT NOT NULL,
    link_hash VARBINARY(32),
    link_expires_at BIGINT NOT NULL,
    detail BLOB,
    failures BIGINT NOT NULL,
    escalation BIGINT NOT NULL,
    escalated_at BIGINT,
    guesses_arrival BIGINT,
    changed_at BIGINT NOT NULL,
    CONSTRAINT confirmations_bucket_unique UNIQUE (bucket),
    CONSTRAINT confirmations_link_hash_unique UNIQUE (link_hash),
    INDEX confirmations_user_id (user_id),
    INDEX confirmations_changed_at (changed_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
