-- sessions: One row a sign-in; the generation names its one live refresh token.
CREATE TABLE IF NOT EXISTS sessions (
    id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    surface VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    generation BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    refresh_secret VARBINARY(32) NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    idle_expires_at BIGINT,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_recorded_at BIGINT,
    end_reason VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin,
    agent VARCHAR(255),
    PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_references FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT sessions_end_is_recorded CHECK ((ended_at IS NULL) = (end_recorded_at IS NULL)),
    INDEX sessions_user_id (user_id, ended_at),
    INDEX sessions_expires_at (expires_at),
    INDEX sessions_end_recorded_at (end_recorded_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
