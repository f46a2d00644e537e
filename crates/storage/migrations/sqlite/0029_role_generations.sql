-- role_generations: One row, counted up whenever a role permits something else than before.
CREATE TABLE role_generations (
    id INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
