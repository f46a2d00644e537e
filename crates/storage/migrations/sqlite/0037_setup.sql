-- setup: Whether this deployment ever had an administrator, and the token that makes the first. One row.
CREATE TABLE setup (
    id INTEGER NOT NULL PRIMARY KEY,
    token_digest BLOB,
    token_made_at INTEGER,
    closed_at INTEGER
) STRICT;
