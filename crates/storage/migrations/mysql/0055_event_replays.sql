-- event_replays: Parts of the log that are told once more, because somebody asked.
CREATE TABLE IF NOT EXISTS event_replays (
    id BINARY(16) NOT NULL,
    sink VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id BINARY(16),
    position BIGINT NOT NULL,
    until_position BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    done_at BIGINT,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
