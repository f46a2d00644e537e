-- user_keys: Under each seals what the audit trail knows of values; gone with the account.
CREATE TABLE IF NOT EXISTS user_keys (
    user_id BINARY(16) NOT NULL,
    sealed_key VARBINARY(255) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT user_keys_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
