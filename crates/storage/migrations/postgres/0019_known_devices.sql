-- known_devices: From what an account was signed in to lately, as fingerprints.
CREATE TABLE known_devices (
    user_id UUID NOT NULL,
    fingerprint BYTEA NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, fingerprint),
    CONSTRAINT known_devices_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX known_devices_last_seen_at ON known_devices (last_seen_at);
