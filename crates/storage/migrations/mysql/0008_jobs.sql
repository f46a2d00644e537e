-- jobs: Work promised by an operation, written in its transaction, leased by one worker at a time.
CREATE TABLE IF NOT EXISTS jobs (
    id BINARY(16) NOT NULL,
    kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    message VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    unique_key VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    payload LONGBLOB NOT NULL,
    user_id BINARY(16),
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    lease BIGINT NOT NULL,
    leased_until BIGINT,
    last_error LONGTEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT jobs_unique_key_unique UNIQUE (unique_key),
    INDEX jobs_state_run_at (state, run_at),
    INDEX jobs_user_id (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
