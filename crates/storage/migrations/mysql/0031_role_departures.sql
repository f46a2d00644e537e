-- role_departures: Who held a role that was deleted, until their accounts tell. No foreign key: nobody waits for an account here.
CREATE TABLE IF NOT EXISTS role_departures (
    generation BIGINT NOT NULL,
    user_id BINARY(16) NOT NULL,
    role VARCHAR(64) NOT NULL,
    PRIMARY KEY (generation, user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
