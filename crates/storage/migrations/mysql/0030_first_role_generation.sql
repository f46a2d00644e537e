-- first_role_generation: The built-in roles, as they are.
INSERT INTO role_generations (id, generation) VALUES (1, 1)
ON DUPLICATE KEY UPDATE id = role_generations.id;
