-- jobs_permissions: Administrators see what waits to be done, and run it again.
INSERT INTO role_permissions (role, permission) VALUES ('admin', 'jobs:read'), ('admin', 'jobs:manage')
ON DUPLICATE KEY UPDATE role = role_permissions.role;
