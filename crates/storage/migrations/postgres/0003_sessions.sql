-- sessions: One row a sign-in; the generation names its one live refresh token.
CREATE TABLE sessions (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    surface TEXT NOT NULL,
    generation BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    refresh_secret BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    idle_expires_at BIGINT,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_recorded_at BIGINT,
    end_reason TEXT,
    address TEXT,
    agent TEXT,
    PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_references FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT sessions_end_is_recorded CHECK ((ended_at IS NULL) = (end_recorded_at IS NULL))
);
CREATE INDEX sessions_user_id ON sessions (user_id, ended_at);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX sessions_end_recorded_at ON sessions (end_recorded_at);
