-- role_permissions: What a role may do.
CREATE TABLE IF NOT EXISTS role_permissions (
    role VARCHAR(64) NOT NULL,
    permission VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (role, permission),
    CONSTRAINT role_permissions_role_references FOREIGN KEY (role) REFERENCES roles (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
