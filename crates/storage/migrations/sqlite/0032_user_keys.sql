-- user_keys: Under each seals what the audit trail knows of values; gone with the account.
CREATE TABLE user_keys (
    user_id BLOB NOT NULL,
    sealed_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT user_keys_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
) STRICT;
