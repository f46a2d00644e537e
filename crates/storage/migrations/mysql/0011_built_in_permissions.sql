-- built_in_permissions: What the built-in roles may do.
INSERT INTO role_permissions (role, permission) VALUES
    ('admin', 'users:read'),
    ('admin', 'users:write'),
    ('admin', 'users:block'),
    ('admin', 'users:delete'),
    ('admin', 'users:credentials'),
    ('admin', 'roles:grant'),
    ('moderator', 'users:read'),
    ('moderator', 'users:block')
ON DUPLICATE KEY UPDATE role = role_permissions.role;
