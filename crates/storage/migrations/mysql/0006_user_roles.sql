-- user_roles: Who is what.
CREATE TABLE IF NOT EXISTS user_roles (
    user_id BINARY(16) NOT NULL,
    role VARCHAR(64) NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, role),
    CONSTRAINT user_roles_user_id_references FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT user_roles_role_references FOREIGN KEY (role) REFERENCES roles (name),
    INDEX user_roles_role (role, user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
