-- events: One row a committed change of state, written in its transaction; numbered when relayed.
CREATE TABLE events (
    id UUID NOT NULL,
    position BIGINT,
    type TEXT NOT NULL,
    user_id UUID NOT NULL,
    user_version BIGINT NOT NULL,
    data TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_id UUID,
    surface TEXT NOT NULL,
    request_id TEXT,
    address TEXT,
    agent TEXT,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT events_position_unique UNIQUE (position),
    CONSTRAINT events_user_version_unique UNIQUE (user_id, user_version)
);
CREATE INDEX events_recorded_at ON events (recorded_at);
CREATE INDEX events_user_id ON events (user_id, id);
CREATE INDEX events_actor_id ON events (actor_id, id);
