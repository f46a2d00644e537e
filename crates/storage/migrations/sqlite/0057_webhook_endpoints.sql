-- webhook_endpoints: Where events are sent as signed requests, and the secrets that sign them.
CREATE TABLE webhook_endpoints (
    id BLOB NOT NULL,
    url TEXT NOT NULL,
    types TEXT NOT NULL,
    secret BLOB NOT NULL,
    previous_secret BLOB,
    previous_until INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    paused_at INTEGER,
    paused_because TEXT,
    PRIMARY KEY (id)
) STRICT;
