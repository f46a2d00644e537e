-- signing_keys: Signing and secret keys, sealed under the master key.
CREATE TABLE signing_keys (
    id BLOB NOT NULL,
    purpose TEXT NOT NULL,
    generation INTEGER NOT NULL,
    algorithm TEXT NOT NULL,
    issuer TEXT NOT NULL,
    public_key BLOB NOT NULL,
    sealed_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    active_from INTEGER NOT NULL,
    longest_life INTEGER NOT NULL,
    retired_at INTEGER,
    PRIMARY KEY (id),
    CONSTRAINT signing_keys_generation_unique UNIQUE (purpose, generation)
) STRICT;
