-- service_accounts: Clients that are no people, with digests of the secrets they hold.
CREATE TABLE service_accounts (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C",
    secret_hash BYTEA NOT NULL,
    previous_hash BYTEA,
    previous_until BIGINT,
    created_by UUID,
    created_at BIGINT NOT NULL,
    rotated_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT service_accounts_name_key_unique UNIQUE (name_key)
);
