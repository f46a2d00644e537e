-- role_generations: One row, counted up whenever a role permits something else than before.
CREATE TABLE role_generations (
    id BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    PRIMARY KEY (id)
);
