-- code_brakes: Until when new codes are long, because codes were guessed at all over the service.
CREATE TABLE code_brakes (
    name TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (name)
) STRICT;
