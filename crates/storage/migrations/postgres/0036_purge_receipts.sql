-- purge_receipts: That an account was erased, and nothing of whom it was.
CREATE TABLE purge_receipts (
    user_id UUID NOT NULL,
    number BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL,
    deleted_by TEXT NOT NULL,
    purged_at BIGINT NOT NULL,
    PRIMARY KEY (user_id)
);
