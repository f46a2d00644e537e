-- passwords: Hashes apart from accounts, so that no listing of accounts can carry one.
CREATE TABLE passwords (
    user_id BLOB NOT NULL,
    hash TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT passwords_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
) STRICT;
