-- proof_attempts: Guesses at passwords, so that no account endures more than it should.
CREATE TABLE proof_attempts (
    bucket BYTEA NOT NULL,
    user_id UUID,
    failures BIGINT NOT NULL,
    in_flight BIGINT NOT NULL,
    slots_expire_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    braked BIGINT NOT NULL,
    braked_since BIGINT NOT NULL,
    reported_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CONSTRAINT proof_attempts_bucket_unique UNIQUE (bucket)
);
CREATE INDEX proof_attempts_user_id ON proof_attempts (user_id);
CREATE INDEX proof_attempts_changed_at ON proof_attempts (changed_at);
