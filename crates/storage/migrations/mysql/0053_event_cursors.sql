-- event_cursors: How far each recipient of the log is, and since when and why it is not taken.
CREATE TABLE IF NOT EXISTS event_cursors (
    sink VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    failing_since BIGINT,
    reason LONGTEXT,
    PRIMARY KEY (sink)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
