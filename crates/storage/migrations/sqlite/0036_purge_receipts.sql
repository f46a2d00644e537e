-- purge_receipts: That an account was erased, and nothing of whom it was.
CREATE TABLE purge_receipts (
    user_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL,
    deleted_by TEXT NOT NULL,
    purged_at INTEGER NOT NULL,
    PRIMARY KEY (user_id)
) STRICT;
