-- roles_manage: Administrators define roles.
INSERT INTO role_permissions (role, permission) VALUES ('admin', 'roles:manage')
ON DUPLICATE KEY UPDATE role = role_permissions.role;
