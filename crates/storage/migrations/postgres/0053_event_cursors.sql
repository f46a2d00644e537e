-- event_cursors: How far each recipient of the log is, and since when and why it is not taken.
CREATE TABLE event_cursors (
    sink TEXT NOT NULL,
    position BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    failing_since BIGINT,
    reason TEXT,
    PRIMARY KEY (sink)
);
