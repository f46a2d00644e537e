-- webhook_endpoints: Where events are sent as signed requests, and the secrets that sign them.
CREATE TABLE IF NOT EXISTS webhook_endpoints (
    id BINARY(16) NOT NULL,
    url LONGTEXT NOT NULL,
    types LONGTEXT NOT NULL,
    secret LONGBLOB NOT NULL,
    previous_secret LONGBLOB,
    previous_until BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    paused_at BIGINT,
    paused_because LONGTEXT,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
