-- command_inbox: Which commands of other services were dealt with already, and how.
CREATE TABLE command_inbox (
    digest BYTEA NOT NULL,
    source TEXT NOT NULL,
    message_id TEXT NOT NULL,
    command TEXT NOT NULL,
    body_digest BYTEA NOT NULL,
    outcome TEXT NOT NULL,
    done_at BIGINT NOT NULL,
    CONSTRAINT command_inbox_digest_unique UNIQUE (digest)
);
CREATE INDEX command_inbox_done_at ON command_inbox (done_at);
