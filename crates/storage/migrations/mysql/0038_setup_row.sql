-- setup_row: The row; closed where somebody is an administrator already.
INSERT INTO setup (id, closed_at) SELECT 1, MIN(granted_at) FROM user_roles WHERE role = 'admin'
ON DUPLICATE KEY UPDATE id = setup.id;
