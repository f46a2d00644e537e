-- schedules: When what happens again and again happens next: one promise each time, whichever instance makes it.
CREATE TABLE IF NOT EXISTS schedules (
    name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    cron VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
