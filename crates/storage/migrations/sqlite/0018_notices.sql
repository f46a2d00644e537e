-- notices: When an account was last told something that is not said too often.
CREATE TABLE notices (
    user_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, kind),
    CONSTRAINT notices_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
) STRICT;
