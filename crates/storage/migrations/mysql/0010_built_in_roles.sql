-- built_in_roles: The three roles that every surface knows.
INSERT INTO roles (name, description, built_in) VALUES
    ('admin', 'Everything', 1),
    ('moderator', 'Sees accounts, blocks and unblocks them', 1),
    ('user', 'Oneself', 1)
ON DUPLICATE KEY UPDATE name = roles.name;
