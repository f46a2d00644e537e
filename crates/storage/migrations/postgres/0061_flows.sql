-- flows: What is done in several steps, each by somebody who holds the key of the first.
CREATE TABLE flows (
    key_hash BYTEA NOT NULL,
    surface TEXT NOT NULL,
    kind TEXT NOT NULL,
    step TEXT NOT NULL,
    user_id UUID,
    sealed BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT flows_key_hash_unique UNIQUE (key_hash)
);
CREATE INDEX flows_user_id ON flows (user_id);
CREATE INDEX flows_expires_at ON flows (expires_at);
