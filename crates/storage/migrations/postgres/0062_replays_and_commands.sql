-- replays_and_commands: Replays of what accounts are by now (position is the number of the last that was told), and
-- since when and why no commands come. One row.
ALTER TABLE event_replays ADD COLUMN accounts_until BIGINT;
CREATE TABLE command_queue (
    id BIGINT NOT NULL PRIMARY KEY,
    failing_since BIGINT,
    reason TEXT
);
INSERT INTO command_queue (id) VALUES (1);
