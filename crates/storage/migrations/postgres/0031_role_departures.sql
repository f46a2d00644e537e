-- role_departures: Who held a role that was deleted, until their accounts tell. No foreign key: nobody waits for an account here.
CREATE TABLE role_departures (
    generation BIGINT NOT NULL,
    user_id UUID NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (generation, user_id)
);
