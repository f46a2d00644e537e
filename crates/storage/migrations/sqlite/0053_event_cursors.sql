-- event_cursors: How far each recipient of the log is, and since when and why it is not taken.
CREATE TABLE event_cursors (
    sink TEXT NOT NULL,
    position INTEGER NOT NULL,
    moved_at INTEGER NOT NULL,
    failing_since INTEGER,
    reason TEXT,
    PRIMARY KEY (sink)
) STRICT;
