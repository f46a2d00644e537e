-- signing_keys: Signing and secret keys, sealed under the master key.
CREATE TABLE IF NOT EXISTS signing_keys (
    id BINARY(16) NOT NULL,
    purpose VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    generation BIGINT NOT NULL,
    algorithm VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    issuer VARCHAR(255) NOT NULL,
    public_key BLOB NOT NULL,
    sealed_key BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    active_from BIGINT NOT NULL,
    longest_life BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT signing_keys_generation_unique UNIQUE (purpose, generation)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
