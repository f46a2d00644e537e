-- events: One row a committed change of state, written in its transaction; numbered when relayed.
CREATE TABLE IF NOT EXISTS events (
    id BINARY(16) NOT NULL,
    position BIGINT,
    type VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id BINARY(16) NOT NULL,
    user_version BIGINT NOT NULL,
    data LONGTEXT NOT NULL,
    actor VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    actor_id BINARY(16),
    surface VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin,
    agent VARCHAR(255),
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT events_position_unique UNIQUE (position),
    CONSTRAINT events_user_version_unique UNIQUE (user_id, user_version),
    INDEX events_recorded_at (recorded_at),
    INDEX events_user_id (user_id, id),
    INDEX events_actor_id (actor_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
