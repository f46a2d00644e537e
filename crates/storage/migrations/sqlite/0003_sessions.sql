-- sessions: One row a sign-in; the generation names its one live refresh token.
CREATE TABLE sessions (
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    surface TEXT NOT NULL,
    generation INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    refresh_secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    idle_expires_at INTEGER,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    end_recorded_at INTEGER,
    end_reason TEXT,
    address TEXT,
    agent TEXT,
    PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_references FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT sessions_end_is_recorded CHECK ((ended_at IS NULL) = (end_recorded_at IS NULL))
) STRICT;
CREATE INDEX sessions_user_id ON sessions (user_id, ended_at);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX sessions_end_recorded_at ON sessions (end_recorded_at);
