-- blocks: Why somebody is blocked, and for how long; gone with the block, and with the account.
CREATE TABLE blocks (
    user_id BLOB NOT NULL,
    reason TEXT,
    ends_at INTEGER,
    PRIMARY KEY (user_id),
    CONSTRAINT blocks_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
) STRICT;
