-- service_accounts: Clients that are no people, with digests of the secrets they hold.
CREATE TABLE IF NOT EXISTS service_accounts (
    id BINARY(16) NOT NULL,
    name VARCHAR(64) NOT NULL,
    name_key VARBINARY(64),
    secret_hash VARBINARY(32) NOT NULL,
    previous_hash VARBINARY(32),
    previous_until BIGINT,
    created_by BINARY(16),
    created_at BIGINT NOT NULL,
    rotated_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT service_accounts_name_key_unique UNIQUE (name_key)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
