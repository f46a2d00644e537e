-- purge_receipts: That an account was erased, and nothing of whom it was.
CREATE TABLE IF NOT EXISTS purge_receipts (
    user_id BINARY(16) NOT NULL,
    number BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL,
    deleted_by VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    purged_at BIGINT NOT NULL,
    PRIMARY KEY (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
