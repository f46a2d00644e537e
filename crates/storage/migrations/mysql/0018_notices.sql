-- notices: When an account was last told something that is not said too often.
CREATE TABLE IF NOT EXISTS notices (
    user_id BINARY(16) NOT NULL,
    kind VARBINARY(32) NOT NULL,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind),
    CONSTRAINT notices_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
