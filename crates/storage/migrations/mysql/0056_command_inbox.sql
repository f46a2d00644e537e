-- command_inbox: Which commands of other services were dealt with already, and how.
CREATE TABLE IF NOT EXISTS command_inbox (
    digest VARBINARY(32) NOT NULL,
    source VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    message_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    command VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    body_digest VARBINARY(32) NOT NULL,
    outcome VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    done_at BIGINT NOT NULL,
    CONSTRAINT command_inbox_digest_unique UNIQUE (digest),
    INDEX command_inbox_done_at (done_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
