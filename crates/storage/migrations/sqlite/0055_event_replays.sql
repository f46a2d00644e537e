-- event_replays: Parts of the log that are told once more, because somebody asked.
CREATE TABLE event_replays (
    id BLOB NOT NULL,
    sink TEXT NOT NULL,
    user_id BLOB,
    position INTEGER NOT NULL,
    until_position INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    done_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
