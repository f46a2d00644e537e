-- event_dead_letters: Events that a recipient refused for good, until somebody has them sent again.
CREATE TABLE IF NOT EXISTS event_dead_letters (
    sink VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position BIGINT NOT NULL,
    reason LONGTEXT NOT NULL,
    parked_at BIGINT NOT NULL,
    PRIMARY KEY (sink, position)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
