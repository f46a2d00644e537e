-- code_guesses: How many short codes were guessed right and wrong in each minute, all over the service.
CREATE TABLE IF NOT EXISTS code_guesses (
    minute BIGINT NOT NULL,
    purpose VARCHAR(64) NOT NULL,
    wrong_guesses BIGINT NOT NULL,
    right_guesses BIGINT NOT NULL,
    PRIMARY KEY (minute, purpose)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
