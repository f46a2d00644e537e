-- roles: What people may be; the built-in ones follow in a later migration.
CREATE TABLE IF NOT EXISTS roles (
    name VARCHAR(64) NOT NULL,
    description VARCHAR(255) NOT NULL,
    built_in BIGINT NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
