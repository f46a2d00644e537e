-- role_generations: One row, counted up whenever a role permits something else than before.
CREATE TABLE IF NOT EXISTS role_generations (
    id BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
