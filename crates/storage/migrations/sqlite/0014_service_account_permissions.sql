-- service_account_permissions: What each service may do.
CREATE TABLE service_account_permissions (
    service_id BLOB NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (service_id, permission),
    CONSTRAINT service_account_permissions_service_id_references
        FOREIGN KEY (service_id) REFERENCES service_accounts (id)
) STRICT;
