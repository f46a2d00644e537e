-- audit_read: Administrators read the audit trail.
INSERT INTO role_permissions (role, permission) VALUES ('admin', 'audit:read')
ON DUPLICATE KEY UPDATE role = role_permissions.role;
