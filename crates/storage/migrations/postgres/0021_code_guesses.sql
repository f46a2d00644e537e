-- code_guesses: How many short codes were guessed right and wrong in each minute, all over the service.
CREATE TABLE code_guesses (
    minute BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    wrong_guesses BIGINT NOT NULL,
    right_guesses BIGINT NOT NULL,
    PRIMARY KEY (minute, purpose)
);
