-- replays_and_commands: Replays of what accounts are by now (position is the number of the last that was told), and
-- since when and why no commands come. One row.
ALTER TABLE event_replays ADD COLUMN accounts_until INTEGER;
CREATE TABLE command_queue (
    id INTEGER NOT NULL PRIMARY KEY,
    failing_since INTEGER,
    reason TEXT
) STRICT;
INSERT INTO command_queue (id) VALUES (1);
