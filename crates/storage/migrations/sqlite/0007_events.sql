-- events: One row a committed change of state, written in its transaction; numbered when relayed.
CREATE TABLE events (
    id BLOB NOT NULL,
    position INTEGER,
    type TEXT NOT NULL,
    user_id BLOB NOT NULL,
    user_version INTEGER NOT NULL,
    data TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_id BLOB,
    surface TEXT NOT NULL,
    request_id TEXT,
    address TEXT,
    agent TEXT,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT events_position_unique UNIQUE (position),
    CONSTRAINT events_user_version_unique UNIQUE (user_id, user_version)
) STRICT;
CREATE INDEX events_recorded_at ON events (recorded_at);
CREATE INDEX events_user_id ON events (user_id, id);
CREATE INDEX events_actor_id ON events (actor_id, id);
