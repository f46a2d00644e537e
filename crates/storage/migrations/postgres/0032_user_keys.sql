-- user_keys: Under each seals what the audit trail knows of values; gone with the account.
CREATE TABLE user_keys (
    user_id UUID NOT NULL,
    sealed_key BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT user_keys_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
);
