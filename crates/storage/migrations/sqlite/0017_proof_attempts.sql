-- proof_attempts: Guesses at passwords, so that no account endures more than it should.
CREATE TABLE proof_attempts (
    bucket BLOB NOT NULL,
    user_id BLOB,
    failures INTEGER NOT NULL,
    in_flight INTEGER NOT NULL,
    slots_expire_at INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    braked INTEGER NOT NULL,
    braked_since INTEGER NOT NULL,
    reported_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    CONSTRAINT proof_attempts_bucket_unique UNIQUE (bucket)
) STRICT;
CREATE INDEX proof_attempts_user_id ON proof_attempts (user_id);
CREATE INDEX proof_attempts_changed_at ON proof_attempts (changed_at);
