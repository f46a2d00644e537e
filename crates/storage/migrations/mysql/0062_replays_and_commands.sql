-- replays_and_commands: Replays of what accounts are by now (position is the number of the last that was told), and
-- since when and why no commands come. One row.
-- MySQL knows no ADD COLUMN IF NOT EXISTS.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'event_replays' AND column_name = 'accounts_until') = 0,
    'ALTER TABLE event_replays ADD COLUMN accounts_until BIGINT',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
CREATE TABLE IF NOT EXISTS command_queue (
    id BIGINT NOT NULL,
    failing_since BIGINT,
    reason LONGTEXT,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT IGNORE INTO command_queue (id) VALUES (1);
