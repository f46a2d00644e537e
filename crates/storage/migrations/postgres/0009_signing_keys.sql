-- signing_keys: Signing and secret keys, sealed under the master key.
CREATE TABLE signing_keys (
    id UUID NOT NULL,
    purpose TEXT NOT NULL,
    generation BIGINT NOT NULL,
    algorithm TEXT NOT NULL,
    issuer TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    sealed_key BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    active_from BIGINT NOT NULL,
    longest_life BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT signing_keys_generation_unique UNIQUE (purpose, generation)
);
