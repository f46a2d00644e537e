-- known_devices: From what an account was signed in to lately, as fingerprints.
CREATE TABLE IF NOT EXISTS known_devices (
    user_id BINARY(16) NOT NULL,
    fingerprint VARBINARY(32) NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, fingerprint),
    CONSTRAINT known_devices_user_id_references FOREIGN KEY (user_id) REFERENCES users (id),
    INDEX known_devices_last_seen_at (last_seen_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
