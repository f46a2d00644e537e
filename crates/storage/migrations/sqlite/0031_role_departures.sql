-- role_departures: Who held a role that was deleted, until their accounts tell. No foreign key: nobody waits for an account here.
CREATE TABLE role_departures (
    generation INTEGER NOT NULL,
    user_id BLOB NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (generation, user_id)
) STRICT;
