-- setup: Whether this deployment ever had an administrator, and the token that makes the first. One row.
CREATE TABLE IF NOT EXISTS setup (
    id BIGINT NOT NULL,
    token_digest VARBINARY(32),
    token_made_at BIGINT,
    closed_at BIGINT,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
