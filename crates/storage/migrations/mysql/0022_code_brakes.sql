-- code_brakes: Until when new codes are long, because codes were guessed at all over the service.
CREATE TABLE IF NOT EXISTS code_brakes (
    name VARCHAR(64) NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
