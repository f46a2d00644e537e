-- service_accounts: Clients that are no people, with digests of the secrets they hold.
CREATE TABLE service_accounts (
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT,
    secret_hash BLOB NOT NULL,
    previous_hash BLOB,
    previous_until INTEGER,
    created_by BLOB,
    created_at INTEGER NOT NULL,
    rotated_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (id),
    CONSTRAINT service_accounts_name_key_unique UNIQUE (name_key)
) STRICT;
