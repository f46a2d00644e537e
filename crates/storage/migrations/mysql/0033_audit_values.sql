-- audit_values: What fields were before and after an event, sealed under the key of its account.
CREATE TABLE IF NOT EXISTS audit_values (
    event_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    sealed LONGBLOB NOT NULL,
    PRIMARY KEY (event_id),
    INDEX audit_values_user_id (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
