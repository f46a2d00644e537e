-- code_guesses: How many short codes were guessed right and wrong in each minute, all over the service.
CREATE TABLE code_guesses (
    minute INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    wrong_guesses INTEGER NOT NULL,
    right_guesses INTEGER NOT NULL,
    PRIMARY KEY (minute, purpose)
) STRICT;
