-- role_permissions: What a role may do.
CREATE TABLE role_permissions (
    role TEXT NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (role, permission),
    CONSTRAINT role_permissions_role_references FOREIGN KEY (role) REFERENCES roles (name)
);
