-- jobs: Work promised by an operation, written in its transaction, leased by one worker at a time.
CREATE TABLE jobs (
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    message TEXT,
    unique_key TEXT,
    payload BLOB NOT NULL,
    user_id BLOB,
    state TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,
    lease INTEGER NOT NULL,
    leased_until INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (id),
    CONSTRAINT jobs_unique_key_unique UNIQUE (unique_key)
) STRICT;
CREATE INDEX jobs_state_run_at ON jobs (state, run_at);
CREATE INDEX jobs_user_id ON jobs (user_id);
