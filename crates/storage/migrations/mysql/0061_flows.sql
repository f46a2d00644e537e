-- flows: What is done in several steps, each by somebody who holds the key of the first.
CREATE TABLE IF NOT EXISTS flows (
    key_hash VARBINARY(32) NOT NULL,
    surface VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    step VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id BINARY(16),
    sealed VARBINARY(4096) NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT flows_key_hash_unique UNIQUE (key_hash),
    INDEX flows_user_id (user_id),
    INDEX flows_expires_at (expires_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
