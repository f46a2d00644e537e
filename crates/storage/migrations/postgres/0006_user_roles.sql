-- user_roles: Who is what.
CREATE TABLE user_roles (
    user_id UUID NOT NULL,
    role TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, role),
    CONSTRAINT user_roles_user_id_references FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT user_roles_role_references FOREIGN KEY (role) REFERENCES roles (name)
);
CREATE INDEX user_roles_role ON user_roles (role, user_id);
