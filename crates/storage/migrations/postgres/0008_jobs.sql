-- jobs: Work promised by an operation, written in its transaction, leased by one worker at a time.
CREATE TABLE jobs (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    message TEXT,
    unique_key TEXT,
    payload BYTEA NOT NULL,
    user_id UUID,
    state TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    lease BIGINT NOT NULL,
    leased_until BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT jobs_unique_key_unique UNIQUE (unique_key)
);
CREATE INDEX jobs_state_run_at ON jobs (state, run_at);
CREATE INDEX jobs_user_id ON jobs (user_id);
