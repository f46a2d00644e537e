-- audit_calls: What administrators and the operator asked for, and what they were answered.
CREATE TABLE IF NOT EXISTS audit_calls (
    id BINARY(16) NOT NULL,
    action VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    actor VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    actor_id BINARY(16),
    target_id BINARY(16),
    subject VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    outcome VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    surface VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin,
    agent VARCHAR(255),
    occurred_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    INDEX audit_calls_target_id (target_id, id),
    INDEX audit_calls_actor_id (actor_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
