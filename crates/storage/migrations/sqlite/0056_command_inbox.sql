-- command_inbox: Which commands of other services were dealt with already, and how.
CREATE TABLE command_inbox (
    digest BLOB NOT NULL,
    source TEXT NOT NULL,
    message_id TEXT NOT NULL,
    command TEXT NOT NULL,
    body_digest BLOB NOT NULL,
    outcome TEXT NOT NULL,
    done_at INTEGER NOT NULL,
    CONSTRAINT command_inbox_digest_unique UNIQUE (digest)
) STRICT;
CREATE INDEX command_inbox_done_at ON command_inbox (done_at);
