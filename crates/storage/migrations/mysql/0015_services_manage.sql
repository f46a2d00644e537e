-- services_manage: Administrators make and delete services.
INSERT INTO role_permissions (role, permission) VALUES ('admin', 'services:manage')
ON DUPLICATE KEY UPDATE role = role_permissions.role;
