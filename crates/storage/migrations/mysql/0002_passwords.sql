-- passwords: Hashes apart from accounts, so that no listing of accounts can carry one.
CREATE TABLE IF NOT EXISTS passwords (
    user_id BINARY(16) NOT NULL,
    hash VARCHAR(512) NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT passwords_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
