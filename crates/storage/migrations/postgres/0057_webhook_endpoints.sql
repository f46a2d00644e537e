-- webhook_endpoints: Where events are sent as signed requests, and the secrets that sign them.
CREATE TABLE webhook_endpoints (
    id UUID NOT NULL,
    url TEXT NOT NULL,
    types TEXT NOT NULL,
    secret BYTEA NOT NULL,
    previous_secret BYTEA,
    previous_until BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    paused_at BIGINT,
    paused_because TEXT,
    PRIMARY KEY (id)
);
