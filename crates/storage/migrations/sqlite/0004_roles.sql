-- roles: What people may be; the built-in ones follow in a later migration.
CREATE TABLE roles (
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    built_in INTEGER NOT NULL,
    PRIMARY KEY (name)
) STRICT;
