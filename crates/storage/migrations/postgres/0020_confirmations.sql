-- confirmations: The newest code and link for each purpose of an account, and how much it was guessed at.
CREATE TABLE confirmations (
    bucket BYTEA NOT NULL,
    user_id UUID,
    purpose TEXT NOT NULL,
    challenge BYTEA NOT NULL,
    address BYTEA NOT NULL,
    code_hash BYTEA,
    digits BIGINT NOT NULL,
    guesses_left BIGINT NOT NULL,
    code_expires_at BIGINT NOT NULL,
    link_hash BYTEA,
    link_expires_at BIGINT NOT NULL,
    detail BYTEA,
    failures BIGINT NOT NULL,
    escalation BIGINT NOT NULL,
    escalated_at BIGINT,
    guesses_arrival BIGINT,
    changed_at BIGINT NOT NULL,
    CONSTRAINT confirmations_bucket_unique UNIQUE (bucket),
    CONSTRAINT confirmations_link_hash_unique UNIQUE (link_hash)
);
CREATE INDEX confirmations_user_id ON confirmations (user_id);
CREATE INDEX confirmations_changed_at ON confirmations (changed_at);
