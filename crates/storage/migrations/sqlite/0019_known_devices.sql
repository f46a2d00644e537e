-- known_devices: From what an account was signed in to lately, as fingerprints.
CREATE TABLE known_devices (
    user_id BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, fingerprint),
    CONSTRAINT known_devices_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
) STRICT;
CREATE INDEX known_devices_last_seen_at ON known_devices (last_seen_at);
