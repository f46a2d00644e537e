-- blocks: Why somebody is blocked, and for how long; gone with the block, and with the account.
CREATE TABLE IF NOT EXISTS blocks (
    user_id BINARY(16) NOT NULL,
    reason VARCHAR(500),
    ends_at BIGINT,
    PRIMARY KEY (user_id),
    CONSTRAINT blocks_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
