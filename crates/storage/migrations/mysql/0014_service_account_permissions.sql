-- service_account_permissions: What each service may do.
CREATE TABLE IF NOT EXISTS service_account_permissions (
    service_id BINARY(16) NOT NULL,
    permission VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (service_id, permission),
    CONSTRAINT service_account_permissions_service_id_references
        FOREIGN KEY (service_id) REFERENCES service_accounts (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
