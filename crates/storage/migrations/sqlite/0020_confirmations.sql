-- confirmations: The newest code and link for each purpose of an account, and how much it was guessed at.
CREATE TABLE confirmations (
    bucket BLOB NOT NULL,
    user_id BLOB,
    purpose TEXT NOT NULL,
    challenge BLOB NOT NULL,
    address BLOB NOT NULL,
    code_hash BLOB,
    digits INTEGER NOT NULL,
    guesses_left INTEGER NOT NULL,
    code_expires_at INTEGER NOT NULL,
    link_hash BLOB,
    link_expires_at INTEGER NOT NULL,
    detail BLOB,
    failures INTEGER NOT NULL,
    escalation INTEGER NOT NULL,
    escalated_at INTEGER,
    guesses_arrival INTEGER,
    changed_at INTEGER NOT NULL,
    CONSTRAINT confirmations_bucket_unique UNIQUE (bucket),
    CONSTRAINT confirmations_link_hash_unique UNIQUE (link_hash)
) STRICT;
CREATE INDEX confirmations_user_id ON confirmations (user_id);
CREATE INDEX confirmations_changed_at ON confirmations (changed_at);
